import { afterAll, beforeAll, expect, test } from 'vitest'
import { judgePromises } from '#answers'
import { listOpenBills, totalOn } from '#bills'
import type { Creditor } from '#creditor'
import { type Database, inTransaction, type RawBuilder, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { type Day, day } from '#values/day'
import { addCase, at, creditorWith, endBill, openCase, ten, tuesday } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { endDeposit, putDeposit, putSlip } from '../../test/money.ts'
import { rebalance } from './rebalance.ts'

let it: TestDatabase
let db: Database
let creditor: Creditor
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  creditor = await creditorWith()
})
afterAll(() => it.drop())

const rows = async <T>(query: RawBuilder<T>): Promise<readonly T[]> => (await query.execute(db)).rows
const balance = (customerIds: readonly string[], now = ten) =>
  inTransaction(db, (tx) => rebalance(tx, creditor, customerIds, now))
const linesOf = (customerId: string) =>
  rows(sql<{ account: string; billId: string; fee: number; lateCharge: number; principal: number; amount: number }>`
    select account, bill_id as "billId", fee, late_charge as "lateCharge", principal, amount
    from ledger_lines where customer_id = ${customerId} order by id`)
const endingsOf = (customerId: string) =>
  rows(sql<{ billId: string; how: string; onDay: Day }>`
    select bill_id as "billId", how, on_day as "onDay" from bill_endings where customer_id = ${customerId}
    order by on_day, bill_id`)
const casesOf = (customerId: string) =>
  rows(sql<{ id: string; because: string | null }>`
    select id, closed_because as because from cases where customer_id = ${customerId} order by id`)
const owedOf = async (customerId: string, on: Day = tuesday) =>
  totalOn(await listOpenBills(db, [customerId], creditor.products), creditor.products, on)

test('paid to the yen: one line, the bill settled on the day of the money, its case closed, the feed told', async () => {
  const { customerId, billIds } = await openCase(db)
  // Four days at 14.6 % of 12,300 yen.
  await putDeposit(db, { customerId, amount: 12_319 })
  expect(await balance([customerId])).toEqual({ settled: 1, reopened: 0, surplus: 0 })
  const [billId] = billIds
  expect(await linesOf(customerId)).toEqual([
    { account: 'bill', billId, fee: 0, lateCharge: 19, principal: 12_300, amount: 12_319 },
  ])
  expect(await endingsOf(customerId)).toEqual([{ billId, how: 'settled', onDay: '2026-11-24' }])
  expect((await casesOf(customerId)).map(({ because }) => because)).toEqual(['settled'])
  expect(await rows(sql`select from ledger_feed_waiting where customer_id = ${customerId}`)).toHaveLength(1)
  expect(await rows(sql`select act from audit_lines where customer_id = ${customerId}`)).toEqual([
    { act: 'ledger.changed' },
  ])
})

test('balancing once more changes nothing and tells nothing', async () => {
  const { customerId } = await openCase(db)
  await putDeposit(db, { customerId, amount: 5_000 })
  await balance([customerId])
  const before = await linesOf(customerId)
  expect(await balance([customerId, customerId])).toEqual({ settled: 0, reopened: 0, surplus: 0 })
  expect(await linesOf(customerId)).toEqual(before)
  expect(await rows(sql`select from audit_lines where customer_id = ${customerId}`)).toHaveLength(1)
})

test('a reversal undoes exactly what the money did: the bill and its case are open as they were', async () => {
  const { customerId, caseId, billIds } = await openCase(db)
  const before = await owedOf(customerId)
  const deposit = await putDeposit(db, { customerId, amount: 12_319 })
  await balance([customerId])
  expect(await owedOf(customerId)).toBe(0)
  await endDeposit(db, deposit)
  expect(await balance([customerId])).toEqual({ settled: 0, reopened: 1, surplus: 0 })
  expect(await owedOf(customerId)).toBe(before)
  expect(await endingsOf(customerId)).toEqual([])
  expect(await casesOf(customerId)).toEqual([{ id: caseId, because: null }])
  expect((await linesOf(customerId)).map(({ amount }) => amount)).toEqual([12_319, -12_319])
  // Other money takes its place, on its own day.
  await putDeposit(db, { customerId, amount: 12_324, onDay: day('2026-11-25') })
  expect(await balance([customerId])).toEqual({ settled: 1, reopened: 0, surplus: 0 })
  expect(await endingsOf(customerId)).toEqual([{ billId: billIds[0], how: 'settled', onDay: '2026-11-25' }])
})

test('money that comes late but counts from an earlier day moves what came after it', async () => {
  const { customerId, billIds } = await openCase(db)
  await putDeposit(db, { customerId, amount: 12_319 })
  await balance([customerId])
  await putDeposit(db, { customerId, amount: 12_314, onDay: day('2026-11-23') })
  expect(await balance([customerId])).toEqual({ settled: 0, reopened: 0, surplus: 1 })
  expect(await endingsOf(customerId)).toEqual([{ billId: billIds[0], how: 'settled', onDay: '2026-11-23' }])
  const surplus = (await linesOf(customerId)).filter(({ account }) => account === 'surplus')
  expect(surplus.map(({ amount }) => amount)).toEqual([12_319])
})

test('a deposit that turns out to be of somebody else goes with all it had paid', async () => {
  const [wrong, right] = [await openCase(db), await openCase(db)]
  const deposit = await putDeposit(db, { customerId: wrong.customerId, amount: 12_319 })
  await balance([wrong.customerId])
  await sql`update deposits set customer_id = ${right.customerId} where id = ${deposit}`.execute(db)
  expect(await balance([wrong.customerId, right.customerId])).toEqual({ settled: 1, reopened: 1, surplus: 0 })
  expect(await owedOf(wrong.customerId)).toBe(12_319)
  expect(await owedOf(right.customerId)).toBe(0)
})

test('several bills, one paid: the case stays open, and the oldest unpaid is what is left', async () => {
  const { customerId, billIds } = await openCase(db, {
    bills: [
      { principal: 10_000, dueDay: day('2026-10-20') },
      { principal: 8_000, dueDay: day('2026-11-20') },
    ],
  })
  // 35 days of 4 yen.
  await putDeposit(db, { customerId, amount: 10_140 })
  await balance([customerId])
  expect(await listOpenBills(db, [customerId], creditor.products)).toMatchObject([{ billId: billIds[1] }])
  expect((await casesOf(customerId)).map(({ because }) => because)).toEqual([null])
})

test('interest is not lost after the principal is paid', async () => {
  const principalFirst = await creditorWith(({ payments }) => {
    payments.allocation = ['principal', 'late-charge', 'fee']
  })
  const { customerId } = await openCase(db)
  await putDeposit(db, { customerId, amount: 12_300 })
  await inTransaction(db, (tx) => rebalance(tx, principalFirst, [customerId], ten))
  expect(await owedOf(customerId)).toBe(19)
  expect(await owedOf(customerId, day('2027-11-24'))).toBe(19)
  expect(await endingsOf(customerId)).toEqual([])
})

test('a credit that brings the balance to nothing clears the state, whatever part it fell on', async () => {
  const { customerId } = await openCase(db, { bills: [{ principal: 1_000 }] })
  for (const amount of [400, 600]) await putDeposit(db, { customerId, amount, onDay: day('2026-11-20') })
  await balance([customerId])
  expect(await owedOf(customerId)).toBe(0)
  expect((await endingsOf(customerId)).map(({ how }) => how)).toEqual(['settled'])
  expect((await casesOf(customerId)).map(({ because }) => because)).toEqual(['settled'])
})

test('what is paid of a bill before its charge is paid does not settle it', async () => {
  const { customerId } = await openCase(db)
  await putDeposit(db, { customerId, amount: 12_318 })
  await balance([customerId])
  expect(await owedOf(customerId)).toBe(1)
  expect((await casesOf(customerId)).map(({ because }) => because)).toEqual([null])
})

test('a slip paid whole and in time settles its bills; paid late it lacks the days since', async () => {
  const issue = async (paidOn: string) => {
    const { customerId, billIds } = await openCase(db)
    const bills = [{ billId: billIds[0] ?? '', amount: 12_319 }]
    const slipId = await putSlip(db, { customerId, bills, chargeDay: tuesday, expiresOn: day('2026-11-26') })
    await putDeposit(db, { customerId, slipId, amount: 12_319, onDay: day(paidOn), channel: 'convenience-store' })
    await balance([customerId])
    return owedOf(customerId, day(paidOn))
  }
  expect(await issue('2026-11-26')).toBe(0)
  // Three days of 4.92 yen.
  expect(await issue('2026-11-27')).toBe(15)
})

test('a debit settles its bill whatever late charge has run up, and pays none', async () => {
  const { customerId, billIds } = await openCase(db)
  await putDeposit(db, { customerId, amount: 12_300, channel: 'debit', billId: billIds[0], onDay: day('2026-12-20') })
  await balance([customerId])
  expect(await linesOf(customerId)).toMatchObject([{ lateCharge: 0, principal: 12_300 }])
  expect(await endingsOf(customerId)).toEqual([{ billId: billIds[0], how: 'settled', onDay: '2026-12-20' }])
})

test('a promise that was kept with money which is gone is waited for again, and judged anew', async () => {
  const { customerId, caseId, billIds } = await openCase(db)
  await promise(customerId, caseId, billIds[0] ?? '')
  const deposit = await putDeposit(db, { customerId, amount: 12_319 })
  await balance([customerId])
  expect(await judgePromises(db, { creditor }, at('2026-11-25', 9))).toBe(1)
  expect(await outcomes(customerId)).toEqual(['kept'])
  await endDeposit(db, deposit)
  await balance([customerId])
  expect(await outcomes(customerId)).toEqual([])
  expect(await judgePromises(db, { creditor }, at('2026-11-26', 18))).toBe(1)
  expect(await outcomes(customerId)).toEqual(['broken'])
})

const outcomes = async (customerId: string) =>
  (await rows(sql<{ outcome: string }>`select outcome from promise_outcomes where customer_id = ${customerId}`)).map(
    ({ outcome }) => outcome,
  )

test('a promise that money of another day kept is judged by the day that counts now', async () => {
  const { customerId, caseId, billIds } = await openCase(db)
  await promise(customerId, caseId, billIds[0] ?? '')
  const [inTime] = [await putDeposit(db, { customerId, amount: 12_319 })]
  await putDeposit(db, { customerId, amount: 12_349, onDay: day('2026-11-30') })
  await balance([customerId])
  await judgePromises(db, { creditor }, at('2026-11-25', 9))
  await endDeposit(db, inTime)
  await balance([customerId])
  expect(await endingsOf(customerId)).toMatchObject([{ onDay: '2026-11-30' }])
  await judgePromises(db, { creditor }, at('2026-11-30', 20))
  expect(await outcomes(customerId)).toEqual(['broken'])
})

const promise = async (customerId: string, caseId: string, billId: string) => {
  const answerId = newId(ten)
  const receipt = String(Math.abs(Number.parseInt(answerId.slice(-7), 16))).padStart(9, '0')
  await sql`insert into receipt_numbers (number, given_at) values (${receipt}, ${ten})`.execute(db)
  await sql`insert into answers (customer_id, id, case_id, first_answered_at)
    values (${customerId}, ${answerId}, ${caseId}, ${ten})`.execute(db)
  await sql`insert into answer_versions (customer_id, answer_id, version, kind, promised_day, last_offered_day, quiet_until,
      answered_at, answered_by, receipt_number)
    values (${customerId}, ${answerId}, 1, 'promise', '2026-11-25', '2026-11-26', '2026-11-26', ${ten}, 'customer', ${receipt})`.execute(
    db,
  )
  await sql`insert into answer_bills (customer_id, answer_id, version, bill_id, amount)
    values (${customerId}, ${answerId}, 1, ${billId}, 12324)`.execute(db)
  await sql`insert into live_promises (customer_id, answer_id, version, quiet_until)
    values (${customerId}, ${answerId}, 1, '2026-11-26')`.execute(db)
}

test('a bill that was settled before there was a ledger stays settled and takes no money', async () => {
  const { customerId, billIds } = await openCase(db)
  await endBill(db, customerId, billIds[0], { onDay: '2026-11-22', now: ten })
  await putDeposit(db, { customerId, amount: 12_300 })
  expect(await balance([customerId])).toEqual({ settled: 0, reopened: 0, surplus: 1 })
  expect(await endingsOf(customerId)).toEqual([{ billId: billIds[0], how: 'settled', onDay: '2026-11-22' }])
  expect((await linesOf(customerId)).map(({ account, amount }) => [account, amount])).toEqual([['surplus', 12_300]])
})

test('a bill that is withdrawn gives its money to the next one', async () => {
  const { customerId, billIds } = await openCase(db, {
    bills: [{ principal: 1_000, dueDay: day('2026-11-10') }, { principal: 1_000 }],
  })
  await putDeposit(db, { customerId, amount: 500 })
  await balance([customerId])
  await endBill(db, customerId, billIds[0], { how: 'withdrawn', onDay: '2026-11-24', now: ten })
  await balance([customerId])
  expect(await listOpenBills(db, [customerId], creditor.products)).toMatchObject([
    { billId: billIds[1], credits: [{ lateCharge: 1, principal: 499, onDay: '2026-11-24' }] },
  ])
})

test('a reopened bill whose import was taken back meanwhile is withdrawn, and other money is left over', async () => {
  const { customerId, billIds } = await openCase(db)
  const deposit = await putDeposit(db, { customerId, amount: 12_319 })
  await putDeposit(db, { customerId, amount: 3_000, onDay: day('2026-11-25') })
  await balance([customerId])
  await sql`update imports set ended_at = ${ten}, ended_how = 'undone'
    where id = (select import_id from bills where id = ${billIds[0]})`.execute(db)
  expect(await balance([customerId])).toEqual({ settled: 0, reopened: 0, surplus: 0 })
  await endDeposit(db, deposit)
  expect(await balance([customerId])).toEqual({ settled: 0, reopened: 0, surplus: 0 })
  expect((await endingsOf(customerId)).map(({ how }) => how)).toEqual(['withdrawn'])
  expect((await casesOf(customerId)).map(({ because }) => because)).toEqual(['withdrawn'])
  const sums = await rows(sql`
    select account, sum(amount)::integer as sum from ledger_lines where customer_id = ${customerId} group by 1 order by 1`)
  expect(sums).toEqual([
    { account: 'bill', sum: 0 },
    { account: 'surplus', sum: 3_000 },
  ])
})

test('a bill that is open again joins the case that was opened since', async () => {
  const { customerId, customerNumber } = await openCase(db)
  const deposit = await putDeposit(db, { customerId, amount: 12_319 })
  await balance([customerId])
  const { caseId } = await addCase(db, { customerId, customerNumber }, [{ dueDay: tuesday }])
  await endDeposit(db, deposit)
  await balance([customerId])
  const open = await listOpenBills(db, [customerId], creditor.products)
  expect(open.map((bill) => bill.caseId)).toEqual([caseId, caseId])
})

test('a surplus pays a bill that is heard of late', async () => {
  const { customerId, customerNumber } = await openCase(db)
  await putDeposit(db, { customerId, amount: 12_819 })
  expect(await balance([customerId])).toEqual({ settled: 1, reopened: 0, surplus: 1 })
  await addCase(db, { customerId, customerNumber }, [{ principal: 500, dueDay: tuesday }])
  expect(await balance([customerId])).toEqual({ settled: 1, reopened: 0, surplus: 0 })
  expect(await owedOf(customerId)).toBe(0)
})
