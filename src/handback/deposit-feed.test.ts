import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Creditor } from '#creditor'
import { rebalance, refundSurplus } from '#payments'
import { type Database, inTransaction, sql, type Transaction } from '#platform/database/database'
import { newId } from '#platform/ids'
import { addDays, day } from '#values/day'
import { at, creditorWith, openCase, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { listDepositFeed } from './deposit-feed.store.ts'
import { type ExportedDeposit, exportDeposits, numberDeposits } from './handback.ts'

let it: TestDatabase
let db: Database
let creditor: Creditor
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  creditor = await creditorWith()
})
beforeEach(() =>
  sql`truncate customers, cases, bills, bill_endings, deposits, ledger_lines, ledger_feed, ledger_feed_waiting
    cascade`.execute(it.ownerDb),
)
afterAll(() => it.drop())

const putDeposit = async (tx: Transaction, customerId: string, amount: number, onDay = '2026-11-20', now = ten) => {
  const id = newId(now)
  await sql`
    insert into deposits (id, channel, amount, on_day, line_key, received_at, customer_id, matched_how, certainty)
    values (${id}, 'transfer', ${amount}, ${onDay}, ${id}, ${now}, ${customerId}, 'reference', 'certain')`.execute(tx)
  await rebalance(tx, creditor, [customerId], now)
  return id
}
const pay = (customerId: string, amount: number, onDay?: string, now?: Date) =>
  inTransaction(db, (tx) => putDeposit(tx, customerId, amount, onDay, now))

const reverse = (customerId: string, depositId: string, now = ten) =>
  inTransaction(db, async (tx) => {
    await sql`update deposits set ended_at = ${now}, ended_how = 'reversed' where id = ${depositId}`.execute(tx)
    await rebalance(tx, creditor, [customerId], now)
  })

const exported = async (after?: number): Promise<readonly ExportedDeposit[]> => {
  const rows: ExportedDeposit[] = []
  for await (const row of exportDeposits(db, after === undefined ? {} : { after })) rows.push(row)
  return rows
}

test('a line carries what the core system needs: whose money, what it paid, and how the bill stands', async () => {
  const { customerId, customerNumber, contractNumbers, billIds } = await openCase(db)
  const part = await pay(customerId, 10_000, '2026-11-24')
  const [first] = await exported()
  expect(first).toEqual({
    depositId: part,
    channel: 'transfer',
    onDay: '2026-11-24',
    customerNumber,
    contractNumber: contractNumbers[0],
    billId: billIds[0],
    dueDay: '2026-11-20',
    account: 'bill',
    fee: 0,
    lateCharge: 19,
    principal: 9_981,
    amount: 10_000,
    billSettled: false,
    writtenAt: '2026-11-24T10:00:00+09:00',
    cursor: 1,
  })
  await pay(customerId, 3_000, '2026-11-24', at('2026-11-25', 10))
  expect(await exported(1)).toMatchObject([
    { cursor: 2, account: 'bill', amount: 2_319, principal: 2_319, billSettled: true },
    {
      cursor: 3,
      account: 'surplus',
      amount: 681,
      billSettled: null,
      billId: null,
      dueDay: null,
      contractNumber: null,
    },
  ])
})

test('what is reversed is told again with the other sign, and the bill is open', async () => {
  const { customerId } = await openCase(db)
  const deposit = await pay(customerId, 12_319, '2026-11-24')
  expect(await exported()).toMatchObject([{ amount: 12_319, lateCharge: 19, billSettled: true }])
  await reverse(customerId, deposit, at('2026-11-25', 10))
  expect(await exported(1)).toMatchObject([
    { depositId: deposit, amount: -12_319, lateCharge: -19, principal: -12_300, billSettled: false },
  ])
  // What was read before is read the same again.
  expect(await exported()).toMatchObject([{ billSettled: true }, { billSettled: false }])
})

test('a surplus that is given back moves from one account to the other', async () => {
  const { customerId } = await openCase(db)
  const deposit = await pay(customerId, 13_000, '2026-11-20')
  await inTransaction(db, (tx) => refundSurplus(tx, deposit, 'cli:sato', at('2026-11-25', 10)))
  const lines = (await exported()).map(({ account, amount }) => `${account} ${amount}`)
  expect(lines.slice(0, 2).sort()).toEqual(['bill 12300', 'surplus 700'])
  expect(lines.slice(2).sort()).toEqual(['refund 700', 'surplus -700'])
})

test('a bill without a known contract has no contract number', async () => {
  const { customerId } = await openCase(db, { bills: [{ product: null }] })
  await pay(customerId, 1_000)
  expect(await exported()).toMatchObject([{ contractNumber: null, dueDay: '2026-11-20' }])
})

test('only what has a place is handed back; a cursor is exclusive and gives the same again', async () => {
  const { customerId } = await openCase(db)
  await pay(customerId, 1)
  expect(await listDepositFeed(db, 0, 10)).toEqual([])
  await numberDeposits(db)
  await pay(customerId, 2)
  await pay(customerId, 3)
  const cursors = async (after?: number) => (await exported(after)).map(({ cursor }) => cursor)
  expect(await cursors()).toEqual([1, 2, 3])
  expect(await cursors(1)).toEqual([2, 3])
  expect(await cursors(1)).toEqual([2, 3])
  expect(await cursors(3)).toEqual([])
  expect(await cursors(99)).toEqual([])
})

test('a line whose transaction commits late is numbered then, behind those that the reader has', async () => {
  const [slow, quick] = [await openCase(db), await openCase(db)]
  await inTransaction(db, async (late) => {
    await putDeposit(late, slow.customerId, 1)
    await pay(quick.customerId, 2)
    expect(await exported()).toMatchObject([{ cursor: 1, customerNumber: quick.customerNumber }])
  })
  expect(await exported(1)).toMatchObject([{ cursor: 2, customerNumber: slow.customerNumber }])
})

test('more than a page and a round are numbered and handed back whole, oldest first', async () => {
  const { customerId } = await openCase(db)
  const deposit = await pay(customerId, 1)
  await sql`
    insert into ledger_lines (customer_id, id, deposit_id, bill_id, account, amount, at)
    select customer_id, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, deposit_id, null, 'surplus', n, at
    from ledger_lines, generate_series(1, 20200) n where deposit_id = ${deposit}`.execute(db)
  await sql`
    insert into ledger_feed_waiting (customer_id, line_id)
    select customer_id, id from ledger_lines where account = 'surplus' order by random()`.execute(db)
  expect(await numberDeposits(db)).toBe(20_201)
  const rows = await exported()
  expect(rows.map(({ cursor }) => cursor)).toEqual(Array.from({ length: 20_201 }, (_, n) => n + 1))
  expect(rows.slice(0, 20_200).map(({ amount }) => amount)).toEqual(Array.from({ length: 20_200 }, (_, n) => n + 1))
})

/** Payers, reversals, numberers and a reader who remembers only its last cursor, at the same time. */
test('of whatever came and went, every line is handed back exactly once, and they add up', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(fc.record({ amount: fc.integer({ min: 1, max: 9_000 }), isReversed: fc.boolean() }), { maxLength: 4 }),
        { minLength: 1, maxLength: 4 },
      ),
      async (payers) => {
        await sql`truncate deposits, ledger_lines, ledger_feed, ledger_feed_waiting cascade`.execute(it.ownerDb)
        const seen: ExportedDeposit[] = []
        let cursor = 0
        let isPaying = true
        const payAll = async (deposits: (typeof payers)[number]) => {
          const { customerId } = await openCase(db)
          for (const [index, { amount, isReversed }] of deposits.entries()) {
            const id = await pay(customerId, amount, addDays(day('2026-11-20'), index))
            if (isReversed) await reverse(customerId, id)
          }
        }
        const number = async () => {
          while (isPaying) await numberDeposits(db)
        }
        const readOn = async () => {
          let taken = 0
          for await (const row of exportDeposits(db, { after: cursor })) {
            seen.push(row)
            expect(row.cursor).toBe(cursor + 1)
            cursor = row.cursor
            // The reader may stop anywhere and come again.
            if (++taken === 3) break
          }
        }
        const read = async () => {
          while (isPaying) await readOn()
        }
        const running = [number(), number(), read()]
        await Promise.all(payers.map(payAll))
        isPaying = false
        await Promise.all(running)
        for (let before = -1; before !== cursor; ) {
          before = cursor
          await readOn()
        }
        const total = seen.reduce((sum, { amount }) => sum + amount, 0)
        const inForce = payers.flat().filter(({ isReversed }) => !isReversed)
        expect(total).toBe(inForce.reduce((sum, { amount }) => sum + amount, 0))
        const [counted] = (await sql<{ lines: number }>`select count(*) as lines from ledger_lines`.execute(db)).rows
        expect(seen).toHaveLength(counted?.lines ?? -1)
        // A reader that adds up has each bill as it stands.
        const open = (await sql<{ id: string }>`select id from open_bills`.execute(db)).rows.map(({ id }) => id)
        const last = new Map(
          seen.flatMap(({ billId, billSettled }) => (billId === null ? [] : [[billId, billSettled]])),
        )
        for (const [billId, billSettled] of last) expect(billSettled).toBe(!open.includes(billId as string))
      },
    ),
    { numRuns: 12 },
  )
}, 60_000)
