import { type Db, sql } from '#platform/database/database'
import type { GatewayFacts, GatewayState } from './gateway-health.rules.ts'

/** What all nodes together know of each gateway: its errors of the last minute, its receipts of the last quarter of an hour. */
export const listGatewayFacts = async (
  db: Db,
  gateways: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, Omit<GatewayFacts, 'bound'>>> => {
  const { rows } = await sql<{ gateway: string; errors: number; judged: number; slow: number }>`
    select g.name as gateway, errors.count as errors, receipts.judged, receipts.slow
    from unnest(${[...gateways]}::text[]) as g (name)
    cross join lateral (
      select count(*)::int as count from message_events
      where gateway = g.name and blame = 'gateway' and at > ${ago(now, 60_000)} and at <= ${now}
    ) errors
    cross join lateral (
      select coalesce(sum(judged), 0)::int as judged, coalesce(sum(slow), 0)::int as slow from gateway_minutes
      where gateway = g.name and minute > ${ago(now, 15 * 60_000)} and minute <= ${now}
    ) receipts`.execute(db)
  return new Map(rows.map(({ gateway, errors, ...receipts }) => [gateway, { errors, receipts }]))
}

const receiptPatienceMs = 5 * 60_000

/**
 * Judges the minutes that have become old enough and were not judged: a message is slow when no final receipt came within
 * five minutes. A gateway that never gives receipts is not judged by them.
 */
export const judgeMinutes = async (db: Db, now: Date): Promise<void> => {
  const until = minuteOf(ago(now, receiptPatienceMs))
  await sql`
    with open_minutes as (
      select m as minute from generate_series(${ago(until, 10 * 60_000)}::timestamptz, ${ago(until, 60_000)}, '1 minute') m
      where not exists (select from gateway_minutes g where g.minute = m)
    )
    insert into gateway_minutes (gateway, minute, judged, slow)
    select s.gateway, o.minute, count(*), count(*) filter (where not s.has_receipt)
    from open_minutes o
    cross join lateral (
      select e.gateway, exists (
        select from message_events r
        where r.message_id = e.message_id and r.state in ('delivered', 'failed', 'expired')
          and r.at <= e.at + interval '5 minutes'
      ) as has_receipt
      from message_events e
      where e.at >= o.minute and e.at < o.minute + interval '1 minute' and e.state = 'submitted'
    ) s
    group by s.gateway, o.minute
    having bool_or(s.has_receipt)
      or exists (select from gateway_minutes g where g.gateway = s.gateway and g.slow < g.judged)
    on conflict do nothing`.execute(db)
}

export const minuteOf = (instant: Date): Date => new Date(Math.floor(instant.getTime() / 60_000) * 60_000)

/** The last word about each gateway. */
export const listGatewayStates = async (
  db: Db,
  gateways: readonly string[],
): Promise<ReadonlyMap<string, GatewayState>> => {
  const { rows } = await sql<{ gateway: string; state: GatewayState }>`
    select g.name as gateway, s.state from unnest(${[...gateways]}::text[]) as g (name)
    cross join lateral (
      select state from gateway_states where gateway = g.name order by number desc limit 1
    ) s`.execute(db)
  return new Map(rows.map(({ gateway, state }) => [gateway, state]))
}

export const insertGatewayState = async (db: Db, gateway: string, state: GatewayState, now: Date): Promise<void> => {
  await db
    .insertInto('gateway_states')
    .values({ gateway, state: JSON.stringify(state), at: now })
    .execute()
}

const ago = (now: Date, ms: number): Date => new Date(now.getTime() - ms)
