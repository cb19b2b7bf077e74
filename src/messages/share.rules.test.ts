import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { divideSeats, type Seat, sharesOfRate } from './share.rules.ts'

const lifeMs = 5_000

test('the shares are whole, differ by at most one, and are the rate exactly', () => {
  const arbitrary = fc.record({
    ratePerSecond: fc.integer({ min: 1, max: 5_000 }),
    binds: fc.integer({ min: 1, max: 40 }),
  })
  fc.assert(
    fc.property(arbitrary, (contract) => {
      const shares = sharesOfRate(contract)
      expect(shares).toHaveLength(contract.binds)
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(contract.ratePerSecond)
      expect(shares.every(Number.isInteger)).toBe(true)
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
    }),
  )
})

test('binds beyond the rate have no share', () => {
  expect(sharesOfRate({ ratePerSecond: 2, binds: 4 })).toEqual([1, 1, 0, 0])
})

const seat = (gateway: string, bind: number, worker: string | null, silentMs = 0): Seat => ({
  gateway,
  bind,
  worker,
  silentMs,
})
const placeOf = ({ gateway, bind }: Seat) => `${gateway}/${bind}`
const places = (seats: readonly Seat[]) => seats.map(placeOf)
const plansOf = (seats: readonly Seat[], workers: readonly string[]) =>
  new Map(workers.map((self) => [self, divideSeats({ seats, workers, self, lifeMs })]))

/** All workers look at the same moment, and then act: give up first, then take what was free. */
const round = (seats: readonly Seat[], workers: readonly string[]) => {
  const plans = plansOf(seats, workers)
  const takenBy = new Map<string, string>()
  const given = new Set<string>()
  for (const [worker, { take, giveUp }] of plans) {
    for (const place of places(giveUp)) given.add(place)
    for (const place of places(take)) {
      expect(takenBy.has(place)).toBe(false)
      takenBy.set(place, worker)
    }
  }
  const after = seats.map((s) => {
    const worker = takenBy.get(placeOf(s)) ?? (given.has(placeOf(s)) ? null : s.worker)
    return seat(s.gateway, s.bind, worker)
  })
  return { after, moved: given.size, taken: takenBy.size }
}

const countsOf = (seats: readonly Seat[], workers: readonly string[]) =>
  workers.map((worker) => seats.filter((s) => s.worker === worker).length)
const isFair = (counts: readonly number[], seats: number) =>
  counts.reduce((sum, count) => sum + count, 0) === seats && Math.max(...counts) - Math.min(...counts) <= 1

/** The fewest seats that have to be given up for a fair division: all ways are tried. */
const fewestGivenUp = (held: readonly number[], seats: number): number => {
  const each = Math.floor(seats / held.length)
  const ways = (at: number, left: number): number => {
    if (at === held.length) return left === 0 ? 0 : Number.POSITIVE_INFINITY
    const cost = (quota: number) => Math.max(0, (held[at] ?? 0) - quota) + ways(at + 1, left - quota)
    return Math.min(cost(each), cost(each + 1))
  }
  return ways(0, seats)
}

const situation = fc
  .record({
    workers: fc.integer({ min: 1, max: 5 }),
    gateways: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
  })
  .chain(({ workers, gateways }) => {
    const names = Array.from({ length: workers }, (_, i) => `w${i}`)
    const all = gateways.flatMap((binds, g) => Array.from({ length: binds }, (_, bind) => ({ gateway: `g${g}`, bind })))
    return fc.record({
      workers: fc.shuffledSubarray(names, { minLength: workers }),
      seats: fc.tuple(
        ...all.map(({ gateway, bind }) =>
          fc.constantFrom(null, 'gone', ...names).map((worker) => seat(gateway, bind, worker)),
        ),
      ),
    })
  })

test('from any situation two rounds make the division fair, with the fewest binds given up; then nothing moves', () => {
  fc.assert(
    fc.property(situation, ({ workers, seats }) => {
      const first = round(seats, workers)
      expect(first.moved).toBe(fewestGivenUp(countsOf(seats, workers), seats.length))
      const second = round(first.after, workers)
      expect(isFair(countsOf(second.after, workers), seats.length)).toBe(true)
      expect(second.moved).toBe(0)
      expect(round(second.after, workers)).toMatchObject({ moved: 0, taken: 0 })
    }),
    { numRuns: 500 },
  )
})

describe('with two gateways of two binds', () => {
  const four = (a: string | null, b: string | null, c: string | null, d: string | null) => [
    seat('first', 0, a),
    seat('first', 1, b),
    seat('second', 0, c),
    seat('second', 1, d),
  ]
  const planOf = (seats: readonly Seat[], workers: readonly string[], self: string) => {
    const { take, giveUp } = divideSeats({ seats, workers, self, lifeMs })
    return { take: places(take), giveUp: places(giveUp) }
  }

  test('two workers that start get a bind of each', () => {
    const seats = four(null, null, null, null)
    expect(planOf(seats, ['a', 'b'], 'a')).toEqual({ take: ['first/0', 'second/0'], giveUp: [] })
    expect(planOf(seats, ['a', 'b'], 'b')).toEqual({ take: ['first/1', 'second/1'], giveUp: [] })
  })

  test('one alone takes all, and gives a bind of each up to one that comes', () => {
    expect(planOf(four(null, null, null, null), ['a'], 'a').take).toHaveLength(4)
    expect(planOf(four('a', 'a', 'a', 'a'), ['a', 'b'], 'a').giveUp).toEqual(['second/1', 'first/1'])
    expect(planOf(four('a', 'a', 'a', 'a'), ['a', 'b'], 'b')).toEqual({ take: [], giveUp: [] })
  })

  test('of five workers one has none', () => {
    expect(planOf(four('a', 'b', 'c', 'd'), ['a', 'b', 'c', 'd', 'e'], 'e')).toEqual({ take: [], giveUp: [] })
  })

  test('what a worker held that is gone goes to the others', () => {
    expect(planOf(four('a', 'b', 'a', 'b'), ['b', 'c'], 'c').take).toEqual(['first/0', 'second/0'])
  })

  test('each takes of the gateway of which it has less', () => {
    expect(planOf(four('a', null, 'b', null), ['a', 'b'], 'a').take).toEqual(['second/1'])
    expect(planOf(four('a', null, 'b', null), ['a', 'b'], 'b').take).toEqual(['first/1'])
  })

  test('one that leaves gives up all it has and takes nothing', () => {
    expect(planOf(four('a', 'b', null, 'a'), ['b'], 'a')).toEqual({ take: [], giveUp: ['first/0', 'second/1'] })
  })

  test('one that has fallen silent is counted out although it is on the list', () => {
    const seats = [
      seat('first', 0, 'a', lifeMs),
      seat('first', 1, 'b'),
      seat('second', 0, 'a', lifeMs),
      seat('second', 1, 'b'),
    ]
    expect(planOf(seats, ['a', 'b'], 'b').take).toEqual(['first/0', 'second/0'])
    expect(
      planOf(
        seats.map((s) => ({ ...s, silentMs: Math.min(s.silentMs, lifeMs - 1) })),
        ['a', 'b'],
        'b',
      ).take,
    ).toEqual([])
  })
})
