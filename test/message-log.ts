import { type Database, sql } from '#platform/database/database'

/** A part of a queue as sending would leave it: many messages, of which the first ones have come some way. */
export type Stretch = {
  readonly queueId: string
  readonly class: 'notice' | 'code'
  readonly at: Date
  readonly count: number
  /** How many of them are "sending", "submitted" and "delivered". */
  readonly sending?: number
  readonly submitted?: number
  readonly delivered?: number
  /** How many one claim took. */
  readonly perClaim?: number
}

export const worker = '00000000-0000-7000-8000-0000000000aa'

/** Appends it by a few statements, so that a hundred thousand messages are a matter of seconds. Only the owner may. */
export const appendStretch = async (ownerDb: Database, stretch: Stretch): Promise<void> => {
  const { queueId, at, count, sending = 0, submitted = 0, delivered = 0, perClaim = 300 } = stretch
  await sql`
    insert into messages (customer_id, id, class, case_id, campaign_id, queue_id, position, phone_value, sender, reference,
      part_count, queued_at)
    select first_id_at(to_timestamp(i / 1000.0)),
      overlay(first_id_at(${at}::timestamptz)::text placing right(${queueId}, 4) || lpad(to_hex(i), 8, '0') from 25 for 12)::uuid,
      ${stretch.class}, case when ${stretch.class} = 'notice' then md5('case ' || i)::uuid end,
      case when ${stretch.class} = 'notice' then ${queueId}::uuid end, ${queueId}::uuid, nextval('message_positions'),
      decode(lpad(i::text, 64, '0'), 'hex'), '0570055877', i % 65536, 1, ${at}
    from generate_series(1, ${count}::int) i order by i`.execute(ownerDb)
  if (delivered > 0)
    await sql`
      insert into message_events (message_id, state, gateway, at)
      select id, 'delivered', 'carrier', ${at}::timestamptz + interval '60 seconds'
      from (select * from messages where queue_id = ${queueId} and queued_at = ${at} order by position limit ${delivered}) m
      order by position`.execute(ownerDb)
  if (sending > 0)
    await sql`
      with claimed as (
        insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, gateway, at)
        select ${queueId}, '',
          (select count(*) from claims where queue_id = ${queueId}) + row_number() over (order by max(position)), max(position), ${worker}, 'carrier 1 1 0',
          array_agg(id order by position), 'carrier', ${at}::timestamptz + interval '20 seconds'
        from (
          select id, position, (row_number() over (order by position) - 1) / ${perClaim}::int as claim
          from messages where queue_id = ${queueId} and queued_at = ${at} order by position limit ${sending}
        ) m
        group by claim order by claim
        returning queue_id, stream, number, message_ids
      )
      insert into claim_ends (queue_id, stream, number, gateway, carrier_ids, at)
      select queue_id, stream, number, 'carrier', array(
        select case when n <= ${submitted}::int - claim * ${perClaim}::int then right(i::text, 12) end
        from unnest(message_ids) with ordinality as u (i, n) order by n
      ), ${at}::timestamptz + interval '40 seconds'
      from (select *, row_number() over (order by number) - 1 as claim from claimed) k`.execute(ownerDb)
}

/** As sending finds it most days: autovacuum, which comes when it likes, is told to keep away from these tables. */
export const keepVacuumAway = async (ownerDb: Database): Promise<void> => {
  const { rows } = await sql<{ name: string }>`
    select oid::regclass::text as name from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace`.execute(ownerDb)
  for (const { name } of rows) await sql`alter table ${sql.table(name)} set (autovacuum_enabled = off)`.execute(ownerDb)
}

export const insertCampaign = (ownerDb: Database, id: string, at: Date) =>
  ownerDb
    .insertInto('campaigns')
    .values({
      id,
      planned_at: at,
      planned_by: 'test',
      notice_text: 'ご案内',
      rules_version: '1',
      target_count: 0,
      planned_count: 0,
      excluded_count: 0,
      approved_at: at,
      approved_by: 'test',
    })
    .execute()
