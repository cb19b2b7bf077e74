import { assert } from '#values/assert'
import type { LeaseRow } from './lease.rules.ts'

/**
 * How much of a gateway's contracted rate is each bind's? Whole numbers whose sum is the rate exactly: a bind keeps its
 * share wherever it is leased, so no two nodes have to agree on anything but who holds which bind.
 * A bind beyond the rate gets nothing and is not used.
 */
export const sharesOfRate = ({
  ratePerSecond,
  binds,
}: {
  readonly ratePerSecond: number
  readonly binds: number
}): readonly number[] => {
  assert(Number.isInteger(ratePerSecond) && ratePerSecond > 0, 'a rate is a whole number of parts a second')
  assert(Number.isInteger(binds) && binds > 0, 'a gateway has a bind')
  const each = Math.floor(ratePerSecond / binds)
  return Array.from({ length: binds }, (_, bind) => each + (bind < ratePerSecond % binds ? 1 : 0))
}

/** A bind that has a share, as one worker sees it. */
export type Seat = Pick<LeaseRow, 'gateway' | 'bind' | 'worker'> & {
  /** For how long its beat has not grown. */
  readonly silentMs: number
}

export type Seating = {
  readonly seats: readonly Seat[]
  /** Workers that live. One that is about to leave is not among them, and gives up all it holds. */
  readonly workers: readonly string[]
  readonly self: string
  /** A seat silent for so long is free, and its holder counts for nothing until it beats again. */
  readonly lifeMs: number
}

export type SeatingOutcome = { readonly take: readonly Seat[]; readonly giveUp: readonly Seat[] }

/**
 * Which binds should this worker try to take, and which should it give up, so that all are held and no worker has two
 * more than another? All workers that see the same come to the same plan; where they do not, the leases decide.
 * Nobody gives up a bind that he need not: who holds most keeps the larger share.
 */
export const divideSeats = ({ seats, workers, self, lifeMs }: Seating): SeatingOutcome => {
  const sorted = seats.toSorted(byPlace)
  const held = sorted.filter((seat) => seat.worker !== null && workers.includes(seat.worker) && seat.silentMs < lifeMs)
  const free = sorted.filter((seat) => !held.includes(seat))
  const mine = sorted.filter(({ worker }) => worker === self)
  if (!workers.includes(self)) return { take: [], giveUp: mine }

  const silent = new Set(
    sorted.flatMap(({ worker, silentMs }) => (worker !== null && silentMs >= lifeMs ? worker : [])),
  )
  const awake = [...new Set(workers)].filter((worker) => worker === self || !silent.has(worker))
  const quotas = quotasOf(awake, held, sorted.length)
  const surplus = mine.length - (quotas.get(self) ?? 0)
  return {
    take: seatsDealtTo(self, { free, held, quotas }),
    giveUp: surplus > 0 ? crowdedFirst(mine).slice(0, surplus) : [],
  }
}

const quotasOf = (workers: readonly string[], held: readonly Seat[], seats: number): ReadonlyMap<string, number> => {
  const ranked = workers.toSorted((a, b) => countOf(held, b) - countOf(held, a) || compare(a, b))
  const each = Math.floor(seats / ranked.length)
  return new Map(ranked.map((worker, rank) => [worker, each + (rank < seats % ranked.length ? 1 : 0)]))
}

type Deal = {
  readonly free: readonly Seat[]
  readonly held: readonly Seat[]
  readonly quotas: ReadonlyMap<string, number>
}

/** Deals all free seats, one after the other, to whoever lacks one and has fewest of that gateway: a node that falls takes no gateway with it. */
const seatsDealtTo = (self: string, { free, held, quotas }: Deal): readonly Seat[] => {
  const dealt = [...held]
  const lacking = (worker: string) => (quotas.get(worker) ?? 0) - countOf(dealt, worker)
  const ofGateway = (worker: string, { gateway }: Seat) =>
    dealt.filter((seat) => seat.gateway === gateway && seat.worker === worker).length
  for (const seat of free) {
    const [next] = [...quotas.keys()]
      .filter((worker) => lacking(worker) > 0)
      .sort((a, b) => ofGateway(a, seat) - ofGateway(b, seat) || compare(a, b))
    if (next !== undefined) dealt.push({ ...seat, worker: next })
  }
  return free.filter((seat) => dealt.some((to) => to.worker === self && byPlace(to, seat) === 0))
}

/** Of the gateway first of which most are held, so that what is kept is spread over the gateways. */
const crowdedFirst = (mine: readonly Seat[]): readonly Seat[] => {
  const left = [...mine]
  const given: Seat[] = []
  while (left.length > 0) {
    const ofGateway = ({ gateway }: Seat) => left.filter((seat) => seat.gateway === gateway).length
    const crowded = left.reduce((most, seat) => (ofGateway(seat) >= ofGateway(most) ? seat : most))
    given.push(crowded)
    left.splice(left.indexOf(crowded), 1)
  }
  return given
}

const countOf = (seats: readonly Seat[], worker: string): number =>
  seats.filter((seat) => seat.worker === worker).length

const byPlace = (a: Seat, b: Seat): number => compare(a.gateway, b.gateway) || a.bind - b.bind

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
