import { customersHeader, type IntakeWorld, importCustomers } from '#intake'
import { keepMonths } from '#messages'
import { type Database, sql } from '#platform/database/database'
import { bytesSource } from '#platform/source'

/** One customer in so many has the family name that is searched for, and can be shown: theirs is sealed in earnest. */
const realEvery = 67

const lastMonth = new Date('2026-10-26T01:00:00Z')
const importId = '019a0000-0000-7000-8000-000000000000'

/** The campaign that everybody of last month was in. */
export const oldCampaignId = '019a0000-0001-7000-8000-000000000000'

/**
 * What a deployment of so many cases looks like before today: each customer once failed to pay, was sent a notice that
 * arrived, and paid; every fifth has answered. Put there by statements, because importing a million takes minutes.
 */
export const fillHistory = async (owner: Database, intake: IntakeWorld, cases: number): Promise<void> => {
  const real = Math.floor(cases / realEvery)
  await importCustomers(intake, bytesSource('history.csv', Buffer.from(masterOf(real))), {
    by: 'cli:bench',
    now: lastMonth,
    writeRejected: async () => {},
  })
  await keepMonths(owner, lastMonth)
  for (const statement of statements(cases - real)) await statement.execute(owner)
}

const masterOf = (count: number): string => {
  const rows = Array.from({ length: count }, (_, n) => {
    const phone = `0900${String(3_000_000 + n)}`
    const cells = [String(6_000_000_000 + n), 'サトウ', 'ジロウ', '19800102', phone, `H${n}`, 'shopping', '0']
    return [...cells, ...customersHeader.slice(cells.length).map(() => '')].join(',')
  })
  return `${[customersHeader.join(','), ...rows].join('\r\n')}\r\n`
}

const idOf = (prefix: string, n: ReturnType<typeof sql>) => sql`(${prefix} || lpad(to_hex(${n}), 12, '0'))::uuid`

const messageId = sql`overlay(first_id_at(${lastMonth}::timestamptz)::text placing lpad(to_hex(n), 12, '0') from 25 for 12)::uuid`

const statements = (sealed: number) => [
  sql`
    insert into imports (id, kind, content_hash, file_name, byte_count, record_count, received_on, imported_at,
      imported_by, report)
    values (${importId}, 'debits', sha256('history'), 'history', 0, 0, '2026-10-26', ${lastMonth}, 'cli:bench', '{}')`,
  sql`
    insert into customers (id, customer_number, customer_number_bare, data_key, person, mobile_number, phone_value,
      import_id, updated_at)
    select ${idOf('019a0000-0002-7000-8000-', sql`n`)}, (5000000000 + n)::text, (5000000000 + n)::text,
      sha256(n::text::bytea) || sha256('key'), sha256(n::text::bytea) || sha256('person'), sha256(n::text::bytea),
      sha256(n::text::bytea), ${importId}::uuid, ${lastMonth}
    from generate_series(1, ${sealed}::integer) n`,
  sql`
    insert into customer_search (label, value, customer_id)
    select label, sha256((label || n % of_them)::bytea), ${idOf('019a0000-0002-7000-8000-', sql`n`)}
    from (values ('family', 200), ('given', 300), ('full-name', 40000), ('phone-last4', 10000), ('phone', 2147483647))
      as l (label, of_them)
    cross join generate_series(1, ${sealed}::integer) n order by 1, 2, 3`,
  sql`
    insert into contracts (customer_id, id, contract_number, product, excluded, import_id)
    select ${idOf('019a0000-0002-7000-8000-', sql`n`)}, ${idOf('019a0000-0003-7000-8000-', sql`n`)}, 'HK' || n,
      'shopping', false, ${importId}::uuid
    from generate_series(1, ${sealed}::integer) n`,
  sql`create table history as select id as customer_id, (row_number() over (order by id))::integer as n from customers`,
  sql`
    insert into debits (import_id, record, header, customer_number, amount, result_code, customer_id, outcome)
    select ${importId}::uuid, n, 1, n::text, 5000, '1', customer_id, 'billed' from history`,
  sql`
    insert into cases (customer_id, id, opened_at, import_id, closed_at, closed_because)
    select customer_id, ${idOf('019a0000-0004-7000-8000-', sql`n`)}, ${lastMonth}, ${importId}::uuid,
      ${lastMonth}::timestamptz + interval '3 days', 'settled' from history`,
  sql`
    insert into bills (customer_id, id, case_id, product, debit_number, import_id, record, principal, due_day, billed_at)
    select customer_id, ${idOf('019a0000-0005-7000-8000-', sql`n`)}, ${idOf('019a0000-0004-7000-8000-', sql`n`)},
      'shopping', n::text, ${importId}::uuid, n, 5000, '2026-10-26', ${lastMonth} from history`,
  sql`
    insert into bill_endings (customer_id, bill_id, how, on_day, ended_at)
    select customer_id, ${idOf('019a0000-0005-7000-8000-', sql`n`)}, 'settled', '2026-10-29',
      ${lastMonth}::timestamptz + interval '3 days' from history`,
  sql`
    insert into campaigns (id, planned_at, planned_by, notice_text, rules_version, target_count, planned_count,
      excluded_count, approved_at, approved_by)
    select ${oldCampaignId}::uuid, ${lastMonth}, 'operator:demo:author', 'text', '1', count(*), count(*), 0,
      ${lastMonth}, 'operator:demo:approver' from history`,
  sql`insert into campaign_chains (campaign_id, number, chain) values (${oldCampaignId}, 1, '[]')`,
  sql`
    insert into campaign_decisions (campaign_id, customer_id, case_id, decision, chain_number)
    select ${oldCampaignId}::uuid, customer_id, ${idOf('019a0000-0004-7000-8000-', sql`n`)}, 'notice', 1 from history`,
  sql`
    insert into messages (customer_id, id, class, case_id, campaign_id, queue_id, position, phone_value, sender,
      reference, part_count, queued_at)
    select customer_id, ${messageId}, 'notice', ${idOf('019a0000-0004-7000-8000-', sql`n`)}, ${oldCampaignId}::uuid,
      ${oldCampaignId}::uuid, n, sha256(n::text::bytea), 'annai', n % 65536, 1, ${lastMonth} from history`,
  sql`
    insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, gateway, at)
    select ${oldCampaignId}::uuid, '', n / 100 + 1, max(n), ${importId}::uuid, 'sandbox 1 1 0',
      array_agg(${messageId} order by n), 'sandbox', ${lastMonth} from history group by n / 100`,
  sql`
    insert into claim_ends (queue_id, stream, number, gateway, carrier_ids, at)
    select queue_id, stream, number, 'sandbox',
      array(select right(replace(i::text, '-', ''), 16) from unnest(message_ids) with ordinality u (i, at) order by at),
      at + interval '1 second'
    from claims where queue_id = ${oldCampaignId}`,
  sql`
    insert into message_events (message_id, state, gateway, at)
    select ${messageId}, 'delivered', 'sandbox', ${lastMonth}::timestamptz + interval '5 seconds' from history`,
  sql`
    insert into answers (customer_id, id, case_id, first_answered_at)
    select customer_id, ${idOf('019a0000-0006-7000-8000-', sql`n`)}, ${idOf('019a0000-0004-7000-8000-', sql`n`)},
      ${lastMonth} from history where n % 5 = 0`,
  sql`
    insert into receipt_numbers (number, given_at)
    select lpad(n::text, 9, '0'), ${lastMonth} from history where n % 5 = 0`,
  sql`
    insert into answer_versions (customer_id, answer_id, version, kind, answered_at, answered_by, receipt_number)
    select customer_id, ${idOf('019a0000-0006-7000-8000-', sql`n`)}, 1, 'already-paid',
      ${lastMonth}::timestamptz + n * interval '1 millisecond', 'customer', lpad(n::text, 9, '0')
    from history where n % 5 = 0`,
  sql`
    insert into audit_lines (id, at, actor, act, customer_id, facts)
    select overlay(first_id_at(t.at)::text placing lpad(to_hex(n), 12, '0') from 25 for 12)::uuid, t.at, 'customer',
      'visit.opened', customer_id, '{}'
    from history, lateral (select ${lastMonth}::timestamptz + n * interval '1 millisecond' as at) t`,
  sql`
    insert into audit_seals (position, line_id, seal)
    select row_number() over (order by id), id, sha256(id::text::bytea) from audit_lines where act = 'visit.opened'`,
  sql`drop table history`,
]
