import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sessionOutcome } from './session.rules.ts'

const limits = { idleMinutes: 30, absoluteMinutes: 600 }
const opened = new Date('2026-11-24T00:00:00Z')
const at = (minutes: number) => new Date(opened.getTime() + minutes * 60_000)

const outcome = (seen: number, now: number) =>
  sessionOutcome({ openedAt: opened, lastSeenAt: at(seen), endedBecause: null }, limits, at(now))

describe('A session', () => {
  test.each([
    [0, 29.99, { kind: 'open', endsAt: at(59.99) }],
    [0, 30, { kind: 'ended', because: 'idle' }],
    [590, 599.99, { kind: 'open', endsAt: at(600) }],
    [590, 600, { kind: 'ended', because: 'absolute' }],
    [565, 2_000, { kind: 'ended', because: 'idle' }],
    [575, 2_000, { kind: 'ended', because: 'absolute' }],
  ])('last seen at %d minutes is at %d minutes %j', (seen, now, expected) => {
    expect(outcome(seen, now)).toEqual(expected)
  })

  test('never lives past its absolute end, whatever is touched', () => {
    fc.assert(
      fc.property(fc.nat(700), fc.nat(700), (seen, now) => {
        const found = outcome(seen, now)
        if (found.kind === 'open') expect(found.endsAt <= at(600)).toBe(true)
        else expect(now >= 600 || now - seen >= 30).toBe(true)
      }),
    )
  })

  test('that has ended stays ended, for the reason it did', () => {
    const ended = { openedAt: opened, lastSeenAt: opened, endedBecause: 'replaced' } as const
    expect(sessionOutcome(ended, limits, at(1))).toEqual({ kind: 'ended', because: 'replaced' })
  })
})
