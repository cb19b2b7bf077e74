import http, { type IncomingMessage, type RequestOptions } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/**
 * One HTTP request, answered with what surely happened to it. It is written only once the connection stands (TLS
 * included), so whatever fails before that has sent nothing; and it is written once, never a second time.
 */
export function openHttp(options: HttpOptions): Http {
  return new Client({ ...defaults, ...options })
}

export type Http = {
  /** Never rejects for anything the network does. */
  exchange(request: HttpRequest): Promise<Exchange>
  /** Cuts every connection: what is under way ends unanswered. */
  close(): void
}

export type HttpOptions = Partial<typeof defaults> & {
  /** A certificate authority of one's own, in PEM. */
  readonly ca?: string
}

const defaults = {
  /** From the first step to the last byte of the answer. */
  timeoutMs: 60_000,
  connectionsMax: 40,
  /** No carrier's answer to one message is longer than a few kilobytes. */
  answerBytesMax: 65_536,
  /** An unused connection goes before the other side closes it, for a request written into that moment is doubtful. */
  idleMs: 4_000,
}

export type HttpRequest = {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Ends the request if it is not written yet; afterwards it changes nothing. */
  readonly unlessWritten?: AbortSignal
  readonly onWritten?: () => void
}

export type Exchange =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: AnswerHeaders; readonly body: Buffer }
  /** Surely no byte of the request left. */
  | { readonly kind: 'not-written'; readonly problem: string }
  /** The request may have reached the other side. */
  | { readonly kind: 'unanswered'; readonly because: 'timeout' | 'dropped'; readonly problem: string }

export type AnswerHeaders = Readonly<Record<string, string>>

class Client implements Http {
  readonly #options: HttpOptions & typeof defaults
  readonly #plain: http.Agent
  readonly #secure: https.Agent
  readonly #underWay = new Set<() => void>()
  #isClosed = false

  constructor(options: HttpOptions & typeof defaults) {
    this.#options = options
    const agent = { keepAlive: true, maxSockets: options.connectionsMax, timeout: options.idleMs }
    this.#plain = new http.Agent(agent)
    this.#secure = new https.Agent({ ...agent, ...(options.ca === undefined ? {} : { ca: options.ca }) })
  }

  exchange(request: HttpRequest): Promise<Exchange> {
    if (this.#isClosed) return Promise.resolve({ kind: 'not-written', problem: 'closed by us' })
    if (request.unlessWritten?.aborted) return Promise.resolve({ kind: 'not-written', problem: 'given up' })
    return new Promise((resolve) => this.#run(request, resolve))
  }

  close(): void {
    this.#isClosed = true
    for (const cut of [...this.#underWay]) cut()
    this.#plain.destroy()
    this.#secure.destroy()
  }

  #run(request: HttpRequest, resolve: (exchange: Exchange) => void): void {
    const { timeoutMs, answerBytesMax } = this.#options
    const sent = this.#open(request)
    let isWritten = false
    let isOver = false

    const end = (exchange: Exchange): void => {
      // The connection may serve another request by now: it is left alone.
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      request.unlessWritten?.removeEventListener('abort', giveUp)
      this.#underWay.delete(cut)
      if (exchange.kind !== 'answered') sent.destroy()
      resolve(exchange)
    }
    const fail = (because: 'timeout' | 'dropped', problem: string): void =>
      end(isWritten ? { kind: 'unanswered', because, problem } : { kind: 'not-written', problem })
    const giveUp = (): void => {
      if (!isWritten) fail('dropped', 'given up')
    }
    const cut = (): void => fail('dropped', 'closed by us')
    const timer = setTimeout(() => fail('timeout', 'no answer in time'), timeoutMs)

    this.#underWay.add(cut)
    request.unlessWritten?.addEventListener('abort', giveUp)
    sent.on('error', (error) => fail('dropped', problemOf(error)))
    sent.on('socket', (socket: Socket) =>
      whenStanding(socket, () => {
        if (sent.destroyed) return
        isWritten = true
        request.onWritten?.()
        sent.end(request.body)
      }),
    )
    sent.on('response', (response: IncomingMessage) => {
      readAnswer(response, answerBytesMax).then(
        (body) => end({ kind: 'answered', status: response.statusCode ?? 0, headers: headersOf(response), body }),
        (error: unknown) => fail('dropped', problemOf(error)),
      )
    })
  }

  #open({ url, method, headers, body }: HttpRequest): http.ClientRequest {
    const target = new URL(url)
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const options: RequestOptions = { method, headers: { ...headers, ...length } }
    return target.protocol === 'https:'
      ? https.request(target, { ...options, agent: this.#secure })
      : http.request(target, { ...options, agent: this.#plain })
  }
}

/** A connection kept from earlier stands already. */
function whenStanding(socket: Socket, write: () => void): void {
  if (socket instanceof TLSSocket) {
    if (socket.authorized) write()
    else socket.once('secureConnect', write)
  } else if (socket.connecting) socket.once('connect', write)
  else write()
}

async function readAnswer(response: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bytesMax) throw new Error('answer-too-long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function headersOf({ headers }: IncomingMessage): AnswerHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}

/** The code alone: a message may quote the address, which may hold a phone number. */
function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return /^[a-z-]+$/.test(error.message) ? error.message : error.name
}
