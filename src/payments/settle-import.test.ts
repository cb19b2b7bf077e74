import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { amountOn, listOpenBills } from '#bills'
import type { Creditor } from '#creditor'
import { type Database, inTransaction, type RawBuilder, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { addDays, type Day, day } from '#values/day'
import { creditorWith, openCase, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type DepositPut, putDeposit, putSlip } from '../../test/money.ts'
import { rebalance } from './rebalance.ts'
import { settleExactly } from './settle-exactly.store.ts'
import { settleImport } from './settle-import.ts'

let it: TestDatabase
let db: Database
let creditor: Creditor
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  creditor = await creditorWith()
  const late = { annualRatePercent: '20.0', legalCapPercent: '14.6' }
  const product = (name: string, lateCharge: Creditor['products'][string]['lateCharge']) => ({
    ...{ name, excluded: false, loan: false },
    ...(lateCharge && { lateCharge }),
  })
  creditor.products.actual = product('う', { ...late, dayCount: 'actual', startsAfterDays: 3 })
  creditor.products['years-of-366'] = product('え', { ...late, dayCount: 366, startsAfterDays: 1 })
  creditor.products.plain = product('お', undefined)
})
afterAll(() => it.drop())

const rows = async <T>(query: RawBuilder<T>): Promise<readonly T[]> => (await query.execute(db)).rows

type Bill = { readonly principal: number; readonly fee: number; readonly dueDay: Day; readonly product: string | null }
type Money = {
  readonly onDay: Day
  /** Beyond what the oldest open bill comes to, or all of them. */
  readonly off: number
  readonly of: 'oldest' | 'all'
  readonly as: 'transfer' | 'debit' | 'slip'
}
type Story = { readonly bills: readonly Bill[]; readonly before: readonly Money[]; readonly imported: readonly Money[] }

const days = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((after) => addDays(day('2027-06-01'), after))
const money: fc.Arbitrary<Money> = fc.record({
  onDay: days(190, 500),
  off: fc.constantFrom(0, 0, 0, 0, 0, -1, 1, -700),
  of: fc.constantFrom('oldest', 'oldest', 'all'),
  as: fc.constantFrom('transfer', 'transfer', 'debit', 'slip'),
})
const story: fc.Arbitrary<Story> = fc.record({
  bills: fc.oneof(
    { weight: 3, arbitrary: fc.array(bill(), { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(bill(), { minLength: 2, maxLength: 3 }) },
  ),
  before: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(money, { minLength: 1, maxLength: 2 }) },
  ),
  imported: fc.oneof(
    { weight: 4, arbitrary: fc.array(money, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(money, { minLength: 2, maxLength: 2 }) },
  ),
})

function bill(): fc.Arbitrary<Bill> {
  return fc.record({
    principal: fc.integer({ min: 1, max: 5_000_000 }),
    fee: fc.constantFrom(0, 0, 330),
    dueDay: days(0, 200),
    product: fc.constantFrom('card', 'actual', 'actual', 'years-of-366', 'plain', null),
  })
}

const putImport = async (): Promise<string> => {
  const id = newId(ten)
  await sql`insert into imports
      (id, kind, content_hash, file_name, byte_count, record_count, received_on, imported_at, imported_by, report)
    values (${id}, 'deposits', ${Buffer.from(id)}, 'money.txt', 1, 1, '2026-11-24', ${ten}, 'cli:sato', '{}')`.execute(
    db,
  )
  return id
}

/** The same customer for the import and, beside it, for the long way. */
const tell = async ({ bills, before, imported }: Story, importId: string, key: string): Promise<string> => {
  const { customerId, billIds } = await openCase(db, { bills })
  for (const [index, { fee }] of bills.entries())
    await sql`update bills set fee = ${fee} where customer_id = ${customerId} and id = ${billIds[index]}`.execute(db)
  for (const [index, one] of before.entries()) await put(customerId, one, undefined, `${key} before ${index}`)
  await inTransaction(db, (tx) => rebalance(tx, creditor, [customerId], ten))
  for (const [index, one] of imported.entries()) await put(customerId, one, importId, `${key} ${index}`)
  return customerId
}

const put = async (customerId: string, { onDay, off, of, as }: Money, importId: string | undefined, key: string) => {
  const open = await listOpenBills(db, [customerId], creditor.products)
  const asked = of === 'all' ? open : open.slice(0, 1)
  const [first] = asked
  if (first === undefined) return putDeposit(db, { customerId, amount: 777, onDay, key, ...(importId && { importId }) })
  const chargeDay = as === 'slip' ? addDays(onDay, -2) : onDay
  const amounts = asked.map((one) => {
    const amount = amountOn(one, creditor.products, chargeDay)
    return { billId: one.billId, amount: as === 'debit' ? amount.principal + amount.fee : amount.total }
  })
  const total = Math.max(
    1,
    (as === 'debit' ? amounts.slice(0, 1) : amounts).reduce((sum, one) => sum + one.amount, off),
  )
  const slip = { customerId, bills: amounts.filter(({ amount }) => amount > 0), chargeDay }
  return putDeposit(db, {
    ...{ customerId, amount: total, onDay, key },
    ...(importId !== undefined && { importId }),
    ...(as === 'debit' && { channel: 'debit', billId: first.billId }),
    // Every other one has run out.
    ...(as === 'slip' && {
      channel: 'convenience-store',
      slipId: await putSlip(db, { ...slip, expiresOn: addDays(onDay, total % 2 === 0 ? 0 : -1) }),
    }),
  })
}

/** Everything that is written of a customer, by the place of their bills and deposits. */
const written = async (customerId: string) => {
  const sums = await rows(sql`
    select d.line_key as "of", b.due_day, b.principal as bill, l.account, l.fee, l.late_charge, l.principal, l.amount
    from ledger_lines l join deposits d on d.id = l.deposit_id
    left join bills b on b.customer_id = l.customer_id and b.id = l.bill_id
    where l.customer_id = ${customerId} order by d.on_day, d.line_key, b.due_day, b.id`)
  const endings = await rows(sql`
    select b.due_day, b.principal, e.how, e.on_day, e.import_id is null as "byHand" from bill_endings e
    join bills b on b.customer_id = e.customer_id and b.id = e.bill_id
    where e.customer_id = ${customerId} order by b.due_day, b.id`)
  const cases = await rows(sql`select closed_because, closed_at from cases where customer_id = ${customerId}`)
  const waiting = await rows(sql`select count(*) from ledger_feed_waiting where customer_id = ${customerId}`)
  const withoutTwin = sums.map((line) => ({ ...(line as { of: string }), of: (line as { of: string }).of.slice(2) }))
  return { sums: withoutTwin, endings, cases, waiting }
}

test('what fits to the yen is settled by SQL as the rule would settle it, and the rest is left to the rule', async () => {
  let [exactly, all] = [0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(story, { minLength: 15, maxLength: 20 }), async (stories) => {
      const [quick, slow] = [await putImport(), await putImport()]
      const quickIds: string[] = []
      const slowIds: string[] = []
      for (const [index, one] of stories.entries()) {
        quickIds.push(await tell(one, quick, `q ${quick} ${String(index).padStart(3, '0')}`))
        slowIds.push(await tell(one, slow, `s ${quick} ${String(index).padStart(3, '0')}`))
      }
      exactly += await inTransaction(db, (tx) => settleExactly(tx, creditor, quick, ten))
      await inTransaction(db, (tx) => settleImport(tx, creditor, quick, ten))
      await inTransaction(db, (tx) => rebalance(tx, creditor, slowIds, ten))
      all += stories.length
      for (const [index, customerId] of quickIds.entries()) {
        const bySlow = await written(slowIds[index] as string)
        expect(await written(customerId)).toEqual(bySlow)
        // Nothing that is as simple as can be goes the long way.
        const { bills, before, imported } = stories[index] as Story
        const isSimple = bills.length === 1 && before.length === 0 && imported.length === 1
        const isExact = bySlow.endings.length === 1 && bySlow.sums.length === 1
        if (isSimple) expect(await isQuick(customerId)).toBe(isExact)
      }
    }),
    { numRuns: 4 },
  )
  // Most are exact, and not all: both ways are walked.
  expect(exactly).toBeGreaterThan(all / 8)
  expect(exactly).toBeLessThan(all)
}, 120_000)

const isQuick = async (customerId: string): Promise<boolean> =>
  (await rows(sql`select from ledger_lines where customer_id = ${customerId} and id = deposit_id`)).length > 0

const twoBills = [
  { principal: 10_000, dueDay: day('2026-11-10') },
  { principal: 8_000, dueDay: day('2026-11-20') },
]
type Told = { readonly customerId: string; readonly billIds: readonly string[] }

/** Customers for whom one deposit fits one open bill, and who are not simple all the same. */
const notSimple: readonly [string, (of: Told) => readonly DepositPut[], (of: Told) => DepositPut][] = [
  [
    'money that is earlier than what has paid another bill takes its place',
    ({ customerId }) => [{ customerId, amount: 10_064, onDay: day('2026-11-26') }],
    ({ customerId }) => ({ customerId, amount: 8_012, onDay: day('2026-11-24') }),
  ],
  [
    'money of the day of other money is taken by its key',
    ({ customerId }) => [{ customerId, amount: 10_056 }],
    ({ customerId }) => ({ customerId, amount: 8_012, key: 'before' }),
  ],
  [
    'a bill of which a part was paid is not owed whole',
    ({ customerId, billIds }) => [
      { customerId, amount: 10_052, onDay: day('2026-11-23') },
      { customerId, amount: 500, billId: billIds[1], onDay: day('2026-11-23') },
    ],
    ({ customerId }) => ({ customerId, amount: 8_012 }),
  ],
  [
    'money does not pay what is due only after it',
    ({ customerId }) => [{ customerId, amount: 10_016, onDay: day('2026-11-14') }],
    ({ customerId }) => ({ customerId, amount: 8_000, onDay: day('2026-11-19') }),
  ],
  [
    'money for another bill is not for this one',
    ({ customerId }) => [{ customerId, amount: 10_052, onDay: day('2026-11-23') }],
    ({ customerId, billIds }) => ({ customerId, amount: 8_012, billId: billIds[0] }),
  ],
]

test.each(notSimple)('%s: it is left to the rule', async (_why, before, imported) => {
  const importId = await putImport()
  const twins = [await openCase(db, { bills: twoBills }), await openCase(db, { bills: twoBills })]
  for (const [index, twin] of twins.entries()) {
    for (const deposit of before(twin))
      await putDeposit(db, { ...deposit, key: `${index} ${importId} early ${deposit.amount}` })
    await inTransaction(db, (tx) => rebalance(tx, creditor, [twin.customerId], ten))
    const deposit = imported(twin)
    await putDeposit(db, {
      ...deposit,
      key: `${index} ${importId} ${deposit.key ?? 'later'}`,
      ...(index === 0 && { importId }),
    })
  }
  await inTransaction(db, (tx) => settleImport(tx, creditor, importId, ten))
  const [quick = '', slow = ''] = twins.map(({ customerId }) => customerId)
  await inTransaction(db, (tx) => rebalance(tx, creditor, [slow], ten))
  expect(await isQuick(quick)).toBe(false)
  const bySlow = await written(slow)
  expect((await written(quick)).sums).toEqual(bySlow.sums)
})

test('an import that was settled is settled: once more changes nothing', async () => {
  const importId = await putImport()
  const { customerId } = await openCase(db)
  await putDeposit(db, { customerId, amount: 12_319, importId })
  const settle = () => inTransaction(db, (tx) => settleImport(tx, creditor, importId, ten))
  expect(await settle()).toEqual({ settled: 1, reopened: 0, surplus: 0 })
  const before = await written(customerId)
  expect(await settle()).toEqual({ settled: 0, reopened: 0, surplus: 0 })
  expect(await written(customerId)).toEqual(before)
})

test('one line of the audit for all that fitted to the yen', async () => {
  const importId = await putImport()
  for (let people = 0; people < 5; people++) {
    const { customerId } = await openCase(db)
    await putDeposit(db, { customerId, amount: 12_319, importId })
  }
  await inTransaction(db, (tx) => settleImport(tx, creditor, importId, ten))
  expect(await rows(sql`select facts from audit_lines where facts ->> 'import' = ${importId}`)).toEqual([
    { facts: { import: importId, exactly: 5 } },
  ])
})
