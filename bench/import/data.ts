import { createWriteStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { type Debit91, write91 } from '#intake'
import { type Database, sql } from '#platform/database/database'

/** The size of a comparison. */
export interface Size {
  readonly records: number
  /** Of a hundred debits, how many failed for want of money. */
  readonly failedPercent: number
}

export const masterImport = '01900000-0000-7000-8000-000000000000'

/**
 * As many customers as records. Every fifth has two contracts, each with a debit number of its own; the others have one
 * and are debited by their customer number. One contract in a thousand is excluded, and one debit in a thousand is of nobody.
 */
export async function fillMaster(owner: Database, { records }: Size): Promise<void> {
  const id = (n: ReturnType<typeof sql>) => sql`('01900000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`
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
    from generate_series(1, ${records}::integer) n`.execute(owner)
  await sql`
    insert into contracts (customer_id, id, contract_number, product, excluded, debit_number, debit_number_bare, import_id)
    select ${id(sql`n`)}, ${id(sql`n * 2 + second`)}, 'K' || n || '-' || second, 'shopping', second = 0 and n % 1000 = 73,
      case when n % 5 = 0 then (50000000 + n * 2 + second)::text end,
      case when n % 5 = 0 then (50000000 + n * 2 + second)::text end, ${masterImport}::uuid
    from generate_series(1, ${records}::integer) n, generate_series(0, case when n % 5 = 0 then 1 else 0 end) second
    `.execute(owner)
  await sql`vacuum analyze customers`.execute(owner)
  await sql`vacuum analyze contracts`.execute(owner)
}

/** The file, and the same records as rows for COPY, which the hand-written limit does not have to read out of it. */
export async function writeFiles(folder: string, size: Size) {
  const [file, rows] = [`${folder}/debits.txt`, `${folder}/rows.copy`]
  const half = Math.ceil(size.records / 2)
  await pipeline(
    write91([
      { header: { ...account, accountNumber: '1000001' }, debits: debits(1, half, size) },
      { header: { ...account, accountNumber: '1000002' }, debits: debits(half + 1, size.records, size) },
    ]),
    createWriteStream(file),
  )
  await writeFile(rows, copyRows(await readFile(file)))
  return { file, rows }
}

const account = {
  originatorCode: '1234567890',
  debitDay: '1124',
  bankCode: '0001',
  branchCode: '101',
  accountType: '1',
}

function* debits(from: number, to: number, { failedPercent }: Size): Iterable<Debit91> {
  for (let n = from; n <= to; n++) {
    const number = n % 1_000 === 19 ? 90_000_000 + n : n % 5 === 0 ? 50_000_000 + n * 2 : 10_000_000 + n
    yield {
      bankCode: '0005',
      bankName: 'ﾐﾎﾝｷﾞﾝｺｳ',
      branchCode: '222',
      branchName: 'ﾎﾝﾃﾝ',
      accountType: '1',
      accountNumber: String(1_000_000 + (n % 9_000_000)),
      payerName: 'ﾔﾏﾀﾞ ﾀﾛｳ',
      amount: String(3_000 + (n % 977) * 10),
      newCode: '0',
      customerNumber: String(number).padStart(20, '0'),
      resultCode: (n * 37) % 100 < failedPercent ? '1' : '0',
    }
  }
}

function* copyRows(file: Buffer): Iterable<Buffer> {
  let header = 0
  for (let record = 1; record * 122 <= file.length; record++) {
    const line = file.toString('latin1', (record - 1) * 122, record * 122)
    if (line.startsWith('1')) header++
    if (!line.startsWith('2')) continue
    const came = line.slice(91, 111)
    const cells = [record, header, came, came.replace(/^0+/, ''), Number(line.slice(80, 90)), line.charAt(111)]
    yield Buffer.from(`${cells.join('\t')}\n`)
  }
}
