import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { constants, zstdCompressSync } from 'node:zlib'
import { writeAudit } from '#audit'
import { copyFrom, type Database, inTransaction, sql, type Transaction } from '#platform/database/database'
import { fileSource } from '#platform/source'
import type { Vault } from '#platform/vault/vault'

/** What nobody can do without: the rows staged by COPY, the statements, the sealed copy of the file, the audit line. */
export async function handWritten(db: Database, vault: Vault, { rows, file }: { rows: string; file: string }) {
  const importId = randomUUID()
  await inTransaction(db, async (tx) => {
    const copied = sealCopy(db, vault, importId, file)
    await stage(tx, createReadStream(rows, { highWaterMark: 256 * 1024 }))
    await billAll(tx, importId)
    await copied
  })
}

/** The rows of a program of another kind instead of ours, and otherwise the same. */
export async function piped(db: Database, vault: Vault, rows: Readable, file: string) {
  const importId = randomUUID()
  await inTransaction(db, async (tx) => {
    const copied = sealCopy(db, vault, importId, file)
    await stage(tx, rows)
    await billAll(tx, importId)
    await copied
  })
}

async function sealCopy(db: Database, vault: Vault, importId: string, file: string) {
  const source = await fileSource(file)
  await inTransaction(db, async (tx) => {
    let number = 0
    for await (const piece of source.read()) {
      const packed = zstdCompressSync(piece, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })
      const sealed = vault.seal({ table: 'import_chunks', column: 'sealed', row: `${importId}.${number}` }, packed)
      await tx.insertInto('import_chunks').values({ import_id: importId, number: number++, sealed }).execute()
    }
  })
}

async function stage(tx: Transaction, rows: Readable) {
  await sql`set local work_mem = '64MB'; set local jit = off;
    create temp table staged (
      record integer not null, header integer not null, came text not null, bare text not null, amount bigint not null,
      code text not null
    ) on commit drop`.execute(tx)
  await copyFrom(tx, 'copy staged from stdin', rows)
}

/** As good a set of statements as we know for this very data, which has nothing doubtful in it. */
async function billAll(tx: Transaction, importId: string) {
  const now = new Date('2026-11-25T01:00:00Z')
  const id = (record: ReturnType<typeof sql>) =>
    sql`(${importId.slice(0, 24)}::text || lpad(to_hex(${record}), 12, '0'))::uuid`
  await sql`
    insert into imports (id, kind, content_hash, file_name, byte_count, record_count, received_on, imported_at, imported_by, report)
    values (${importId}, 'debits', ${Buffer.from(importId)}, 'debits.txt', 0, 0, '2026-11-25', ${now}, 'cli:bench', '{}')`.execute(
    tx,
  )
  await sql`
    insert into debit_headers (import_id, number, originator_code, bank_code, branch_code, account_type, account_number, debit_day)
    select ${importId}::uuid, n, '1234567890', '0001', '101', '1', (1000000 + n)::text, '2026-11-24'
    from generate_series(1, 2) n`.execute(tx)
  await sql`
    create temp table failed on commit drop as
    select s.*, coalesce(t.customer_id, c.id) as customer_id, coalesce(t.id, k.id) as contract_id,
      coalesce(t.product, k.product) as product,
      case
        when coalesce(t.customer_id, c.id) is null then 'unknown-customer'
        when coalesce(t.excluded, k.excluded) then 'excluded-product'
        else 'billed'
      end as outcome
    from staged s
    left join customers c on c.customer_number_bare = s.bare
    left join contracts t on t.debit_number_bare = s.bare
    left join contracts k on k.customer_id = c.id
    where s.code = '1'`.execute(tx)
  await sql`
    insert into debits (import_id, record, header, customer_number, amount, result_code, customer_id, contract_id, outcome)
    select ${importId}::uuid, s.record, s.header, s.came, s.amount, s.code, coalesce(k.customer_id, c.id), k.id, 'paid'
    from staged s
    left join customers c on c.customer_number_bare = s.bare
    left join contracts k on k.debit_number_bare = s.bare
    where s.code <> '1'`.execute(tx)
  await sql`
    insert into debits (import_id, record, header, customer_number, amount, result_code, customer_id, contract_id, outcome)
    select ${importId}::uuid, record, header, came, amount, code, customer_id, contract_id, outcome from failed`.execute(
    tx,
  )
  await sql`
    insert into cases (customer_id, id, opened_at, import_id)
    select customer_id, ${id(sql`min(record)`)}, ${now}::timestamptz, ${importId}::uuid
    from failed where outcome = 'billed' group by customer_id`.execute(tx)
  await sql`
    insert into bills
      (customer_id, id, case_id, contract_id, product, debit_number, import_id, record, principal, due_day, billed_at)
    select f.customer_id, ${id(sql`f.record`)}, k.id, f.contract_id, f.product, f.came, ${importId}::uuid, f.record, f.amount,
      '2026-11-24', ${now}::timestamptz
    from failed f join cases k on k.customer_id = f.customer_id and k.closed_at is null
    where f.outcome = 'billed'`.execute(tx)
  const { rows } = await sql`select outcome, count(*), sum(amount) from failed group by 1
    union all select code, count(*), sum(amount) from staged where code <> '1' group by 1`.execute(tx)
  await sql`update imports set report = ${JSON.stringify(rows)} where id = ${importId}`.execute(tx)
  await writeAudit(tx, { at: now, actor: 'cli:bench', act: 'import.debits', facts: { import: importId } })
}
