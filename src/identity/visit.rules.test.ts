import { expect, test } from 'vitest'
import { readCreditor } from '#creditor'
import { visitOutcome } from './visit.rules.ts'

const { policies } = await readCreditor('creditor/demo.yaml', { demo: true })
const at = (minutes: number, seconds = 0) => new Date(Date.UTC(2026, 10, 24, 1, minutes, seconds))
const openedAt = at(0)

test.each([
  [0, 0, 'open'],
  [0, 14.99, 'open'],
  [0, 15, 'idle'],
  [10, 24, 'open'],
  [10, 25, 'idle'],
  [14, 29, 'idle'],
  [20, 29.99, 'open'],
  [20, 30, 'absolute'],
  [15, 30, 'absolute'],
  [14, 45, 'idle'],
  [29, 90, 'absolute'],
] as const)('last seen at minute %d, asked at minute %d: %s', (seen, now, expected) => {
  const visit = { openedAt, lastSeenAt: at(seen), endedBecause: null }
  const outcome = visitOutcome(visit, policies, at(Math.floor(now), (now % 1) * 60))
  expect(outcome.kind === 'ended' ? outcome.because : outcome.kind).toBe(expected)
})

test('what ended it stays the reason', () => {
  const visit = { openedAt, lastSeenAt: at(0), endedBecause: 'hold' } as const
  expect(visitOutcome(visit, policies, at(59))).toEqual({ kind: 'ended', because: 'hold' })
})

test('an open visit says when it ends', () => {
  const visit = { openedAt, lastSeenAt: at(3), endedBecause: null }
  expect(visitOutcome(visit, policies, at(5))).toEqual({ kind: 'open', expiresAt: at(30), idleAt: at(20) })
})
