import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cancelPromises, decideAnswer, judgePromises, lockAnswerFacts, recordAnswer } from '#answers'
import { listOpenBills, totalOn } from '#bills'
import type { Creditor } from '#creditor'
import { rebalance, refundSurplus, settleBilled, settleImport, takeBackDebits } from '#payments'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { type Database, inTransaction, type RawBuilder, sql, type Transaction } from '#platform/database/database'
import { newId } from '#platform/ids'
import { addDays, type Day, dayInJst, instantOfJst } from '#values/day'
import { chanceOf, creditorWith, openCase, tuesday } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { endDeposit, putDeposit } from '../../test/money.ts'
import { decideContact } from './contact.rules.ts'
import { listContactFacts } from './facts.store.ts'

/**
 * Random histories of debits, payments, reversals, promises and undone imports in virtual time, through the real rules
 * and the real database. After every event the books are judged by what a person could count.
 */

let it: TestDatabase
let db: Database
let creditor: Creditor
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  creditor = await creditorWith()
})
afterAll(() => it.drop())

type Act =
  | { readonly kind: 'debit-fails'; readonly principal: number; readonly dueBefore: number }
  | { readonly kind: 'pays'; readonly how: 'all' | 'part' | 'too-much' | 'again'; readonly before: number }
  | { readonly kind: 'debit-succeeds' | 'undo-billed' | 'undo-debited' | 'promises' | 'refunds' }
  | { readonly kind: 'reversed'; readonly which: number }
type Step = { readonly afterHours: number; readonly act: Act }

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    afterHours: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 60 })),
    act: fc.oneof<fc.Arbitrary<Act>[]>(
      fc.record({
        kind: fc.constant('debit-fails'),
        principal: fc.constantFrom(1_000, 8_000, 12_300),
        dueBefore: fc.integer({ min: 1, max: 6 }),
      }),
      fc.record({
        kind: fc.constant('pays'),
        how: fc.constantFrom('all', 'all', 'part', 'too-much', 'again'),
        before: fc.integer({ min: 0, max: 4 }),
      }),
      fc.record({
        kind: fc.constantFrom('debit-succeeds', 'promises', 'promises', 'refunds', 'undo-billed', 'undo-debited'),
      }),
      fc.record({ kind: fc.constant('reversed'), which: fc.nat() }),
    ),
  }),
  { minLength: 3, maxLength: 14 },
)

test('the ledger balances after every event, whatever happened in which order, and nobody is asked who has paid', async () => {
  const seen = { settled: 0, reopened: 0, surplus: 0, kept: 0, broken: 0, partly: 0, silent: 0, asked: 0 }
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const w = await world()
      for (const { afterHours, act } of history) {
        const changed = await w.act(afterHours, act)
        seen.settled += changed.settled
        seen.reopened += changed.reopened
        seen.surplus += changed.surplus
        const books = await w.books()
        expectBalanced(books)
        const asked = await w.decide()
        if (books.open.length === 0) expect(asked).not.toBe('send')
        // The state is cleared with the balance, and comes back with it.
        if (books.bills.length > 0) expect(['paid', 'withdrawn'].includes(asked)).toBe(books.open.length === 0)
        seen.silent += Number(asked === 'paid')
        seen.asked += Number(asked === 'send' || asked === 'days' || asked === 'hours')
        seen.partly += Number(books.open.some((bill) => bill.paid > 0))
        for (const { outcome } of books.promises) seen[outcome as 'kept' | 'broken' | 'partly']++
      }
      await expectSameInAnyOrder(w)
    }),
    { numRuns: 25 },
  )
  // The histories reach what they are about.
  expect(Object.entries(seen).filter(([, count]) => count < 5)).toEqual([])
}, 120_000)

const rows = async <T>(query: RawBuilder<T>): Promise<readonly T[]> => (await query.execute(db)).rows

/** One customer, and what happens to them. */
const world = async () => {
  let now = instantOfJst(tuesday, 10)
  const opened = await openCase(db, { now })
  const { customerId, phoneValue } = opened
  const today = () => dayInJst(now)
  const open = () => listOpenBills(db, [customerId], creditor.products)
  const chance = chanceOf()
  const nothing = { settled: 0, reopened: 0, surplus: 0 }
  const debited: string[] = []
  let lastAmount = 0

  const inLedger = (act: (tx: Transaction) => Promise<typeof nothing>) => inTransaction(db, act)
  const balance = () => inLedger((tx) => rebalance(tx, creditor, [customerId], now))

  const acts: { readonly [K in Act['kind']]: (act: Extract<Act, { kind: K }>) => Promise<typeof nothing> } = {
    'debit-fails': async ({ principal, dueBefore }) => {
      const importId = await putBill(opened, principal, addDays(today(), -dueBefore), now)
      return inLedger((tx) => settleBilled(tx, creditor, importId, now))
    },
    pays: async ({ how, before }) => {
      const onDay = addDays(today(), -before)
      const total = totalOn(await open(), creditor.products, onDay)
      lastAmount =
        how === 'again' ? lastAmount : how === 'part' ? total - 700 : how === 'too-much' ? total + 700 : total
      if (lastAmount <= 0) return nothing
      const importId = await putImport('deposits', now)
      await putDeposit(db, { customerId, amount: lastAmount, onDay, importId, now })
      return inLedger((tx) => settleImport(tx, creditor, importId, now))
    },
    'debit-succeeds': async () => {
      const [bill] = await open()
      if (bill === undefined) return nothing
      const importId = await putImport('debits', now)
      debited.push(importId)
      const amount = bill.principal + bill.fee
      await putDeposit(db, { ...bill, amount, channel: 'debit', onDay: today(), importId, now })
      return inLedger((tx) => settleImport(tx, creditor, importId, now))
    },
    /** As an import of debits is undone: what is open of it should never have been. */
    'undo-billed': async () => {
      const [last] = await rows(sql<{ importId: string }>`
        select b.import_id as "importId" from bills b join imports i on i.id = b.import_id
        where b.customer_id = ${customerId} and i.ended_at is null order by b.id desc limit 1`)
      if (last === undefined) return nothing
      return inLedger((tx) => undoBilled(tx, customerId, last.importId, now))
    },
    'undo-debited': async () => {
      const importId = debited.pop()
      if (importId === undefined) return nothing
      return inLedger(async (tx) => ({ ...nothing, ...(await takeBackDebits(tx, creditor, importId, now)) }))
    },
    promises: async () => {
      await inTransaction(db, async (tx) => {
        const facts = await lockAnswerFacts(tx, [customerId], creditor.products)
        const request = { kind: 'promise', day: addDays(today(), 1), shownOn: today() } as const
        const outcome = decideAnswer(facts, request, { now, holidays, creditor })
        if (outcome.kind === 'recorded') await recordAnswer(tx, { outcome, answeredBy: 'customer', now, chance })
      })
      return nothing
    },
    refunds: async () => {
      const [deposit] = await inForce(customerId)
      if (deposit !== undefined) await inTransaction(db, (tx) => refundSurplus(tx, deposit.id, 'operator:sato', now))
      return balance()
    },
    reversed: async ({ which }) => {
      const deposits = await inForce(customerId)
      const deposit = deposits[which % Math.max(1, deposits.length)]
      if (deposit !== undefined) await endDeposit(db, deposit.id, 'reversed', now)
      return balance()
    },
  }

  return {
    customerId,
    async act(afterHours: number, act: Act) {
      now = new Date(now.getTime() + afterHours * 3_600_000)
      const changed = await (acts[act.kind] as (act: Act) => Promise<typeof nothing>)(act)
      await judgePromises(db, { creditor }, now)
      return changed
    },
    books: () => booksOf(customerId),
    /** What the contact rules say of this customer now, or why not. */
    async decide(): Promise<string> {
      const [latest] = await rows(sql<{ id: string }>`
        select id from cases where customer_id = ${customerId} order by closed_at desc nulls first limit 1`)
      const caseId = latest?.id ?? ''
      const facts = await listContactFacts(db, [{ customerId, caseId, phoneValue }], creditor, now)
      const known = facts.get(caseId)
      if (known === undefined) return 'no-facts'
      const decision = decideContact({ ...known, textProblems: [] }, creditor, holidays, now)
      return decision.kind === 'send' ? 'send' : decision.because
    },
  }
}

const putImport = async (kind: 'debits' | 'deposits', now: Date): Promise<string> => {
  const id = newId(now)
  await sql`insert into imports
      (id, kind, content_hash, file_name, byte_count, record_count, received_on, imported_at, imported_by, report)
    values (${id}, ${kind}, ${Buffer.from(id)}, 'file', 1, 1, ${dayInJst(now)}, ${now}, 'cli:sato', '{}')`.execute(db)
  return id
}

/** A bill in the customer's open case; who has none gets one. */
const putBill = async (
  { customerId, customerNumber }: { readonly customerId: string; readonly customerNumber: string },
  principal: number,
  dueDay: Day,
  now: Date,
): Promise<string> => {
  const importId = await putImport('debits', now)
  await sql`
    insert into cases (customer_id, id, opened_at, import_id)
    select ${customerId}, ${newId(now)}::uuid, ${now}, ${importId}::uuid
    where not exists (select from cases where customer_id = ${customerId} and closed_at is null)`.execute(db)
  await sql`insert into debits (import_id, record, header, customer_number, amount, result_code, outcome)
    values (${importId}, 1, 1, ${customerNumber}, ${principal}, '1', 'billed')`.execute(db)
  await sql`
    insert into bills (customer_id, id, case_id, product, debit_number, import_id, record, principal, due_day, billed_at)
    select ${customerId}, ${newId(now)}::uuid, id, 'card', ${customerNumber}, ${importId}, 1, ${principal}, ${dueDay}, ${now}
    from cases where customer_id = ${customerId} and closed_at is null`.execute(db)
  return importId
}

const undoBilled = async (tx: Transaction, customerId: string, importId: string, now: Date) => {
  await sql`
    insert into bill_endings (customer_id, bill_id, how, on_day, ended_at, import_id)
    select customer_id, id, 'withdrawn', ${dayInJst(now)}::date, ${now}, import_id
    from open_bills where import_id = ${importId}`.execute(tx)
  const { rows: left } = await sql`select from open_bills where customer_id = ${customerId}`.execute(tx)
  if (left.length === 0) {
    await cancelPromises(tx, { customerId, because: 'bills-withdrawn', by: 'system', now })
    await sql`update cases set closed_at = ${now}, closed_because = 'withdrawn'
      where customer_id = ${customerId} and closed_at is null`.execute(tx)
  }
  await sql`update imports set ended_at = ${now}, ended_how = 'undone' where id = ${importId}`.execute(tx)
  return settleBilled(tx, creditor, importId, now)
}

const inForce = (customerId: string) =>
  rows(sql<{
    id: string
    amount: number
    onDay: Day
    channel: 'transfer' | 'debit'
    billId: string | null
    key: string
  }>`
    select id, amount, on_day as "onDay", channel, bill_id as "billId", line_key as key from deposits
    where customer_id = ${customerId} and ended_at is null order by id`)

type Books = Awaited<ReturnType<typeof booksOf>>

/** What is written, added up with nothing but SQL's own sums. */
const booksOf = async (customerId: string) => {
  const deposits = await rows(sql<{ amount: number; ended: boolean; put: number }>`
    select d.amount, d.ended_at is not null as ended,
      coalesce((select sum(l.amount)::integer from ledger_lines l where l.deposit_id = d.id), 0) as put
    from deposits d where d.customer_id = ${customerId}`)
  const bills = await rows(sql<{
    principal: number
    dueDay: Day
    how: string | null
    onDay: Day | null
    toPrincipal: number
    paid: number
    inOpenCase: boolean
  }>`
    select b.principal, b.due_day as "dueDay", e.how, e.on_day as "onDay", k.closed_at is null as "inOpenCase",
      coalesce(sum(l.principal), 0)::integer as "toPrincipal", coalesce(sum(l.amount), 0)::integer as paid
    from bills b
    join cases k on k.customer_id = b.customer_id and k.id = b.case_id
    left join bill_endings e on e.customer_id = b.customer_id and e.bill_id = b.id
    left join ledger_lines l on l.customer_id = b.customer_id and l.bill_id = b.id
    where b.customer_id = ${customerId} group by b.id, b.principal, b.due_day, e.how, e.on_day, k.closed_at
    order by b.due_day, b.id`)
  const promises = await rows(sql<{
    outcome: string
    quietUntil: Day
    ends: readonly { how: string | null; onDay: Day }[]
  }>`
    select o.outcome, v.quiet_until as "quietUntil", (
      select json_agg(json_build_object('how', e.how, 'onDay', e.on_day)) from answer_bills a
      left join bill_endings e on e.customer_id = a.customer_id and e.bill_id = a.bill_id
      where a.customer_id = o.customer_id and a.answer_id = o.answer_id and a.version = o.version
    ) as ends
    from promise_outcomes o join answer_versions v using (customer_id, answer_id, version)
    where o.customer_id = ${customerId} and o.outcome in ('kept', 'broken')`)
  const [cases] = await rows(sql<{ open: number }>`
    select count(*)::integer as open from cases where customer_id = ${customerId} and closed_at is null`)
  return { deposits, bills, promises, openCases: cases?.open ?? 0, open: bills.filter(({ how }) => how === null) }
}

const expectBalanced = ({ deposits, bills, open, openCases, promises }: Books) => {
  for (const { amount, ended, put } of deposits) expect(put).toBe(ended ? 0 : amount)
  for (const { principal, how, toPrincipal, paid } of bills) {
    expect(toPrincipal).toBeGreaterThanOrEqual(0)
    expect(toPrincipal).toBeLessThanOrEqual(principal)
    if (how === 'settled') expect(toPrincipal).toBe(principal)
    if (how === 'withdrawn') expect(paid).toBe(0)
  }
  expect(openCases).toBe(open.length === 0 ? 0 : 1)
  expect(open.every(({ inOpenCase }) => inOpenCase)).toBe(true)
  for (const { outcome, quietUntil, ends } of promises)
    if (outcome === 'kept')
      for (const { how, onDay } of ends) {
        expect(how).not.toBeNull()
        if (how === 'settled') expect(onDay <= quietUntil).toBe(true)
      }
}

/** The same bills and the same money for somebody else, the money heard of backwards and one by one. */
const expectSameInAnyOrder = async ({ customerId }: { readonly customerId: string }) => {
  const now = instantOfJst(tuesday, 10)
  const bills = await rows(sql<{ id: string; principal: number; dueDay: Day; isClosed: boolean }>`
    select b.id, b.principal, b.due_day as "dueDay" from bills b
    left join bill_endings e on e.customer_id = b.customer_id and e.bill_id = b.id
    where b.customer_id = ${customerId} and e.how is distinct from 'withdrawn' order by b.id`)
  const refunded = await rows(sql`
    select from ledger_lines where customer_id = ${customerId} and account = 'refund'`)
  if (refunded.length > 0 || bills.length === 0) return
  const twin = await openCase(db, { bills: [{ principal: 1, dueDay: tuesday }], now })
  await sql`delete from bills where customer_id = ${twin.customerId}`.execute(db)
  const twinOf = new Map<string, string>()
  for (const { id, principal, dueDay } of bills) {
    await putBill(twin, principal, dueDay, now)
    const [made] = await rows(sql<{ id: string }>`
      select id from bills where customer_id = ${twin.customerId} order by id desc limit 1`)
    twinOf.set(id, made?.id ?? '')
  }
  for (const { billId, ...deposit } of (await inForce(customerId)).toReversed()) {
    const target = billId === null ? {} : { billId: twinOf.get(billId) }
    // What was debited for a bill that is gone has nothing to pay here.
    if (billId !== null && target.billId === undefined) continue
    await putDeposit(db, { ...deposit, ...target, customerId: twin.customerId, key: `twin ${deposit.key}` })
    await inTransaction(db, (tx) => rebalance(tx, creditor, [twin.customerId], now))
  }
  const told = ({ bills: of }: Books) =>
    of.filter(({ how }) => how !== 'withdrawn').map(({ inOpenCase: _, ...bill }) => bill)
  expect(told(await booksOf(twin.customerId))).toEqual(told(await booksOf(customerId)))
}
