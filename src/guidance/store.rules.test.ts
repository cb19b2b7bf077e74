import { describe, expect, test } from 'vitest'
import type { OpenBill } from '#bills'
import type { RedebitFacts, Slip, SlipStanding } from '#payments'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { day } from '#values/day'
import { yen } from '#values/yen'
import { creditorWith } from '../../test/casework.ts'
import { owingOf, type SlipFacts, storeState } from './store.rules.ts'

const demo = await creditorWith()
const today = day('2026-11-24')

const slip = (amount: number): Slip => ({
  ...{ customerId: 'a', id: 'slip', number: '1', barcode: '', bills: [] },
  ...{ amount: yen(amount), chargeDay: today, expiresOn: day('2026-11-26'), issuedAt: new Date(0) },
})
const facts = (owed: number, standing: SlipStanding = { kind: 'none' }, lastDay?: string): SlipFacts => ({
  ...{ owed: yen(owed), standing, lastDay: lastDay === undefined ? undefined : day(lastDay) },
})
const stateOf = (...all: readonly SlipFacts[]) => storeState(all, demo, today)

describe('The page of convenience stores', () => {
  test('offers a slip, until when and where it can be paid', () => {
    expect(stateOf(facts(10_016))).toEqual({
      kind: 'offer',
      amount: 10_016,
      expiresOn: '2026-11-26',
      chains: [
        { name: 'サンプルマート', limitYen: 300_000 },
        { name: 'みほんストア', limitYen: 299_999 },
      ],
      because: undefined,
    })
  })

  test('names only chains that take so much', () => {
    expect(stateOf(facts(300_000))).toMatchObject({ chains: [{ name: 'サンプルマート' }] })
  })

  test('shows the slip that can be paid with its own amount, not what is owed today', () => {
    expect(stateOf(facts(10_020, { kind: 'current', slip: slip(10_016) }))).toMatchObject({
      kind: 'slips',
      slips: [{ amount: 10_016 }],
    })
  })

  test('keeps showing a slip when what is owed today has grown beyond the limit', () => {
    expect(stateOf(facts(300_100, { kind: 'current', slip: slip(299_999) }))).toMatchObject({
      kind: 'slips',
      chains: [{ name: 'サンプルマート' }, { name: 'みほんストア' }],
    })
  })

  test.each([
    ['expired', 'expired'],
    ['changed', 'amount-changed'],
  ] as const)('offers a new one when the last is %s, and says why', (kind, because) => {
    expect(stateOf(facts(7_014, { kind, slip: slip(10_016) }))).toMatchObject({ kind: 'offer', amount: 7_014, because })
  })

  test('says when no chain takes so much', () => {
    expect(stateOf(facts(300_001))).toEqual({ kind: 'too-much', amount: 300_001, limitYen: 300_000 })
  })

  test('offers none from the cut-off of a re-debit until its result is here', () => {
    expect(stateOf(facts(10_016, { kind: 'none' }, '2026-11-24'))).toMatchObject({ expiresOn: '2026-11-24' })
    expect(stateOf(facts(10_016, { kind: 'none' }, '2026-11-23'))).toEqual({ kind: 'redebit-under-way' })
  })

  test('is closed where the agent takes no screens, and where there is no agent', () => {
    const { convenienceStore } = demo
    for (const terms of [{}, convenienceStore && { convenienceStore: { ...convenienceStore, acceptsScreens: false } }])
      expect(storeState([facts(10_016)], terms ?? demo, today)).toEqual({ kind: 'closed' })
  })

  describe('of a person who is two customers', () => {
    test('offers both slips together, until the earlier day', () => {
      expect(stateOf(facts(10_000), facts(5_000, { kind: 'none' }, '2026-11-25'))).toMatchObject({
        ...{ kind: 'offer', amount: 15_000, expiresOn: '2026-11-25' },
      })
    })

    test('shows slips only when all are there', () => {
      const current = facts(10_000, { kind: 'current', slip: slip(10_000) })
      expect(stateOf(current, facts(5_000))).toMatchObject({ kind: 'offer', amount: 15_000 })
      expect(stateOf(current, current)).toMatchObject({ kind: 'slips', slips: [{}, {}] })
    })

    test('passes over one who owes more than a slip may carry', () => {
      expect(stateOf(facts(400_000), facts(5_000))).toMatchObject({ kind: 'offer', amount: 5_000 })
    })
  })
})

test('Who owes is listed once, in the order of locking, with the next cut-off of their own bills', () => {
  const bill = (customerId: string, principal: number): OpenBill => ({
    ...{ customerId, billId: principal.toString(), caseId: customerId, contractNumber: null, product: null },
    ...{ principal: yen(principal), fee: yen(0), dueDay: day('2026-11-20'), credits: [] },
  })
  const redebit = (customerId: string, product: string): RedebitFacts => ({
    ...{ customerId, product, caseId: customerId, billId: '', dueDay: day('2026-11-20'), resultsOn: [] },
  })
  const days = [
    { day: '2026-11-30', cutOff: '2026-11-26', products: ['card'] },
    { day: '2026-12-10', cutOff: '2026-12-07' },
  ]
  const creditor = { ...demo, redebits: { cutOffBankDays: 3, days } }
  const owing = owingOf(
    [bill('b', 1), bill('a', 2), bill('b', 4), bill('c', 8)],
    [redebit('a', 'shopping'), redebit('b', 'shopping'), redebit('b', 'card')],
    creditor,
    japaneseHolidays,
    day('2026-11-27'),
  )
  expect(owing).toEqual([
    { customerId: 'a', owed: 2, lastDay: '2026-12-07' },
    { customerId: 'b', owed: 5, lastDay: '2026-11-26' },
    { customerId: 'c', owed: 8, lastDay: undefined },
  ])
})
