import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { constants, zstdCompressSync } from 'node:zlib'
import { writeAudit } from '#audit'
import { copyFrom, type Database, inTransaction, sql, type Transaction } from '#platform/database/database'
import { fileSource } from '#platform/source'
import type { Vault } from '#platform/vault/vault'

/**
 * What nobody can do without: rows that somebody else has read and hashed, staged by COPY, the statements, the sealed copy of
 * the file, the audit lines. It knows that nothing came before, that nobody has two bills or two payments, and the rate.
 */
export async function handWritten(db: Database, vault: Vault, { rows, file }: { rows: string; file: string }) {
  const importId = randomUUID()
  await inTransaction(db, async (tx) => {
    const copied = sealCopy(db, vault, importId, file)
    await sql`set local work_mem = '64MB'; set local jit = off;
      create temp table staged (record integer not null, amount bigint not null, on_day date not null, account text,
        reference text, payer_value bytea, line_key text not null) on commit drop`.execute(tx)
    await copyFrom(tx, 'copy staged from stdin', createReadStream(rows, { highWaterMark: 256 * 1024 }))
    await matchAll(tx, importId)
    await settleAll(tx, importId)
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

const now = new Date('2026-11-25T01:00:00Z')

async function matchAll(tx: Transaction, importId: string) {
  await sql`
    insert into imports (id, kind, content_hash, file_name, byte_count, record_count, received_on, imported_at, imported_by, report)
    values (${importId}, 'deposits', ${Buffer.from(importId)}, 'money.txt', 0, 0, '2026-11-25', ${now}, 'cli:bench', '{}')`.execute(
    tx,
  )
  await sql`
    insert into deposits (id, import_id, record, channel, amount, on_day, account, reference, line_key, received_at,
      customer_id, matched_how, certainty, unmatched_because)
    select (${importId.slice(0, 24)}::text || lpad(to_hex(s.record), 12, '0'))::uuid, ${importId}::uuid, s.record,
      'transfer', s.amount, s.on_day, s.account, s.reference, s.line_key, ${now}::timestamptz,
      coalesce(v.customer_id, c.id, n.customer_id),
      case when v.customer_id is not null then 'virtual-account' when c.id is not null then 'reference'
        when n.customer_id is not null then 'name' end,
      case when v.customer_id is not null or c.id is not null then 'certain' when n.customer_id is not null then 'probable' end,
      case when v.customer_id is null and c.id is null and n.customer_id is null then 'nobody-fits' end
    from staged s
    left join virtual_accounts v on v.bank_code = left(s.account, 4) and v.branch_code = left(s.reference, 3)
      and v.account_number = substr(s.reference, 4)
    left join customers c on c.customer_number_bare = ltrim(s.reference, '0')
    left join (
      select q.record, i.customer_id from staged q
      join customer_search i on i.label = 'full-name' and i.value = q.payer_value
      join bills b on b.customer_id = i.customer_id
      where q.amount = b.principal + b.principal * 584 / 365000
    ) n on n.record = s.record`.execute(tx)
}

async function settleAll(tx: Transaction, importId: string) {
  await sql`
    create temp table payments on commit drop as
    select d.customer_id, d.id as deposit_id, b.id as bill_id, b.case_id, d.amount, d.on_day, b.principal,
      b.principal * 584 / 365000 as late
    from deposits d join bills b on b.customer_id = d.customer_id
    where d.import_id = ${importId}`.execute(tx)
  await sql`analyze payments`.execute(tx)
  await sql`
    insert into ledger_lines (customer_id, id, deposit_id, bill_id, account, fee, late_charge, principal, amount, at)
    select customer_id, deposit_id, deposit_id, bill_id, 'bill', 0, late, least(amount - late, principal),
      least(amount, late + principal), ${now}::timestamptz
    from payments`.execute(tx)
  await sql`
    insert into ledger_lines (customer_id, id, deposit_id, account, amount, at)
    select customer_id, gen_random_uuid(), deposit_id, 'surplus', amount - late - principal, ${now}::timestamptz
    from payments where amount > late + principal`.execute(tx)
  await sql`insert into ledger_feed_waiting (customer_id, line_id) select customer_id, id from ledger_lines`.execute(tx)
  await sql`
    insert into bill_endings (customer_id, bill_id, how, on_day, ended_at, import_id)
    select customer_id, bill_id, 'settled', on_day, ${now}::timestamptz, ${importId}::uuid
    from payments where amount >= late + principal`.execute(tx)
  await sql`
    update cases c set closed_at = ${now}::timestamptz, closed_because = 'settled'
    from payments x where c.customer_id = x.customer_id and c.id = x.case_id and x.amount >= x.late + x.principal`.execute(
    tx,
  )
  await sql`
    with lines as (
      insert into audit_lines (id, at, actor, act, customer_id, facts)
      select gen_random_uuid(), ${now}::timestamptz, 'system', 'ledger.changed', customer_id, '{}'
      from payments where amount <> late + principal returning id
    )
    insert into audit_unsealed (line_id) select id from lines`.execute(tx)
  const { rows } = await sql`select matched_how, count(*), sum(amount) from deposits group by 1`.execute(tx)
  await sql`update imports set report = ${JSON.stringify(rows)} where id = ${importId}`.execute(tx)
  await writeAudit(tx, { at: now, actor: 'cli:bench', act: 'import.deposits', facts: { import: importId } })
  await writeAudit(tx, { at: now, actor: 'system', act: 'import.settled', facts: { import: importId } })
}
