import { AsyncLocalStorage } from 'node:async_hooks'
import type { Exchange, Http, HttpRequest } from './http-exchange.ts'

/**
 * One submit on its way through somebody else's client library: whatever the library does in between, it may make one
 * request, and afterwards it is known what became of that request. A library that tries again of its own accord would
 * send the SMS twice, so its second request is refused here.
 */
export class Flight {
  /** What became of the request; nothing before it ended, or if none was made. */
  exchange: Exchange | undefined
  #isUsed = false
  #isWritten = false
  readonly #giveUp = new AbortController()

  /** Runs the library's call; the requests that it makes below find their flight again. */
  carry<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    return current.run(this, call)
  }

  /** @returns whether nothing left: then nothing will. */
  giveUp(): boolean {
    if (this.#isWritten) return false
    this.#giveUp.abort()
    return true
  }

  /** @throws {NoAnswer} which the library is to pass on. */
  async ask(http: Http, request: HttpRequest): Promise<Answered> {
    if (this.#isUsed) throw new NoAnswer('a second request was refused')
    this.#isUsed = true
    this.exchange = await http.exchange({
      ...request,
      unlessWritten: this.#giveUp.signal,
      onWritten: () => {
        this.#isWritten = true
      },
    })
    if (this.exchange.kind !== 'answered') throw new NoAnswer(this.exchange.problem)
    return this.exchange
  }
}

export type Answered = Extract<Exchange, { readonly kind: 'answered' }>

export class NoAnswer extends Error {}

/** For the transport that is put under a library: asks in the name of the submit under way. */
export function askInFlight(http: Http, request: HttpRequest): Promise<Answered> {
  const flight = current.getStore()
  if (flight === undefined) return Promise.reject(new NoAnswer('a request without a submit'))
  return flight.ask(http, request)
}

const current = new AsyncLocalStorage<Flight>()
