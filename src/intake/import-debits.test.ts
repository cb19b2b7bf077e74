import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { bytesSource } from '#platform/source'
import { day } from '#values/day'
import { idWithRecord } from '#values/id'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import {
  bytesOf,
  type DebitRow,
  debitsFile,
  type header91,
  intakeWorld,
  type MasterContract,
  putMaster,
} from '../../test/intake-fixture.ts'
import { mutantOf } from '../../test/mutants.ts'
import {
  type ImportDebitsOutcome,
  type IntakeWorld,
  importDebits,
  listImports,
  listNotBilled,
  readImportedFile,
  undoImport,
} from './intake.ts'

let it: TestDatabase
let w: IntakeWorld
beforeAll(async () => {
  it = await testDatabase()
  w = await intakeWorld(it.db)
})
afterAll(() => it.drop())
beforeEach(() =>
  sql`truncate imports, import_chunks, customers, contracts, debits, debit_headers, cases, bills, bill_endings,
    audit_unsealed, messages, message_events, answers cascade`.execute(it.ownerDb),
)

const now = new Date('2026-11-25T01:00:00Z')
const act = { by: 'cli:test', now } as const

const take = (rows: readonly DebitRow[], header: Partial<typeof header91> = {}, replaces?: string) =>
  importDebits(w, debitsFile(rows, header), { ...act, received: day('2026-11-25'), replaces })

const taken = async (rows: readonly DebitRow[], header: Partial<typeof header91> = {}, replaces?: string) => {
  const outcome = await take(rows, header, replaces)
  if (outcome.kind !== 'imported') throw new Error(outcome.kind)
  return outcome
}

const rows = async <T>(query: ReturnType<typeof sql<T>>) => (await query.execute(it.db)).rows

const outcomes = async (importId: string) =>
  (await rows(sql<{ outcome: string }>`select outcome from debits where import_id = ${importId} order by record`)).map(
    ({ outcome }) => outcome,
  )

const openBills = () =>
  rows(sql<{ number: string; principal: number; contract: string | null; product: string | null; due: string }>`
    select c.customer_number as number, b.principal, k.contract_number as contract, b.product, b.due_day as due
    from open_bills b join customers c on c.id = b.customer_id
    left join contracts k on k.id = b.contract_id order by c.customer_number, b.id`)

const openCases = () => rows(sql`select customer_id, id from cases where closed_at is null`)

const everything = async () =>
  JSON.stringify(
    await rows(sql`
      select (select count(*) from imports) as imports, (select count(*) from import_chunks) as chunks,
        (select count(*) from debits) as debits, (select count(*) from debit_headers) as headers,
        (select count(*) from cases) as cases, (select count(*) from bills) as bills,
        (select count(*) from bill_endings) as endings`),
  )

const totals = (outcome: Extract<ImportDebitsOutcome, { kind: 'imported' }>) =>
  outcome.report.totals.map(({ outcome, count, amount }) => `${outcome} ${count} ${amount}`)

test('a debit that failed for want of money is a bill in the customer’s case', async () => {
  const ids = await putMaster(it.db, [{ customer: '1001', contract: 'K1' }, { customer: '1002' }])
  const outcome = await taken([
    ['1001', 12_300, '1'],
    ['1002', 5_000, '0'],
  ])
  expect(await openBills()).toEqual([
    { number: '1001', principal: 12_300, contract: 'K1', product: 'shopping', due: '2026-11-24' },
  ])
  expect(await openCases()).toEqual([{ customer_id: ids.get('1001'), id: idWithRecord(outcome.id, 2) }])
  expect(totals(outcome)).toEqual(['billed 1 12300', 'paid 1 5000'])
})

test('two failures of one customer are two bills in one case, and the next file adds to it', async () => {
  await putMaster(it.db, [{ customer: '1001' }])
  await taken([
    ['1001', 100, '1'],
    ['1001', 200, '1'],
  ])
  await taken([['1001', 300, '1']], { debitDay: '1125' })
  expect((await openBills()).map(({ principal }) => principal)).toEqual([100, 200, 300])
  expect(await openCases()).toHaveLength(1)
})

test.each<[string, readonly MasterContract[], string, string, string | null]>([
  ['zero-filled by the sender', [{ customer: '1001', contract: 'K1' }], '00000000000000001001', 'billed', 'K1'],
  ['zero-filled in the master', [{ customer: '0001001', contract: 'K1' }], '1001', 'billed', 'K1'],
  ['with spaces around', [{ customer: '1001', contract: 'K1' }], '  1001', 'billed', 'K1'],
  ['nobody', [{ customer: '1001' }], '1002', 'unknown-customer', null],
  ['blank', [{ customer: '1001' }], '', 'unknown-customer', null],
  [
    'a debit number names the contract',
    [
      { customer: '1001', contract: 'K1', debitNumber: '77' },
      { customer: '1001', contract: 'K2', debitNumber: '88' },
    ],
    '88',
    'billed',
    'K2',
  ],
  ['two contracts', [{ customer: '1001' }, { customer: '1001' }], '1001', 'billed', null],
  [
    'an excluded product',
    [{ customer: '1001', contract: 'K1', product: 'housing-loan' }],
    '1001',
    'excluded-product',
    'K1',
  ],
  ['an excluded contract', [{ customer: '1001', contract: 'K1', excluded: true }], '1001', 'excluded-product', 'K1'],
  [
    'a product nobody knows any more',
    [{ customer: '1001', contract: 'K1', product: 'gone' }],
    '1001',
    'excluded-product',
    'K1',
  ],
  [
    'one of several contracts excluded',
    [{ customer: '1001' }, { customer: '1001', product: 'settlement' }],
    '1001',
    'contract-unclear',
    null,
  ],
  [
    'the debit number of the contract that is not excluded',
    [
      { customer: '1001', contract: 'K1', debitNumber: '77' },
      { customer: '1001', excluded: true },
    ],
    '77',
    'billed',
    'K1',
  ],
  ['two candidates but for zeros', [{ customer: '1001' }, { customer: '01001' }], '001001', 'several-customers', null],
  [
    'two candidates of which one is exact',
    [
      { customer: '1001', contract: 'K1' },
      { customer: '01001', contract: 'K2' },
    ],
    '01001',
    'billed',
    'K2',
  ],
  [
    'a customer number that is another’s debit number',
    [{ customer: '1001' }, { customer: '1002', debitNumber: '1001' }],
    '1001',
    'several-customers',
    null,
  ],
  [
    'the same, but only one is exact',
    [
      { customer: '1001', contract: 'K1' },
      { customer: '1002', debitNumber: '01001' },
    ],
    '1001',
    'billed',
    'K1',
  ],
  [
    'one debit number for two contracts of a customer',
    [
      { customer: '1001', debitNumber: '77' },
      { customer: '1001', debitNumber: '77' },
      { customer: '1001', excluded: true },
    ],
    '77',
    'billed',
    null,
  ],
  [
    'one debit number for two contracts of which one is excluded',
    [
      { customer: '1001', debitNumber: '77' },
      { customer: '1001', debitNumber: '77', excluded: true },
    ],
    '77',
    'contract-unclear',
    null,
  ],
])('whose debit it is: %s', async (_, master, number, outcome, contract) => {
  await putMaster(it.db, master)
  const { id } = await taken([[number, 1_000, '1']])
  const [debit] = await rows(sql`
    select d.customer_number, d.outcome, k.contract_number as contract
    from debits d left join contracts k on k.id = d.contract_id where d.import_id = ${id}`)
  expect(debit).toEqual({ customer_number: number.padEnd(20), outcome, contract })
  expect((await openBills()).map((bill) => bill.contract)).toEqual(outcome === 'billed' ? [contract] : [])
})

test('two contracts of one product share what the product says; of two products they do not', async () => {
  await putMaster(it.db, [
    { customer: '1', product: 'card' },
    { customer: '1', product: 'card' },
    { customer: '2', product: 'card' },
    { customer: '2', product: 'cashing' },
  ])
  await taken([
    ['1', 1, '1'],
    ['2', 1, '1'],
  ])
  expect((await openBills()).map(({ product }) => product)).toEqual(['card', null])
})

test('every other code has its own route, and an unknown one is for people', async () => {
  await putMaster(it.db, [{ customer: '1' }])
  const { id } = await taken(['2', '3', '4', '8', '9', 'N', 'E', 'Z', '0', '1'].map((code) => ['1', 10, code] as const))
  expect(await outcomes(id)).toEqual([
    'account-repair',
    'stopped-by-depositor',
    'account-repair',
    'stopped-by-creditor',
    ...Array.from({ length: 4 }, () => 'manual'),
    'paid',
    'billed',
  ])
})

test('what is not billed is listed with its reason and its candidates', async () => {
  await putMaster(it.db, [{ customer: '1' }, { customer: '01' }, { customer: '2', excluded: true }, { customer: '3' }])
  const { id } = await taken([
    ['001', 10, '1'],
    ['2', 20, '1'],
    ['9', 30, '1'],
    ['3', 0, '1'],
    ['3', 40, '2'],
    ['3', 50, '1'],
    ['3', 60, '0'],
  ])
  const listed = []
  for await (const { record, customerNumber, outcome, candidates } of listNotBilled(it.db, id)) {
    listed.push([record, customerNumber, outcome, candidates.join()])
  }
  expect(listed).toEqual([
    [2, '001', 'several-customers', '01,1'],
    [3, '2', 'excluded-product', ''],
    [4, '9', 'unknown-customer', ''],
    [5, '3', 'zero-amount', ''],
    [6, '3', 'account-repair', ''],
  ])
})

test('the report says what the records say', async () => {
  await putMaster(it.db, [{ customer: '1' }, { customer: '2' }, { customer: '3', excluded: true }])
  await taken([
    ['1', 100, '1'],
    ['2', 100, '1'],
    ['2', 100, '1'],
  ])
  const outcome = await taken(
    [
      ['1', 100, '0'],
      ['2', 100, '0'],
      ['2', 70, '0'],
      ['3', 5, '1'],
      ['4', 6, '1'],
      ['3', 7, '0'],
      ['1', 9, 'X'],
    ],
    { debitDay: '1125' },
  )
  const counted = await rows(sql<{ outcome: string; count: number; amount: number }>`
    select outcome, count(*) as count, sum(amount) as amount from debits where import_id = ${outcome.id} group by 1`)
  const byName = (total: { outcome: string }, other: { outcome: string }) => (total.outcome < other.outcome ? -1 : 1)
  expect([...outcome.report.totals].sort(byName)).toEqual([...counted].sort(byName))
  expect((await listImports(it.db))[0]?.report).toEqual(JSON.parse(JSON.stringify(outcome.report)))
})

test('money of a re-debit settles the bill on its day and closes the case', async () => {
  await putMaster(it.db, [{ customer: '1' }, { customer: '2' }])
  await taken([
    ['1', 100, '1'],
    ['2', 100, '1'],
  ])
  const { id } = await taken([['0001', 100, '0']], { debitDay: '1125' })
  expect(await outcomes(id)).toEqual(['settled'])
  expect((await openBills()).map(({ number }) => number)).toEqual(['2'])
  expect(await rows(sql`select how, on_day from bill_endings`)).toEqual([{ how: 'settled', on_day: '2026-11-25' }])
  expect(await rows(sql`select closed_because from cases where closed_at is not null`)).toEqual([
    { closed_because: 'settled' },
  ])
})

test.each<[string, readonly DebitRow[], readonly DebitRow[], string, readonly string[], number]>([
  [
    'one of two bills of the same amount',
    [
      ['1', 5, '1'],
      ['1', 5, '1'],
    ],
    [['1', 5, '0']],
    '1125',
    ['settles-unclear'],
    2,
  ],
  [
    'both of them',
    [
      ['1', 5, '1'],
      ['1', 5, '1'],
    ],
    [
      ['1', 5, '0'],
      ['1', 5, '0'],
    ],
    '1125',
    ['settled', 'settled'],
    0,
  ],
  [
    'one bill, and a debit more',
    [['1', 5, '1']],
    [
      ['1', 5, '0'],
      ['1', 5, '0'],
    ],
    '1125',
    ['settled', 'paid'],
    0,
  ],
  ['another amount', [['1', 5, '1']], [['1', 6, '0']], '1125', ['paid-other-amount'], 1],
  ['another account, the same day', [['1', 5, '1']], [['1', 5, '0']], '1124', ['settles-unclear'], 1],
  ['another customer', [['1', 5, '1']], [['2', 5, '0']], '1125', ['paid'], 1],
])('money that came: %s', async (_, failed, paid, debitDay, expected, open) => {
  await putMaster(it.db, [{ customer: '1' }, { customer: '2' }])
  await taken(failed)
  const { id } = await taken(paid, { debitDay, accountNumber: '0000001' })
  expect(await outcomes(id)).toEqual(expected)
  expect(await openBills()).toHaveLength(open)
})

test('who pays the old bill and fails with the next has a new case', async () => {
  await putMaster(it.db, [{ customer: '1' }])
  await taken([['1', 100, '1']])
  await taken(
    [
      ['1', 200, '1'],
      ['1', 100, '0'],
    ],
    { debitDay: '1125' },
  )
  expect((await openBills()).map(({ principal }) => principal)).toEqual([200])
  expect(await rows(sql`select closed_because from cases order by id`)).toEqual([
    { closed_because: 'settled' },
    { closed_because: null },
  ])
})

test('the same file again changes nothing and says so, whatever its separators', async () => {
  await putMaster(it.db, [{ customer: '1' }])
  const { id } = await taken([['1', 100, '1']])
  const before = await everything()
  const bytes = await bytesOf(debitsFile([['1', 100, '1']]).read())
  const bare = bytesSource('again.txt', Buffer.from(bytes.toString('latin1').replaceAll('\r\n', ''), 'latin1'))
  expect(await take([['1', 100, '1']])).toEqual({ kind: 'already-imported', id })
  expect(await importDebits(w, bare, { ...act, received: day('2026-11-25') })).toEqual({ kind: 'already-imported', id })
  expect(await everything()).toBe(before)
})

test('another file for the same debits needs the name of the one it replaces', async () => {
  await putMaster(it.db, [{ customer: '1' }, { customer: '2' }])
  const { id } = await taken([['1', 100, '1']])
  const other = await taken([['2', 1, '1']], { debitDay: '1110' })
  const before = await everything()
  expect(await take([['2', 100, '1']])).toEqual({ kind: 'same-debits', importIds: [id] })
  expect(await take([['2', 100, '1']], {}, other.id)).toEqual({ kind: 'same-debits', importIds: [id] })
  expect(await take([['2', 100, '1']], { debitDay: '1111' }, id)).toEqual({ kind: 'replaces-other', importId: id })
  expect(await everything()).toBe(before)
  const replaced = await taken([['2', 100, '1']], {}, id)
  expect(replaced.replaced).toBe(id)
  expect((await openBills()).map(({ number, principal }) => [number, principal])).toEqual([
    ['2', 1],
    ['2', 100],
  ])
  expect((await listImports(it.db)).map(({ ended }) => ended?.how)).toEqual([undefined, undefined, 'replaced'])
  expect(await take([['1', 100, '1']])).toEqual({ kind: 'same-debits', importIds: [replaced.id] })
})

test('an undone import has left no bill, no case and no settlement', async () => {
  await putMaster(it.db, [{ customer: '1' }, { customer: '2' }])
  await taken([['1', 100, '1']])
  const second = await taken(
    [
      ['1', 100, '0'],
      ['1', 30, '1'],
      ['2', 40, '1'],
    ],
    { debitDay: '1125' },
  )
  expect(await undoImport(w, second.id, act)).toEqual({
    kind: 'ended',
    importId: second.id,
    withdrawn: 2,
    reopened: 1,
  })
  expect((await openBills()).map(({ number, principal }) => [number, principal])).toEqual([['1', 100]])
  expect(await openCases()).toHaveLength(1)
  expect(
    await rows(sql`
    select count(*) as n from open_bills b join cases k on k.id = b.case_id and k.closed_at is null`),
  ).toEqual([{ n: 1 }])
  expect(await undoImport(w, second.id, act)).toMatchObject({ kind: 'ended-before', how: 'undone' })
  expect(
    (
      await take(
        [
          ['1', 100, '0'],
          ['1', 30, '1'],
          ['2', 40, '1'],
        ],
        { debitDay: '1125' },
      )
    ).kind,
  ).toBe('imported')
})

test('a bill settled meanwhile is not open again when both imports are undone', async () => {
  await putMaster(it.db, [{ customer: '1' }])
  const first = await taken([['1', 100, '1']])
  const second = await taken([['1', 100, '0']], { debitDay: '1125' })
  await undoImport(w, first.id, act)
  expect(await undoImport(w, second.id, act)).toMatchObject({ kind: 'ended', reopened: 0 })
  expect(await openBills()).toEqual([])
  expect(await openCases()).toEqual([])
})

test('a reopened bill joins the case that was opened since', async () => {
  await putMaster(it.db, [{ customer: '1' }])
  await taken([['1', 100, '1']])
  const second = await taken([['1', 100, '0']], { debitDay: '1125' })
  await taken([['1', 7, '1']], { debitDay: '1123' })
  await undoImport(w, second.id, act)
  expect((await openBills()).map(({ principal }) => principal)).toEqual([100, 7])
  expect(await rows(sql`select distinct case_id from open_bills`)).toHaveLength(1)
  expect(await openCases()).toHaveLength(1)
})

test('what was promised for bills that are taken back is cancelled', async () => {
  const ids = await putMaster(it.db, [{ customer: '1' }])
  const { id } = await taken([['1', 100, '1']])
  await putPromise(ids.get('1') ?? '')
  await undoImport(w, id, act)
  expect(await rows(sql`select kind from answer_versions order by version`)).toEqual([
    { kind: 'promise' },
    { kind: 'cancelled' },
  ])
  expect(await rows(sql`select from live_promises`)).toEqual([])
  expect(await openCases()).toEqual([])
})

test('a promise that was kept with money that is taken back is waited for again', async () => {
  const ids = await putMaster(it.db, [{ customer: '1' }])
  await taken([['1', 100, '1']])
  await putPromise(ids.get('1') ?? '')
  const second = await taken([['1', 100, '0']], { debitDay: '1125' })
  await sql`
    insert into promise_outcomes (customer_id, answer_id, version, outcome, because, decided_at)
    select customer_id, answer_id, version, 'kept', 'settled', ${now}::timestamptz from live_promises`.execute(it.db)
  await sql`delete from live_promises`.execute(it.db)
  await undoImport(w, second.id, act)
  expect(await rows(sql`select version from live_promises`)).toEqual([{ version: 1 }])
  expect(await rows(sql`select from promise_outcomes`)).toEqual([])
})

const putPromise = async (customerId: string) => {
  const answerId = newId(now)
  await sql`insert into receipt_numbers values ('000000000', ${now}) on conflict do nothing`.execute(it.db)
  await sql`insert into answers (customer_id, id, case_id, first_answered_at)
    select customer_id, ${answerId}::uuid, id, ${now}::timestamptz from cases`.execute(it.db)
  await sql`
    insert into answer_versions (customer_id, answer_id, version, kind, promised_day, last_offered_day, quiet_until,
      answered_at, answered_by, receipt_number)
    values (${customerId}, ${answerId}, 1, 'promise', '2026-11-27', '2026-11-27', '2026-11-30', ${now}, 'customer',
      '000000000')`.execute(it.db)
  await sql`insert into answer_bills (customer_id, answer_id, version, bill_id, amount)
    select customer_id, ${answerId}::uuid, 1, id, principal from bills`.execute(it.db)
  await sql`insert into live_promises values (${customerId}, ${answerId}, 1, '2026-11-30')`.execute(it.db)
}

test('there is no undoing after a notice has left', async () => {
  const ids = await putMaster(it.db, [{ customer: '1' }])
  const first = await taken([['1', 100, '1']])
  const [kase] = await rows(sql<{ id: string }>`select id from cases`)
  const [customerId, caseId] = [ids.get('1') ?? '', kase?.id ?? '']
  const [before, after] = [new Date(now.getTime() - 60_000), new Date(now.getTime() + 60_000)]
  await putNotice(customerId, caseId, before, ['sending'])
  await putNotice(customerId, caseId, after, [])
  const second = await taken([['1', 5, '1']], { debitDay: '1125' })
  expect((await undoImport(w, second.id, act)).kind).toBe('ended')
  await putNotice(customerId, caseId, after, ['sending'])
  expect(await undoImport(w, first.id, act)).toEqual({ kind: 'notice-has-left', importId: first.id })
  expect(await take([['1', 101, '1']], {}, first.id)).toEqual({ kind: 'notice-has-left', importId: first.id })
  expect((await openBills()).map(({ principal }) => principal)).toEqual([100])
})

const putNotice = async (customerId: string, caseId: string, at: Date, states: readonly string[]) => {
  const id = newId(at)
  await sql`
    insert into messages (customer_id, id, class, case_id, queue_id, position, phone_value, sender, reference,
      part_count, queued_at)
    values (${customerId}, ${id}, 'notice', ${caseId}, ${id}, 1, 'x', 'X', 1, 1, ${at})`.execute(it.db)
  for (const state of states) {
    await sql`
      insert into message_events (message_id, state, at)
      values (${id}, ${state}, ${at})`.execute(it.db)
  }
}

test('what cannot be undone says why', async () => {
  expect((await undoImport(w, 'nonsense', act)).kind).toBe('no-such-import')
  expect((await undoImport(w, newId(now), act)).kind).toBe('no-such-import')
})

test('the file is kept sealed, byte for byte', async () => {
  await putMaster(it.db, [{ customer: '1' }])
  const many = Array.from({ length: 5_000 }, (_, n) => [String(n), n, '1'] as const)
  const { id, report } = await taken(many)
  const copy = await bytesOf(readImportedFile(it.db, w.vault, id))
  const bytes = await bytesOf(debitsFile(many).read())
  expect(copy.equals(bytes)).toBe(true)
  expect(copy.subarray(report.stride * 4_999, report.stride * 4_999 + 3).toString()).toBe('200')
  const [stored] = await rows(sql<{ n: number; seen: number }>`
    select count(*) as n, sum(position('ﾔﾏﾀﾞ'::bytea in sealed)) as seen from import_chunks`)
  expect(stored).toEqual({ n: 3, seen: 0 })
})

test('what a crash left of a copy is swept by the next import', async () => {
  await putMaster(it.db, [{ customer: '1' }])
  const orphan = newId(now)
  await sql`insert into import_chunks values (${orphan}, 0, 'x'), (${orphan}, 1, 'y')`.execute(it.db)
  const { id } = await taken([['1', 1, '1']])
  expect(await rows(sql`select distinct import_id from import_chunks`)).toEqual([{ import_id: id }])
})

test('imports that run at once wait for each other', async () => {
  await putMaster(it.db, [{ customer: '1' }])
  const outcomes = await Promise.all([take([['1', 1, '1']]), take([['1', 1, '1']]), take([['1', 2, '1']])])
  expect(outcomes.filter(({ kind }) => kind === 'imported')).toHaveLength(1)
  expect(await openBills()).toHaveLength(1)
})

test('the act is audited without personal data', async () => {
  await putMaster(it.db, [{ customer: '1' }])
  const { id } = await taken([
    ['1', 1, '1'],
    ['2', 1, '0'],
  ])
  await undoImport(w, id, act)
  expect(await rows(sql`select actor, act, facts from audit_lines where facts->>'import' = ${id} order by id`)).toEqual(
    [
      { actor: 'cli:test', act: 'import.debits', facts: { import: id, debits: 2, billed: 1, paid: 1 } },
      { actor: 'cli:test', act: 'import.undone', facts: { import: id, how: 'undone', withdrawn: 1, reopened: 0 } },
    ],
  )
})

/** 10,000 by the environment, where there is time. */
const mutants = Number(process.env.ANNAI_MUTANTS ?? 2_000)

test(
  'mutated files are taken in whole or not at all, and every refusal says where',
  async () => {
    await putMaster(
      it.db,
      Array.from({ length: 20 }, (_, n) => ({ customer: String(1_000 + n) })),
    )
    const file = debitsFile(
      Array.from({ length: 12 }, (_, n) => [String(1_000 + n), 100 + n, n % 3 === 0 ? '1' : '0'] as const),
    )
    const base = await bytesOf(file.read())
    const before = await everything()
    for (let seed = 0; seed < mutants; seed++) {
      const mutant = bytesSource('mutant.txt', mutantOf(base, seed, 1 + (seed % 3)))
      const outcome = await importDebits(w, mutant, { ...act, received: day('2026-11-25') })
      if (outcome.kind === 'malformed') {
        expect(outcome.problems[0]?.offset).toBeGreaterThanOrEqual(0)
        if (seed % 50 === 0) expect(await everything()).toBe(before)
        continue
      }
      if (outcome.kind !== 'imported') continue
      const [counts] = await rows(sql<{ debits: number; chunks: number }>`
      select (select count(*) from debits where import_id = ${outcome.id}) as debits,
        (select count(*) from import_chunks where import_id = ${outcome.id}) as chunks`)
      expect(counts).toEqual({ debits: outcome.report.debits, chunks: 1 })
      await undoImport(w, outcome.id, act)
      await sql`truncate imports, import_chunks, debits, debit_headers, cases, bills, bill_endings cascade`.execute(
        it.ownerDb,
      )
    }
    expect(await everything()).toBe(before)
  },
  mutants * 60 + 30_000,
)
