import { describe, expect, test } from 'vitest'
import type { Exchange, Http, HttpRequest } from './http-exchange.ts'
import { askInFlight, Flight } from './http-flight.ts'

const request: HttpRequest = { url: 'http://127.0.0.1/', method: 'POST', headers: {} }
const answered: Exchange = { kind: 'answered', status: 200, headers: {}, body: Buffer.alloc(0) }

/** Answers at once, and remembers whom. */
function httpThat(answer: Exchange = answered) {
  const asked: HttpRequest[] = []
  const http: Http = {
    exchange: async (one) => {
      asked.push(one)
      if (one.unlessWritten?.aborted) return { kind: 'not-written', problem: 'given up' }
      one.onWritten?.()
      return answer
    },
    close: () => {},
  }
  return { http, asked }
}

describe('a flight', () => {
  test('is found again by the request that the library makes, however deep', async () => {
    const { http } = httpThat()
    const [one, other] = [new Flight(), new Flight()]
    const library = async () => {
      await Promise.resolve()
      return askInFlight(http, request)
    }
    await Promise.all([one.carry(library), other.carry(library)])
    expect([one.exchange, other.exchange]).toEqual([answered, answered])
  })

  test('makes one request: a library that tries again is refused', async () => {
    const { http, asked } = httpThat()
    const flight = new Flight()
    const trying = flight.carry(async () => {
      await askInFlight(http, request)
      return askInFlight(http, request)
    })
    await expect(trying).rejects.toThrow('a second request was refused')
    expect(asked).toHaveLength(1)
    expect(flight.exchange).toEqual(answered)
  })

  test('tells the library that there was no answer', async () => {
    const flight = new Flight()
    const unanswered: Exchange = { kind: 'unanswered', because: 'dropped', problem: 'ECONNRESET' }
    const { http } = httpThat(unanswered)
    await expect(flight.carry(() => askInFlight(http, request))).rejects.toThrow('ECONNRESET')
    expect(flight.exchange).toEqual(unanswered)
  })

  test('that was given up before its request makes none', async () => {
    const flight = new Flight()
    const { http } = httpThat()
    expect(flight.giveUp()).toBe(true)
    await expect(flight.carry(() => askInFlight(http, request))).rejects.toThrow('given up')
    expect(flight.exchange?.kind).toBe('not-written')
  })

  test('cannot be given up once its request is written', async () => {
    const flight = new Flight()
    await flight.carry(() => askInFlight(httpThat().http, request))
    expect(flight.giveUp()).toBe(false)
  })

  test('is needed: nothing is asked in nobody’s name', async () => {
    const { http, asked } = httpThat()
    await expect(askInFlight(http, request)).rejects.toThrow('without a submit')
    expect(asked).toEqual([])
  })
})
