import { type Db, sql } from '#platform/database/database'
import { firstIdAt } from '#platform/ids'
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
        and message_id >= ${firstIdOfThoseSent(now)}
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
    select s.gateway, o.minute, case when k.gives_receipts then s.judged else 0 end,
      case when k.gives_receipts then s.slow else 0 end
    from open_minutes o
    cross join lateral (
      select e.gateway, count(*) as judged, count(*) filter (where not exists (
        select from message_events r
        where r.message_id = e.message_id and r.state in ('delivered', 'failed', 'expired')
          and r.at <= e.at + interval '5 minutes'
      )) as slow
      from (
        select i.id as message_id, n.gateway, n.at
        from claim_ends n
        join claims c on c.queue_id = n.queue_id and c.stream = n.stream and c.number = n.number
        cross join unnest(c.message_ids, n.carrier_ids) as i (id, carrier_id)
        left join lateral (
          select true as is_taken from message_events
          where i.carrier_id is null and message_id = i.id and state = 'submitted' and at = n.at
          limit 1
        ) line on true
        where n.at >= o.minute and n.at < o.minute + interval '1 minute'
          and (i.carrier_id is not null or line.is_taken)
      ) e
      group by e.gateway
    ) s
    cross join lateral (
      select s.slow < s.judged
        or exists (select from gateway_minutes g where g.gateway = s.gateway and g.slow < g.judged) as gives_receipts
    ) k
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

/** What is sent now was queued at most two weeks ago; the months before need not be looked at. */
const firstIdOfThoseSent = (now: Date): string => firstIdAt(ago(now, 15 * 86_400_000))

const ago = (now: Date, ms: number): Date => new Date(now.getTime() - ms)
