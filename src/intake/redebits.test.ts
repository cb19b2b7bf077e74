import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Creditor, readCreditor } from '#creditor'
import { listSurpluses, rebalance } from '#payments'
import { inTransaction, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { day } from '#values/day'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type DebitRow, debitsFile, type header91, intakeWorld, putMaster } from '../../test/intake-fixture.ts'
import { type ImportDebitsOutcome, type IntakeWorld, importDebits, undoImport } from './intake.ts'

/** Debits that failed on the 24th are tried again on 2 and 10 December: what becomes of their bills. */

let it: TestDatabase
let w: IntakeWorld
let creditor: Creditor
beforeAll(async () => {
  it = await testDatabase()
  const days = [
    { day: '2026-12-02' },
    { day: '2026-12-10' },
    { day: '2026-12-18', products: ['card'] },
    { day: '2026-12-14', cutOff: '2026-12-14' },
  ]
  creditor = { ...(await readCreditor('creditor/demo.yaml', { demo: true })), redebits: { days, cutOffBankDays: 3 } }
  w = { ...(await intakeWorld(it.db)), creditor }
})
afterAll(() => it.drop())
beforeEach(() =>
  sql`truncate imports, import_chunks, customers, contracts, debits, debit_headers, cases, bills, bill_endings, deposits,
    ledger_lines, audit_unsealed, answers cascade`.execute(it.ownerDb),
)

const act = { by: 'cli:test', now: new Date('2026-12-21T01:00:00Z') } as const

const taken = async (rows: readonly DebitRow[], on: string, header: Partial<typeof header91> = {}) => {
  const source = debitsFile(rows, { debitDay: on, ...header })
  const outcome = await importDebits(w, source, { ...act, received: day('2026-12-21') })
  if (outcome.kind !== 'imported') throw new Error(outcome.kind)
  return outcome
}
const [failed, again, paid] = [
  (rows: readonly (readonly [string, number])[]) =>
    taken(
      rows.map(([n, yen]) => [n, yen, '1'] as const),
      '1124',
    ),
  (rows: readonly DebitRow[], on = '1202') => taken(rows, on),
  (customerId: string, amount: number, onDay: string) =>
    inTransaction(it.db, async (tx) => {
      const id = newId(act.now)
      await sql`
        insert into deposits (id, channel, amount, on_day, line_key, received_at, customer_id, matched_how, certainty)
        values (${id}, 'transfer', ${amount}, ${onDay}, ${id}, ${act.now}, ${customerId}, 'reference', 'certain')`.execute(
        tx,
      )
      return rebalance(tx, creditor, [customerId], act.now)
    }),
]

const rows = async <T>(query: ReturnType<typeof sql<T>>) => (await query.execute(it.db)).rows
const bills = () =>
  rows<{ number: string; principal: number; due: string; how: string | null; on: string | null }>(sql`
    select c.customer_number as number, b.principal, b.due_day as due, e.how, e.on_day as on
    from bills b join customers c on c.id = b.customer_id
    left join bill_endings e on e.customer_id = b.customer_id and e.bill_id = b.id
    order by c.customer_number, b.due_day, b.id`)
const standing = async () =>
  (await bills()).map(({ number, principal, how }) => `${number} ${principal} ${how ?? 'open'}`)
const totals = ({ report }: Extract<ImportDebitsOutcome, { kind: 'imported' }>) =>
  report.totals.map(({ outcome, count, amount }) => `${outcome} ${count} ${amount}`)
const deposits = () =>
  rows(sql`
    select channel, amount, on_day as on, matched_how as how, ended_how as ended from deposits order by on_day, channel`)
const ledger = () =>
  rows(sql`
    select account, sum(fee)::int as fee, sum(late_charge)::int as late, sum(principal)::int as principal, sum(amount)::int as amount
    from ledger_lines group by 1 having sum(amount) <> 0 order by 1`)
const surpluses = async () =>
  (await listSurpluses(it.db, creditor)).map(({ channel, surplus, because }) => `${channel} ${surplus} ${because}`)

describe('a debit that fails again', () => {
  test('is the same bill, whose due day and late charge go on', async () => {
    await putMaster(it.db, [{ customer: '1' }, { customer: '2' }])
    await failed([
      ['1', 100],
      ['2', 70],
    ])
    const outcome = await again([
      ['0001', 100, '1'],
      ['2', 70, '1'],
    ])
    expect(totals(outcome)).toEqual(['failed-again 2 170'])
    expect(await bills()).toEqual([
      { number: '1', principal: 100, due: '2026-11-24', how: null, on: null },
      { number: '2', principal: 70, due: '2026-11-24', how: null, on: null },
    ])
    expect(await rows(sql`select from cases`)).toHaveLength(2)
    expect(totals(await again([['1', 100, '1']], '1210'))).toEqual(['failed-again 1 100'])
  })

  test.each<[string, DebitRow, string]>([
    ['of another amount', ['1', 101, '1'], '1202'],
    ['on a day that is none of re-debits', ['1', 100, '1'], '1201'],
    ['of another number', ['2', 100, '1'], '1202'],
    ['of a product that is not tried that day', ['1', 100, '1'], '1218'],
  ])('%s is a bill of its own', async (_which, row, on) => {
    await putMaster(it.db, [{ customer: '1' }, { customer: '2' }])
    await failed([['1', 100]])
    expect(totals(await again([row], on))).toEqual([`billed 1 ${row[1]}`])
    expect(await bills()).toHaveLength(2)
  })

  test('that fell due after the request had left is a bill of its own', async () => {
    await putMaster(it.db, [{ customer: '1' }])
    await taken([['1', 100, '1']], '1128')
    expect(totals(await again([['1', 100, '1']], '1202'))).toEqual(['billed 1 100'])
    expect(await bills()).toHaveLength(2)
  })

  test('for the first time on such a day is a bill, also when another account fails that day', async () => {
    await putMaster(it.db, [{ customer: '1' }])
    await taken([['1', 100, '1']], '1214')
    expect(totals(await taken([['1', 100, '1']], '1214', { accountNumber: '7654322' }))).toEqual(['billed 1 100'])
    expect(await bills()).toHaveLength(2)
  })

  test('of a contract that was excluded meanwhile is reported as that', async () => {
    await putMaster(it.db, [{ customer: '1' }])
    await failed([['1', 100]])
    await sql`update contracts set excluded = true`.execute(it.db)
    expect(totals(await again([['1', 100, '1']]))).toEqual(['excluded-product 1 100'])
  })

  test('of a contract that is not known may be of any product', async () => {
    await putMaster(it.db, [{ customer: '1' }, { customer: '1', product: 'cashing' }])
    await failed([['1', 100]])
    expect(totals(await again([['1', 100, '1']], '1218'))).toEqual(['failed-again 1 100'])
  })

  test('twice for two bills of one amount is both of them, and a third time a new one', async () => {
    await putMaster(it.db, [{ customer: '1' }])
    await failed([
      ['1', 100],
      ['1', 100],
    ])
    expect(
      totals(
        await again([
          ['1', 100, '1'],
          ['1', 100, '1'],
          ['1', 100, '1'],
        ]),
      ),
    ).toEqual(['billed 1 100', 'failed-again 2 200'])
    expect(await bills()).toHaveLength(3)
  })

  test('beside one that was paid leaves the other open', async () => {
    await putMaster(it.db, [{ customer: '1' }])
    await failed([['1', 100]])
    expect(
      totals(
        await again([
          ['1', 100, '0'],
          ['1', 100, '1'],
        ]),
      ),
    ).toEqual(['billed 1 100', 'settled 1 100'])
    expect(await standing()).toEqual(['1 100 settled', '1 100 open'])
  })

  test('is no new bill when the money came another way meanwhile', async () => {
    const ids = await putMaster(it.db, [{ customer: '1' }])
    await failed([['1', 100]])
    await paid(ids.get('1') ?? '', 100, '2026-11-30')
    expect(totals(await again([['1', 100, '1']]))).toEqual(['failed-again 1 100'])
    expect(await standing()).toEqual(['1 100 settled'])
  })

  test('whose import is undone is a new bill when it is told anew', async () => {
    await putMaster(it.db, [{ customer: '1' }])
    const first = await failed([['1', 100]])
    const second = await again([['1', 100, '1']])
    await undoImport(w, second.id, act)
    await undoImport(w, first.id, act)
    expect(totals(await again([['1', 100, '1']]))).toEqual(['billed 1 100'])
    expect(await standing()).toEqual(['1 100 withdrawn', '1 100 open'])
  })

  test('of two customers whose numbers differ by zeros stays with the one it is for', async () => {
    await putMaster(it.db, [{ customer: '1' }, { customer: '01' }])
    await taken([['1', 100, '1']], '1124')
    expect(totals(await again([['01', 100, '1']]))).toEqual(['billed 1 100'])
    expect(await standing()).toEqual(['01 100 open', '1 100 open'])
  })
})

describe('a debit that succeeds', () => {
  test('is a deposit that settles its bill on its day, whatever late charge has run up', async () => {
    await putMaster(it.db, [{ customer: '1' }])
    await failed([['1', 100_000]])
    const outcome = await again([['0001', 100_000, '0']])
    expect(totals(outcome)).toEqual(['settled 1 100000'])
    expect(await bills()).toMatchObject([{ how: 'settled', on: '2026-12-02' }])
    expect(await deposits()).toEqual([
      { channel: 'debit', amount: 100_000, on: '2026-12-02', how: 'debit', ended: null },
    ])
    expect(await ledger()).toEqual([{ account: 'bill', fee: 0, late: 0, principal: 100_000, amount: 100_000 }])
    expect(await rows(sql`select closed_because from cases`)).toEqual([{ closed_because: 'settled' }])
    expect(outcome.report.surplus).toBe(0)
  })

  test('for a bill that was paid another way meanwhile came twice, and is found to be given back', async () => {
    const ids = await putMaster(it.db, [{ customer: '1' }, { customer: '2' }])
    await failed([
      ['1', 100],
      ['2', 100],
    ])
    await paid(ids.get('1') ?? '', 100, '2026-11-30')
    const outcome = await again([
      ['1', 100, '0'],
      ['2', 100, '0'],
    ])
    expect(totals(outcome)).toEqual(['settled 1 100', 'paid-twice 1 100'])
    expect(outcome.report.surplus).toBe(1)
    expect(await surpluses()).toEqual(['debit 100 paid-twice'])
    expect(await rows(sql`select customer_id as id from debits where outcome = 'paid-twice'`)).toEqual([
      { id: ids.get('1') },
    ])
  })

  test('pays first when the other money counts from a later day: that one is left over', async () => {
    const ids = await putMaster(it.db, [{ customer: '1' }])
    await failed([['1', 100]])
    await paid(ids.get('1') ?? '', 100, '2026-12-03')
    expect(totals(await again([['1', 100, '0']]))).toEqual(['paid-twice 1 100'])
    expect(await surpluses()).toEqual(['transfer 100 paid-twice'])
    expect(await bills()).toMatchObject([{ how: 'settled', on: '2026-12-02' }])
  })

  test('for a bill of which a part is paid leaves that much over', async () => {
    const ids = await putMaster(it.db, [{ customer: '1' }])
    await failed([['1', 100]])
    await paid(ids.get('1') ?? '', 40, '2026-11-30')
    const outcome = await again([['1', 100, '0']])
    expect(totals(outcome)).toEqual(['settled 1 100'])
    expect(outcome.report.surplus).toBe(1)
    expect(await surpluses()).toEqual(['debit 40 too-much'])
  })

  test('after the bill was paid before an earlier try is the debit of something else', async () => {
    const ids = await putMaster(it.db, [{ customer: '1' }])
    await failed([['1', 100]])
    await paid(ids.get('1') ?? '', 100, '2026-12-02')
    expect(totals(await again([['1', 100, '0']], '1210'))).toEqual(['paid 1 100'])
    expect(await surpluses()).toEqual([])
  })

  test.each<[string, readonly DebitRow[], string]>([
    ['on a day that is none of re-debits', [['1', 100, '0']], '1201'],
    ['of another amount', [['1', 90, '0']], '1202'],
    ['of another number', [['2', 100, '0']], '1202'],
  ])('%s is not for the bill that was paid another way', async (_which, debits, on) => {
    const ids = await putMaster(it.db, [{ customer: '1' }, { customer: '2' }])
    await failed([['1', 100]])
    await paid(ids.get('1') ?? '', 100, '2026-11-30')
    const outcome = await again(debits, on)
    expect(totals(outcome)).toEqual([`paid 1 ${debits[0]?.[1]}`])
    expect(await deposits()).toHaveLength(1)
  })

  test('beside an open bill goes to that one, and a second one to the bill that was paid', async () => {
    const ids = await putMaster(it.db, [{ customer: '1' }])
    await failed([
      ['1', 100],
      ['1', 100],
    ])
    await paid(ids.get('1') ?? '', 100, '2026-11-30')
    expect(
      totals(
        await again([
          ['1', 100, '0'],
          ['1', 100, '0'],
        ]),
      ),
    ).toEqual(['settled 1 100', 'paid-twice 1 100'])
    expect(await surpluses()).toEqual(['debit 100 paid-twice'])
  })

  test('a second time beside the one bill is the debit of something else', async () => {
    await putMaster(it.db, [{ customer: '1' }])
    await failed([['1', 100]])
    const outcome = await again([
      ['1', 100, '0'],
      ['1', 100, '0'],
    ])
    expect(totals(outcome)).toEqual(['paid 1 100', 'settled 1 100'])
    expect(await deposits()).toHaveLength(1)
  })

  test('settles the bill and opens no case beside it for what failed in the same file', async () => {
    await putMaster(it.db, [{ customer: '1' }])
    await failed([['1', 100]])
    await again([
      ['1', 50, '1'],
      ['1', 100, '0'],
    ])
    expect(await rows(sql`select closed_because from cases order by id`)).toEqual([
      { closed_because: 'settled' },
      { closed_because: null },
    ])
  })
})

describe('a file that is taken back', () => {
  test('takes its money with it: the bill is open, and what came another way pays it', async () => {
    const ids = await putMaster(it.db, [{ customer: '1' }])
    await failed([['1', 100]])
    await paid(ids.get('1') ?? '', 100, '2026-12-03')
    const { id } = await again([['1', 100, '0']])
    expect(await undoImport(w, id, act)).toMatchObject({ kind: 'ended', withdrawn: 0 })
    expect(await deposits()).toMatchObject([
      { channel: 'debit', ended: 'undone' },
      { channel: 'transfer', ended: null },
    ])
    expect(await bills()).toMatchObject([{ how: 'settled', on: '2026-12-03' }])
    expect(await surpluses()).toEqual([])
  })

  test('can come again, and is one deposit then', async () => {
    await putMaster(it.db, [{ customer: '1' }])
    await failed([['1', 100]])
    const first = await again([['1', 100, '0']])
    expect(await undoImport(w, first.id, act)).toMatchObject({ kind: 'ended', reopened: 1 })
    expect(await standing()).toEqual(['1 100 open'])
    await again([['1', 100, '0']])
    expect(await standing()).toEqual(['1 100 settled'])
    expect(await ledger()).toMatchObject([{ amount: 100 }])
  })

  test('that is replaced by another brings what that one says', async () => {
    await putMaster(it.db, [{ customer: '1' }, { customer: '2' }])
    await failed([
      ['1', 100],
      ['2', 70],
    ])
    const first = await again([
      ['1', 100, '0'],
      ['2', 70, '1'],
    ])
    const other = debitsFile(
      [
        ['1', 100, '1'],
        ['2', 70, '0'],
      ],
      { debitDay: '1202' },
    )
    const replacing = { ...act, received: day('2026-12-21'), replaces: first.id }
    expect((await importDebits(w, other, replacing)).kind).toBe('imported')
    expect(await standing()).toEqual(['1 100 open', '2 70 settled'])
    expect(await ledger()).toMatchObject([{ account: 'bill', amount: 70 }])
  })

  test('of bills on which money is frees that money for others', async () => {
    const ids = await putMaster(it.db, [{ customer: '1' }])
    const first = await failed([['1', 100]])
    await taken([['1', 30, '1']], '1125')
    await paid(ids.get('1') ?? '', 60, '2026-11-25')
    expect(await standing()).toEqual(['1 100 open', '1 30 open'])
    await undoImport(w, first.id, act)
    expect(await standing()).toEqual(['1 100 withdrawn', '1 30 settled'])
    expect(await surpluses()).toEqual(['transfer 30 too-much'])
  })
})

test('a bill that comes late takes up money that came before it', async () => {
  const ids = await putMaster(it.db, [{ customer: '1' }])
  await paid(ids.get('1') ?? '', 100, '2026-11-25')
  expect(await surpluses()).toEqual(['transfer 100 nothing-owed'])
  await failed([['1', 100]])
  expect(await standing()).toEqual(['1 100 settled'])
  expect(await surpluses()).toEqual([])
  expect(await rows(sql`select closed_because from cases`)).toEqual([{ closed_because: 'settled' }])
})

test('equal debits of one file are as many deposits, and every yen is somewhere', async () => {
  await putMaster(it.db, [{ customer: '1' }])
  await failed([
    ['1', 100],
    ['1', 100],
    ['1', 100],
  ])
  await again([
    ['1', 100, '0'],
    ['1', 100, '0'],
    ['1', 100, '0'],
  ])
  expect(await deposits()).toHaveLength(3)
  expect(await ledger()).toMatchObject([{ account: 'bill', amount: 300 }])
})
