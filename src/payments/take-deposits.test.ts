import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, inTransaction, sql } from '#platform/database/database'
import { day } from '#values/day'
import { type OpenedCase, openCase, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import {
  type ArrivingLine,
  arrive,
  newKey,
  paymentsWorld,
  putName,
  putPromise,
  putSlip,
  putVirtualAccount,
} from '../../test/deposits.ts'
import { refundSurplus } from './surplus.ts'
import { takeBackDeposits } from './take-back-deposits.jobs.ts'
import type { PaymentsWorld } from './world.ts'

let it: TestDatabase
let db: Database
let w: PaymentsWorld
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  w = await paymentsWorld(db)
})
afterAll(() => it.drop())

/** 12,300 yen at 14.6 % since 20 November, paid on the 24th. */
const owed = 12_319

const depositsOf = async (importId: string) => {
  const { rows } = await sql<{
    customer: string | null
    how: string | null
    certainty: string | null
    because: string | null
    candidates: string[] | null
    ended: string | null
    final: boolean
  }>`
    select customer_id as customer, matched_how as how, certainty, unmatched_because as because, candidates,
      ended_how as ended, is_final as final
    from deposits where import_id = ${importId} order by record`.execute(db)
  return rows
}

const openBillsOf = async ({ customerId }: OpenedCase): Promise<number> =>
  (await sql`select from open_bills where customer_id = ${customerId}`.execute(db)).rows.length

/** What is left of the money on each account, every line of it added up. */
const ledgerOf = async ({ customerId }: OpenedCase) => {
  const { rows } = await sql<{ account: string; amount: number }>`
    select account, sum(amount)::bigint as amount from ledger_lines where customer_id = ${customerId}
    group by account having sum(amount) <> 0 order by account`.execute(db)
  return Object.fromEntries(rows.map(({ account, amount }) => [account, amount]))
}

const takeBack = (importId: string) =>
  inTransaction(db, async (tx) => {
    const outcome = await takeBackDeposits(w, tx, { importId, now: ten, by: 'cli:sato' })
    if (outcome.kind === 'taken-back')
      await sql`update imports set ended_at = ${ten}, ended_how = 'undone' where id = ${importId}`.execute(tx)
    return outcome
  })

/** A customer, and a line of money on the account that is theirs alone. */
const payer = async (bills?: Parameters<typeof openCase>[1]) => {
  const one = await openCase(db, bills)
  const reference = await putVirtualAccount(db, one.customerId)
  return { ...one, line: (line: ArrivingLine = {}): ArrivingLine => ({ reference, amount: owed, ...line }) }
}

test('the account, the number and the name tell whose money it is, and the rest is for people', async () => {
  const [ann, bob, cleo] = [await payer(), await openCase(db), await openCase(db)]
  await putName(w, cleo.customerId, 'ヤマダ', 'タロウ')
  const taken = await arrive(w, [
    ann.line(),
    { reference: bob.contractNumbers[0] ?? null, amount: owed },
    { payer: 'ﾔﾏﾀﾞ ﾀﾛｳ', amount: owed },
    { payer: 'ｽｽﾞｷ ﾊﾅｺ', amount: owed },
  ])
  expect(await depositsOf(taken.importId)).toMatchObject([
    { customer: ann.customerId, how: 'virtual-account', certainty: 'certain' },
    { customer: bob.customerId, how: 'reference', certainty: 'certain' },
    { customer: cleo.customerId, how: 'name', certainty: 'probable' },
    { customer: null, because: 'nobody-fits', candidates: null },
  ])
  expect(taken).toMatchObject({
    matched: expect.arrayContaining([{ how: 'name', certainty: 'probable', count: 1, amount: owed }]),
    unmatched: [{ because: 'nobody-fits', count: 1, amount: owed }],
    bills: { settled: 3, reopened: 0 },
  })
  for (const one of [ann, bob, cleo]) expect(await openBillsOf(one)).toBe(0)
})

test('the promised amount counts as well, two namesakes wait with both named, and a payer’s name is nowhere', async () => {
  const [ann, bob, cleo] = [await openCase(db), await openCase(db), await openCase(db)]
  await putName(w, ann.customerId, 'ワタナベ', 'ユウコ')
  await putPromise(db, ann, { amount: 12_309, receiptNumber: '482715306' })
  await putName(w, bob.customerId, 'カトウ', 'アキラ')
  await putName(w, cleo.customerId, 'カトウ', 'アキラ')
  const { importId } = await arrive(w, [
    { payer: 'ﾜﾀﾅﾍﾞ ﾕｳｺ', amount: 12_309 },
    { payer: 'ｶﾄｳ ｱｷﾗ', amount: owed },
  ])
  expect(await depositsOf(importId)).toMatchObject([
    { customer: ann.customerId, how: 'name' },
    { because: 'several-fit', candidates: [bob.customerId, cleo.customerId].sort() },
  ])
  const { rows } = await sql`select from deposits d where d::text like '%ｶﾄｳ%' or d::text like '%カトウ%'`.execute(db)
  expect(rows).toEqual([])
})

test('by the policy a name and an amount are not enough', async () => {
  const strict = await paymentsWorld(db, (policies) => {
    policies.deposits.matchByName = false
  })
  const ann = await openCase(db)
  await putName(w, ann.customerId, 'イトウ', 'メグミ')
  const { importId } = await arrive(strict, [{ payer: 'ｲﾄｳ ﾒｸﾞﾐ', amount: owed }])
  expect(await depositsOf(importId)).toMatchObject([{ because: 'by-name-off', candidates: [ann.customerId] }])
  expect(await openBillsOf(ann)).toBe(1)
})

test('one payment for several bills, several payments for one bill, too little, and too much', async () => {
  const several = await payer({ bills: [{ principal: 8_000 }, { principal: 4_000 }] })
  const inParts = await payer()
  const less = await payer()
  const more = await payer()
  const taken = await arrive(w, [
    several.line({ amount: 12_018 }),
    inParts.line({ amount: 6_000 }),
    inParts.line({ amount: 6_319 }),
    less.line({ amount: 5_000 }),
    more.line({ amount: owed + 681 }),
  ])
  expect(await Promise.all([several, inParts, less, more].map(openBillsOf))).toEqual([0, 0, 1, 0])
  expect(await ledgerOf(several)).toEqual({ bill: 12_018 })
  expect(await ledgerOf(less)).toEqual({ bill: 5_000 })
  expect(await ledgerOf(more)).toEqual({ bill: owed, surplus: 681 })
  expect(taken.bills).toEqual({ settled: 4, reopened: 0, surplus: 1 })
})

test('a slip pays its own bills; a slip of somebody else waits', async () => {
  const ann = await openCase(db)
  const number = await putSlip(db, ann, owed)
  const { importId } = await arrive(w, [
    { channel: 'convenience-store', act: 'provisional', reference: number, amount: owed },
    { channel: 'convenience-store', act: 'provisional', reference: '900000000000000000000', amount: owed },
  ])
  expect(await depositsOf(importId)).toMatchObject([
    { customer: ann.customerId, how: 'slip', certainty: 'certain', final: false },
    { because: 'slip-unknown', final: false },
  ])
  expect(await openBillsOf(ann)).toBe(0)
})

test('確報 makes 速報 final, whichever comes first and in however many files, and it stays one payment', async () => {
  const ann = await openCase(db)
  const line = { channel: 'convenience-store', reference: await putSlip(db, ann, owed), amount: owed } as const
  const [key, late, both] = [newKey(), newKey(), newKey()]
  const first = await arrive(w, [{ ...line, act: 'provisional', key }])
  const second = await arrive(w, [
    { ...line, act: 'final', key },
    { ...line, act: 'final', key: late },
    { ...line, act: 'final', key: both },
    { ...line, act: 'provisional', key: both },
  ])
  const third = await arrive(w, [
    { ...line, act: 'provisional', key: late },
    { ...line, act: 'final', key },
  ])
  expect(second).toMatchObject({ finalised: { count: 2 }, known: { count: 0 } })
  expect(third).toMatchObject({ finalised: { count: 0 }, known: { count: 2, amount: 2 * owed } })
  const all = (await Promise.all([first, second, third].map(({ importId }) => depositsOf(importId)))).flat()
  expect(all.map(({ final }) => final)).toEqual([true, true, true])
  await takeBack(second.importId)
  expect(await depositsOf(first.importId)).toMatchObject([{ final: false, ended: null }])
})

test('lines of an overlapping file are not taken twice, and stay when the first file is taken back', async () => {
  const [ann, bob] = [await payer(), await payer()]
  const [shared, own] = [ann.line({ key: newKey() }), bob.line({ key: newKey() })]
  const first = await arrive(w, [shared, own])
  const second = await arrive(w, [shared])
  expect(second).toMatchObject({ matched: [], known: { count: 1, amount: owed } })
  expect(await takeBack(first.importId)).toMatchObject({
    kind: 'taken-back',
    handedOver: 1,
    deposits: { count: 1, amount: owed },
    bills: { reopened: 1 },
  })
  expect(await depositsOf(second.importId)).toMatchObject([{ customer: ann.customerId, ended: null }])
  expect(await Promise.all([ann, bob].map(openBillsOf))).toEqual([0, 1])
})

test('a reversal undoes exactly its deposit, and what that had paid is owed again', async () => {
  const ann = await payer()
  const [one, other] = [newKey(), newKey()]
  await arrive(w, [ann.line({ key: one }), ann.line({ key: other, amount: 700 })])
  const taken = await arrive(w, [ann.line({ act: 'reversal', reverses: one })])
  expect(taken).toMatchObject({ reversed: { count: 1, amount: owed }, bills: { reopened: 1 } })
  expect(await openBillsOf(ann)).toBe(1)
  expect(await ledgerOf(ann)).toEqual({ bill: 700 })
  const again = await arrive(w, [ann.line({ act: 'reversal', reverses: one })])
  expect(again).toMatchObject({ reversed: { count: 0 }, known: { count: 1 }, strayReversals: { count: 0 } })
})

test('a deposit and its reversal in one file leave nothing', async () => {
  const ann = await payer()
  const key = newKey()
  const taken = await arrive(w, [ann.line({ act: 'reversal', reverses: key }), ann.line({ key })])
  expect(taken).toMatchObject({ matched: [{ count: 1 }], reversed: { count: 1 }, strayReversals: { count: 0 } })
  expect(await openBillsOf(ann)).toBe(1)
  expect(await ledgerOf(ann)).toEqual({})
})

test('a reversal before its deposit goes to people until the deposit comes, which is born reversed', async () => {
  const ann = await payer()
  const key = newKey()
  const early = await arrive(w, [ann.line({ act: 'reversal', reverses: key })])
  expect(early.strayReversals).toEqual({ count: 1, amount: owed })
  const late = await arrive(w, [ann.line({ key })])
  expect(late.bornReversed).toEqual({ count: 1, amount: owed })
  expect(await openBillsOf(ann)).toBe(1)
  expect(await depositsOf(late.importId)).toMatchObject([{ ended: 'reversed' }])
})

test('taking back the file of a reversal brings the deposit back, unless another file reversed it too', async () => {
  const [ann, bob] = [await payer(), await payer()]
  const [one, other] = [newKey(), newKey()]
  await arrive(w, [ann.line({ key: one }), bob.line({ key: other })])
  const first = await arrive(w, [
    ann.line({ act: 'reversal', reverses: one }),
    bob.line({ act: 'reversal', reverses: other }),
  ])
  const second = await arrive(w, [bob.line({ act: 'reversal', reverses: other })])
  expect(await takeBack(first.importId)).toMatchObject({ restored: 1, bills: { settled: 1 } })
  expect(await Promise.all([ann, bob].map(openBillsOf))).toEqual([0, 1])
  expect(await takeBack(second.importId)).toMatchObject({ restored: 1, bills: { settled: 1 } })
  expect(await openBillsOf(bob)).toBe(0)
})

test('a deposit whose file is taken back and comes again is still reversed', async () => {
  const ann = await payer()
  const key = newKey()
  const file = await arrive(w, [ann.line({ key })])
  await arrive(w, [ann.line({ act: 'reversal', reverses: key })])
  await takeBack(file.importId)
  const again = await arrive(w, [ann.line({ key })])
  expect(again.bornReversed.count).toBe(1)
  expect(await openBillsOf(ann)).toBe(1)
})

test('a file of which a surplus was given back cannot be taken back', async () => {
  const ann = await payer()
  const { importId } = await arrive(w, [ann.line({ amount: owed + 500 })])
  const { rows } = await sql<{ id: string }>`select id from deposits where import_id = ${importId}`.execute(db)
  const id = rows[0]?.id ?? ''
  await inTransaction(db, (tx) => refundSurplus(tx, id, 'cli:sato', ten))
  expect(await takeBack(importId)).toEqual({ kind: 'refunded', depositIds: [id] })
  expect(await openBillsOf(ann)).toBe(0)
})

test('money of a day before the bill was due does not pay it', async () => {
  const ann = await payer()
  await arrive(w, [ann.line({ onDay: day('2026-11-19'), amount: 12_300 })])
  expect(await openBillsOf(ann)).toBe(1)
  expect(await ledgerOf(ann)).toEqual({ surplus: 12_300 })
})
