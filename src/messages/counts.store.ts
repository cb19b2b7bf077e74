import { type Db, sql } from '#platform/database/database'
import { dayInJst, instantOfJst } from '#values/day'

export type CampaignCount = {
  /** 対象 = 送信 + 除外 + 失敗 + 未送信. */
  readonly target: number
  /** 送信: accepted by a carrier, or doubtful. */
  readonly sent: number
  readonly delivered: number
  readonly undelivered: number
  readonly unknown: number
  /** 除外: by rule, when planned or when released. */
  readonly excluded: number
  /** 失敗: refused at submit. */
  readonly failed: number
  /** 未送信: queued or deferred. */
  readonly unsent: number
}

/** The reconciliation line of a campaign, computed from the log. A repeat counts with the message it repeats. */
export const countCampaign = async (db: Db, campaignId: string): Promise<CampaignCount> => {
  const { rows } = await sql<{ state: string; count: number }>`
    with outcomes as (
      select coalesce(repeats, message_id) as root,
        (array_agg(state order by array_position(
          array['delivered', 'failed', 'expired', 'submitted', 'unknown', 'sending', 'refused', 'deferred', 'queued', 'excluded'],
          state)))[1] as state
      from message_states where queue_id = ${campaignId} group by 1
    )
    select state, count(*)::int as count from outcomes group by state
    union all
    select 'decided-' || decision, count(*)::int from campaign_decisions
    where campaign_id = ${campaignId} group by decision`.execute(db)
  const count = (...states: readonly string[]) =>
    rows.filter(({ state }) => states.includes(state)).reduce((sum, row) => sum + row.count, 0)
  const queued = count('queued', 'deferred')
  const started =
    count('delivered', 'failed', 'expired', 'submitted', 'unknown', 'sending', 'refused', 'excluded') + queued
  return {
    target: count('decided-notice', 'decided-excluded'),
    sent: count('delivered', 'failed', 'expired', 'submitted', 'unknown', 'sending'),
    delivered: count('delivered'),
    undelivered: count('failed', 'expired'),
    unknown: count('unknown', 'sending'),
    excluded: count('decided-excluded', 'excluded'),
    failed: count('refused'),
    // Before approval there are no messages yet: every planned notice is unsent.
    unsent: queued + Math.max(0, count('decided-notice') - started),
  }
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
  of: readonly { readonly customerId: string; readonly caseId: string; readonly phoneValue: Buffer }[],
  now: Date,
): Promise<ReadonlyMap<string, NoticesSent>> => {
  const today = instantOfJst(dayInJst(now), 0)
  const week = new Date(today.getTime() - 6 * 86_400_000)
  const { rows } = await sql<NoticesSent & { caseId: string }>`
    with asked as (
      select * from unnest(
        ${of.map(({ customerId }) => customerId)}::uuid[],
        ${of.map(({ caseId }) => caseId)}::uuid[],
        ${of.map(({ phoneValue }) => phoneValue)}::bytea[]) as a (customer_id, case_id, phone_value)
    )
    select a.case_id as "caseId", c.*, p.*
    from asked a
    cross join lateral (
      select count(*) filter (where s.sent_at >= ${today})::int as today,
        count(*) filter (where s.sent_at >= ${week})::int as "in7Days",
        count(*) filter (where s.case_id = a.case_id)::int as "inCase"
      from message_states s
      where s.customer_id = a.customer_id and s.class = 'notice'
        and s.state in ('sending', 'unknown', 'submitted', 'delivered', 'failed', 'expired')
    ) c
    cross join lateral (
      select count(*) filter (where s.sent_at >= ${today})::int as "todayOnPhone",
        count(*)::int as "in7DaysOnPhone"
      from message_states s
      where s.phone_value = a.phone_value and s.class = 'notice' and s.queued_at >= ${monthBefore(now)}
        and s.sent_at >= ${week}
        and s.state in ('sending', 'unknown', 'submitted', 'delivered', 'failed', 'expired')
    ) p`.execute(db)
  return new Map(rows.map(({ caseId, ...counts }) => [caseId, counts]))
}

/** A notice that waited longer than this in the queue was decided again anyway. */
const monthBefore = (now: Date): Date => new Date(now.getTime() - 31 * 86_400_000)
