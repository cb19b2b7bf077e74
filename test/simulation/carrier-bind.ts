import type {
  Gateway,
  GatewayHealth,
  OutgoingPart,
  Part,
  ReceiptHandler,
  SubmitOutcome,
} from '#platform/gateways/gateway'
import type { Carrier, CarrierAnswer, Receiver } from './carrier.ts'
import type { Computer } from './computer.ts'
import type { Draws } from './draws.ts'
import type { VirtualTime } from './virtual-time.ts'

export type CarrierBind = Gateway & {
  /** The connection breaks; to a process that is dead, the carrier alone notices. */
  cut(): void
  isOpen(): boolean
}

/** One bind of a node to a carrier, with the promises of the real one: what surely did not leave, and what may have. */
export const openCarrierBind = (w: {
  readonly carrier: Carrier
  readonly computer: Computer
  readonly time: VirtualTime
  readonly draws: Draws
  readonly windowMax: number
  readonly partMax: number
  readonly lossShare: () => number
  /** Bytes leave. */
  readonly onDeparture: (part: OutgoingPart) => void
  readonly onDoubt: (because: 'timeout' | 'dropped') => void
}): CarrierBind => {
  const { carrier, computer, time, draws, windowMax } = w
  let state: GatewayHealth['state'] = 'connecting'
  let failedTries = 0
  /** What is under way over the connection as it is; a cut makes another of it. */
  let flight = new Set<() => void>()
  let handler: ReceiptHandler | undefined
  let leave = () => {}
  let whenReady = Promise.withResolvers<void>()
  whenReady.promise.catch(() => {})
  let onQuiet = () => {}

  const latency = () => (carrier.spell() === 'slow' ? draws.between(500, 8_000) : draws.between(5, 60))
  const isBound = () => state === 'bound' && computer.isAlive()

  const receive: Receiver = (receipt) =>
    new Promise((resolve, reject) => {
      const over = flight
      time.after(draws.between(2, 40), () =>
        computer.receive(() => {
          if (over !== flight || handler === undefined) return
          handler(receipt).then(
            () => void time.after(draws.between(2, 40), resolve),
            () => void time.after(draws.between(2, 40), () => reject(new Error('Simulated: come back later'))),
          )
        }),
      )
    })

  const connect = (): void => {
    if (state === 'closed' || state === 'closing') return
    time.after(draws.between(50, 400), () =>
      computer.receive(() => {
        if (state !== 'connecting') return
        state = 'bound'
        failedTries = 0
        leave = carrier.bound(receive).leave
        whenReady.resolve()
      }),
    )
  }
  connect()

  const outcomeOf = (answer: CarrierAnswer): SubmitOutcome => {
    switch (answer.kind) {
      case 'accepted':
        return { kind: 'submitted', carrierId: answer.carrierId }
      case 'throttled':
        return { kind: 'throttled', status: 'ESME_RTHROTTLED' }
      case 'refused':
        return { kind: 'refused', status: 'ESME_RSYSERR', meaning: 'Simulated.', retry: answer.retry, blame: 'message' }
    }
  }

  const submitOver = (outgoing: OutgoingPart): Promise<SubmitOutcome> =>
    new Promise((resolve) => {
      const over = flight
      const settle = (outcome: SubmitOutcome) => {
        if (!over.delete(drop)) return
        patience.cancel()
        if (outcome.kind === 'doubtful') w.onDoubt(outcome.because)
        resolve(outcome)
        if (flight.size === 0) onQuiet()
      }
      const drop = () => settle({ kind: 'doubtful', because: 'dropped' })
      over.add(drop)
      const patience = computer.timers.after(responseTimeoutMs, () => settle({ kind: 'doubtful', because: 'timeout' }))
      w.onDeparture(outgoing)
      time.after(latency(), () => {
        const isBroken = over !== flight || !computer.isAlive()
        // What was under way when the connection broke arrived or not.
        if (isBroken ? draws.happens(0.5) : carrier.spell() === 'requests-lost' || draws.happens(w.lossShare())) return
        const answer = carrier.take(outgoing)
        if (carrier.spell() === 'answers-lost' || draws.happens(w.lossShare())) return
        time.after(latency(), () => computer.receive(() => settle(outcomeOf(answer))))
      })
    })

  return {
    windowMax,
    split: (text) => splitIn(text, w.partMax),
    async submit(part) {
      if (state === 'closing' || state === 'closed') return { kind: 'not-sent', because: 'closing' }
      if (state !== 'bound') return { kind: 'not-sent', because: 'no-bind' }
      if (flight.size >= windowMax) return { kind: 'not-sent', because: 'window-full' }
      return submitOver(part)
    },
    onReceipt(next) {
      handler = next
    },
    health: () => ({ state, outstanding: flight.size, failedTries }),
    whenReady: () => whenReady.promise,
    async close() {
      if (state === 'closing' || state === 'closed') return
      state = 'closing'
      whenReady.reject(new Error('Simulated: closed'))
      if (flight.size > 0)
        await new Promise<void>((resolve) => {
          onQuiet = resolve
          computer.timers.after(drainMs, resolve)
        })
      leave()
      state = 'closed'
      const left = flight
      flight = new Set()
      for (const drop of [...left]) drop()
    },
    cut() {
      leave()
      if (!isBound()) return
      const left = flight
      flight = new Set()
      computer.receive(() => {
        for (const drop of [...left]) drop()
        if (state !== 'bound') return
        state = 'connecting'
        failedTries += 1
        whenReady = Promise.withResolvers<void>()
        whenReady.promise.catch(() => {})
        computer.timers.after(draws.between(250, 1_000), connect)
      })
    },
    isOpen: () => computer.isAlive() && state !== 'closed',
  }
}

const responseTimeoutMs = 6_000
const drainMs = 5_000

/** A text says by its length how many parts it takes; a gateway that joins them itself takes it whole. */
const splitIn = (text: string, partMax: number): readonly Part[] => {
  const of = Math.min(partMax, Math.ceil(text.length / partLength))
  return Array.from({ length: of }, (_, at) => ({ text, alphabet: 'ucs-2', number: at + 1, of }))
}
export const partLength = 67
