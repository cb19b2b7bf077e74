import { type Database, type Db, sql } from '#platform/database/database'
import { firstIdAt } from '#platform/ids'
import { assert } from '#values/assert'
import { dayInJst, instantOfJst } from '#values/day'

export type CampaignCount = {
  /** 対象 = 送信 + 除外 + 失敗 + 未送信. */
  readonly target: number
  /** 送信: accepted by a carrier, or doubtful. */
  readonly sent: number
  readonly delivered: number
  readonly undelivered: number
  readonly unknown: number
  /** 除外: by rule, when planned or when released, or because the campaign was cancelled. */
  readonly excluded: number
  /** 失敗: refused at submit. */
  readonly failed: number
  /** 未送信: queued or deferred. */
  readonly unsent: number
  /** Of those excluded, the ones that were excluded after the plan, by reason, the most frequent first. */
  readonly excludedSince: Readonly<Record<string, number>>
  /** Of those unsent, the ones that a rule has put off, by reason. */
  readonly deferred: Readonly<Record<string, number>>
}

/** The reconciliation line of a campaign, computed from the log. A repeat counts with the message it repeats. */
export const countCampaign = async (db: Database, campaignId: string): Promise<CampaignCount> => {
  const outcomes = await countOutcomes(db, campaignId)
  const decided = await countDecisions(db, campaignId)
  const count = (...states: readonly Outcome['state'][]) =>
    outcomes.filter(({ state }) => states.includes(state)).reduce((sum, row) => sum + row.count, 0)
  const reasonsOf = (state: Outcome['state']) =>
    Object.fromEntries(
      outcomes.filter((row) => row.state === state).map(({ because, count }) => [because ?? 'reason-not-kept', count]),
    )
  const queued = count('queued', 'deferred')
  const sent = count('delivered', 'failed', 'expired', 'submitted', 'unknown', 'sending')
  const started = sent + count('refused', 'excluded') + queued
  return {
    target: decided.notice + decided.excluded,
    sent,
    delivered: count('delivered'),
    undelivered: count('failed', 'expired'),
    unknown: count('unknown', 'sending'),
    excluded: decided.excluded + count('excluded'),
    failed: count('refused'),
    // Before approval there are no messages yet: every planned notice is unsent.
    unsent: queued + Math.max(0, decided.notice - started),
    excludedSince: reasonsOf('excluded'),
    deferred: reasonsOf('deferred'),
  }
}

type Outcome = {
  /** As in `message_states`. */
  readonly state:
    | 'delivered'
    | 'failed'
    | 'expired'
    | 'submitted'
    | 'unknown'
    | 'sending'
    | 'refused'
    | 'deferred'
    | 'queued'
    | 'excluded'
  readonly because: string | null
  readonly count: number
}

/** Of a message and its repeats the first of these counts. */
const furthestFirst: readonly Outcome['state'][] = [
  'delivered',
  'failed',
  'expired',
  'submitted',
  'unknown',
  'sending',
  'refused',
  'deferred',
  'queued',
  'excluded',
]
const rankOf = (state: Outcome['state']) => sql.lit(furthestFirst.indexOf(state) + 1)

/** A campaign of a million has some millions of lines; counting them in memory is several times as fast as on disk. */
const countingMemory = '256MB'

/**
 * The states of `message_states` for a whole queue at once: that view looks each message up, which is right for one and
 * slow for a million. A test holds the two together.
 */
const countOutcomes = (db: Database, campaignId: string): Promise<readonly Outcome[]> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const { first, last } = await findIds(tx, campaignId)
      const { rows } = await sql<Omit<Outcome, 'state'> & { rank: number }>`
      with told as (
        select v.message_id,
          -- One bit a part, because a receipt may come twice; no text is cut into more than 63.
          bit_count(bit_or(1::bigint << v.part) filter (where v.state = 'delivered')::bit(64)) as delivered_parts,
          bit_count(bit_or(1::bigint << v.part) filter (where v.state = 'submitted')::bit(64)) as submitted_parts,
          bool_or(v.state = 'failed') as failed, bool_or(v.state = 'expired') as expired,
          bool_or(v.state = 'refused') as refused, bool_or(v.state = 'excluded') as excluded,
          bool_or(v.state = 'unknown') as unknown,
          max(v.number) filter (where v.state = 'sending') as sending,
          max(v.number) filter (where v.state = 'requeued') as requeued,
          max(v.parts) as parts,
          max(v.because) filter (where v.state = 'excluded') as excluded_because,
          -- The last one's reason: numbers of one width sort as text.
          max(lpad(v.number::text, 20, '0') || coalesce(v.because, '')) filter (where v.state = 'deferred') as deferred
        from message_events v
        where v.message_id between ${first}::uuid and ${last}::uuid
        group by v.message_id
      ), first as (
        -- What claims and their ends say themselves (the view first_claims, for the whole queue).
        select i.id as message_id, case when i.carrier_id is not null then 1 end as parts
        from claims c
        left join claim_ends e on e.queue_id = c.queue_id and e.stream = c.stream and e.number = c.number
        cross join unnest(c.message_ids, e.carrier_ids) as i (id, carrier_id)
        where c.queue_id = ${campaignId} and c.stream = '' and c.gateway is not null and i.id is not null
      ), states as (
        select coalesce(m.repeats, m.id) as root, substr(t.deferred, 21) as deferred_because,
          case when t.excluded then t.excluded_because when c.is_cancelled then 'cancelled' end as excluded_because,
          case
            when t.delivered_parts >= coalesce(t.parts, f.parts, m.part_count) then ${rankOf('delivered')}
            when t.failed then ${rankOf('failed')}
            when t.expired then ${rankOf('expired')}
            when f.parts = 1 or t.submitted_parts >= coalesce(t.parts, m.part_count) then ${rankOf('submitted')}
            when t.excluded then ${rankOf('excluded')}
            when t.refused then ${rankOf('refused')}
            when i.is_in_flight and not coalesce(t.unknown, false) and t.submitted_parts is null then ${rankOf('sending')}
            when i.is_in_flight or t.unknown or t.submitted_parts > 0 then ${rankOf('unknown')}
            when c.is_cancelled then ${rankOf('excluded')}
            when t.deferred is not null then ${rankOf('deferred')}
            else ${rankOf('queued')}
          end as rank
        from messages m
        cross join (
          select exists (select from queue_controls where queue_id = ${campaignId} and act = 'cancelled') as is_cancelled
        ) c
        left join told t on t.message_id = m.id
        left join first f on f.message_id = m.id
        cross join lateral (
          select case when coalesce(t.sending, t.requeued) is null then f.message_id is not null
            else coalesce(t.sending, 0) > coalesce(t.requeued, 0) end as is_in_flight
        ) i
        where m.queue_id = ${campaignId}
        union all
        select coalesce(repeats, message_id), null, null, array_position(${furthestFirst}::text[], state)
        from message_outcomes where campaign_id = ${campaignId}
      ), outcomes as (
        select root, min(rank) as rank,
          min(deferred_because) filter (where rank = ${rankOf('deferred')}) as deferred_because,
          min(excluded_because) as excluded_because
        from states group by root
      )
      select rank, count(*)::int as count,
        case rank
          when ${rankOf('deferred')} then nullif(deferred_because, '')
          when ${rankOf('excluded')} then excluded_because
        end as because
      from outcomes group by 1, 3 order by count desc, because`.execute(tx)
      return rows.map(({ rank, ...row }) => ({ ...row, state: stateOfRank(rank) }))
    })

/** Where the queue's messages lie, so that only lines of its time are read, and memory for counting them. */
const findIds = async (
  tx: Db,
  queueId: string,
): Promise<{ readonly first: string | null; readonly last: string | null }> => {
  const { rows } = await sql<{ first: string | null; last: string | null }>`
    select min(id::text collate "C") as first, max(id::text collate "C") as last,
      set_config('work_mem', ${countingMemory}, true)
    from messages where queue_id = ${queueId}`.execute(tx)
  return rows[0] ?? { first: null, last: null }
}

const countDecisions = async (db: Db, campaignId: string) => {
  const { rows } = await sql<{ decision: string; count: number }>`
    select decision, count(*)::int as count from campaign_decisions
    where campaign_id = ${campaignId} group by decision`.execute(db)
  const of = (decision: string) => rows.find((row) => row.decision === decision)?.count ?? 0
  return { notice: of('notice'), excluded: of('excluded') }
}

const stateOfRank = (rank: number): Outcome['state'] => {
  const state = furthestFirst[rank - 1]
  assert(state !== undefined, 'ranks are given from the list of states')
  return state
}

export type NoticesSent = {
  readonly today: number
  readonly in7Days: number
  readonly inCase: number
  readonly todayOnPhone: number
  readonly in7DaysOnPhone: number
}

/** Notices that were sent, doubtful ones included: to this customer, for this case, and to this phone whoever holds it. */
export const countNoticesSent = async (
  db: Db,
  of: readonly {
    readonly customerId: string
    readonly caseId: string
    readonly phoneValue: Buffer
    /** A notice that is about to be sent: it was not, so that its state need not be looked up. */
    readonly messageId?: string
  }[],
  now: Date,
): Promise<ReadonlyMap<string, NoticesSent>> => {
  const today = instantOfJst(dayInJst(now), 0)
  const week = new Date(today.getTime() - 6 * 86_400_000)
  const { rows } = await sql<NoticesSent & { caseId: string }>`
    with asked as (
      select * from unnest(
        ${of.map(({ customerId }) => customerId)}::uuid[],
        ${of.map(({ caseId }) => caseId)}::uuid[],
        ${of.map(({ phoneValue }) => phoneValue)}::bytea[],
        ${of.map(({ messageId }) => messageId ?? null)}::uuid[]) as a (customer_id, case_id, phone_value, message_id)
    )
    select a.case_id as "caseId", c.*, p.*
    from asked a
    cross join lateral (
      select count(*) filter (where s.sent_at >= ${today})::int as today,
        count(*) filter (where s.sent_at >= ${week})::int as "in7Days",
        count(*) filter (where s.case_id = a.case_id)::int as "inCase"
      from message_states s
      where s.customer_id = a.customer_id and s.class = 'notice' and s.message_id is distinct from a.message_id
        and s.state in ('sending', 'unknown', 'submitted', 'delivered', 'failed', 'expired')
    ) c
    cross join lateral (
      select count(*) filter (where s.sent_at >= ${today})::int as "todayOnPhone",
        count(*)::int as "in7DaysOnPhone"
      from message_states s
      where s.phone_value = a.phone_value and s.class = 'notice' and s.message_id is distinct from a.message_id
        and s.queued_at >= ${monthBefore(now)}
        and s.message_id >= ${firstIdAt(monthBefore(now))}
        and s.sent_at >= ${week}
        and s.state in ('sending', 'unknown', 'submitted', 'delivered', 'failed', 'expired')
    ) p`.execute(db)
  return new Map(rows.map(({ caseId, ...counts }) => [caseId, counts]))
}

/** A notice that waited longer than this in the queue was decided again anyway. */
const monthBefore = (now: Date): Date => new Date(now.getTime() - 31 * 86_400_000)
