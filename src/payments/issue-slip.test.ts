import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listOpenBills, totalOn } from '#bills'
import type { Creditor } from '#creditor'
import { systemChance } from '#platform/chance'
import { type Database, inTransaction, sql } from '#platform/database/database'
import { addDays, day, dayInJst } from '#values/day'
import { addCase, at, chanceOf, creditorWith, endBill, openCase, ten, tuesday } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { putDeposit } from '../../test/money.ts'
import { findSlip, type IssuingSlip, issueSlip } from './issue-slip.ts'
import { rebalance } from './rebalance.ts'
import { readSlipBarcode } from './slip-barcode.format.ts'

let it: TestDatabase
let db: Database
let creditor: Creditor
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
})
afterAll(() => it.drop())
beforeEach(async () => {
  creditor = await creditorWith()
})

const issue = (customerId: string, options: Partial<IssuingSlip> = {}) =>
  inTransaction(db, (tx) => issueSlip(tx, creditor, { customerId, chance: systemChance, now: ten, ...options }))

const issued = async (customerId: string, options: Partial<IssuingSlip> = {}) => {
  const outcome = await issue(customerId, options)
  if (outcome.kind !== 'issued') throw new Error(JSON.stringify(outcome))
  return outcome.slip
}

const standing = async (customerId: string, now = ten, lastDay?: typeof tuesday) => {
  const bills = await listOpenBills(db, [customerId], creditor.products)
  return (await findSlip(db, creditor, customerId, bills, { now, lastDay })).kind
}

test('one slip asks for everything that is owed today, late charge included, and its barcode says so', async () => {
  const { customerId, billIds } = await openCase(db, { bills: [{ principal: 48_000 }, { principal: 5_000 }] })
  const slip = await issued(customerId)
  const total = totalOn(await listOpenBills(db, [customerId], creditor.products), creditor.products, tuesday)
  expect(total).toBe(48_000 + 76 + 5_000 + 8)
  expect(slip).toMatchObject({ amount: total, chargeDay: tuesday, expiresOn: '2026-11-26' })
  expect(new Map(slip.bills.map(({ billId, amount }) => [billId, amount]))).toEqual(
    new Map([
      [billIds[0], 48_076],
      [billIds[1], 5_008],
    ]),
  )
  expect(slip.number).toMatch(/^0{6}[1-9]\d{14}$/)
  expect(readSlipBarcode(slip.barcode)).toEqual({
    makerCode: '912345',
    freePart: slip.number,
    reissue: 0,
    expiresOn: '2026-11-26',
    needsStamp: true,
    amount: total,
  })
  const audit = await sql`select actor, act from audit_lines where customer_id = ${customerId}`.execute(db)
  expect(audit.rows).toEqual([{ actor: 'customer', act: 'slip.issued' }])
})

test.each([
  [49_999, false],
  [50_000, true],
])('from 50,000 yen on the slip says that a stamp is due: %i, %s', async (principal, needsStamp) => {
  const { customerId } = await openCase(db, { bills: [{ principal, dueDay: tuesday }] })
  expect(readSlipBarcode((await issued(customerId)).barcode)).toMatchObject({ needsStamp, amount: principal })
})

test('asked again it is the same slip, as long as it can be paid and nothing has changed', async () => {
  const { customerId } = await openCase(db)
  const slip = await issued(customerId)
  const lastEvening = at('2026-11-26', 23, 59)
  expect(await issue(customerId, { now: lastEvening })).toEqual({ kind: 'same', slip })
  expect(await standing(customerId, lastEvening)).toBe('current')
  const { rows } = await sql<{ n: number }>`select count(*) as n from slips where customer_id = ${customerId}`.execute(
    db,
  )
  expect(rows[0]?.n).toBe(1)
})

test('an expired slip is followed by another, with another number and that day’s amount', async () => {
  const { customerId } = await openCase(db, { bills: [{ principal: 100_000 }] })
  const first = await issued(customerId)
  const now = at('2026-11-27', 0)
  expect(await standing(customerId, now)).toBe('expired')
  const second = await issued(customerId, { now })
  expect(second.number).not.toBe(first.number)
  expect([first.amount, second.amount]).toEqual([100_160, 100_280])
  expect(second.expiresOn).toBe('2026-11-29')
})

test('money or another bill makes a new slip', async () => {
  const one = await openCase(db)
  const first = await issued(one.customerId)
  await putDeposit(db, { customerId: one.customerId, amount: 2_300 })
  await inTransaction(db, (tx) => rebalance(tx, creditor, [one.customerId], ten))
  expect(await standing(one.customerId)).toBe('changed')
  expect((await issued(one.customerId)).amount).toBe(first.amount - 2_300)

  const two = await openCase(db, { bills: [{ principal: 5_000 }, { principal: 7_000 }] })
  await issued(two.customerId)
  await endBill(db, two.customerId, two.billIds[0], { onDay: '2026-11-24', now: ten })
  expect(await standing(two.customerId)).toBe('changed')
  expect((await issued(two.customerId)).bills).toEqual([{ billId: two.billIds[1], amount: 7_011 }])
})

test('a slip never runs past the cut-off of a re-debit, and one that would is no longer good', async () => {
  const { customerId } = await openCase(db)
  await issued(customerId)
  const lastDay = day('2026-11-25')
  expect(await standing(customerId, ten, lastDay)).toBe('changed')
  expect((await issued(customerId, { lastDay })).expiresOn).toBe(lastDay)
  expect(await issue(customerId, { lastDay: addDays(tuesday, -1) })).toEqual({
    kind: 'unavailable',
    because: 'no-day-left',
  })
})

test('nobody without a bill gets a slip, nor does who owes more than any chain takes', async () => {
  const paid = await openCase(db)
  await endBill(db, paid.customerId, paid.billIds[0], { onDay: '2026-11-24', now: ten })
  expect(await issue(paid.customerId)).toEqual({ kind: 'unavailable', because: 'nothing-owed' })
  const rich = await openCase(db, { bills: [{ principal: 299_999 }, { principal: 2 }] })
  expect(await issue(rich.customerId)).toEqual({ kind: 'too-much', limitYen: 300_000 })
  expect(await standing(rich.customerId)).toBe('none')
})

test('a housing loan is never on a slip', async () => {
  const { customerId, billIds } = await openCase(db, {
    bills: [
      { principal: 9_000, product: 'housing-loan' },
      { principal: 5_000, dueDay: tuesday },
    ],
  })
  expect((await issued(customerId)).bills).toEqual([{ billId: billIds[1], amount: 5_000 }])
})

test('a number is given once: drawn again, another one is drawn', async () => {
  const [a, b] = [await openCase(db), await openCase(db)]
  const [again, other] = ['1234567890123', '9876543210987']
  const first = await issued(a.customerId, { chance: chanceOf(again) })
  const second = await issued(b.customerId, { chance: chanceOf(again, other) })
  expect([first.number.slice(7, 20), second.number.slice(7, 20)]).toEqual([again, other])
  const { customerId } = await openCase(db)
  await expect(issue(customerId, { chance: chanceOf(again, again, again) })).rejects.toThrow('never given')
})

test('a second tap waits for the first, and gets its slip', async () => {
  const { customerId } = await openCase(db)
  const { first, second } = await inTransaction(db, async (tx) => {
    const first = await issueSlip(tx, creditor, { customerId, chance: systemChance, now: ten })
    // Long enough for a second tap that does not wait to issue a slip of its own.
    const second = issue(customerId)
    await new Promise((done) => setTimeout(done, 300))
    return { first, second }
  })
  if (first.kind !== 'issued') throw new Error(first.kind)
  expect(await second).toEqual({ kind: 'same', slip: first.slip })
})

test('another case of the same customer is another slip', async () => {
  const opened = await openCase(db)
  const first = await issued(opened.customerId)
  await endBill(db, opened.customerId, opened.billIds[0], { onDay: '2026-11-24', now: ten })
  await sql`update cases set closed_at = ${ten}, closed_because = 'settled' where id = ${opened.caseId}`.execute(db)
  const now = at('2026-11-25', 10)
  const { billIds } = await addCase(db, opened, [{ dueDay: dayInJst(now) }], now)
  const second = await issued(opened.customerId, { now })
  expect(second.bills).toEqual([{ billId: billIds[0], amount: 12_300 }])
  expect(second.number).not.toBe(first.number)
})
