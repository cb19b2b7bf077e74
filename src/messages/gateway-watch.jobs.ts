import { type Database, inTransaction, withAdvisoryLock } from '#platform/database/database'
import type { NextGateway } from './bind.ts'
import { insertGatewayState, judgeMinutes, listGatewayFacts, listGatewayStates, minuteOf } from './gateway.store.ts'
import { type GatewayState, gatewayHealth } from './gateway-health.rules.ts'
import { type Observation, observe } from './lease.rules.ts'
import type { LeaseRow } from './lease-book.ts'
import { laneOf, type MessageClass } from './message.rules.ts'
import type { ClaimedMessage, Stream } from './outbox.ts'
import { freshShares, type RouteGateway, route } from './route.rules.ts'
import { listLeases } from './worker.store.ts'

/** Gateways by class, the preferred first. */
export type Routes = Readonly<Record<MessageClass, readonly string[]>>

export type GatewayWatch = {
  /** Looks again at what all nodes know, and keeps what has changed. How many gateways changed. */
  look(now: Date): Promise<number>
  /** Whether this gateway is to take from this stream, as things stand. */
  mayTake(gateway: string, stream: Stream): boolean
  /** Where a message goes that this gateway was not ready for. */
  nextGateway(message: ClaimedMessage, gateway: string): NextGateway
  /** The share of its rate that a gateway may use: less than all while it comes back and another is better. */
  paceShareOf(gateway: string): number
  states(): ReadonlyMap<string, GatewayState>
}

/** A lease whose beat has stood still for so long says nothing about its bind any more. */
const beatMaxMs = 3_000

/** The next code that has to leave says so again. */
const struggleMs = 5_000

/** Knows which gateways are fit, from the log and the leases; every node comes to the same view within a second. */
export const watchGateways = (w: {
  readonly db: Database
  readonly routes: Routes
  readonly monotonicMs: () => number
}): GatewayWatch => {
  const names = [...new Set(Object.values(w.routes).flat())]
  let observations: readonly Observation[] = []
  let states: ReadonlyMap<string, GatewayState> = new Map()
  let bound: ReadonlySet<string> = new Set()
  let judgedMinute = 0
  /** Until when a gateway is thought to struggle: a code has left it for another. */
  const strugglesUntilMs = new Map<string, number>()

  const weightOf = (name: string): number => states.get(name)?.weight ?? 1
  const inOrder = (messageClass: MessageClass): readonly RouteGateway[] =>
    w.routes[messageClass].map((name) => ({ name, isBound: bound.has(name), weight: weightOf(name) }))

  /** Codes that nobody has claimed yet do not wait for a gateway from which others had to leave. */
  const relieves = (gateway: string, gateways: readonly RouteGateway[], shares: ReadonlyMap<string, number>): boolean =>
    bound.has(gateway) &&
    gateways.every(({ name }) => (shares.get(name) ?? 0) === 0 || (strugglesUntilMs.get(name) ?? 0) > w.monotonicMs())

  return {
    async look(now) {
      const leases = await listLeases(w.db)
      observations = observe(observations, leases, w.monotonicMs())
      const counts = countBound(leases, observations, w.monotonicMs())
      bound = new Set(names.filter((name) => (counts.get(name) ?? 0) > 0))
      const minute = minuteOf(now).getTime()
      const judged = await judge(w.db, names, { counts, isNewMinute: minute !== judgedMinute }, now)
      judgedMinute = minute
      states = judged.states
      return judged.changes
    },
    mayTake(gateway, { lane, retry }) {
      const gateways = inOrder(lane === 'code' ? 'code' : 'notice')
      if (!gateways.some(({ name }) => name === gateway)) return false
      const shares = freshShares(gateways)
      const carriesFresh = (shares.get(gateway) ?? 0) > 0 || (lane === 'code' && relieves(gateway, gateways, shares))
      if (retry === undefined || 'deferral' in retry) return carriesFresh
      // What waits for a gateway that is away goes over whichever carries the fresh ones.
      return retry.gateway === gateway || (carriesFresh && !bound.has(retry.gateway))
    },
    nextGateway(message, gateway) {
      const outcome = route({
        messageId: message.messageId,
        messageClass: message.class,
        gateways: inOrder(message.class),
        tries: [...message.tries, gateway].map((tried) => ({ gateway: tried, outcome: 'not-taken' })),
        waitedMs: 0,
      })
      if (outcome.kind !== 'go') return { gateway, isAtOnce: false }
      if (laneOf(message.class) === 'code' && outcome.when === 'at-once')
        strugglesUntilMs.set(gateway, w.monotonicMs() + struggleMs)
      return { gateway: outcome.to, isAtOnce: outcome.when === 'at-once' }
    },
    paceShareOf(gateway) {
      const weight = weightOf(gateway)
      const isBettered = names.some((other) => bound.has(other) && weightOf(other) > weight)
      return isBettered ? weight : 1
    },
    states: () => states,
  }
}

const countBound = (
  leases: readonly LeaseRow[],
  observations: readonly Observation[],
  nowMs: number,
): ReadonlyMap<string, number> => {
  const fresh = new Set(
    observations.flatMap(({ gateway, bind, sinceMs }) => (nowMs - sinceMs < beatMaxMs ? `${gateway}/${bind}` : [])),
  )
  const counts = new Map<string, number>()
  for (const { gateway, bind, worker, isBound } of leases)
    if (isBound && worker !== null && fresh.has(`${gateway}/${bind}`))
      counts.set(gateway, (counts.get(gateway) ?? 0) + 1)
  return counts
}

/** One node at a time judges; the others read what it wrote, or come to the same. */
const judge = (
  db: Database,
  names: readonly string[],
  { counts, isNewMinute }: { readonly counts: ReadonlyMap<string, number>; readonly isNewMinute: boolean },
  now: Date,
) =>
  inTransaction(db, async (tx) => {
    await withAdvisoryLock(tx, 'judge gateways')
    if (isNewMinute) await judgeMinutes(tx, now)
    const facts = await listGatewayFacts(tx, names, now)
    const states = new Map(await listGatewayStates(tx, names))
    let changes = 0
    for (const name of names) {
      const known = facts.get(name)
      const before = states.get(name)
      const after = gatewayHealth(before, { bound: counts.get(name) ?? 0, errors: 0, ...known }, now)
      if (after === before) continue
      states.set(name, after)
      await insertGatewayState(tx, name, after, now)
      changes += 1
    }
    return { states, changes }
  })
