import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { HoldReason } from '#answers'
import type { Creditor } from '#creditor'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { day } from '#values/day'
import { at, creditorWith, ten } from '../../test/casework.ts'
import { type BillFacts, type ContactFacts, decideCode, decideContact } from './contact.rules.ts'

let creditor: Creditor
beforeAll(async () => {
  creditor = await creditorWith()
})

const bill = (changes: Partial<BillFacts> = {}): BillFacts => ({
  product: 'card',
  isOutsideService: false,
  resultCode: '1',
  ended: null,
  ...changes,
})

const none = { today: 0, in7Days: 0, inCase: 0, todayOnPhone: 0, in7DaysOnPhone: 0 }

const facts = (changes: Partial<ContactFacts> = {}): ContactFacts => ({
  bills: [bill()],
  holds: [],
  promiseQuietUntil: null,
  told: null,
  redebits: [],
  sent: none,
  textProblems: [],
  ...changes,
})

const decide = (changes: Partial<ContactFacts> = {}, now = ten) =>
  decideContact(facts(changes), creditor, holidays, now)

const because = (changes: Partial<ContactFacts>, now = ten): string => {
  const decision = decide(changes, now)
  return decision.kind === 'send' ? 'send' : `${decision.kind}: ${decision.because}`
}

test('a customer of whom nothing speaks against it is sent a notice that is valid until the evening', () => {
  const decision = decide()
  expect(decision).toMatchObject({ kind: 'send', validUntil: at('2026-11-24', 20) })
  expect(decision.chain.map(({ rule, verdict }) => `${rule} ${verdict}`)).toEqual([
    'paid pass',
    'product-excluded pass',
    'result-code pass',
    'legal-hold pass',
    'hold pass',
    'live-promise pass',
    'told-us pass',
    'redebit-planned pass',
    'cap-per-day pass',
    'cap-in-7-days pass',
    'cap-per-case pass',
    'text pass',
    'days pass',
    'hours pass',
  ])
})

const quiet = (until: string) => ({ promiseQuietUntil: day(until) })
const told = (kind: 'already-paid' | 'consultation', until: string) => ({ told: { kind, quietUntil: day(until) } })

test.each<[string, Partial<ContactFacts>, string]>([
  ['everything is paid', { bills: [bill({ ended: 'settled' })] }, 'exclude: paid'],
  ['a part is paid', { bills: [bill({ ended: 'settled' }), bill()] }, 'send'],
  ['the bills were taken back', { bills: [bill({ ended: 'withdrawn' })] }, 'exclude: withdrawn'],
  ['the rest was taken back', { bills: [bill({ ended: 'withdrawn' }), bill({ ended: 'settled' })] }, 'exclude: paid'],
  ['the case has no bill', { bills: [] }, 'exclude: withdrawn'],
  ['only a bill outside the service', { bills: [bill({ isOutsideService: true })] }, 'exclude: product-excluded'],
  ['a bill outside the service and another', { bills: [bill({ isOutsideService: true }), bill()] }, 'send'],
  [
    'what is left is outside the service',
    { bills: [bill({ isOutsideService: true }), bill({ ended: 'settled' })] },
    'exclude: product-excluded',
  ],
  ...['0', '2', '3', '4', '8', '9', 'N', 'E', 'Z'].map((resultCode): [string, Partial<ContactFacts>, string] => [
    `result code ${resultCode}`,
    { bills: [bill({ resultCode })] },
    'exclude: result-code',
  ]),
  ['codes 1 and 2', { bills: [bill({ resultCode: '2' }), bill()] }, 'send'],
  [
    'code 1 only outside the service',
    { bills: [bill({ resultCode: '2' }), bill({ isOutsideService: true })] },
    'exclude: result-code',
  ],
  ['a legal hold', { holds: ['legal'] }, 'exclude: legal-hold'],
  ['a legal hold among others', { holds: ['dispute', 'legal'] }, 'exclude: legal-hold'],
  ...(['death', 'dispute', 'hardship', 'wrong-number'] as const).map(
    (reason): [string, Partial<ContactFacts>, string] => [
      `a hold: ${reason}`,
      { holds: [reason] },
      `exclude: hold-${reason}`,
    ],
  ),
  ['a promise that is live today', quiet('2026-11-24'), 'exclude: live-promise'],
  ['a promise that is live longer', quiet('2026-11-30'), 'exclude: live-promise'],
  ['a promise that was quiet until yesterday', quiet('2026-11-23'), 'send'],
  ['told "already paid"', told('already-paid', '2026-11-24'), 'exclude: told-already-paid'],
  ['told "already paid" long ago', told('already-paid', '2026-11-23'), 'send'],
  ['asked for a consultation', told('consultation', '2026-11-24'), 'exclude: told-consultation'],
  ['asked for a consultation long ago', told('consultation', '2026-11-23'), 'send'],
  ['a notice today', { sent: { ...none, today: 1 } }, 'exclude: cap-per-day'],
  ['a notice today to the phone of two customers', { sent: { ...none, todayOnPhone: 1 } }, 'exclude: cap-per-day'],
  ['two in a week', { sent: { ...none, in7Days: 2, in7DaysOnPhone: 2 } }, 'send'],
  ['three in a week', { sent: { ...none, in7Days: 3 } }, 'exclude: cap-in-7-days'],
  ['three in a week to the phone', { sent: { ...none, in7DaysOnPhone: 3 } }, 'exclude: cap-in-7-days'],
  ['three in the case', { sent: { ...none, inCase: 3 } }, 'send'],
  ['four in the case', { sent: { ...none, inCase: 4 } }, 'exclude: cap-per-case'],
  ['a text with a word of dunning', { textProblems: ['word-of-dunning'] }, 'exclude: text'],
])('%s', (_why, changes, decided) => {
  expect(because(changes)).toBe(decided)
})

describe('a re-debit', () => {
  const redebits = { days: [{ day: '2026-12-10', cutOff: '2026-12-07' }], cutOffBankDays: 3 }
  const tried = (resultsOn: readonly string[] = [], dueDay = '2026-11-20'): ContactFacts['redebits'][number] => ({
    customerId: 'customer',
    caseId: 'case',
    billId: 'bill',
    product: 'card',
    dueDay: day(dueDay),
    resultsOn: resultsOn.map(day),
  })
  const on = (today: string, bills: ContactFacts['redebits']) =>
    decideContact(facts({ redebits: bills }), { ...creditor, redebits }, holidays, at(today, 10))

  test.each<[string, string, ContactFacts['redebits'], 'send' | 'exclude']>([
    ['the day before the cut-off', '2026-12-04', [tried()], 'send'],
    ['on the day of the cut-off', '2026-12-07', [tried()], 'exclude'],
    ['after it', '2026-12-09', [tried()], 'exclude'],
    ['while its result is awaited', '2026-12-15', [tried()], 'exclude'],
    ['once its result is here', '2026-12-15', [tried(['2026-12-10'])], 'send'],
    ['for one of two bills', '2026-12-09', [tried([], '2026-12-08'), tried()], 'exclude'],
    ['for none of two bills', '2026-12-09', [tried([], '2026-12-08'), tried(['2026-12-10'])], 'send'],
  ])('%s', (_when, today, bills, kind) => {
    expect(on(today, bills)).toMatchObject(kind === 'send' ? { kind } : { kind, because: 'redebit-planned' })
  })

  test('leaves its day, its cut-off and what it rests on', () => {
    const redebit = { day: '2026-12-10', cutOff: '2026-12-07' }
    const basis = '社内規則（再振替との二重払いの防止）'
    const reason = (today: string) => on(today, [tried()]).chain.find(({ rule }) => rule === 'redebit-planned')
    expect(reason('2026-12-09')).toEqual({
      rule: 'redebit-planned',
      verdict: 'exclude',
      facts: { redebit: { ...redebit, isPastCutOff: true, isAwaitingResult: false } },
      basis,
    })
    expect(reason('2026-11-24')).toMatchObject({ verdict: 'pass', facts: { redebit }, basis })
    expect(decide().chain.find(({ rule }) => rule === 'redebit-planned')).toMatchObject({ facts: { redebit: null } })
  })
})

test.each<[string, Date, string, Date | undefined]>([
  ['before the hours', at('2026-11-24', 8, 59, 59), 'defer: hours', at('2026-11-24', 9)],
  ['as they open', at('2026-11-24', 9), 'send', undefined],
  ['in the last second', at('2026-11-24', 19, 59, 59), 'send', undefined],
  ['as they close', at('2026-11-24', 20), 'defer: hours', at('2026-11-25', 9)],
  ['on a Sunday before a holiday', at('2026-11-22', 10), 'defer: days', at('2026-11-24', 9)],
  ['at night on New Year’s Eve', at('2026-12-31', 23), 'defer: days', at('2027-01-04', 9)],
])('%s a notice is deferred, not dropped', (_when, now, decided, until) => {
  expect(because({}, now)).toBe(decided)
  expect(decide({}, now)).toMatchObject(until === undefined ? { kind: 'send' } : { until })
})

test('hours that never open exclude', () => {
  const policies = { ...creditor.policies, contact: { ...creditor.policies.contact, opens: '22:00', closes: '23:00' } }
  expect(decideContact(facts(), { ...creditor, policies }, holidays, ten)).toMatchObject({
    kind: 'exclude',
    because: 'hours',
  })
})

test('asking ends with the rule that excludes, and keeps what it saw', () => {
  const { chain } = decide({ holds: ['legal'], sent: { ...none, today: 9 } })
  expect(chain.at(-1)).toEqual({
    rule: 'legal-hold',
    verdict: 'exclude',
    facts: { isHeld: true },
    basis: '社内規則（貸金業法21条1項9号に準拠）',
  })
  expect(chain.some(({ rule }) => rule === 'cap-per-day')).toBe(false)
})

describe('the basis', () => {
  const basisOf = (bills: readonly BillFacts[], rule: string) =>
    decide({ bills }).chain.find((reason) => reason.rule === rule)?.basis

  test('is the Money Lending Business Act for a loan, and the company’s own rule after it for sales credit', () => {
    expect(basisOf([bill({ product: 'cashing' })], 'live-promise')).toBe('貸金業法21条1項2号')
    expect(basisOf([bill({ product: 'card' })], 'live-promise')).toBe('社内規則（貸金業法21条1項2号に準拠）')
    expect(basisOf([bill({ product: 'cashing' })], 'hours')).toBe('貸金業法21条1項1号')
    expect(basisOf([bill({ product: null })], 'hours')).toBe('社内規則（貸金業法21条1項1号に準拠）')
    expect(basisOf([bill({ product: 'cashing' })], 'text')).toBe('貸金業法21条1項5号・2項、通信事業者の要請')
  })

  test('is the act’s when one of several bills is a loan', () => {
    expect(basisOf([bill(), bill({ product: 'cashing' })], 'legal-hold')).toBe('貸金業法21条1項9号')
    expect(basisOf([bill(), bill({ product: 'cashing', ended: 'settled' })], 'legal-hold')).toMatch(/^社内規則/)
  })
})

test.each<[readonly HoldReason[], string]>([
  [[], 'send'],
  [['dispute'], 'send'],
  [['hardship'], 'send'],
  [['legal'], 'legal-hold'],
  [['dispute', 'death'], 'hold-death'],
  [['wrong-number'], 'hold-wrong-number'],
])('a code under the holds %j: %s', (holds, decided) => {
  const decision = decideCode({ holds, bills: [bill()] })
  expect(decision.kind === 'send' ? 'send' : decision.because).toBe(decided)
})

test('a code goes to whoever has or had a bill that may be shown', () => {
  const kind = (bills: readonly BillFacts[]) => decideCode({ holds: [], bills }).kind
  expect(kind([bill({ ended: 'settled' })])).toBe('send')
  expect(kind([bill({ isOutsideService: true }), bill()])).toBe('send')
  expect(kind([bill({ isOutsideService: true })])).toBe('exclude')
  expect(kind([bill({ ended: 'withdrawn' })])).toBe('exclude')
  expect(kind([])).toBe('exclude')
})

test('no set of facts is sent anything that one of them forbids', () => {
  const count = fc.integer({ min: 0, max: 5 })
  const days = fc.option(
    fc.integer({ min: 20, max: 30 }).map((n) => day(`2026-11-${n}`)),
    { nil: null },
  )
  const anyFacts: fc.Arbitrary<ContactFacts> = fc.record({
    bills: fc.array(
      fc.record({
        product: fc.constantFrom('card', 'cashing', null),
        isOutsideService: fc.boolean(),
        resultCode: fc.constantFrom('1', '2', 'Z'),
        ended: fc.constantFrom(null, 'settled', 'withdrawn'),
      }),
      { maxLength: 3 },
    ),
    holds: fc.subarray<HoldReason>(['legal', 'death', 'dispute', 'hardship', 'wrong-number'], { maxLength: 1 }),
    promiseQuietUntil: days,
    redebits: fc.constant([]),
    told: days.map((quietUntil) => quietUntil && { kind: 'already-paid' as const, quietUntil }),
    sent: fc.record({ today: count, in7Days: count, inCase: count, todayOnPhone: count, in7DaysOnPhone: count }),
    textProblems: fc.subarray(['amount-of-money'], { maxLength: 1 }),
  })
  fc.assert(
    fc.property(anyFacts, (given) => {
      const { bills, holds, promiseQuietUntil, told, sent, textProblems } = given
      const speaksFor =
        bills.some((one) => one.ended === null && !one.isOutsideService && one.resultCode === '1') &&
        holds.length === 0 &&
        !(promiseQuietUntil !== null && promiseQuietUntil >= '2026-11-24') &&
        !(told !== null && told.quietUntil >= '2026-11-24') &&
        Math.max(sent.today, sent.todayOnPhone) < 1 &&
        Math.max(sent.in7Days, sent.in7DaysOnPhone) < 3 &&
        sent.inCase < 4 &&
        textProblems.length === 0
      expect(decideContact(given, creditor, holidays, ten).kind).toBe(speaksFor ? 'send' : 'exclude')
    }),
    { numRuns: 2_000 },
  )
})
