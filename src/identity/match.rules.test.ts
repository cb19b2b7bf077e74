import { expect, test } from 'vitest'
import { readCreditor } from '#creditor'
import { day } from '#values/day'
import { type MatchFacts, matchOutcome } from './match.rules.ts'

const creditor = await readCreditor('creditor/demo.yaml', { demo: true })
const today = day('2026-11-24')
const bill = { product: 'card', excluded: false }
const owing: MatchFacts = { customerId: 'a', open: [bill], settled: [], holds: [] }
const nothing: MatchFacts = { ...owing, open: [] }
const paid = (onDay: string) => ({ ...nothing, settled: [{ ...bill, onDay: day(onDay) }] })
const outcome = (...matches: readonly MatchFacts[]) => matchOutcome(matches, creditor, today)

const real = { kind: 'real', customerIds: ['a'], readOnly: false }
const decoy = (because: string) => ({ kind: 'decoy', because })

test.each([
  ['somebody who owes', [owing], real],
  ['nobody', [], decoy('nobody')],
  ['a dispute', [{ ...owing, holds: ['dispute'] }], real],
  ['hardship', [{ ...owing, holds: ['hardship'] }], real],
  ['a legal hold', [{ ...owing, holds: ['legal'] }], decoy('hold')],
  ['a death', [{ ...owing, holds: ['death'] }], decoy('hold')],
  ['a wrong number', [{ ...owing, holds: ['wrong-number'] }], decoy('hold')],
  ['a legal hold beside a dispute', [{ ...owing, holds: ['dispute', 'legal'] }], decoy('hold')],
  ['only an excluded contract', [{ ...owing, open: [{ ...bill, excluded: true }] }], decoy('nothing-owed')],
  ['only an excluded product', [{ ...owing, open: [{ ...bill, product: 'housing-loan' }] }], decoy('nothing-owed')],
  ['an excluded product beside another', [{ ...owing, open: [bill, { ...bill, product: 'settlement' }] }], real],
  ['a bill whose contract is unknown', [{ ...owing, open: [{ product: null, excluded: false }] }], real],
  ['nothing owed', [nothing], decoy('nothing-owed')],
  ['paid today', [paid('2026-11-24')], { ...real, readOnly: true }],
  ['paid 30 days ago', [paid('2026-10-25')], { ...real, readOnly: true }],
  ['paid 31 days ago', [paid('2026-10-24')], decoy('nothing-owed')],
  ['a settled bill beside an open one', [{ ...paid('2026-11-01'), open: [bill] }], real],
] as const)('%s', (_, matches, expected) => {
  expect(outcome(...(matches as readonly MatchFacts[]))).toEqual(expected)
})

test('several customer numbers are one person: the visit covers them all', () => {
  const [b, c] = [
    { ...paid('2026-11-20'), customerId: 'b' },
    { ...nothing, customerId: 'c' },
  ]
  expect(outcome(owing, b, c)).toEqual({ kind: 'real', customerIds: ['a', 'b'], readOnly: false })
})

test('what silences one of them silences all', () => {
  expect(outcome(owing, { ...nothing, customerId: 'b', holds: ['legal'] })).toEqual(decoy('hold'))
})
