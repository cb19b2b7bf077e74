import fc from 'fast-check'
import { expect, test } from 'vitest'
import { afterSubmit, againMax, laneOf, type PartOutcome } from './message.rules.ts'

const submitted: PartOutcome = { kind: 'submitted', carrierId: 'a' }
const doubtful: PartOutcome = { kind: 'doubtful', because: 'timeout' }
const throttled: PartOutcome = { kind: 'throttled', because: 'throttled' }
const notSent: PartOutcome = { kind: 'not-sent', because: 'no-bind' }
const refusedForGood: PartOutcome = {
  kind: 'refused',
  retry: 'never',
  because: 'invalid destination',
  blame: 'message',
}
const refusedForNow: PartOutcome = { kind: 'refused', retry: 'later', because: 'system error', blame: 'gateway' }

test.each<[string, readonly PartOutcome[], string]>([
  ['one part taken', [submitted], 'submitted'],
  ['all parts taken', [submitted, submitted], 'submitted'],
  ['bytes may have left', [doubtful], 'unknown'],
  ['a later part is doubtful', [submitted, doubtful], 'unknown'],
  ['a later part was refused', [submitted, refusedForGood], 'unknown'],
  ['a later part did not leave', [submitted, notSent], 'unknown'],
  ['a later part was throttled', [submitted, throttled], 'unknown'],
  ['refused for good', [refusedForGood], 'refused'],
  ['refused for now', [refusedForNow], 'again'],
  ['throttled', [throttled], 'again'],
  ['no byte left', [notSent], 'again'],
])('%s', (_, outcomes, state) => {
  const after = afterSubmit(outcomes, { tries: 0 })
  expect(after.kind === 'record' ? after.state : after.kind).toBe(state)
})

test('whoever is to blame for a message that is tried again is told on', () => {
  const stuck: PartOutcome = { ...throttled, blame: 'gateway' }
  expect([throttled, stuck, refusedForNow].map((outcome) => afterSubmit([outcome], { tries: 0 }))).toEqual([
    { kind: 'again', delay: 'throttled', because: 'throttled' },
    { kind: 'again', delay: 'throttled', because: 'throttled', blame: 'gateway' },
    { kind: 'again', delay: 'refused', because: 'system error', blame: 'gateway' },
  ])
})

test('a refusal that does not pass ends as refused', () => {
  expect(afterSubmit([refusedForNow], { tries: againMax })).toMatchObject({ kind: 'record', state: 'refused' })
})

test('a message of which a byte may have left is never sent again blindly', () => {
  const outcome = fc.constantFrom(submitted, doubtful, throttled, notSent, refusedForGood, refusedForNow)
  fc.assert(
    fc.property(fc.array(outcome, { minLength: 1, maxLength: 10 }), (outcomes) => {
      const mayHaveLeft = outcomes[0]?.kind === 'submitted' || outcomes[0]?.kind === 'doubtful'
      expect(mayHaveLeft && afterSubmit(outcomes, { tries: 0 }).kind === 'again').toBe(false)
    }),
  )
})

test('only notices wait in the campaign lane', () => {
  expect((['notice', 'code', 'receipt'] as const).map(laneOf)).toEqual(['campaign', 'code', 'code'])
})
