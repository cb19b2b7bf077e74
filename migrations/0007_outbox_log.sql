-- The outbox becomes a log: rows are appended, a cursor moves over them, partitions are dropped. Nothing on the way of a
-- message is updated or deleted, so an old snapshot that somebody holds costs nothing (docs/decisions).

drop view message_states;

-- The first id of an instant: ids begin with their milliseconds (RFC 9562, section 5.7).
create function first_id_at(instant timestamptz) returns uuid language sql immutable strict parallel safe as $$
  select (lpad(to_hex((extract(epoch from instant) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

create sequence message_positions;
create sequence message_event_numbers;

alter table messages rename to messages_before;
alter index messages_pkey rename to messages_before_pkey;
alter index messages_id_key rename to messages_before_id_key;
alter index messages_phone rename to messages_before_phone;
alter table message_events rename to message_events_before;
alter index message_events_pkey rename to message_events_before_pkey;
alter index message_events_carrier rename to message_events_before_carrier;
alter index message_events_customer rename to message_events_before_customer;

create table messages (
  customer_id uuid not null,
  id uuid not null,
  class text not null check (class in ('notice', 'code', 'receipt')),
  case_id uuid,
  campaign_id uuid references campaigns,
  -- The queue it stands in: its campaign, or the one of codes and answer receipts.
  queue_id uuid not null,
  -- Grows in the order in which a queue's rows commit: who appends holds the queue's lock.
  position bigint not null,
  phone_value bytea not null,
  sender text not null,
  -- 16 bits, sent as user_message_reference and found again in receipts.
  reference integer not null check (reference between 0 and 65535),
  -- As planned; the gateway that sends may cut otherwise.
  part_count integer not null check (part_count > 0),
  -- After this instant the message must not arrive any more.
  valid_until timestamptz,
  -- The message that this one repeats after a doubtful send.
  repeats uuid,
  queued_at timestamptz not null,
  primary key (customer_id, id)
) partition by range (id);
create unique index messages_id on messages (id);
create index messages_queue on messages (queue_id, position);
create index messages_phone on messages (phone_value, queued_at);
create index messages_reference on messages (reference, id);
create index messages_repeats on messages (repeats) where repeats is not null;
create table messages_default partition of messages default;

-- Why the rules said what they said, each text once: most messages leave for the same reasons.
create table reasons (
  id uuid primary key,
  facts jsonb not null
);

-- Append-only: the state of a message is what these lines say together.
create table message_events (
  message_id uuid not null,
  number bigint not null default nextval('message_event_numbers'),
  customer_id uuid not null,
  state text not null check (state in ('deferred', 'excluded', 'sending', 'submitted', 'refused', 'requeued', 'unknown',
    'reported', 'delivered', 'failed', 'expired')),
  part smallint not null default 1,
  -- On "submitted": into how many parts this gateway cut it.
  parts smallint,
  gateway text,
  carrier_id text,
  because text,
  -- Whose fault a refusal or a lost answer is: the message's (or its number's), or the gateway's.
  blame text check (blame in ('message', 'gateway')),
  reasons_id uuid,
  -- The receipt as it came, without the excerpt of the message.
  raw text,
  at timestamptz not null,
  primary key (message_id, number)
) partition by range (message_id);
create index message_events_carrier on message_events (gateway, carrier_id) where carrier_id is not null;
create index message_events_unknown on message_events (at) where state = 'unknown';
create index message_events_blame on message_events (gateway, at) where blame = 'gateway';
create index message_events_submitted on message_events (at) where state = 'submitted';
create table message_events_default partition of message_events default;

-- What is to be looked at again, first in first out per stream: a gateway and a delay, so that its head is due first.
create table retries (
  queue_id uuid not null,
  stream text not null,
  position bigint not null default nextval('message_positions'),
  message_id uuid not null,
  not_before timestamptz not null,
  primary key (queue_id, stream, position, message_id)
) partition by range (message_id);
create table retries_default partition of retries default;

-- The cursor of each stream, as a log: its last row tells how far it is, and who has which messages in hand.
create table claims (
  queue_id uuid not null,
  -- '' for the messages themselves, else a stream of retries.
  stream text not null,
  number bigint not null,
  to_position bigint not null,
  worker uuid not null,
  -- A worker has one claim of a slot in hand at a time.
  slot text not null,
  -- The messages whose "sending" was committed with this row.
  message_ids uuid[] not null,
  at timestamptz not null,
  serial bigint generated always as identity,
  primary key (queue_id, stream, number)
);
create index claims_slot on claims (worker, slot, serial);

create table claim_ends (
  queue_id uuid not null,
  stream text not null,
  number bigint not null,
  primary key (queue_id, stream, number)
);

create table queue_controls (
  queue_id uuid not null,
  number integer not null,
  act text not null check (act in ('paused', 'resumed', 'cancelled')),
  by text not null,
  because text,
  at timestamptz not null,
  primary key (queue_id, number)
);

create table workers (
  id uuid primary key,
  -- Its process, for others on the same machine.
  place text,
  -- Grows while it lives.
  beat bigint not null default 0,
  started_at timestamptz not null,
  ended_at timestamptz
);
create index workers_alive on workers (id) where ended_at is null;

-- Each bind of each gateway belongs to one worker; the epoch is the fencing token of that ownership.
create table gateway_leases (
  gateway text not null,
  bind smallint not null,
  worker uuid,
  epoch bigint not null default 0,
  beat bigint not null default 0,
  is_bound boolean not null default false,
  primary key (gateway, bind)
);

-- Demotions and returns of gateways: the last line of each counts.
create table gateway_states (
  gateway text not null,
  number bigint generated always as identity,
  state jsonb not null,
  at timestamptz not null,
  primary key (gateway, number)
);

-- Each minute of each gateway, judged when it is old enough: how many of the messages it took got a receipt in time.
create table gateway_minutes (
  gateway text not null,
  minute timestamptz not null,
  judged integer not null,
  slow integer not null,
  primary key (gateway, minute)
);

-- What is left of a message when its month is dropped.
create table message_outcomes (
  customer_id uuid not null,
  message_id uuid not null,
  class text not null,
  case_id uuid,
  campaign_id uuid,
  phone_value bytea not null,
  repeats uuid,
  queued_at timestamptz not null,
  sent_at timestamptz,
  state text not null,
  primary key (customer_id, message_id)
);
create index message_outcomes_campaign on message_outcomes (campaign_id) where campaign_id is not null;
create index message_outcomes_phone on message_outcomes (phone_value, queued_at);

-- What there is already. What waited in the outbox comes last, and the cursor stands before it.
insert into messages
select m.customer_id, m.id, m.class, m.case_id, m.campaign_id,
  coalesce(m.campaign_id, '00000000-0000-7000-8000-00000000c0de'), nextval('message_positions'), m.phone_value, m.sender,
  m.reference, m.part_count, m.valid_until, m.repeats, m.queued_at
from (
  select b.*, o.not_before from messages_before b left join outbox o on o.message_id = b.id
  order by o.not_before nulls first, b.id
) m;

insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, at)
select m.queue_id, '', 1, max(m.position), '00000000-0000-0000-0000-000000000000', 'migration', '{}', max(m.queued_at)
from messages m where not exists (select from outbox o where o.message_id = m.id) group by m.queue_id;
insert into claim_ends select queue_id, stream, number from claims;

insert into reasons
select distinct on (1) md5(facts::text)::uuid, facts from message_events_before where facts is not null;

insert into message_events (message_id, customer_id, state, part, gateway, carrier_id, because, reasons_id, raw, at)
select e.message_id, e.customer_id, e.state, e.part, e.gateway, e.carrier_id, e.because, md5(e.facts::text)::uuid,
  (select r.raw from receipts r where r.matched_message = e.message_id and r.state = e.state limit 1), e.at
from message_events_before e order by e.id;

insert into message_events (message_id, customer_id, state, because, at)
select message_id, customer_id, 'unknown', 'worker-died', since from sending;

drop table outbox, sending, messages_before, message_events_before;

-- From now on only what no message is known for yet.
delete from receipts where matched_message is not null;
drop index receipts_unmatched;
alter table receipts drop column matched_message;
-- HMAC of the phone it speaks of: where the carrier names neither its id nor our reference, this finds the message.
alter table receipts add column phone_value bytea;
create index receipts_carrier on receipts (gateway, carrier_id);
comment on table receipts is 'Receipts of which no message is known yet; a matched one becomes a line of its message.';

-- The state of every message, told from its lines. A state never goes back: the furthest one counts.
-- "sending" without an end is doubtful, like "unknown"; "requeued" after it means that no byte left.
create view message_states as
  select m.customer_id, m.id as message_id, m.class, m.case_id, m.campaign_id, m.queue_id, m.phone_value, m.repeats,
    m.queued_at, e.sent_at,
    case
      when e.delivered_parts >= coalesce(e.parts, m.part_count) then 'delivered'
      when e.failed then 'failed'
      when e.expired then 'expired'
      when e.submitted_parts >= coalesce(e.parts, m.part_count) then 'submitted'
      when e.excluded then 'excluded'
      when e.refused then 'refused'
      when e.in_flight and not e.unknown and e.submitted_parts = 0 then 'sending'
      when e.in_flight or e.unknown or e.submitted_parts > 0 then 'unknown'
      when exists (select from queue_controls q where q.queue_id = m.queue_id and q.act = 'cancelled') then 'excluded'
      when e.deferred then 'deferred'
      else 'queued'
    end as state
  from messages m
  cross join lateral (
    select
      count(distinct v.part) filter (where v.state = 'delivered') as delivered_parts,
      count(distinct v.part) filter (where v.state = 'submitted') as submitted_parts,
      coalesce(bool_or(v.state = 'failed'), false) as failed,
      coalesce(bool_or(v.state = 'expired'), false) as expired,
      coalesce(bool_or(v.state = 'refused'), false) as refused,
      coalesce(bool_or(v.state = 'excluded'), false) as excluded,
      coalesce(bool_or(v.state = 'unknown'), false) as unknown,
      coalesce(bool_or(v.state = 'deferred'), false) as deferred,
      coalesce((array_agg(v.state order by v.number desc) filter (where v.state in ('sending', 'requeued')))[1] = 'sending',
        false) as in_flight,
      max(v.parts) as parts,
      max(v.at) filter (where v.state = 'sending') as sent_at
    from message_events v where v.message_id = m.id
  ) e
  union all
  select customer_id, message_id, class, case_id, campaign_id, campaign_id, phone_value, repeats, queued_at, sent_at, state
  from message_outcomes;

-- Makes the partitions of this instant's month (UTC) and the next one's. What went to the default partition moves along.
-- Who waits longer for a lock than this gives it up and leaves the rest to the next call: whoever sends holds some of these
-- tables and may want the others, and must not be the one that PostgreSQL ends to untie such a knot.
create function keep_message_months(instant timestamptz) returns integer
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '300ms' as $$
declare
  parent text;
  part text;
  ahead integer;
  month timestamp;
  from_id uuid;
  to_id uuid;
  key text;
  made integer := 0;
begin
  if not pg_try_advisory_xact_lock(hashtext('annai message months')) then return 0; end if;
  for ahead in 0..1 loop
    month := date_trunc('month', instant at time zone 'utc') + ahead * interval '1 month';
    from_id := first_id_at(month at time zone 'utc');
    to_id := first_id_at((month + interval '1 month') at time zone 'utc');
    foreach parent in array array['messages', 'message_events', 'retries'] loop
      part := parent || '_' || to_char(month, 'YYYY_MM');
      continue when to_regclass(part) is not null;
      key := case parent when 'messages' then 'id' else 'message_id' end;
      begin
        execute format('create table %I (like %I including defaults including constraints)', part, parent);
        -- First the parent: an insert on its way to the default partition would find itself in the wrong one.
        execute format('lock table only %I in share row exclusive mode', parent);
        execute format('lock table %I in access exclusive mode', parent || '_default');
        execute format('with moved as (delete from %I where %I >= %L and %I < %L returning *) insert into %I select * from moved',
          parent || '_default', key, from_id, key, to_id, part);
        execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part, from_id, to_id);
        made := made + 1;
      exception when lock_not_available or deadlock_detected then
        return made;
      end;
    end loop;
  end loop;
  return made;
end $$;

-- Folds what is left of the months before this instant's and drops them, with what else is as old; answers with the number
-- of months. Fails, and leaves everything as it is, when somebody holds a table too long: then it is for another time.
create function drop_message_months(instant timestamptz) returns integer
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '300ms' as $$
declare
  began timestamp := date_trunc('month', instant at time zone 'utc');
  until_id uuid := first_id_at(began at time zone 'utc');
  from_id uuid := (select id from messages order by id limit 1);
  months text[] := (
    select array_agg(right(c.relname, 7)) from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'messages'::regclass and c.relname ~ '^messages_\d{4}_\d{2}$'
      and right(c.relname, 7) < to_char(began, 'YYYY_MM')
  );
  month text;
begin
  if not pg_try_advisory_xact_lock(hashtext('annai message months')) then return 0; end if;
  if from_id < until_id then
    insert into message_outcomes
    select customer_id, message_id, class, case_id, campaign_id, phone_value, repeats, queued_at, sent_at, state
    from message_states where message_id >= from_id and message_id < until_id;
  end if;
  delete from messages_default where id < until_id;
  delete from message_events_default where message_id < until_id;
  delete from retries_default where message_id < until_id;
  foreach month in array coalesce(months, '{}') loop
    execute format('drop table %I, %I, %I', 'messages_' || month, 'message_events_' || month, 'retries_' || month);
  end loop;

  delete from message_bodies where message_id < until_id;
  delete from receipts where id < until_id;
  delete from gateway_minutes where minute < began at time zone 'utc';
  -- The last of each stream stays: it is the cursor.
  with old as (
    delete from claims k where k.at < began at time zone 'utc' and exists (
      select from claims l where l.queue_id = k.queue_id and l.stream = k.stream and l.number > k.number
    )
    returning queue_id, stream, number
  )
  delete from claim_ends e using old o where e.queue_id = o.queue_id and e.stream = o.stream and e.number = o.number;
  return coalesce(cardinality(months), 0);
end $$;

revoke execute on function keep_message_months, drop_message_months from public;
