import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from '#platform/database/database'
import { bytesSource } from '#platform/source'
import { textEncoder } from '#platform/text/encode'
import { day } from '#values/day'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type Account, bankNoticeByHand, type Money, statementByHand } from '../../test/deposits-by-hand.ts'
import { bytesOf, intakeWorld } from '../../test/intake-fixture.ts'
import { mutantOf } from '../../test/mutants.ts'
import { resultFileByHand } from '../../test/zengin-by-hand.ts'
import {
  type ImportDepositsOutcome,
  type IntakeWorld,
  importDeposits,
  listImports,
  readImportedFile,
  readPayers,
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
  sql`truncate imports, import_chunks, customers, deposits, deposit_headers, reversals, deposit_repeats,
    virtual_accounts, audit_unsealed cascade`.execute(it.ownerDb),
)

const now = new Date('2026-11-24T01:00:00Z')
const act = { by: 'cli:test', now } as const

const take = (bytes: Buffer | string, world = w): Promise<ImportDepositsOutcome> =>
  importDeposits(world, bytesSource('money.txt', Buffer.from(bytes as string)), { ...act, received: day('2026-11-24') })

const taken = async (bytes: Buffer | string) => {
  const outcome = await take(bytes)
  if (outcome.kind !== 'imported') throw new Error(JSON.stringify(outcome))
  return outcome
}

/** The one of creditor/demo.yaml. */
const ours: Account = { bank: '0000', branch: '001', number: '1234567' }

const notice = (money: readonly Money[], account = ours) => bankNoticeByHand('A', [{ account, money }])
const statement = (money: readonly Money[], account = ours) => statementByHand([{ account, money }])

const ann: Money = { inquiry: '000001', amount: 12_300, payer: 'ﾔﾏﾀﾞ ﾀﾛｳ', payerCode: '1001' }
const bob: Money = { inquiry: '000002', amount: 5_000, payer: 'ｻﾄｳ ﾊﾅｺ' }

/** [record, act's traces, yen] of everything that is stored. */
const deposits = async () => {
  const { rows } = await sql<{ record: number; amount: number; day: string; final: boolean; ended: string | null }>`
    select record, amount, on_day as day, is_final as final, ended_how as ended
    from deposits order by import_id, record`.execute(it.db)
  return rows
}

const amounts = async () => (await deposits()).filter(({ ended }) => ended === null).map(({ amount }) => amount)

const everything = async () => {
  const { rows } = await sql`
    select (select count(*) from imports) as imports, (select count(*) from import_chunks) as chunks,
      (select count(*) from deposits) as deposits, (select count(*) from deposit_headers) as headers,
      (select count(*) from reversals) as reversals, (select count(*) from deposit_repeats) as repeats,
      (select count(*) from ledger_lines) as lines, (select count(*) from virtual_accounts) as accounts`.execute(it.db)
  return JSON.stringify(rows)
}

test('money of a bank’s file is stored line by line, with its account, its day and its reference', async () => {
  const outcome = await taken(notice([ann, { ...bob, valueDay: '081119' }]))
  const { rows } = await sql`
    select channel, amount, on_day, account, reference, is_final from deposits order by record`.execute(it.db)
  const common = { channel: 'transfer', account: '0000-001-1234567', is_final: true }
  expect(rows).toEqual([
    { ...common, amount: 12_300, on_day: '2026-11-20', reference: '1001' },
    { ...common, amount: 5_000, on_day: '2026-11-19', reference: null },
  ])
  expect(outcome.report).toMatchObject({ file: { kind: '01', stride: 202 }, lines: 2, notTaken: [] })
  const [stored] = await listImports(it.db)
  expect(stored).toMatchObject({ kind: 'deposits', recordCount: 5, report: JSON.parse(JSON.stringify(outcome.report)) })
  const audit = await sql<{ facts: object }>`select act, facts from audit_lines where at = ${now}`.execute(it.db)
  expect(audit.rows).toMatchObject([
    { act: 'import.deposits', facts: { file: '01', lines: 2, unmatched: 2, known: 0 } },
  ])
})

test('no name of a payer is stored outside the sealed copy, and there it can be read', async () => {
  const bytes = notice([ann, bob])
  const { id } = await taken(bytes)
  const { rows } = await sql<{ text: string }>`
    select (select string_agg(d::text, '') from deposits d) || (select string_agg(i::text, '') from imports i)
      || (select string_agg(a::text, '') from audit_lines a) as text`.execute(it.db)
  expect(rows[0]?.text).not.toMatch(/ﾔﾏﾀﾞ|ヤマダ|ﾊﾅｺ/)
  expect((await bytesOf(readImportedFile(it.db, w.vault, id))).equals(bytes)).toBe(true)
  expect(await readPayers(w, id, [3, 2, 4, 99])).toEqual(
    new Map([
      [2, 'ﾔﾏﾀﾞ ﾀﾛｳ'],
      [3, 'ｻﾄｳ ﾊﾅｺ'],
    ]),
  )
})

test('the payers of a file of several pieces are found wherever its records lie', async () => {
  const money = Array.from({ length: 3_000 }, (_, n) => ({
    inquiry: String(n).padStart(6, '0'),
    amount: 1 + n,
    payer: `A${n}`,
  }))
  const { id } = await taken(notice(money))
  const wanted = [2, 1_298, 1_299, 1_300, 2_596, 2_597, 3_001]
  const found = await readPayers(w, id, wanted)
  expect([...found]).toEqual(wanted.map((record) => [record, `A${record - 2}`]))
})

test('the same file again changes nothing and says so, whatever its separators', async () => {
  const { id } = await taken(notice([ann, bob]))
  const before = await everything()
  const bare = bankNoticeByHand('A', [{ account: ours, money: [ann, bob] }], { separator: '' })
  expect(await take(bare)).toEqual({ kind: 'already-imported', id })
  expect(await everything()).toBe(before)
})

test('money that two overlapping files tell of is money once', async () => {
  await taken(notice([ann, bob]))
  const outcome = await taken(notice([bob, { ...ann, inquiry: '000003' }]))
  expect(await amounts()).toEqual([12_300, 5_000, 12_300])
  expect(outcome.report.taken.known).toEqual({ count: 1, amount: 5_000 })
})

test('lines that are equal in everything are as many payments, in every file that tells of them', async () => {
  const same: Money = { inquiry: '000000', amount: 700, payer: 'ｻﾄｳ' }
  await taken(notice([same, same]))
  expect(await amounts()).toEqual([700, 700])
  const { report } = await taken(notice([same, same, same]))
  expect(await amounts()).toEqual([700, 700, 700])
  expect(report.taken.known.count).toBe(2)
})

test('a reversal takes its money back, and of two equal payments one', async () => {
  const same: Money = { inquiry: '000000', amount: 700, payer: 'ｻﾄｳ' }
  await taken(notice([ann, same, same]))
  const { report } = await taken(
    notice([
      { ...ann, reversal: true, day: '081123', valueDay: '081120' },
      { ...same, reversal: true },
    ]),
  )
  expect(await amounts()).toEqual([700])
  expect(report.taken.reversed).toEqual({ count: 2, amount: 13_000 })
})

test('a reversal in the file of its money takes it back as well', async () => {
  await taken(notice([ann, { ...ann, reversal: true }, bob]))
  expect(await amounts()).toEqual([5_000])
})

test('of a statement only transfers that came in are money', async () => {
  const { report } = await taken(
    statement([ann, { ...bob, direction: '2' }, { ...bob, inquiry: '3', kind: '10' }, { ...bob, kind: '14' }]),
  )
  expect(await amounts()).toEqual([12_300, 5_000])
  expect(report).toMatchObject({
    file: { kind: '03' },
    lines: 4,
    notTaken: [
      { because: 'withdrawal', count: 1, amount: 5_000 },
      { because: 'other-kind', count: 1, amount: 5_000 },
    ],
  })
})

test('01 and 03 of the same account and days tell the same money, so only one of them is taken', async () => {
  const { id } = await taken(notice([ann], { ...ours, from: '081118', to: '081120' }))
  const other = (from: string, to: string) => statement([{ ...ann, day: to }], { ...ours, from, to })
  const before = await everything()
  expect(await take(other('081120', '081121'))).toEqual({ kind: 'other-kind', importIds: [id] })
  expect(await take(other('081101', '081118'))).toEqual({ kind: 'other-kind', importIds: [id] })
  expect(await everything()).toBe(before)
  expect((await take(other('081121', '081122'))).kind).toBe('imported')
  expect((await take(other('081116', '081117'))).kind).toBe('imported')
  await undoImport(w, id, act)
  expect((await take(other('081118', '081120'))).kind).toBe('imported')
})

test.each<[string, Account]>([
  ['number', { ...ours, number: '1234568' }],
  ['branch', { ...ours, branch: '002' }],
  ['bank', { ...ours, bank: '0001' }],
  ['type', { ...ours, type: '2' }],
])('an account that differs from ours in its %s is refused', async (_, account) => {
  const outcome = await take(notice([ann], account))
  expect(outcome).toMatchObject({ kind: 'other-account', accounts: [{ number: 1 }] })
  expect(await deposits()).toEqual([])
})

test('one foreign account among ours refuses the file', async () => {
  const parts = [ours, { ...ours, number: '7777777' }].map((account) => ({ account, money: [ann] }))
  expect(await take(bankNoticeByHand('A', parts))).toMatchObject({
    kind: 'other-account',
    accounts: [{ accountNumber: '7777777' }],
  })
  expect(await deposits()).toEqual([])
})

test('virtual accounts are ours: those of the creditor’s file, and those that a customer already has', async () => {
  expect((await take(notice([ann], { ...ours, branch: '101', number: '0000042' }))).kind).toBe('imported')
  const before: Account = { bank: '0000', branch: '777', number: '0000043' }
  expect((await take(notice([bob], before))).kind).toBe('other-account')
  await sql`
    insert into virtual_accounts (bank_code, branch_code, account_number, account_type, import_id)
    select '0000', '777', '0000001', '普通', id from imports limit 1`.execute(it.db)
  expect((await take(notice([bob], before))).kind).toBe('imported')
})

test('a file of another kind says what it is, and changes nothing', async () => {
  const debits = resultFileByHand('2026-11-20', [{ customerNumber: '1001', amount: 100, result: '1' }])
  expect(await take(debits)).toMatchObject({
    kind: 'malformed',
    problems: [{ kind: 'other-format', found: '91', expected: '01 or 03' }],
  })
  const ebcdic = Buffer.concat([Buffer.from([0xf1, 0xf0, 0xf1, 0xf0]), Buffer.alloc(396, 0x40)])
  expect(await take(ebcdic)).toMatchObject({ kind: 'malformed', problems: [{ kind: 'ebcdic' }] })
  const utf8 = Buffer.from(
    `\ufeff${notice([{ amount: 1 }])
      .toString('latin1')
      .replaceAll(/[^\n\r -~]/g, 'ｱ')}`,
  )
  expect(await take(utf8)).toMatchObject({ kind: 'malformed', problems: [{ kind: 'utf-8' }] })
  expect(await take('customer_number,person\r\n1,2\r\n')).toMatchObject({
    kind: 'wrong-header',
    unknown: ['customer_number', 'person'],
  })
  expect(await take('')).toEqual({ kind: 'empty' })
  expect(await listImports(it.db)).toEqual([])
})

test('a header that is somebody’s line is not repeated', async () => {
  const outcome = await take('ヤマダ タロウ,09001234567\r\n')
  expect(JSON.stringify(outcome)).not.toMatch(/ヤマダ|0900/)
  expect(outcome).toMatchObject({ kind: 'wrong-header', unknown: ['アアア アアア', '###########'] })
})

const slip = '000000123456789012345'
const header = '種別,収納日時,払込票番号,金額,チェーン,店舗\r\n'
const row = (kind: string, at = '2026-11-24 09:15', number = slip, amount = '12300') =>
  `${kind},${at},${number},${amount},サンプルマート,見本店\r\n`

test('確報 confirms the money of its 速報, and is no second money', async () => {
  await taken(header + row('速報'))
  expect(await deposits()).toEqual([{ record: 2, amount: 12_300, day: '2026-11-24', final: false, ended: null }])
  const { report } = await taken(header + row('確報'))
  expect(await deposits()).toMatchObject([{ amount: 12_300, final: true }])
  expect(report.taken.finalised).toMatchObject({ count: 1, amount: 12_300 })
})

test('a 速報 after its 確報 is no money twice', async () => {
  await taken(header + row('確報'))
  const { report } = await taken(header + row('速報'))
  expect(await deposits()).toMatchObject([{ amount: 12_300, final: true }])
  expect(report.taken.known.count).toBe(1)
})

test('both in one file are one payment', async () => {
  await taken(header + row('速報') + row('確報'))
  expect(await deposits()).toMatchObject([{ amount: 12_300, final: true }])
})

test('取消 undoes 速報, and the slip can be paid again', async () => {
  await taken(header + row('速報'))
  const { report } = await taken(header + row('取消'))
  expect(await amounts()).toEqual([])
  expect(report.taken.reversed.count).toBe(1)
  await taken(header + row('速報', '2026-11-24 09:40'))
  expect(await amounts()).toEqual([12_300])
})

test('one slip that was paid at two times was paid twice', async () => {
  await taken(header + row('速報') + row('速報', '2026-11-24 09:16'))
  expect(await amounts()).toEqual([12_300, 12_300])
})

test('a line that a file tells twice is told twice; one that contradicts itself refuses the file', async () => {
  const { report } = await taken(header + row('速報') + row('速報'))
  expect(await amounts()).toEqual([12_300])
  expect(report.notTaken).toEqual([{ because: 'repeated', count: 1, amount: 12_300 }])
  expect(await take(header + row('確報') + row('確報', undefined, undefined, '12301'))).toEqual({
    kind: 'wrong-rows',
    problems: [{ line: 3, because: 'another amount than line 2 has for the same 種別, slip and minute' }],
    furtherProblems: 0,
  })
  expect(await deposits()).toMatchObject([{ final: false }])
})

test.each(['utf8', 'utf8-bom', 'cp932'] as const)('an agent’s report is read in %s', async (encoding) => {
  await taken(textEncoder(encoding)(header + row('速報')))
  expect(await amounts()).toEqual([12_300])
})

test('without convenience stores in the creditor’s file nobody knows whose slips these are', async () => {
  const { convenienceStore: _, ...creditor } = w.creditor
  expect(await take(header + row('速報'), { ...w, creditor })).toEqual({ kind: 'no-convenience-store' })
})

test('broken quotes and bytes change nothing', async () => {
  expect(await take(`${header}速報,"2026-11-24 09:15\r\n`)).toMatchObject({ kind: 'broken-csv', line: 2 })
  expect(await take(Buffer.from([0xff, 0xfe, 0x41, 0x00]))).toEqual({ kind: 'not-text', because: 'utf-16' })
  expect(await listImports(it.db)).toEqual([])
})

test('an import of money can be undone, and its file taken again', async () => {
  const { id } = await taken(notice([ann, bob]))
  await taken(notice([{ ...ann, reversal: true }]))
  expect(await undoImport(w, id, act)).toMatchObject({
    kind: 'money-taken-back',
    deposits: { count: 2, amount: 17_300 },
  })
  expect(await amounts()).toEqual([])
  expect(await undoImport(w, id, act)).toEqual({ kind: 'ended-before', importId: id, how: 'undone' })
  const again = await taken(notice([ann, bob]))
  expect(again.report.taken.bornReversed.count).toBe(1)
  expect(await amounts()).toEqual([5_000])
})

test('undoing a file of reversals and 確報 leaves what there was before', async () => {
  await taken(notice([ann]))
  await taken(header + row('速報'))
  const before = await deposits()
  const reversal = await taken(notice([{ ...ann, reversal: true }]))
  const final = await taken(header + row('確報'))
  expect(await deposits()).not.toEqual(before)
  expect(await undoImport(w, reversal.id, act)).toMatchObject({ restored: 1, deposits: { count: 0 } })
  await undoImport(w, final.id, act)
  expect(await deposits()).toEqual(before)
})

/** A few of each; the readers alone see thousands (zengin-01.format.test.ts and its likes). */
const mutants = Number(process.env.ANNAI_MUTANTS ?? 150)

const twelve = Array.from({ length: 12 }, (_, n) => ({ ...ann, inquiry: String(n).padStart(6, '0'), amount: 100 + n }))

test.each<[string, Buffer]>([
  ['01 A', notice(twelve)],
  ['01 B', bankNoticeByHand('B', [{ account: ours, money: twelve }])],
  ['03', statement(twelve)],
  ['CSV', Buffer.from(header + twelve.map(({ amount }) => row('速報', `2026-11-24 10:0${amount % 10}`)).join(''))],
])(
  'mutated files of the kind %s are taken in whole or not at all',
  async (_, base) => {
    const before = await everything()
    for (let seed = 0; seed < mutants; seed++) {
      const outcome = await take(mutantOf(base, seed, 1 + (seed % 3)))
      if (outcome.kind !== 'imported') {
        if (seed % 20 === 0) expect(await everything()).toBe(before)
        continue
      }
      const { report, id } = outcome
      const passed = report.notTaken.reduce((sum, { count }) => sum + count, 0)
      const { known, finalised, reversed, strayReversals } = report.taken
      const rest = [known, finalised, reversed, strayReversals].reduce((sum, { count }) => sum + count, passed)
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from deposits where import_id = ${id}`.execute(it.db)
      expect((rows[0]?.n ?? 0) + rest).toBe(report.lines)
      await sql`truncate imports, import_chunks, deposits, deposit_headers, reversals, deposit_repeats cascade`.execute(
        it.ownerDb,
      )
    }
    expect(await everything()).toBe(before)
  },
  mutants * 100 + 60_000,
)
