import { setTimeout as sleep } from 'node:timers/promises'
import type { Weather } from '../../src/sandbox/carrier-weather.rules.ts'
import { type CarrierProcess, type CarrierReport, type CarrierSetup, startCarrierProcess } from '../carrier-process.ts'

/**
 * A carrier that may die, hang or turn everybody away for a while, and then is there again on the same port. Its journal
 * goes on through all its lives; receipts that it owed when it died never come.
 */
export const startCarrierLives = async (plan: LivesPlan): Promise<CarrierLives> => {
  let { weather } = plan
  let lives = 0
  let port = 0
  let past = nothingSeen
  let last = nothingSeen
  let trouble: 'none' | 'here' | 'gone' = 'none'

  const begin = () =>
    startCarrierProcess({
      port,
      journal: plan.journal,
      weather,
      runId: `${plan.name}-${++lives}-`,
      clockOffsetMs: plan.clockOffsetMs(),
    })
  let carrier = await begin()
  port = carrier.port

  const counts = async (): Promise<CarrierSeen> => {
    if (trouble !== 'gone') last = seenOf(await again(() => carrier.counts()))
    return together(past, last)
  }
  /** Only one thing at a time is wrong with a carrier. */
  const during = async (kind: 'here' | 'gone', act: () => Promise<void>): Promise<void> => {
    trouble = kind
    try {
      await act()
    } finally {
      trouble = 'none'
    }
  }
  return {
    name: plan.name,
    port,
    journal: plan.journal,
    isInTrouble: () => trouble !== 'none',
    counts,
    async setWeather(next) {
      weather = next
      await again(() => carrier.setWeather(next))
    },
    moveClock: (to) => again(() => carrier.moveClock(to)),
    dieFor: async (ms) => {
      await counts()
      await during('gone', async () => {
        await carrier.kill()
        past = together(past, { ...last, receipts: nothingSeen.receipts })
        last = nothingSeen
        await sleep(ms)
        carrier = await begin()
      })
    },
    hangFor: async (ms) => {
      await counts()
      await during('gone', async () => {
        process.kill(carrier.pid, 'SIGSTOP')
        await sleep(ms)
        process.kill(carrier.pid, 'SIGCONT')
      })
    },
    turnAwayFor: (ms, how) =>
      during('here', async () => {
        await again(() => carrier.setWeather({ ...weather, submits: { [how]: 1 } }))
        await sleep(ms)
        await again(() => carrier.setWeather(weather))
      }),
    stop: () => carrier.stop(),
  }
}

/** A connection that was kept alive may just have been closed: what was asked is asked once more. */
const again = <T>(ask: () => Promise<T>): Promise<T> => ask().catch(ask)

export type LivesPlan = Pick<CarrierSetup, 'journal'> & {
  readonly name: string
  readonly weather: Partial<Weather>
  readonly clockOffsetMs: () => number
}

export type CarrierLives = Pick<CarrierProcess, 'port' | 'journal' | 'setWeather' | 'moveClock' | 'stop'> & {
  readonly name: string
  isInTrouble(): boolean
  /** Of all its lives; while it is away, what was last known. */
  counts(): Promise<CarrierSeen>
  /** These resolve when it is over. */
  dieFor(ms: number): Promise<void>
  hangFor(ms: number): Promise<void>
  turnAwayFor(ms: number, how: 'system-error' | 'throttled' | 'queue-full'): Promise<void>
}

export type CarrierSeen = Pick<CarrierReport, 'taken' | 'submits'> & {
  readonly connectionsEver: number
  readonly receipts: Pick<CarrierReport['receipts'], 'toCome' | 'unacknowledged'>
}

const seenOf = ({ taken, submits, connections, receipts: { toCome, unacknowledged } }: CarrierReport): CarrierSeen => ({
  taken,
  submits,
  connectionsEver: connections.ever,
  receipts: { toCome, unacknowledged },
})

const nothingSeen: CarrierSeen = {
  taken: 0,
  submits: {} as CarrierSeen['submits'],
  connectionsEver: 0,
  receipts: { toCome: 0, unacknowledged: 0 },
}

export const together = (...seen: readonly CarrierSeen[]): CarrierSeen => {
  const sum = (of: (one: CarrierSeen) => number) => seen.reduce((total, one) => total + of(one), 0)
  const kinds = [...new Set(seen.flatMap(({ submits }) => Object.keys(submits) as (keyof CarrierSeen['submits'])[]))]
  return {
    taken: sum(({ taken }) => taken),
    submits: Object.fromEntries(
      kinds.map((kind) => [kind, sum(({ submits }) => submits[kind] ?? 0)]),
    ) as CarrierSeen['submits'],
    connectionsEver: sum(({ connectionsEver }) => connectionsEver),
    receipts: {
      toCome: sum(({ receipts }) => receipts.toCome),
      unacknowledged: sum(({ receipts }) => receipts.unacknowledged),
    },
  }
}
