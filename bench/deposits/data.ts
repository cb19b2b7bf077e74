import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { searchValue } from '#customers'
import { copyFrom, type Database, sql } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import { toHalfWidthZengin } from '#values/kana'

/** As many customers, each with one open bill and a virtual account, as there are lines of money. */
export const masterImport = '01900000-0000-7000-8000-000000000000'

export async function fillMaster(owner: Database, vault: Vault, count: number): Promise<void> {
  const id = (n: ReturnType<typeof sql>) => sql`('01900000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`
  const numbers = sql`generate_series(1, ${count}::integer) n`
  await sql`
    insert into imports (id, kind, content_hash, file_name, byte_count, record_count, received_on, imported_at, imported_by, report)
    values (${masterImport}, 'customers', '', 'master', 0, 0, '2026-11-01', '2026-11-01', 'cli:bench', '{}')`.execute(
    owner,
  )
  await sql`
    insert into customers (id, customer_number, customer_number_bare, data_key, person, mobile_number, phone_value,
      import_id, updated_at)
    select ${id(sql`n`)}, (10000000 + n)::text, (10000000 + n)::text, sha256(n::text::bytea) || sha256('key'),
      sha256(n::text::bytea) || sha256('person'), sha256(n::text::bytea), sha256(n::text::bytea), ${masterImport}::uuid,
      '2026-11-01'
    from ${numbers}`.execute(owner)
  await sql`
    insert into contracts (customer_id, id, contract_number, product, excluded, import_id)
    select ${id(sql`n`)}, ${id(sql`n`)}, 'K' || n, 'shopping', false, ${masterImport}::uuid from ${numbers}`.execute(
    owner,
  )
  await sql`
    insert into virtual_accounts (bank_code, branch_code, account_number, account_type, import_id, customer_id,
      assigned_at, assigned_how)
    select '0000', '101', lpad(n::text, 7, '0'), '普通', ${masterImport}::uuid, ${id(sql`n`)}, '2026-11-01', 'master'
    from ${numbers}`.execute(owner)
  await sql`
    insert into cases (customer_id, id, opened_at, import_id)
    select ${id(sql`n`)}, ${id(sql`n`)}, '2026-11-21', ${masterImport}::uuid from ${numbers}`.execute(owner)
  await sql`
    insert into bills (customer_id, id, case_id, contract_id, product, debit_number, import_id, record, principal, due_day,
      billed_at)
    select ${id(sql`n`)}, ${id(sql`n`)}, ${id(sql`n`)}, ${id(sql`n`)}, 'shopping', (10000000 + n)::text,
      ${masterImport}::uuid, n, 3000 + (n % 977) * 10, '2026-11-20', '2026-11-21'
    from ${numbers}`.execute(owner)
  await copyFrom(owner, 'copy customer_search (label, value, customer_id) from stdin', searchRows(vault, count))
  for (const table of ['customers', 'contracts', 'virtual_accounts', 'cases', 'bills', 'customer_search'])
    await sql`vacuum analyze ${sql.table(table)}`.execute(owner)
}

async function* searchRows(vault: Vault, count: number): AsyncIterable<Buffer> {
  let rows: string[] = []
  for (let n = 1; n <= count; n++) {
    const { family, given } = nameOf(n)
    const customerId = `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
    for (const [label, text] of [
      ['family', family],
      ['full-name', family + given],
    ] as const)
      rows.push(`${label}\t\\\\x${searchValue(vault, label, text).toString('hex')}\t${customerId}\n`)
    if (rows.length < 10_000 && n < count) continue
    yield Buffer.from(rows.join(''))
    rows = []
  }
}

const kana = 'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモ'
const word = (k: number): string =>
  [k % 35, Math.floor(k / 35) % 35, Math.floor(k / 1_225) % 35].map((at) => kana.charAt(at)).join('')
const nameOf = (n: number) => ({ family: word(n % 5_000), given: word(20_000 + Math.floor(n / 5_000)) })

type Way = 'account' | 'number' | 'name' | 'unclear'

/** Of a thousand, 900 come to the customer's own account, 60 name a number, 30 a name, and 10 nothing that helps. */
const wayOf = (n: number): Way => {
  const place = n % 1_000
  if (place < 900) return 'account'
  if (place < 960) return 'number'
  return place < 990 ? 'name' : 'unclear'
}

/** 14.6 % of four days. */
const owedOf = (n: number): number => {
  const principal = 3_000 + (n % 977) * 10
  return principal + Math.floor((principal * 584) / 365_000)
}

/** Of a thousand, ten pay half and five pay a thousand yen too much. */
const amountOf = (n: number): number => {
  const place = n % 1_000
  if (place < 10) return Math.floor(owedOf(n) / 2)
  return place < 15 ? owedOf(n) + 1_000 : owedOf(n)
}

const payerOf = (n: number): string => {
  const { family, given } = nameOf(n)
  return wayOf(n) === 'unclear' ? `ﾜﾜﾜ ﾝﾝ${n % 10}` : toHalfWidthZengin(`${family} ${given}`)
}

const referenceOf = (n: number): string => {
  if (wayOf(n) === 'account') return `101${String(n).padStart(7, '0')}`
  return wayOf(n) === 'number' ? String(10_000_000 + n).padStart(10, '0') : ''
}

/** The file of the bank (Zengin 01, form A, CRLF), and the same lines as rows for COPY with nothing left to read or to hash. */
export async function writeFiles(folder: string, vault: Vault, count: number) {
  const [file, rows] = [`${folder}/money.txt`, `${folder}/rows.copy`]
  await pipeline(bytesOf(bankFile(count)), createWriteStream(file))
  await pipeline(copyRows(vault, count), createWriteStream(rows))
  return { file, rows }
}

function* bytesOf(blocks: Iterable<string>): Iterable<Buffer> {
  for (const block of blocks) yield Buffer.from(block, 'latin1')
}

/** A trailer counts up to 999,999. */
const accounts = ['1234567', '1234568']

function* bankFile(count: number): Iterable<string> {
  const half = Math.ceil(count / 2)
  for (const [at, account] of accounts.entries()) {
    yield line('101', '0', '081124', '081124', '081124', '0000', ' '.repeat(15), '001', ' '.repeat(15), '1', account)
    let [total, lines] = [0, 0]
    let block = ''
    for (let n = at * half + 1; n <= Math.min(count, (at + 1) * half); n++) {
      total += amountOf(n)
      lines++
      block += line(
        '2',
        String(lines).padStart(6, '0'),
        '081124081124',
        String(amountOf(n)).padStart(10, '0'),
        '0'.repeat(10),
        referenceOf(n).padEnd(10),
        payerOf(n).padEnd(48),
        ' '.repeat(31),
      )
      if (block.length < 500_000) continue
      yield block
      block = ''
    }
    yield block
    yield line('8', String(lines).padStart(6, '0'), String(total).padStart(12, '0'), '0'.repeat(18))
  }
  yield line('9')
}

/** Half-width kana are one byte in a bank's file: U+FF71 is 0xB1. */
const line = (...fields: readonly string[]): string =>
  `${fields.join('').padEnd(200)}\r\n`.replace(/[\uff61-\uff9f]/g, (sign) =>
    String.fromCharCode(sign.charCodeAt(0) - 0xfec0),
  )

function* copyRows(vault: Vault, count: number): Iterable<Buffer> {
  const half = Math.ceil(count / 2)
  let rows: string[] = []
  for (let n = 1; n <= count; n++) {
    const second = n > half
    const { family, given } = nameOf(n)
    const number = String(second ? n - half : n).padStart(6, '0')
    const cells = [
      n,
      amountOf(n),
      '2026-11-24',
      `0000-001-${accounts[second ? 1 : 0]}`,
      referenceOf(n) || '\\N',
      wayOf(n) === 'name' ? `\\\\x${searchValue(vault, 'full-name', family + given).toString('hex')}` : '\\N',
      `t${second ? 'qgl' : 'qgk'}.7lr.${number}.${amountOf(n).toString(36)}.${Math.imul(n, 0x9e3779b1) >>> 0}`,
    ]
    rows.push(`${cells.join('\t')}\n`)
    if (rows.length < 5_000 && n < count) continue
    yield Buffer.from(rows.join(''))
    rows = []
  }
}
