import iconv from 'iconv-lite'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { getPerson, getPhone } from '#customers'
import { sql } from '#platform/database/database'
import { bytesSource } from '#platform/source'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { intakeWorld } from '../../test/intake-fixture.ts'
import { mutantOf } from '../../test/mutants.ts'
import { customersHeader, type IntakeWorld, importCustomers, listImports } from './intake.ts'

let it: TestDatabase
let w: IntakeWorld
beforeAll(async () => {
  it = await testDatabase()
  w = await intakeWorld(it.db)
})
afterAll(() => it.drop())
beforeEach(() =>
  sql`truncate imports, customers, contracts, identity_index, customer_search, audit_unsealed,
    virtual_accounts cascade`.execute(it.ownerDb),
)

const now = new Date('2026-11-25T01:00:00Z')
const header = customersHeader.slice(0, 9).join(',')
const wholeHeader = customersHeader.join(',')
const taro = 'ヤマダ,タロウ,19800102,09000001111'
const hana = 'サトウ,ハナ,19900203,09000002222'

let rejected = ''
const take = async (text: string | Buffer, options: Partial<IntakeWorld> = {}) => {
  rejected = ''
  return importCustomers({ ...w, ...options }, bytesSource('master.csv', Buffer.from(text as string)), {
    by: 'cli:test',
    now,
    async writeRejected(pieces) {
      for await (const piece of pieces) rejected += piece
    },
  })
}

const report = async (text: string | Buffer, options: Partial<IntakeWorld> = {}) => {
  const outcome = await take(text, options)
  if (outcome.kind !== 'imported') throw new Error(JSON.stringify(outcome))
  return outcome.report
}

const lines = (...rows: readonly string[]) => `${[header, ...rows].join('\r\n')}\r\n`

const contracts = async () =>
  (
    await sql<{ line: string }>`
      select concat_ws(' ', c.customer_number, contract_number, product, excluded, debit_number, debit_number_bare) as line
      from contracts k join customers c on c.id = k.customer_id order by contract_number`.execute(it.db)
  ).rows.map(({ line }) => line)

const customers = async () =>
  (
    await sql<{ id: string; number: string; bare: string; key: string }>`
    select id, customer_number as number, customer_number_bare as bare, encode(data_key, 'hex') as key
    from customers order by customer_number`.execute(it.db)
  ).rows

test('a master becomes customers with sealed persons, contracts and indexes', async () => {
  expect(
    await report(lines(`001001,${taro},K1,card,0,00077`, `001001,${taro},K2,住宅ローン,1,`, `1002,${hana},K3,card,0,`)),
  ).toEqual({
    rows: 3,
    rejected: 0,
    customers: { new: 2, changed: 0, unchanged: 0 },
    contracts: { new: 3, changed: 0, unchanged: 0 },
    newAccounts: 0,
    sharedIdentities: 0,
  })
  expect(await contracts()).toEqual(['001001 K1 card f 00077 77', '001001 K2 housing-loan t', '1002 K3 card f'])
  const [one] = await customers()
  expect(one).toMatchObject({ number: '001001', bare: '1001' })
  expect(await getPerson(it.db, w.vault, one?.id ?? '')).toEqual({
    family: 'ヤマダ',
    given: 'タロウ',
    birthDate: '1980-01-02',
  })
  expect(await getPhone(it.db, w.vault, one?.id ?? '')).toBe('+819000001111')
  const { rows } = await sql<{ identity: number; search: number }>`
    select (select count(*) from identity_index) as identity, (select count(*) from customer_search) as search`.execute(
    it.db,
  )
  expect(rows[0]).toEqual({ identity: 4, search: 10 })
})

test('the same file again changes nothing', async () => {
  const text = lines(`1001,${taro},K1,card,0,`, `1002,${hana},K2,card,0,77`)
  await report(text)
  const before = await customers()
  expect(await report(text)).toMatchObject({
    customers: { new: 0, changed: 0, unchanged: 2 },
    contracts: { new: 0, changed: 0, unchanged: 2 },
  })
  expect(await customers()).toEqual(before)
})

test('who has changed keeps the key and the id, and is found only by what is true now', async () => {
  await report(lines(`1001,${taro},K1,card,0,`, `1002,${hana},K2,card,0,`))
  const before = await customers()
  const moved = 'ヤマダ,タロウ,19800102,09000003333'
  expect(await report(lines(`1001,${moved},K1,card,1,`, `1002,${hana},K2,card,0,`))).toMatchObject({
    customers: { new: 0, changed: 1, unchanged: 1 },
    contracts: { new: 0, changed: 1, unchanged: 1 },
  })
  expect(await customers()).toEqual(before)
  const id = before[0]?.id ?? ''
  expect(await getPhone(it.db, w.vault, id)).toBe('+819000003333')
  const { rows } = await sql<{ n: number }>`select count(*) as n from identity_index where customer_id = ${id}`.execute(
    it.db,
  )
  expect(rows[0]?.n).toBe(2)
  expect(await contracts()).toEqual(['1001 K1 card t', '1002 K2 card f'])
})

test('readings that are switched on later index everybody anew', async () => {
  const text = lines(`1001,ヤマダ,ユーコ,19800102,09000001111,K1,card,0,`)
  await report(text)
  const { creditor } = w
  const { policies } = creditor
  const identity = { ...policies.identity, alternateReadings: { vu: false, longVowel: true } }
  expect(await report(text, { creditor: { ...creditor, policies: { ...policies, identity } } })).toMatchObject({
    customers: { changed: 1 },
  })
  expect((await sql<{ n: number }>`select count(*) as n from identity_index`.execute(it.db)).rows[0]?.n).toBe(4)
})

test('rejected rows come back as they came, with line and reason; the rest is taken', async () => {
  expect(
    await report(
      lines(
        `1001,${taro},K1,card,0,`,
        `1002,"サトウ, ""さ""",ハナ,19900203,09000002222,K2,ゆめ,0,`,
        `1003,${hana},K3,card,0,`,
      ),
    ),
  ).toMatchObject({ rows: 3, rejected: 1, customers: { new: 2 } })
  expect(rejected).toBe(
    `\ufeff${header},行,理由\r\n1002,"サトウ, ""さ""",ハナ,19900203,09000002222,K2,ゆめ,0,,3,カナ姓：カナではありません / 商品：設定にない商品です\r\n`,
  )
  const corrected = rejected.replace('"サトウ, ""さ"""', 'サトウ').replace('ゆめ', 'card')
  expect(await report(corrected)).toMatchObject({ rejected: 0, customers: { new: 1 } })
})

test('rows of one customer that differ in name, birth date or phone are rejected together', async () => {
  expect(
    await report(
      lines(`1001,${taro},K1,card,0,`, `1002,${hana},K2,card,0,`, '1001,ヤマダ,タロウ,19800103,09000001111,K3,card,0,'),
    ),
  ).toMatchObject({ rejected: 2, customers: { new: 1 } })
  expect(rejected.match(/同じ顧客番号の行と、氏名・生年月日・携帯電話番号が異なります/g)).toHaveLength(2)
  expect(await contracts()).toEqual(['1002 K2 card f'])
})

test('a contract that cannot be read takes the customer’s other rows with it', async () => {
  expect(await report(lines(`1001,${taro},K1,card,0,`, `1001,${taro},K2,住宅,1,`))).toMatchObject({ rejected: 2 })
  expect(rejected).toContain(',2,同じ顧客の3行目が取り込めないため、この行も取り込みません')
  expect(await customers()).toEqual([])
})

test('a contract number belongs to one row and one customer', async () => {
  await report(lines(`1001,${taro},K1,card,0,`))
  expect(
    await report(lines(`1002,${hana},K1,card,0,`, `1003,${hana},K9,card,0,`, `1003,${hana},K9,card,0,`)),
  ).toMatchObject({ rejected: 3, contracts: { new: 0 } })
  expect(rejected).toContain('契約番号：別の顧客の契約です')
  expect(rejected.match(/契約番号：このファイルに同じ契約番号の行があります/g)).toHaveLength(2)
  expect(await contracts()).toEqual(['1001 K1 card f'])
})

const whole = (...rows: readonly string[]) => `${[wholeHeader, ...rows].join('\r\n')}\r\n`

test('a loan’s facts and Pay-easy numbers are the contract’s, and are written only when they change', async () => {
  const row = (rate: string) => `1001,${taro},K1,cashing,0,,,,2020-04-01,500000,${rate},12345,987654321,111222,`
  const facts = async () =>
    (
      await sql<{ facts: object }>`
        select json_build_array(contract_day, loan_amount, annual_rate_percent, pay_easy) as facts from contracts
      `.execute(it.db)
    ).rows[0]?.facts
  const payEasy = { institutionNumber: '12345', payerNumber: '987654321', confirmationNumber: '111222' }
  await report(whole(row('18.0')))
  expect(await facts()).toEqual(['2020-04-01', 500_000, '18.0', payEasy])
  expect(await report(whole(row('18.0')))).toMatchObject({ contracts: { changed: 0, unchanged: 1 } })
  expect(await report(whole(row('15.0')))).toMatchObject({ contracts: { changed: 1, unchanged: 0 } })
  expect(await facts()).toEqual(['2020-04-01', 500_000, '15.0', payEasy])
})

const accounts = async () =>
  (
    await sql<{ line: string }>`
      select concat_ws(' ', bank_code, branch_code, account_number, customer_number, assigned_how) as line
      from virtual_accounts v left join customers c on c.id = v.customer_id order by 1`.execute(it.db)
  ).rows.map(({ line }) => line)

/** Into the pool, as an import of accounts does. */
const putFree = async (number: string) => {
  const imported = await sql<{ id: string }>`select id from imports limit 1`.execute(it.db)
  await sql`
    insert into virtual_accounts (bank_code, branch_code, account_number, account_type, import_id)
    values ('0000', '101', ${number}, '普通', ${imported.rows[0]?.id})`.execute(it.db)
}

test('a virtual account of the master is the customer’s for good', async () => {
  const first = whole(`1001,${taro},K1,card,0,,101,0000001,,,,,,,`, `1001,${taro},K2,card,0,,,,,,,,,,`)
  expect(await report(first)).toMatchObject({ rejected: 0, newAccounts: 1 })
  await putFree('0000002')
  const second = whole(`1001,${taro},K1,card,0,,101,0000001,,,,,,,`, `1002,${hana},K3,card,0,,101,0000002,,,,,,,`)
  expect(await report(second)).toMatchObject({ rejected: 0, newAccounts: 1 })
  // A master that says nothing of accounts takes none away.
  expect(await report(lines(`1001,${taro},K1,card,0,`))).toMatchObject({ newAccounts: 0 })
  expect(await accounts()).toEqual(['0000 101 0000001 1001 master', '0000 101 0000002 1002 master'])
})

test.each([
  ['別の顧客の口座です', [`1002,${hana},K3,card,0,,101,0000001,,,,,,,`]],
  ['この顧客にはすでに別の口座があり、変更できません', [`1001,${taro},K1,card,0,,101,0000009,,,,,,,`]],
  [
    'このファイルに別の顧客の同じ口座があります',
    [`1003,${hana},K3,card,0,,101,0000009,,,,,,,`, `1004,${hana},K4,card,0,,101,0000009,,,,,,,`],
  ],
  [
    '同じ顧客番号の行と異なります',
    [`1003,${hana},K3,card,0,,101,0000008,,,,,,,`, `1003,${hana},K4,card,0,,101,0000009,,,,,,,`],
  ],
])('an account never changes hands: %s', async (reason, rows) => {
  await report(whole(`1001,${taro},K1,card,0,,101,0000001,,,,,,,`))
  expect(await report(whole(...rows))).toMatchObject({ rejected: rows.length, newAccounts: 0 })
  expect(rejected).toContain(`仮想口座番号：${reason}`)
  expect(await accounts()).toEqual(['0000 101 0000001 1001 master'])
})

test('people who cannot be told apart are counted', async () => {
  expect(
    await report(lines(`1001,${taro},K1,card,0,`, `1002,${taro},K2,card,0,`, `1003,${hana},K3,card,0,`)),
  ).toMatchObject({
    sharedIdentities: 2,
  })
})

test.each([
  ['UTF-8 with a mark', (text: string) => Buffer.from(`\ufeff${text}`)],
  ['CP932', (text: string) => iconv.encode(text, 'cp932')],
  ['CP932 with LF', (text: string) => iconv.encode(text.replaceAll('\r\n', '\n'), 'cp932')],
])('%s is read', async (_, encode) => {
  const text = `顧客番号,カナ姓,カナ名,生年月日,携帯電話番号,契約番号,商品,対象外\r\n1001,ﾔﾏﾀﾞ,タロウ,19800102,09000001111,契約①,カード,0\r\n`
  expect(await report(encode(text))).toMatchObject({ rejected: 0, customers: { new: 1 } })
  expect(await contracts()).toEqual(['1001 契約① card f'])
})

test.each([
  ['nothing', '', { kind: 'empty' }],
  ['UTF-16', Buffer.from(`\ufeff${header}`, 'utf16le'), { kind: 'not-text', because: 'utf-16' }],
  ['binary', Buffer.from([0x41, 0, 1, 2]), { kind: 'not-text', because: 'binary' }],
  ['no encoding at all', Buffer.from([0x41, 0xff, 0xff, 0x0a]), { kind: 'not-text', because: 'neither' }],
  [
    'UTF-8 cut in two',
    Buffer.from([0xef, 0xbb, 0xbf, 0x41, 0xe3, 0x81]),
    { kind: 'not-text', because: 'broken-utf-8' },
  ],
  ['no header', `1001,${taro},K1,card,0,`, { kind: 'wrong-header' }],
  ['an open quote', lines(`1001,${taro},K1,card,0,`, `1002,"サトウ,ハナ`), { kind: 'broken-csv', line: 3 }],
  ['a stray quote', lines(`1001,${taro},K1,card,0,`, `1002,サ"トウ,ハナ`), { kind: 'broken-csv', line: 3 }],
])('a broken file changes nothing and is told what it is: %s', async (_, text, outcome) => {
  expect(await take(text)).toMatchObject(outcome)
  expect(await customers()).toEqual([])
  expect(await listImports(it.db)).toEqual([])
})

test('an open quote does not gather the rest of the file', async () => {
  const endless = lines(`1001,"${taro},K1,card,0,`) + `1002,${hana},K2,card,0,\r\n`.repeat(5_000)
  expect(await take(endless)).toMatchObject({
    kind: 'broken-csv',
    line: 2,
    because: expect.stringContaining('64 KB'),
  })
})

test('the audit tells counts, and the rows of an import are many batches', async () => {
  const rows = Array.from(
    { length: 6_000 },
    (_, n) => `${n},ヤマダ,タロウ,19800102,090${String(10_000_000 + n)},K${n},card,0,`,
  )
  await report(lines(...rows, `0,ヤマダ,タロウ,19800102,09010000000,L0,card,0,`))
  const { rows: audit } = await sql<{ facts: object }>`
    select facts from audit_lines where act = 'import.customers' order by id desc limit 1`.execute(it.db)
  expect(audit[0]?.facts).toMatchObject({ rows: 6_001, customers: { new: 6_000 }, contracts: { new: 6_001 } })
  expect(await report(lines(...rows))).toMatchObject({ customers: { unchanged: 6_000 } })
})

const mutants = Number(process.env.ANNAI_MUTANTS ?? 300)

test(
  'mutated masters never crash an import, and never leave a customer without a contract or an index',
  async () => {
    const base = Buffer.from(
      lines(
        `1001,${taro},K1,card,0,77`,
        `1002,"サトウ",ハナ,19900203,09000002222,K2,card,0,`,
        `1003,${hana},K3,card,0,`,
      ),
    )
    for (let seed = 0; seed < mutants; seed++) {
      await take(mutantOf(base, seed, 1 + (seed % 3)))
    }
    const { rows } = await sql<{ n: number }>`
    select count(*) as n from customers c
    where not exists (select from contracts k where k.customer_id = c.id)
      or not exists (select from identity_index i where i.customer_id = c.id)`.execute(it.db)
    expect(rows[0]?.n).toBe(0)
  },
  mutants * 60 + 30_000,
)
