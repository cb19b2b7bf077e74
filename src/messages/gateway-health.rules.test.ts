import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type GatewayFacts, type GatewayState, gatewayHealth } from './gateway-health.rules.ts'

const good: GatewayFacts = { bound: 2, errors: 0, receipts: { judged: 1_000, slow: 10 } }
const start = Date.parse('2026-11-24T10:00:00+09:00')
const well: GatewayState = { kind: 'well', weight: 1, because: 'nothing is known against it', sinceMs: start }
const demoted: GatewayState = { kind: 'demoted', weight: 0, because: '51 errors in 60 s, more than 50', sinceMs: start }
const comingBack = (weight: number): GatewayState => ({ kind: 'coming-back', weight, because: '', sinceMs: start })
const inSeconds = (seconds: number) => new Date(start + seconds * 1_000)

describe('a gateway that is well', () => {
  test.each<[string, Partial<GatewayFacts>, string | undefined]>([
    ['50 errors in a minute', { errors: 50 }, undefined],
    ['51 errors in a minute', { errors: 51 }, '51 errors in 60 s, more than 50'],
    ['14.9 % slow receipts', { receipts: { judged: 1_000, slow: 149 } }, undefined],
    [
      '15 % slow receipts',
      { receipts: { judged: 1_000, slow: 150 } },
      '150 of 1000 receipts (15 %) slower than 5 minutes, 15 % or more',
    ],
    ['19 receipts that are all slow', { receipts: { judged: 19, slow: 19 } }, undefined],
    ['20 receipts of which 3 are slow', { receipts: { judged: 20, slow: 3 } }, '3 of 20 receipts (15 %)'],
    ['no message yet', { receipts: { judged: 0, slow: 0 } }, undefined],
  ])('and has %s', (_, facts, because) => {
    const next = gatewayHealth(well, { ...good, ...facts }, inSeconds(1))
    if (because === undefined) expect(next).toBe(well)
    else expect(next).toMatchObject({ kind: 'demoted', weight: 0, because: expect.stringContaining(because) })
  })

  test('and gives no receipts at all is not slow', () => {
    expect(gatewayHealth(well, { bound: 1, errors: 0 }, inSeconds(1))).toBe(well)
  })
})

test('the first look: bound is well, and what is not bound carries nothing until it is', () => {
  expect(gatewayHealth(undefined, good, inSeconds(0))).toEqual(well)
  const away = gatewayHealth(undefined, { ...good, bound: 0 }, inSeconds(0))
  expect(away).toMatchObject({ kind: 'away', weight: 0, because: 'no bind is bound' })
  expect(gatewayHealth(away, good, inSeconds(3))).toMatchObject({ kind: 'well', weight: 1 })
})

test('after the trouble it carries a tenth, and twice as much after each good minute', () => {
  let state: GatewayState = demoted
  const weights: number[] = []
  for (let second = 1; second <= 300; second++) {
    state = gatewayHealth(state, good, inSeconds(second))
    if (second % 60 === 1 || second % 60 === 0) weights.push(state.weight)
  }
  expect(weights).toEqual([0.1, 0.1, 0.2, 0.2, 0.4, 0.4, 0.8, 0.8, 1, 1])
  expect(state).toMatchObject({ kind: 'well', because: 'a good minute' })
})

test('a node that looks after an hour takes one step, for it saw one good moment', () => {
  expect(gatewayHealth(comingBack(0.1), good, inSeconds(3_600))).toMatchObject({ weight: 0.2 })
})

test('the trouble ends only where a tenth of the traffic would be none', () => {
  expect(gatewayHealth(demoted, { ...good, errors: 6 }, inSeconds(60))).toBe(demoted)
  expect(gatewayHealth(demoted, { ...good, errors: 5 }, inSeconds(60))).toMatchObject({
    kind: 'coming-back',
    weight: 0.1,
  })
  expect(gatewayHealth(demoted, { ...good, receipts: { judged: 100, slow: 15 } }, inSeconds(60))).toBe(demoted)
})

describe('a relapse sends it back', () => {
  test.each([
    [0.1, 6],
    [0.2, 11],
    [0.4, 21],
    [0.8, 41],
  ])('at %d of the traffic %i errors are one', (weight, errors) => {
    const state = comingBack(weight)
    expect(gatewayHealth(state, { ...good, errors: errors - 1 }, inSeconds(30))).toBe(state)
    expect(gatewayHealth(state, { ...good, errors }, inSeconds(30))).toMatchObject({ kind: 'demoted', weight: 0 })
  })
})

describe('a gateway that is away', () => {
  const cut = (state: GatewayState) => gatewayHealth(state, { ...good, bound: 0 }, inSeconds(0))

  test.each<[string, GatewayState, number, number]>([
    ['for a reconnection goes on with all', well, 30, 1],
    ['for a reconnection goes on with what it had', comingBack(0.4), 30, 0.4],
    ['for a reconnection in its trouble comes back with a tenth', demoted, 30, 0.1],
    ['for longer comes back with a tenth', well, 31, 0.1],
  ])('%s', (_, before, seconds, weight) => {
    expect(gatewayHealth(cut(before), good, inSeconds(seconds)).weight).toBe(weight)
  })

  test('is judged by its errors as soon as it is bound again', () => {
    expect(gatewayHealth(cut(well), { ...good, errors: 51 }, inSeconds(5))).toMatchObject({ kind: 'demoted' })
    expect(gatewayHealth(cut(well), { ...good, errors: 10 }, inSeconds(5))).toMatchObject({ kind: 'well' })
  })

  test('stays away, and says since when', () => {
    const away = cut(well)
    expect(gatewayHealth(away, { ...good, bound: 0, errors: 99 }, inSeconds(50))).toBe(away)
    expect(away.sinceMs).toBe(start)
  })
})

test('in any history the weight is one of six, trouble ends it at once, and it never more than doubles a minute', () => {
  const facts = fc.record({
    bound: fc.nat(2),
    errors: fc.oneof(fc.nat(5), fc.nat(100)),
    receipts: fc.record({ judged: fc.nat(40), slow: fc.nat(6) }),
  })
  const step = fc.record({
    facts: fc.oneof({ weight: 3, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: facts }),
    seconds: fc.nat(90),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let state: GatewayState | undefined
      let seconds = 0
      let raisedAt = Number.NEGATIVE_INFINITY
      for (const s of steps) {
        seconds += s.seconds
        const next: GatewayState = gatewayHealth(state, s.facts, inSeconds(seconds))
        // What JSON keeps is the same state.
        expect(gatewayHealth(state && JSON.parse(JSON.stringify(state)), s.facts, inSeconds(seconds))).toEqual(next)
        expect([0, 0.1, 0.2, 0.4, 0.8, 1]).toContain(next.weight)
        if (s.facts.bound === 0 || (state !== undefined && s.facts.errors > 50)) expect(next.weight).toBe(0)
        if (state?.kind === 'coming-back' && next.weight > state.weight) {
          expect(seconds - raisedAt).toBeGreaterThanOrEqual(60)
          expect(next.weight).toBeLessThanOrEqual(state.weight * 2)
        }
        if (next.weight !== state?.weight) raisedAt = seconds
        expect(next.because).not.toBe('')
        state = next
      }
    }),
  )
})
