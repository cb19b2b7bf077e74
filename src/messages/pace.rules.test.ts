import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Timers } from '#platform/gateways/timers'
import { openPace, type Pace, type PaceOptions, paceWindowMs } from './pace.rules.ts'

/** A machine whose timers fire late, each by what `lateMs` says. */
const machine = (lateMs: () => number) => {
  let nowMs = 1_000
  let waiting: { readonly atMs: number; readonly run: () => void }[] = []
  const timers: Timers = {
    after(ms, run) {
      const entry = { atMs: nowMs + ms + lateMs(), run }
      waiting.push(entry)
      return {
        cancel() {
          waiting = waiting.filter((other) => other !== entry)
        },
      }
    },
  }
  /** Lets what has been resolved go on. */
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const passUntil = async (endMs: number) => {
    for (;;) {
      await settle()
      const next = waiting.reduce<(typeof waiting)[number] | undefined>(
        (first, entry) => (first !== undefined && first.atMs <= entry.atMs ? first : entry),
        undefined,
      )
      if (next === undefined || next.atMs > endMs) break
      waiting = waiting.filter((entry) => entry !== next)
      nowMs = Math.max(nowMs, next.atMs)
      next.run()
    }
    nowMs = Math.max(nowMs, endMs)
  }
  return {
    monotonicMs: () => nowMs,
    timers,
    /** What a long piece of other work costs: no timer fires meanwhile. */
    beBusy(ms: number) {
      nowMs += ms
    },
    pass: (ms: number) => passUntil(nowMs + ms),
  }
}

const punctual = () => machine(() => 0)

const paceOn = (
  { monotonicMs, timers }: ReturnType<typeof machine>,
  options: Omit<PaceOptions, 'monotonicMs' | 'timers'>,
) => openPace({ monotonicMs, timers, ...options })

/** A part whose answer comes at once. */
const go = (pace: Pace, lane: 'code' | 'campaign') => pace.take(lane, async () => 'go' as const)

/** Chance that is the same every time. */
const chanceFrom = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

/** So many takers that somebody always waits; answers with the times of all takes. */
const saturate = (pace: Pace, monotonicMs: () => number, takers = 200): readonly number[] => {
  const times: number[] = []
  const goOn = async () => {
    while ((await pace.take('campaign', async () => void times.push(monotonicMs()))) !== 'closed');
  }
  for (let i = 0; i < takers; i++) void goOn()
  return times
}

const mostWithin = (times: readonly number[], windowMs: number): number => {
  let first = 0
  let most = 0
  for (const [index, time] of times.entries()) {
    while (time - (times[first] ?? 0) >= windowMs - 1e-6) first += 1
    most = Math.max(most, index - first + 1)
  }
  return most
}

test('no second ever holds more than the rate of the moment, however time passes and whatever is told', async () => {
  const rate = fc.integer({ min: 1, max: 40 })
  const step = fc.oneof(
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 900 }) }),
    fc.record({ kind: fc.constant('busy' as const), ms: fc.integer({ min: 1, max: 1_500 }) }),
    fc.record({ kind: fc.constantFrom('code' as const, 'campaign' as const), count: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ kind: fc.constantFrom('throttled' as const, 'well' as const) }),
    fc.record({ kind: fc.constant('contract' as const), perSecond: rate }),
  )
  await fc.assert(
    fc.asyncProperty(rate, fc.nat(), fc.array(step, { maxLength: 40 }), async (perSecond, seed, steps) => {
      const chance = chanceFrom(seed)
      const m = machine(() => chance() * 5)
      const pace = paceOn(m, { perSecond })
      const times: number[] = []
      const wentTooSoon: number[] = []
      const take = async (lane: 'code' | 'campaign') => {
        await pace.take(lane, async () => {
          times.push(m.monotonicMs())
          const last = times.filter((time) => time > m.monotonicMs() - 1_000)
          if (last.length > pace.perSecondNow()) wentTooSoon.push(m.monotonicMs())
        })
      }
      for (const s of steps) {
        if (s.kind === 'pass') await m.pass(s.ms)
        else if (s.kind === 'busy') m.beBusy(s.ms)
        else if (s.kind === 'throttled') pace.throttled()
        else if (s.kind === 'well') pace.wentWell()
        else if (s.kind === 'contract') pace.setPerSecond(s.perSecond)
        else if ('count' in s) for (let i = 0; i < s.count; i++) void take(s.kind)
        // Whoever may go goes at once.
        await m.pass(0)
      }
      await m.pass(3_000)
      pace.close()
      expect(wentTooSoon).toEqual([])
    }),
    { numRuns: 100 },
  )
})

describe.each([1, 3, 50, 100, 500, 997])('saturated at %i a second, with timers up to 2 ms late', (perSecond) => {
  const run = async () => {
    const chance = chanceFrom(perSecond)
    const m = machine(() => chance() * 2)
    const pace = paceOn(m, { perSecond })
    const times = saturate(pace, m.monotonicMs)
    await m.pass(20_000)
    pace.close()
    return times
  }

  test('at least 99 % of the rate is used, and never more than all of it', async () => {
    const times = await run()
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000
    expect((times.length - 1) / seconds / perSecond).toBeGreaterThan(0.99)
    expect(mostWithin(times, 1_000)).toBeLessThanOrEqual(perSecond)
  })

  test('the takes are spread over the second', async () => {
    const times = await run()
    expect(mostWithin(times, 100)).toBeLessThanOrEqual(Math.ceil(perSecond * 0.104) + 1)
  })
})

/**
 * A carrier that reads what has come whenever it is not busy, in order, and answers; both ways take their time. The times
 * are those of its reading.
 */
const carrierOf = (
  m: ReturnType<typeof machine>,
  way: {
    readonly thereMs: () => number
    readonly backMs: () => number
    /** Until when the carrier looks at nothing that comes at this moment. */
    readonly busyUntilMs?: (atMs: number) => number
  },
) => {
  const readMs: number[] = []
  return {
    readMs,
    submit: () =>
      new Promise<void>((resolve) => {
        const comesMs = m.monotonicMs() + way.thereMs()
        const atMs = Math.max(readMs.at(-1) ?? 0, comesMs, way.busyUntilMs?.(comesMs) ?? 0)
        readMs.push(atMs)
        m.timers.after(atMs + way.backMs() - m.monotonicMs(), resolve)
      }),
  }
}

const saturateOver = (pace: Pace, carrier: ReturnType<typeof carrierOf>, takers = 400): void => {
  const goOn = async () => {
    while ((await pace.take('campaign', carrier.submit)) !== 'closed');
  }
  for (let i = 0; i < takers; i++) void goOn()
}

describe('as the carrier reads', () => {
  test('no second ever holds more than the rate, however long each part is on its way', async () => {
    const arbitrary = fc.record({
      perSecond: fc.integer({ min: 1, max: 60 }),
      thereMs: fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 20 }),
      backMs: fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 20 }),
    })
    const inTurn = (row: readonly number[]) => {
      let at = 0
      return () => row[at++ % row.length] ?? 0
    }
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ perSecond, thereMs, backMs }) => {
        const m = punctual()
        const pace = paceOn(m, { perSecond })
        const carrier = carrierOf(m, { thereMs: inTurn(thereMs), backMs: inTurn(backMs) })
        saturateOver(pace, carrier)
        await m.pass(5_000)
        pace.close()
        expect(mostWithin(carrier.readMs, 1_000)).toBeLessThanOrEqual(perSecond)
      }),
      { numRuns: 60 },
    )
  })

  test.each([
    [0.3, 20],
    [40, 60],
    [300, 120],
  ])(
    'nor on a way of %d ms with a carrier that is busy for %d ms every two seconds; and 99 percent are used',
    async (wayMs, busyMs) => {
      const chance = chanceFrom(7)
      const m = machine(() => chance() * 2)
      const pace = paceOn(m, { perSecond: 125 })
      const carrier = carrierOf(m, {
        thereMs: () => wayMs / 2 + chance() * 2,
        backMs: () => wayMs / 2 + chance() * 2,
        busyUntilMs: (atMs) => (atMs % 2_000 < busyMs ? atMs - (atMs % 2_000) + busyMs : 0),
      })
      saturateOver(pace, carrier)
      await m.pass(10_000)
      const before = carrier.readMs.length
      await m.pass(60_000)
      pace.close()
      expect(mostWithin(carrier.readMs, 1_000)).toBeLessThanOrEqual(125)
      expect(carrier.readMs.length - before).toBeGreaterThan(0.99 * 125 * 60)
    },
  )

  test('a carrier that takes now 20 ms to answer and now 200 has 98.8 % of its rate used as well', async () => {
    const chance = chanceFrom(11)
    const m = machine(() => chance() * 2)
    const pace = paceOn(m, { perSecond: 125 })
    const carrier = carrierOf(m, { thereMs: () => 1, backMs: () => 20 + chance() * 180 })
    saturateOver(pace, carrier)
    await m.pass(60_000)
    const before = carrier.readMs.length
    await m.pass(60_000)
    pace.close()
    expect(mostWithin(carrier.readMs, 1_000)).toBeLessThanOrEqual(125)
    expect(carrier.readMs.length - before).toBeGreaterThan(0.988 * 125 * 60)
  })

  test('a part that is never answered keeps one place, and the others go on', async () => {
    const m = punctual()
    const pace = paceOn(m, { perSecond: 10 })
    void pace.take('campaign', () => new Promise(() => {}))
    const times = saturate(pace, m.monotonicMs)
    await m.pass(10_000)
    expect(mostWithin(times, 1_000)).toBe(9)
    expect(times.length).toBeGreaterThan(85)
  })
})

test('a busy moment of 40 ms a second costs nothing, and its burst is spread out again', async () => {
  const m = machine(() => 1)
  const pace = paceOn(m, { perSecond: 100 })
  const times = saturate(pace, m.monotonicMs)
  for (let second = 0; second < 5; second++) {
    await m.pass(960)
    m.beBusy(40)
  }
  expect(times.length).toBeGreaterThan(490)
  await m.pass(30_000)
  expect(mostWithin(times.slice(-200), 100)).toBeLessThanOrEqual(12)
  expect(mostWithin(times, 1_000)).toBe(100)
})

test('after a long silence a campaign does not burst', async () => {
  const m = punctual()
  const pace = paceOn(m, { perSecond: 100 })
  m.beBusy(60_000)
  const times = saturate(pace, m.monotonicMs)
  await m.pass(45)
  expect(times.length).toBeLessThanOrEqual(5)
})

test('a waiting code goes before every campaign that waits, and each lane is first come, first served', async () => {
  const m = punctual()
  const pace = paceOn(m, { perSecond: 2 })
  const went: string[] = []
  const take = (lane: 'code' | 'campaign', name: string) => void go(pace, lane).then(() => went.push(name))
  for (const name of ['c1', 'c2', 'c3', 'c4']) take('campaign', name)
  await m.pass(600)
  take('code', 'k1')
  take('code', 'k2')
  await m.pass(4_000)
  expect(went).toEqual(['c1', 'c2', 'k1', 'k2', 'c3', 'c4'])
})

test('a code takes a place of the window that a campaign has left free, at once', async () => {
  const m = punctual()
  const pace = paceOn(m, { perSecond: 10 })
  const went: number[] = []
  await go(pace, 'campaign')
  for (let i = 0; i < 3; i++) void go(pace, 'code').then(() => went.push(m.monotonicMs()))
  await m.pass(0)
  expect(went).toEqual([1_000, 1_000, 1_000])
})

describe('throttled', () => {
  test('halves once a second and never below one', async () => {
    const m = punctual()
    const pace = paceOn(m, { perSecond: 10 })
    const paces: number[] = []
    for (let i = 0; i < 10; i++) {
      pace.throttled()
      pace.throttled()
      paces.push(pace.perSecondNow())
      m.beBusy(500)
    }
    expect(paces).toEqual([5, 5, 2, 2, 1, 1, 1, 1, 1, 1])
  })

  test('is obeyed by what waits already', async () => {
    const m = punctual()
    const pace = paceOn(m, { perSecond: 100 })
    const times = saturate(pace, m.monotonicMs)
    await m.pass(2_000)
    pace.throttled()
    const before = times.length
    await m.pass(paceWindowMs)
    expect(times.length - before).toBeLessThanOrEqual(50)
    await m.pass(5_000)
    expect(mostWithin(times.slice(before), 1_000)).toBe(50)
  })

  test('a second of good answers gives back a tenth of the contract, however many they are', async () => {
    for (const answersPerSecond of [1, 10, 500]) {
      const m = punctual()
      const pace = paceOn(m, { perSecond: 100 })
      pace.throttled()
      const paces: number[] = []
      for (let second = 0; second < 6; second++) {
        for (let i = 0; i < answersPerSecond; i++) {
          m.beBusy(1_000 / answersPerSecond)
          pace.wentWell()
        }
        paces.push(Math.round(pace.perSecondNow() / 5) * 5)
      }
      expect(paces).toEqual([60, 70, 80, 90, 100, 100])
    }
  })

  test('silence gives nothing back: one answer after a minute counts as a second', () => {
    const m = punctual()
    const pace = paceOn(m, { perSecond: 100 })
    pace.throttled()
    m.beBusy(60_000)
    pace.wentWell()
    expect(pace.perSecondNow()).toBe(60)
  })
})

describe('another contract', () => {
  test('a higher one lets those go who wait', async () => {
    const m = punctual()
    const pace = paceOn(m, { perSecond: 1 })
    const times = saturate(pace, m.monotonicMs)
    await m.pass(10)
    pace.setPerSecond(200)
    await m.pass(990)
    expect(times.length).toBeGreaterThan(190)
    expect(mostWithin(times, 1_000)).toBeLessThanOrEqual(200)
  })

  test('a higher one counts what has left under the lower one', async () => {
    const m = punctual()
    const pace = paceOn(m, { perSecond: 10 })
    for (let i = 0; i < 10; i++) await go(pace, 'code')
    await m.pass(2_000)
    let went = 0
    for (let i = 0; i < 50; i++) void go(pace, 'code').then(() => (went += 1))
    await m.pass(500)
    expect(went).toBe(10)
    pace.setPerSecond(25)
    await m.pass(0)
    expect(went).toBe(25)
    await m.pass(500)
    expect(went).toBe(25)
    await m.pass(1)
    expect(went).toBe(35)
  })

  test('a lower one holds from that moment on, counting what has left already', async () => {
    const m = punctual()
    const pace = paceOn(m, { perSecond: 200 })
    const times = saturate(pace, m.monotonicMs)
    await m.pass(3_000)
    pace.setPerSecond(10)
    const before = times.length
    await m.pass(5_000)
    expect(mostWithin(times.slice(before - 10), 1_000)).toBe(10)
  })

  test('what a carrier had throttled stays throttled', () => {
    const pace = paceOn(punctual(), { perSecond: 100 })
    pace.throttled()
    pace.setPerSecond(80)
    expect(pace.perSecondNow()).toBe(50)
    pace.setPerSecond(20)
    expect(pace.perSecondNow()).toBe(20)
  })

  test('of nothing stops the bind until there is one', async () => {
    const m = punctual()
    const pace = paceOn(m, { perSecond: 0 })
    const times = saturate(pace, m.monotonicMs)
    await m.pass(10_000)
    expect(times).toEqual([])
    pace.setPerSecond(1)
    await m.pass(1)
    expect(times).toHaveLength(1)
  })
})

describe('a share for campaigns', () => {
  test('holds back campaigns and no code', async () => {
    const m = punctual()
    const pace = paceOn(m, { perSecond: 50 })
    pace.setCampaignShare(0.1)
    expect([pace.perSecondNow('campaign'), pace.perSecondNow('code'), pace.perSecondNow()]).toEqual([5, 50, 50])
    const times = saturate(pace, m.monotonicMs)
    await m.pass(5_000)
    expect(mostWithin(times, 1_000)).toBe(5)
    const codes: number[] = []
    for (let i = 0; i < 40; i++) void go(pace, 'code').then(() => codes.push(m.monotonicMs()))
    const askedAt = m.monotonicMs()
    await m.pass(0)
    expect(codes.filter((at) => at === askedAt)).toHaveLength(40)
  })

  test('of nothing still lets one a second through, and a larger one counts at once', async () => {
    const m = punctual()
    const pace = paceOn(m, { perSecond: 50 })
    pace.setCampaignShare(0)
    const times = saturate(pace, m.monotonicMs)
    await m.pass(3_100)
    expect(times.length).toBeLessThanOrEqual(4)
    pace.setCampaignShare(1)
    await m.pass(1_100)
    expect(times.length).toBeGreaterThan(45)
  })
})

test('after a takeover the second that the holder before may have used up passes first, for codes too', async () => {
  const m = punctual()
  const pace = paceOn(m, { perSecond: 100, startAfterMs: paceWindowMs })
  const times = saturate(pace, m.monotonicMs)
  void go(pace, 'code')
  await m.pass(paceWindowMs - 1)
  expect(times).toEqual([])
  await m.pass(100)
  expect(times.length).toBeGreaterThan(5)
})

test('closing sends away who waits and who comes', async () => {
  const m = punctual()
  const pace = paceOn(m, { perSecond: 1 })
  await go(pace, 'code')
  const waiting = [go(pace, 'code'), go(pace, 'campaign')]
  pace.close()
  expect(await Promise.all([...waiting, go(pace, 'code')])).toEqual(['closed', 'closed', 'closed'])
})

describe('a code that waits for a place', () => {
  const waiting = async (isOver: () => boolean) => {
    const m = punctual()
    const pace = paceOn(m, { perSecond: 1 })
    void pace.take('code', () => new Promise(() => {}))
    const outcomes: string[] = []
    void pace.take('code', async () => 'go', { ms: 3_000, isOver }).then((outcome) => outcomes.push(outcome))
    return { m, pace, outcomes }
  }

  test('gives up when its patience is over and there is more room elsewhere', async () => {
    const { m, outcomes } = await waiting(() => true)
    await m.pass(2_999)
    expect(outcomes).toEqual([])
    await m.pass(1)
    expect(outcomes).toEqual(['gave-up'])
  })

  test('goes on waiting where there is none, and is served in its turn', async () => {
    let isElsewhere = false
    const { m, pace, outcomes } = await waiting(() => isElsewhere)
    await m.pass(5_000)
    expect(outcomes).toEqual([])
    pace.setPerSecond(2)
    await m.pass(0)
    expect(outcomes).toEqual(['go'])
    isElsewhere = true
    await m.pass(10_000)
    expect(outcomes).toEqual(['go'])
  })

  test('leaves the line to those behind it', async () => {
    const m = punctual()
    const pace = paceOn(m, { perSecond: 1 })
    await go(pace, 'code')
    const went: string[] = []
    const take = (name: string, isOver: () => boolean) =>
      void pace.take('code', async () => went.push(name), { ms: 500, isOver })
    take('one', () => true)
    take('two', () => false)
    await m.pass(1_001)
    expect(went).toEqual(['two'])
  })
})

test('a long line is served in the order it formed', async () => {
  const m = punctual()
  const pace = paceOn(m, { perSecond: 10_000 })
  const went: number[] = []
  for (let i = 0; i < 10_000; i++) void go(pace, 'campaign').then(() => went.push(i))
  await m.pass(2_000)
  expect(went).toEqual(Array.from({ length: 10_000 }, (_, i) => i))
})
