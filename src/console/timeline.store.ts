import { type Db, sql } from '#platform/database/database'
import type { Event, EventKind, TimelinePlace } from './timeline.rules.ts'

/**
 * What happened around a customer, the latest first, from `before` on back. Each source reads what the customer's own key
 * leads to, so a page costs what this customer has been through, however many others there are.
 */
export const listEvents = async (
  db: Db,
  { customerId, phoneValue }: { readonly customerId: string; readonly phoneValue: Buffer },
  { before, limit }: { readonly before: TimelinePlace | undefined; readonly limit: number },
): Promise<readonly Event[]> => {
  const cursor = before ? sql`and (at, key) < (${before.at}::timestamptz, ${before.key})` : sql``
  const branches = Object.values(sources).map(
    (source) => sql`(
      select * from (${source(customerId, phoneValue)}) as one where at is not null ${cursor}
      order by at desc, key desc limit ${limit})`,
  )
  return run(db, sql`${sql.join(branches, sql` union all `)} order by at desc, key desc limit ${limit}`)
}

/** One of them, for who wants to see all that is known of it. */
export const findEvent = async (
  db: Db,
  { customerId, phoneValue }: { readonly customerId: string; readonly phoneValue: Buffer },
  key: string,
): Promise<Event | undefined> => {
  const kind = key.slice(0, key.indexOf('.'))
  if (!isKind(kind)) return undefined
  const found = await run(
    db,
    sql`select * from (${sources[kind](customerId, phoneValue)}) as one where key = ${key} limit 1`,
  )
  return found[0]
}

const isKind = (text: string): text is EventKind => Object.hasOwn(sources, text)

const run = async (db: Db, query: ReturnType<typeof sql>): Promise<readonly Event[]> => {
  const { rows } = await sql<Event>`${query}`.execute(db)
  return rows
}

type Source = (customerId: string, phoneValue: Buffer) => ReturnType<typeof sql>

/** Each with its instant, a key of its own, and what the timeline says of it. */
const sources: Readonly<Record<EventKind, Source>> = {
  case: (customer) => sql`
    select c.opened_at as at, 'case.' || c.id as key, 'case' as kind, null::text as by, jsonb_build_object(
      'bills', (select count(*) from bills b where b.customer_id = c.customer_id and b.case_id = c.id and b.billed_at = c.opened_at),
      'principal', (select sum(b.principal + b.fee) from bills b where b.customer_id = c.customer_id and b.case_id = c.id and b.billed_at = c.opened_at),
      'dueDay', (select max(b.due_day) from bills b where b.customer_id = c.customer_id and b.case_id = c.id and b.billed_at = c.opened_at),
      'import', c.import_id) as facts
    from cases c where c.customer_id = ${customer}`,
  closed: (customer) => sql`
    select c.closed_at as at, 'closed.' || c.id as key, 'closed' as kind, null::text as by,
      jsonb_build_object('because', c.closed_because) as facts
    from cases c where c.customer_id = ${customer} and c.closed_at is not null`,
  message: (customer) => sql`
    select coalesce(s.sent_at, s.queued_at) as at, 'message.' || s.message_id as key, 'message' as kind, null::text as by,
      jsonb_build_object('class', s.class, 'state', s.state, 'campaign', s.campaign_id, 'queuedAt', s.queued_at,
        'sentAt', s.sent_at, 'parts', m.part_count, 'sender', m.sender,
        'deliveredAt', (
          select max(v.at) from message_events v
          where v.message_id = s.message_id and v.state in ('delivered', 'failed', 'expired')),
        'because', (
          select v.because from message_events v
          where v.message_id = s.message_id and v.because is not null and v.state in ('excluded', 'deferred', 'refused', 'failed')
          order by v.number desc limit 1)) as facts
    from message_states s
    left join messages m on m.customer_id = s.customer_id and m.id = s.message_id
    where s.customer_id = ${customer}`,
  identity: (customer, phoneValue) => sql`
    select c.code_made_at as at, 'identity.' || c.id as key, 'identity' as kind, 'customer' as by,
      jsonb_build_object('matched', c.customer_ids @> array[${customer}::uuid], 'isReal', cardinality(c.customer_ids) > 0,
        'sends', c.sends, 'tries', c.tries, 'state', c.state, 'expiresAt', c.expires_at) as facts
    from challenges c where c.phone_value = ${phoneValue}`,
  visit: (customer) => sql`
    select v.opened_at as at, 'visit.' || v.id as key, 'visit' as kind, 'customer' as by,
      jsonb_build_object('lastSeenAt', v.last_seen_at, 'endedAt', v.ended_at, 'endedBecause', v.ended_because,
        'readOnly', v.read_only) as facts
    from visit_customers o join visits v on v.id = o.visit_id where o.customer_id = ${customer}`,
  answer: (customer) => sql`
    select v.answered_at as at, 'answer.' || v.answer_id || '.' || v.version as key, 'answer' as kind, v.answered_by as by,
      jsonb_build_object('kind', v.kind, 'day', v.promised_day, 'details', v.details, 'receiptNumber', v.receipt_number,
        'quietUntil', v.quiet_until, 'version', v.version, 'handback', (
          select f.position from answer_feed f
          where f.customer_id = v.customer_id and f.answer_id = v.answer_id and f.version = v.version)) as facts
    from answer_versions v where v.customer_id = ${customer}`,
  outcome: (customer) => sql`
    select o.decided_at as at, 'outcome.' || o.answer_id || '.' || o.version as key, 'outcome' as kind, null::text as by,
      jsonb_build_object('outcome', o.outcome, 'because', o.because, 'day', v.promised_day) as facts
    from promise_outcomes o
    join answer_versions v on v.customer_id = o.customer_id and v.answer_id = o.answer_id and v.version = o.version
    where o.customer_id = ${customer}`,
  note: (customer) => sql`
    select n.written_at as at, 'note.' || n.id as key, 'note' as kind, n.written_by as by,
      jsonb_build_object('sealed', encode(n.sealed, 'base64')) as facts
    from case_notes n where n.customer_id = ${customer}`,
  hold: (customer) => sql`
    select h.placed_at as at, 'hold.' || h.id as key, 'hold' as kind, h.placed_by as by,
      jsonb_build_object('reason', h.reason, 'documentDay', h.document_day, 'receivedDay', h.received_day) as facts
    from holds h where h.customer_id = ${customer}`,
  release: (customer) => sql`
    select r.released_at as at, 'release.' || r.hold_id as key, 'release' as kind, r.released_by as by,
      jsonb_build_object('reason', h.reason) as facts
    from hold_releases r join holds h on h.customer_id = r.customer_id and h.id = r.hold_id
    where r.customer_id = ${customer}`,
  deposit: (customer) => sql`
    select d.received_at as at, 'deposit.' || d.id as key, 'deposit' as kind, null::text as by,
      jsonb_build_object('channel', d.channel, 'amount', d.amount, 'onDay', d.on_day, 'certainty', d.certainty,
        'how', d.matched_how, 'isFinal', d.is_final, 'endedHow', d.ended_how, 'import', d.import_id) as facts
    from deposits d where d.customer_id = ${customer}`,
  wish: (customer) => sql`
    select w.said_at as at, 'wish.' || w.id as key, 'wish' as kind, w.noted_by as by,
      jsonb_build_object('callTime', w.call_time, 'language', w.language, 'hearing', w.hearing) as facts
    from contact_wishes w where w.customer_id = ${customer}`,
  check: (customer) => sql`
    select k.checked_at as at, 'check.' || k.id as key, 'check' as kind, k.checked_by as by,
      jsonb_build_object('asked', k.asked, 'matched', k.matched) as facts
    from caller_checks k where k.customer_id = ${customer}`,
  reveal: (customer) => sql`
    select r.revealed_at as at, 'reveal.' || r.id as key, 'reveal' as kind, r.revealed_by as by,
      jsonb_build_object('field', r.field, 'reason', r.reason) as facts
    from reveals r where r.customer_id = ${customer}`,
  act: (customer) => sql`
    select a.at, 'act.' || a.id as key, 'act' as kind, a.actor as by, a.facts || jsonb_build_object('act', a.act) as facts
    from audit_lines a
    where a.customer_id = ${customer} and a.act in ('identity.unlocked', 'slip.issued', 'card.begun', 'card.paid', 'card.failed')`,
}

/** What was sent last: its text stands on the case, so that the operator and the caller read the same. */
export type LastNotice = { readonly text: string; readonly sender: string | null; readonly at: Date }

export const findLastNotice = async (db: Db, customerId: string): Promise<LastNotice | undefined> => {
  const { rows } = await sql<LastNotice>`
    select c.notice_text as text, m.sender, s.sent_at as at
    from message_states s
    join campaigns c on c.id = s.campaign_id
    left join messages m on m.customer_id = s.customer_id and m.id = s.message_id
    where s.customer_id = ${customerId} and s.class = 'notice' and s.sent_at is not null
      and s.state in ('sending', 'unknown', 'submitted', 'delivered', 'failed', 'expired')
    order by s.sent_at desc limit 1`.execute(db)
  return rows[0]
}
