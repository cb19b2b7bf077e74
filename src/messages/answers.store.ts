import { type Db, type RawBuilder, sql } from '#platform/database/database'
import type { CampaignAnswer } from './auto-pause.rules.ts'
import { streamsOf } from './stream.store.ts'

/** Campaigns that send at present, and when each was last resumed or began. */
export const listRunningCampaigns = async (
  db: Db,
  since: Date,
): Promise<readonly { readonly campaignId: string; readonly runningSince: Date }[]> => {
  const { rows } = await sql<{ campaignId: string; runningSince: Date }>`
    select c.id as "campaignId", coalesce(control.at, c.approved_at) as "runningSince"
    from campaigns c
    left join lateral (
      select act, at from queue_controls q where q.queue_id = c.id order by q.number desc limit 1
    ) control on true
    where c.approved_at > ${since} and coalesce(control.act, 'resumed') = 'resumed'`.execute(db)
  return rows
}

/** As many claims hold the last two hundred messages at the smallest window. */
const claimsLookedAt = 200
/** Of each line of those that are tried again: the tries of the last two hundred messages are among its last. */
const retriesLookedAt = 1_000

/**
 * What became of the campaign's last messages since then, the newest last: each once, by its latest word. One that is
 * tried again has an answer only when every gateway it has met has refused it, and the next one is among these: as long as
 * another way is open to it, it is on its way, and a campaign whose other carrier delivers is none that fails.
 */
export const listLastAnswers = async (
  db: Db,
  { campaignId, runningSince }: { readonly campaignId: string; readonly runningSince: Date },
  limit: number,
): Promise<readonly CampaignAnswer[]> => {
  const { rows } = await sql<{ answer: CampaignAnswer }>`
    with recursive streams as (${streamsOf(campaignId)}), last_claims as (
      select serial, message_ids, carrier_ids from streams s
      cross join lateral (
        select k.* from claims k where k.queue_id = ${campaignId} and k.stream = s.stream
        order by k.number desc limit ${claimsLookedAt}
      ) k
      left join claim_ends e on e.queue_id = k.queue_id and e.stream = k.stream and e.number = k.number
      where s.stream is not null and k.at >= ${runningSince}
    ), last_messages as (
      select i.id, max(c.serial) as serial, bool_or(i.carrier_id is not null) as is_taken
      from last_claims c cross join unnest(c.message_ids, c.carrier_ids) as i (id, carrier_id)
      group by i.id order by max(c.serial) desc, i.id desc limit ${limit}
    ), ${nextTries(campaignId)}
    select case
        when e.state is null or e.state in ('submitted', 'reported', 'delivered') then 'taken'
        when e.state = 'failed' then 'failed'
        when e.blame = 'gateway' then 'gateway-refused'
        else 'refused'
      end as answer
    from last_messages m
    left join lateral (
      select state, blame from message_events
      where message_id = m.id and state not in ('sending', 'deferred', 'excluded')
      order by number desc limit 1
    ) e on true
    left join next_tries n on n.message_id = m.id
    where e.state in ('submitted', 'reported', 'delivered', 'failed', 'refused')
      or (e.state is null and m.is_taken)
      or (e.state = 'requeued' and e.blame is not null and coalesce(n.delay = 'refused', true)
        and not exists (${waysThatHaveNotRefused}))
    order by m.serial, m.id`.execute(db)
  return rows.map(({ answer }) => answer)
}

/** Where each message that is tried again is tried next. */
const nextTries = (campaignId: string): RawBuilder<unknown> => sql`
  lines as (
    (select stream from retries where queue_id = ${campaignId} order by stream limit 1)
    union all
    select (
      select r.stream from retries r where r.queue_id = ${campaignId} and r.stream > l.stream order by r.stream limit 1
    )
    from lines l where l.stream is not null
  ), next_tries as (
    select distinct on (r.message_id) r.message_id, split_part(l.stream, ' ', 1) as delay,
      split_part(l.stream, ' ', 2) as gateway
    from lines l
    cross join lateral (
      select message_id, position from retries where queue_id = ${campaignId} and stream = l.stream
      order by position desc limit ${retriesLookedAt}
    ) r
    where l.stream is not null
    order by r.message_id, r.position desc
  )`

const waysThatHaveNotRefused = sql`
  select from (
    select gateway from message_events where message_id = m.id and state = 'requeued'
    union all
    select n.gateway where n.gateway is not null
  ) way
  where not exists (
    select from message_events
    where message_id = m.id and state = 'requeued' and blame is not null and gateway = way.gateway
  )`
