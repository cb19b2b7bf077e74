import { describe, expect, test } from 'vitest'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { day } from '#values/day'
import { at, creditorWith, ten } from '../../test/casework.ts'
import type { ContactFacts } from './contact.rules.ts'
import { decideTelephone } from './telephone.rules.ts'

const creditor = await creditorWith()
const free: ContactFacts = {
  bills: [{ product: 'card', isOutsideService: false, resultCode: '1', ended: null }],
  holds: [],
  promiseQuietUntil: null,
  told: null,
  redebits: [],
  sent: { today: 0, in7Days: 0, inCase: 0, todayOnPhone: 0, in7DaysOnPhone: 0 },
  textProblems: [],
}
const telephone = (facts: Partial<ContactFacts>, now = ten) =>
  decideTelephone({ ...free, ...facts }, creditor, holidays, now)

describe('may we ring this customer now?', () => {
  test.each<[string, Partial<ContactFacts>, object]>([
    ['when nothing stands against it', {}, { kind: 'may', reason: 'nothing-against' }],
    ['when a lawyer has taken over', { holds: ['legal'] }, { kind: 'may-not', because: 'legal-hold' }],
    ['while the bill is disputed', { holds: ['dispute'] }, { kind: 'may-not', because: 'hold-dispute' }],
    [
      'while a promise is live',
      { promiseQuietUntil: day('2026-11-26') },
      { kind: 'may-not', because: 'live-promise', reason: { basis: '社内規則（貸金業法21条1項2号に準拠）' } },
    ],
    [
      'when they have told us that they paid',
      { told: { kind: 'already-paid', quietUntil: day('2026-11-27') } },
      { kind: 'may-not', because: 'told-already-paid' },
    ],
    [
      'when they have asked for a consultation',
      { told: { kind: 'consultation', quietUntil: day('2026-11-27') } },
      { kind: 'may', reason: 'asked-to-be-called' },
    ],
    [
      'asked for a consultation and promised as well',
      { told: { kind: 'consultation', quietUntil: day('2026-11-27') }, promiseQuietUntil: day('2026-11-26') },
      { kind: 'may-not', because: 'live-promise' },
    ],
    [
      'when they have had as many SMS as a day allows, and the text is out of order',
      { sent: { today: 9, in7Days: 9, inCase: 9, todayOnPhone: 9, in7DaysOnPhone: 9 }, textProblems: ['changed'] },
      { kind: 'may', reason: 'nothing-against' },
    ],
    [
      'when everything is paid',
      { bills: [{ product: 'card', isOutsideService: false, resultCode: '1', ended: 'settled' }] },
      { kind: 'may-not', because: 'paid' },
    ],
  ])('%s', (_, facts, expected) => {
    expect(telephone(facts)).toMatchObject(expected)
  })

  test('not at night, and says from when', () => {
    expect(telephone({}, at('2026-11-24', 20, 30))).toMatchObject({
      kind: 'may-not',
      because: 'hours',
      until: at('2026-11-25', 9),
    })
  })
})
