import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  codePatienceMs,
  freshShares,
  mayCarry,
  type RouteGateway,
  type Routing,
  route,
  type Try,
} from './route.rules.ts'

const gateway = (name: string, weight = 1, isBound = true): RouteGateway => ({ name, isBound, weight })
const notTaken = (...names: readonly string[]): readonly Try[] =>
  names.map((name) => ({ gateway: name, outcome: 'not-taken' }))
const doubtful = (name: string): Try => ({ gateway: name, outcome: 'doubtful' })

const routed = (change: Partial<Routing>) =>
  route({
    messageId: '019abc00-0000-7000-8000-000000000001',
    messageClass: 'code',
    gateways: [gateway('a'), gateway('b'), gateway('c')],
    tries: [],
    waitedMs: 0,
    ...change,
  })
const go = (to: string, when: 'at-once' | 'after-delay' = 'at-once') => ({ kind: 'go', to, when, orElse: [] })

/** Ids that count upwards at their end, as those of an import do. */
const ids = Array.from({ length: 4_000 }, (_, i) => `019abc00-0000-7000-8000-${i.toString(16).padStart(12, '0')}`)
const countBy = (change: Partial<Routing>) => {
  const counts: Record<string, number> = {}
  for (const messageId of ids) {
    const outcome = routed({ ...change, messageId })
    if (outcome.kind === 'go') counts[outcome.to] = (counts[outcome.to] ?? 0) + 1
  }
  return counts
}

describe('a message that was never tried', () => {
  test.each([
    ['goes to the first in order', [gateway('a'), gateway('b')], 'a'],
    ['goes past one that is not bound', [gateway('a', 1, false), gateway('b')], 'b'],
    ['goes past one that is demoted', [gateway('a', 0), gateway('b')], 'b'],
    [
      'goes to the first that is bound when all are demoted',
      [gateway('x', 0, false), gateway('a', 0), gateway('b', 0)],
      'a',
    ],
    ['goes to one that comes back when the others are demoted', [gateway('a', 0), gateway('b', 0.1)], 'b'],
  ])('%s', (_, gateways, to) => {
    for (const messageClass of ['code', 'notice', 'receipt'] as const)
      expect(countBy({ gateways, messageClass })).toEqual({ [to]: ids.length })
  })

  test('waits when nothing is bound', () => {
    expect(routed({ gateways: [gateway('a', 1, false)] })).toEqual({ kind: 'wait', because: 'nothing-is-bound' })
    expect(routed({ gateways: [] })).toEqual({ kind: 'wait', because: 'nothing-is-bound' })
  })

  test('goes by weight, and as many as freshShares says', () => {
    const weight = fc.constantFrom(0, 0.1, 0.2, 0.4, 0.8, 1)
    const gateways = fc
      .array(fc.tuple(weight, fc.boolean()), { minLength: 1, maxLength: 4 })
      .map((all) => all.map(([w, isBound], i) => gateway(`g${i}`, w, isBound)))
    fc.assert(
      fc.property(gateways, fc.constantFrom('code' as const, 'notice' as const), (all, messageClass) => {
        const counts = countBy({ gateways: all, messageClass })
        // Five standard deviations of a share of 4,000.
        for (const [name, share] of freshShares(all))
          expect(Math.abs((counts[name] ?? 0) / ids.length - share)).toBeLessThan(0.04)
      }),
      { numRuns: 30 },
    )
  })

  test('goes over the strongest when no weight lets it in', () => {
    const counts = countBy({ gateways: [gateway('a', 0.1), gateway('b', 0.4), gateway('c', 0.4)] })
    // 0.9 × 0.4, and the 0.9 × 0.6 × 0.6 that nobody picked.
    expect((counts.b ?? 0) / ids.length).toBeCloseTo(0.684, 1)
    expect((counts.a ?? 0) / ids.length).toBeCloseTo(0.1, 1)
  })

  test('stays with the preferred gateway once its weight has let it in', () => {
    for (const messageId of ids.slice(0, 500)) {
      const outcomes = [0.1, 0.2, 0.4, 0.8, 1].map((weight) =>
        routed({ messageId, gateways: [gateway('a', weight), gateway('b')] }),
      )
      const names = outcomes.map((outcome) => (outcome.kind === 'go' ? outcome.to : ''))
      expect(names).toEqual(names.toSorted((x, y) => (x === y ? 0 : x === 'b' ? -1 : 1)))
    }
  })
})

describe('a code that a gateway did not take', () => {
  test.each<[string, readonly Try[], ReturnType<typeof go>]>([
    ['goes to the next at once', notTaken('a'), go('b')],
    ['and from there to the one after it', notTaken('a', 'b'), go('c')],
    ['starts again after the delay when all were tried', notTaken('a', 'b', 'c'), go('a', 'after-delay')],
    ['and goes on at once in the second round', notTaken('a', 'b', 'c', 'a'), go('b')],
  ])('%s', (_, tries, expected) => {
    for (const messageClass of ['code', 'receipt'] as const) expect(routed({ messageClass, tries })).toEqual(expected)
  })

  test('waits for the delay when there is one gateway', () => {
    expect(routed({ gateways: [gateway('a')], tries: notTaken('a') })).toEqual(go('a', 'after-delay'))
  })

  test('does not go to one that is demoted while another is healthy', () => {
    const gateways = [gateway('a'), gateway('b', 0), gateway('c')]
    expect(routed({ gateways, tries: notTaken('a') })).toEqual(go('c'))
    expect(routed({ gateways, tries: notTaken('a', 'c') })).toEqual(go('a', 'after-delay'))
  })

  test('takes one that is coming back whatever its weight', () => {
    expect(countBy({ gateways: [gateway('a'), gateway('b', 0.1)], tries: notTaken('a') })).toEqual({ b: ids.length })
  })
})

describe('a notice that a gateway did not take', () => {
  test('goes to the next after the delay', () => {
    expect(routed({ messageClass: 'notice', tries: notTaken('a') })).toEqual(go('b', 'after-delay'))
  })

  test('keeps to the share of one that is coming back', () => {
    const gateways = [gateway('a'), gateway('b', 0.1)]
    const counts = countBy({ messageClass: 'notice', gateways, tries: notTaken('a') })
    expect(counts.b).toBeGreaterThan(300)
    expect(counts.b).toBeLessThan(500)
    expect(counts.a).toBe(ids.length - (counts.b ?? 0))
  })
})

describe('once bytes may have reached a carrier', () => {
  test.each(['code', 'receipt'] as const)('a %s goes nowhere any more', (messageClass) => {
    const gatewayName = fc.constantFrom('a', 'b', 'c')
    const outcome = fc.constantFrom('not-taken' as const, 'doubtful' as const)
    const tries = fc.array(fc.record({ gateway: gatewayName, outcome }), { maxLength: 6 })
    const weights = fc.tuple(fc.constantFrom(0, 0.1, 1), fc.constantFrom(0, 0.1, 1), fc.boolean())
    fc.assert(
      fc.property(tries, weights, fc.nat(60_000), (all, [a, b, isBound], waitedMs) => {
        const gateways = [gateway('a', a), gateway('b', b), gateway('c', 1, isBound)]
        const isDoubtful = all.some((one) => one.outcome === 'doubtful')
        expect(routed({ messageClass, gateways, tries: all, waitedMs }).kind === 'never').toBe(isDoubtful)
      }),
    )
  })

  test('a notice that is repeated goes elsewhere, and to the same gateway only where there is no other', () => {
    const notice = { messageClass: 'notice', tries: [doubtful('a')] } as const
    expect(routed(notice)).toEqual(go('b', 'after-delay'))
    expect(routed({ ...notice, gateways: [gateway('a'), gateway('b', 0)] })).toEqual(go('b', 'after-delay'))
    expect(routed({ ...notice, gateways: [gateway('a'), gateway('b', 1, false)] })).toEqual(go('a', 'after-delay'))
  })
})

describe('a code that is left waiting', () => {
  const orElse = (waitedMs: number, change: Partial<Routing> = {}) => {
    const outcome = routed({ waitedMs, ...change })
    return outcome.kind === 'go' ? [outcome.to, ...outcome.orElse] : []
  }

  test('may be claimed by one more gateway every three seconds', () => {
    const waits = [0, codePatienceMs - 1, codePatienceMs, 2 * codePatienceMs, 60_000]
    expect(waits.map((ms) => orElse(ms))).toEqual([['a'], ['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c']])
  })

  test('by healthy ones first, and never by one that is not bound', () => {
    const gateways = [gateway('a'), gateway('b', 0), gateway('c', 1, false), gateway('d', 0.1)]
    expect(orElse(60_000, { gateways })).toEqual(['a', 'd', 'b'])
  })

  test('has been open to three gateways, one after the other, within ten seconds', () => {
    expect(mayCarry(routed({ waitedMs: 10_000 }), 'c')).toBe(true)
    expect(mayCarry(routed({ waitedMs: 0 }), 'b')).toBe(false)
    expect(mayCarry(routed({ waitedMs: 0 }), 'a')).toBe(true)
  })

  test('a notice has time', () => {
    expect(orElse(60_000, { messageClass: 'notice' })).toEqual(['a'])
  })
})
