import { sql, type Transaction } from '#platform/database/database'
import { bare } from './match-debits.store.ts'

/** What only all rows together tell. */
export async function rejectContradictions(tx: Transaction): Promise<void> {
  await sql`
    create temp table rejections on commit drop as
      select row, reasons as reason from staged_rows where reasons is not null
      union all
      select row, '契約番号：このファイルに同じ契約番号の行があります' from (
        select row, count(*) over (partition by contract_number) as uses from staged_rows where reasons is null
      ) r where uses > 1
      union all
      select s.row, '契約番号：別の顧客の契約です'
        from staged_rows s
        join contracts k on k.contract_number = s.contract_number
        join customers c on c.id = k.customer_id and c.customer_number <> s.customer_number
        where s.reasons is null
      union all
      select row, '同じ顧客番号の行と、氏名・生年月日・携帯電話番号が異なります'
        from staged_rows
        where reasons is null and customer_number in (
          select customer_number from staged_rows where reasons is null
          group by customer_number having min(person_value) <> max(person_value)
        )`.execute(tx)
}

/**
 * The rows of one customer stand or fall together: a contract that cannot be read may be the one that is excluded from
 * the service, and without it a debit would seem to be of the other.
 */
export async function rejectWholeCustomers(tx: Transaction): Promise<void> {
  await sql`
    create temp table rejected_customers on commit drop as
    select customer_number, min(line) as line
    from staged_rows where customer_number is not null and row in (select row from rejections)
    group by customer_number`.execute(tx)
  await sql`
    insert into rejections
    select s.row, '同じ顧客の' || r.line || '行目が取り込めないため、この行も取り込みません'
    from staged_rows s join rejected_customers r using (customer_number)
    where s.row not in (select row from rejections)`.execute(tx)
}

export interface Upserted {
  readonly new: number
  readonly changed: number
  readonly unchanged: number
}

export interface Upserting {
  readonly importId: string
  readonly now: Date
}

/** Customers keep their id and their key; only who is new or has changed is written. */
export async function upsertCustomers(tx: Transaction, { importId, now }: Upserting): Promise<Upserted> {
  await sql`
    create temp table accepted_people on commit drop as
    select distinct on (p.customer_number) p.*, decode(s.person_value, 'hex') as person_value
    from staged_people p join staged_rows s on s.row = p.row
    where p.customer_number not in (select customer_number from rejected_customers)
    order by p.customer_number, p.row`.execute(tx)
  const { numAffectedRows: changed } = await sql`
    update customers c
    set person = p.person, mobile_number = p.mobile_number, phone_value = p.phone_value, person_value = p.person_value,
      import_id = ${importId}::uuid, updated_at = ${now}::timestamptz
    from accepted_people p where p.id = c.id and not p.is_new`.execute(tx)
  await sql`delete from identity_index where customer_id in (select id from accepted_people where not is_new)`.execute(
    tx,
  )
  await sql`delete from customer_search where customer_id in (select id from accepted_people where not is_new)`.execute(
    tx,
  )
  const { numAffectedRows: added } = await sql`
    insert into customers (id, customer_number, customer_number_bare, data_key, person, mobile_number, phone_value,
      person_value, import_id, updated_at)
    select id, customer_number, ${bare(sql`customer_number`)}, data_key, person, mobile_number, phone_value,
      person_value, ${importId}::uuid, ${now}::timestamptz
    from accepted_people where is_new order by row`.execute(tx)
  await sql`
    insert into identity_index (value, customer_id)
    select v.value, p.id from accepted_people p join staged_values v on v.row = p.row where v.label is null
    on conflict do nothing`.execute(tx)
  await sql`
    insert into customer_search (label, value, customer_id)
    select v.label, v.value, p.id from accepted_people p join staged_values v on v.row = p.row where v.label is not null
    on conflict do nothing`.execute(tx)
  const { rows } = await sql<{ all: number }>`
    select count(distinct customer_number) as all from staged_rows
    where row not in (select row from rejections)`.execute(tx)
  const counts = { new: Number(added ?? 0), changed: Number(changed ?? 0) }
  return { ...counts, unchanged: (rows[0]?.all ?? 0) - counts.new - counts.changed }
}

export async function upsertContracts(tx: Transaction, { importId }: Upserting): Promise<Upserted> {
  const { rows } = await sql<{ accepted: number; written: number; added: number }>`
    with accepted as (
      select s.*, c.id as customer_id
      from staged_rows s join customers c on c.customer_number = s.customer_number
      where s.row not in (select row from rejections)
    ),
    written as (
      insert into contracts as k
        (customer_id, id, contract_number, product, excluded, debit_number, debit_number_bare, contract_day,
          loan_amount, annual_rate_percent, pay_easy, import_id)
      select customer_id, (${importId.slice(0, 24)}::text || lpad(to_hex(row), 12, '0'))::uuid, contract_number,
        product, excluded, debit_number, ${bare(sql`debit_number`)}, contract_day, loan_amount, annual_rate_percent,
        pay_easy, ${importId}::uuid
      from accepted order by row
      on conflict (contract_number) do update
        set product = excluded.product, excluded = excluded.excluded, debit_number = excluded.debit_number,
          debit_number_bare = excluded.debit_number_bare, contract_day = excluded.contract_day,
          loan_amount = excluded.loan_amount, annual_rate_percent = excluded.annual_rate_percent,
          pay_easy = excluded.pay_easy, import_id = excluded.import_id
        where (k.product, k.excluded, k.debit_number, k.contract_day, k.loan_amount, k.annual_rate_percent, k.pay_easy)
          is distinct from (excluded.product, excluded.excluded, excluded.debit_number, excluded.contract_day,
            excluded.loan_amount, excluded.annual_rate_percent, excluded.pay_easy)
      returning xmax = 0 as is_new
    )
    select (select count(*) from accepted) as accepted, count(*) as written, count(*) filter (where is_new) as added
    from written`.execute(tx)
  const { accepted = 0, written = 0, added = 0 } = rows[0] ?? {}
  return { new: added, changed: written - added, unchanged: accepted - written }
}

/**
 * How many customers cannot be told apart by what they type: the same phone, birth date and folded name under several
 * 顧客番号. Usually one person; a visit then shows all of their cases.
 */
export async function countSharedIdentities(tx: Transaction): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct customer_id) as n from identity_index where value in (
      select value from identity_index group by value having count(*) > 1
    )`.execute(tx)
  return rows[0]?.n ?? 0
}

export async function countRejections(tx: Transaction): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(distinct row) as n from rejections`.execute(tx)
  return rows[0]?.n ?? 0
}

const pageSize = 5_000

/** Row by row in the order of the file, a page in memory at a time. */
export async function* listRejections(
  tx: Transaction,
): AsyncIterable<{ readonly row: number; readonly reasons: string }> {
  for (let after = 0; ; ) {
    const { rows } = await sql<{ row: number; reasons: string }>`
      select row, string_agg(reason, ' / ' order by reason) as reasons
      from rejections where row > ${after} group by row order by row limit ${pageSize}`.execute(tx)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) return
    after = last.row
  }
}
