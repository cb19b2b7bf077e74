import fc from 'fast-check'
import { expect, test } from 'vitest'
import { autoPause, type CampaignAnswer, pauseLimits } from './auto-pause.rules.ts'

const { answersMin, lastAnswers, failedPercent, refusedInARow } = pauseLimits
const times = (count: number, answer: CampaignAnswer): readonly CampaignAnswer[] =>
  Array.from({ length: count }, () => answer)

test.each<[string, readonly CampaignAnswer[], object]>([
  ['nothing yet', [], { kind: 'go-on' }],
  ['all taken', times(500, 'taken'), { kind: 'go-on' }],
  ['49 that all failed', times(49, 'failed'), { kind: 'go-on' }],
  ['50 of which 9 failed', [...times(41, 'taken'), ...times(9, 'failed')], { kind: 'go-on' }],
  [
    '50 of which 10 failed',
    [...times(40, 'taken'), ...times(10, 'failed')],
    { kind: 'pause', because: 'too-many-failures', facts: { answers: 50, failed: 10, refusedInARow: 0 } },
  ],
  [
    'refusals and failures together',
    [...times(5, 'refused'), ...times(40, 'taken'), ...times(5, 'failed')],
    { kind: 'pause', because: 'too-many-failures', facts: { answers: 50, failed: 10, refusedInARow: 0 } },
  ],
  ['19 refusals in a row', [...times(100, 'taken'), ...times(19, 'gateway-refused')], { kind: 'go-on' }],
  [
    '20 refusals in a row, and nothing else',
    times(20, 'gateway-refused'),
    { kind: 'pause', because: 'gateway-refuses', facts: { answers: 20, failed: 20, refusedInARow: 20 } },
  ],
  [
    '20 refusals at the end of a good campaign',
    [...times(1_000, 'taken'), ...times(20, 'gateway-refused')],
    { kind: 'pause', because: 'gateway-refuses', facts: { answers: 200, failed: 20, refusedInARow: 20 } },
  ],
  [
    'refusals that one message got through',
    [...times(100, 'taken'), ...times(15, 'gateway-refused'), 'taken', ...times(15, 'gateway-refused')],
    { kind: 'pause', because: 'too-many-failures' },
  ],
  ['20 refusals that blame the messages', [...times(180, 'taken'), ...times(20, 'refused')], { kind: 'go-on' }],
  [
    'trouble that began after a good start',
    [...times(10_000, 'taken'), ...times(40, 'failed')],
    { kind: 'pause', because: 'too-many-failures', facts: { answers: 200, failed: 40, refusedInARow: 0 } },
  ],
  ['trouble that is over', [...times(1_000, 'failed'), ...times(200, 'taken')], { kind: 'go-on' }],
])('%s', (_, answers, outcome) => {
  expect(autoPause(answers)).toMatchObject(outcome)
})

test('a campaign below the share and without a row of refusals never pauses, whatever its order', () => {
  const answers = fc.tuple(fc.nat(400), fc.nat(39), fc.infiniteStream(fc.nat())).map(([taken, failed, chance]) => {
    const all = [...times(taken, 'taken'), ...times(failed, 'refused')]
    return all
      .map((answer) => [chance.next().value, answer] as const)
      .sort(([a], [b]) => a - b)
      .map(([, answer]) => answer)
  })
  fc.assert(
    fc.property(answers, (all) => {
      const last = all.slice(-lastAnswers)
      const failed = last.filter((answer) => answer === 'refused').length
      const isBad = last.length >= answersMin && (failed / last.length) * 100 >= failedPercent
      expect(autoPause(all).kind).toBe(isBad ? 'pause' : 'go-on')
    }),
  )
})

test('the limits are arguments', () => {
  expect(autoPause(times(3, 'gateway-refused'), { ...pauseLimits, refusedInARow: 3 }).kind).toBe('pause')
  expect(autoPause(times(refusedInARow, 'gateway-refused'), { ...pauseLimits, refusedInARow: 30 }).kind).toBe('go-on')
})
