create table campaigns (
  id uuid primary key,
  planned_at timestamptz not null,
  planned_by text not null,
  notice_text text not null,
  -- The hash of the rules and policy that decided.
  rules_version text not null,
  target_count integer not null,
  planned_count integer not null,
  excluded_count integer not null,
  approved_at timestamptz,
  approved_by text,
  check ((approved_at is null) = (approved_by is null))
);

-- The chains of rules asked, each once: most customers of a campaign stand in the same facts.
create table campaign_chains (
  campaign_id uuid not null references campaigns,
  number integer not null,
  chain jsonb not null,
  primary key (campaign_id, number)
);

-- One line per open case: a notice, or the reason why not.
create table campaign_decisions (
  campaign_id uuid not null references campaigns,
  customer_id uuid not null,
  case_id uuid not null,
  decision text not null check (decision in ('notice', 'excluded')),
  -- The rule that excluded, or null.
  because text,
  chain_number integer not null,
  primary key (campaign_id, customer_id, case_id),
  foreign key (campaign_id, chain_number) references campaign_chains (campaign_id, number),
  check ((decision = 'excluded') = (because is not null))
);

create table messages (
  customer_id uuid not null,
  id uuid not null unique,
  class text not null check (class in ('notice', 'code', 'receipt')),
  case_id uuid,
  campaign_id uuid references campaigns,
  phone_value bytea not null,
  sender text not null,
  -- 16 bits, sent as user_message_reference and found again in receipts.
  reference integer not null check (reference between 0 and 65535),
  part_count integer not null check (part_count > 0),
  -- After this instant the message must not arrive any more.
  valid_until timestamptz,
  -- The message that this one repeats after a doubtful send.
  repeats uuid,
  queued_at timestamptz not null,
  primary key (customer_id, id)
);
create index messages_phone on messages (phone_value, queued_at);
create index messages_campaign on messages (campaign_id) where campaign_id is not null;

-- Bodies that hold a code, sealed; deleted when the message was handed over or died. A notice's text is its campaign's.
create table message_bodies (
  message_id uuid primary key,
  sealed bytea not null
);

-- What waits to be sent. A row leaves in the transaction that commits the intent to send ("sending").
create table outbox (
  lane text not null check (lane in ('code', 'campaign')),
  message_id uuid not null,
  customer_id uuid not null,
  not_before timestamptz not null,
  primary key (lane, not_before, message_id)
);
create unique index outbox_message on outbox (message_id);

-- Append-only: the state of a message is what these lines say together.
create table message_events (
  message_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  state text not null check (state in
    ('deferred', 'excluded', 'sending', 'submitted', 'refused', 'requeued', 'unknown', 'delivered', 'failed', 'expired')),
  part integer not null default 1,
  gateway text,
  carrier_id text,
  -- The worker that committed the intent; when its lock is gone, what it left in "sending" is "unknown".
  worker text,
  because text,
  facts jsonb,
  at timestamptz not null,
  primary key (message_id, id)
);
create index message_events_carrier on message_events (gateway, carrier_id) where carrier_id is not null;
create index message_events_customer on message_events (customer_id, at) where state = 'sending';

-- Messages handed to a worker and not yet answered: few rows, emptied by the worker itself.
create table sending (
  message_id uuid primary key,
  customer_id uuid not null,
  worker text not null,
  since timestamptz not null
);

-- Every receipt that came, also before its message's response, twice, or for nobody.
create table receipts (
  id uuid primary key,
  gateway text not null,
  carrier_id text not null,
  state text not null,
  error_code text,
  reference integer,
  raw text not null,
  received_at timestamptz not null,
  matched_message uuid
);
create index receipts_unmatched on receipts (gateway, carrier_id) where matched_message is null;

-- The state of every message, told from its lines. A state never goes back: the furthest one counts.
-- "sending" without an end is doubtful, like "unknown"; "requeued" after it means that no byte left.
create view message_states as
  select m.customer_id, m.id as message_id, m.class, m.case_id, m.campaign_id, m.phone_value, m.repeats, m.queued_at, e.sent_at,
    case
      when e.delivered_parts >= m.part_count then 'delivered'
      when e.failed then 'failed'
      when e.expired then 'expired'
      when e.submitted_parts >= m.part_count then 'submitted'
      when e.excluded then 'excluded'
      when e.refused then 'refused'
      when e.in_flight and not e.unknown and e.submitted_parts = 0 then 'sending'
      when e.in_flight or e.unknown or e.submitted_parts > 0 then 'unknown'
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
      coalesce((array_agg(v.state order by v.id desc) filter (where v.state in ('sending', 'requeued')))[1] = 'sending', false)
        as in_flight,
      max(v.at) filter (where v.state = 'sending') as sent_at
    from message_events v where v.message_id = m.id
  ) e;
