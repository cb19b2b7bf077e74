import { expect, test } from 'vitest'
import type { RedebitFacts } from '#payments'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { day } from '#values/day'
import { creditorWith } from '../../test/casework.ts'
import { redebitViews } from './redebit.rules.ts'

const demo = await creditorWith()
const bill = (changes: Partial<RedebitFacts> = {}): RedebitFacts => ({
  ...{ customerId: 'customer', caseId: 'case', billId: 'bill', product: 'card', dueDay: day('2026-11-20') },
  resultsOn: [],
  ...changes,
})
const viewsOn = (today: string, bills: readonly RedebitFacts[], products?: string[]) => {
  const days = [{ day: '2026-11-30', cutOff: '2026-11-26', ...(products && { products }) }]
  return redebitViews(bills, { ...demo, redebits: { cutOffBankDays: 3, days } }, japaneseHolidays, day(today))
}

test.each([
  ['2026-11-24', 'planned'],
  ['2026-11-26', 'planned'],
  ['2026-11-27', 'requested'],
  ['2026-11-29', 'requested'],
  ['2026-11-30', 'awaiting-result'],
  ['2026-12-04', 'awaiting-result'],
])('On %s the re-debit of 30 November, cut off on the 26th, is %s', (today, stage) => {
  expect(viewsOn(today, [bill()])).toEqual([{ day: '2026-11-30', stage, products: undefined }])
})

test('Nothing is said once its result is here, nor where none is planned', () => {
  expect(viewsOn('2026-12-01', [bill({ resultsOn: [day('2026-11-30')] })])).toEqual([])
  expect(redebitViews([bill()], demo, japaneseHolidays, day('2026-11-24'))).toEqual([])
})

test('A re-debit of a part of what is owed names the products it is for, each once', () => {
  const bills = [bill(), bill(), bill({ product: 'shopping' })]
  expect(viewsOn('2026-11-24', bills, ['card'])).toMatchObject([{ products: ['カード'] }])
  expect(viewsOn('2026-11-24', bills)).toMatchObject([{ products: undefined }])
})

test('A bill whose contract is not known is among them without a name', () => {
  const bills = [bill({ product: null }), bill({ product: 'shopping', resultsOn: [day('2026-11-30')] })]
  expect(viewsOn('2026-11-24', bills)).toMatchObject([{ products: [] }])
})

test('Several days are told in their order', () => {
  const days = [
    { day: '2026-12-10', cutOff: '2026-12-07', products: ['shopping'] },
    { day: '2026-11-30', cutOff: '2026-11-26', products: ['card'] },
  ]
  const views = redebitViews(
    [bill({ product: 'shopping' }), bill()],
    { ...demo, redebits: { cutOffBankDays: 3, days } },
    japaneseHolidays,
    day('2026-11-24'),
  )
  expect(views.map((view) => view.day)).toEqual(['2026-11-30', '2026-12-10'])
})
