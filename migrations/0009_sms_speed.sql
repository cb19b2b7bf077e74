-- Fewer rows for each message: a claim says itself which messages are on their way, and its end what the carrier called
-- those that it took. Lines of their own have only messages that went another way (docs/decisions).

alter table claims
  -- That its messages went to. Missing on claims from before, whose messages have lines "sending".
  add column gateway text,
  -- Why the rules let them go: of each message, or one for all of them.
  add column reasons_ids uuid[];
alter table claim_ends
  add column gateway text,
  -- Beside the claim's messages: of each that the carrier took in one part, '' where it gave no id. Null where the message
  -- has lines of its own.
  add column carrier_ids text[],
  add column at timestamptz;
-- Several dozen ids stay in their row.
alter table claims set (toast_tuple_target = 8160);
alter table claim_ends set (toast_tuple_target = 8160);
-- Finds the claim that took a message by its place in the queue.
create index claims_position on claims (queue_id, stream, to_position);
-- Finds the message that a receipt speaks of. At once and not later in bulk, or every look would read what waits.
create index claim_ends_carrier on claim_ends using gin (carrier_ids) with (fastupdate = off);
create index claim_ends_at on claim_ends (at) where at is not null;
-- Few lines say "submitted" now: an index of all of them would look better than the one of the carrier's ids, and be worse.
drop index message_events_submitted;

-- Nobody asks for it: a line is found by its message.
alter table message_events drop column customer_id;

-- What became of a message when it was first taken from its queue; of one that was tried again the lines tell the rest.
create view first_claims as
  select m.customer_id, m.id as message_id, k.place, k.at as sent_at, k.gateway,
    case cardinality(k.reasons_ids) when 1 then k.reasons_ids[1] else k.reasons_ids[k.place] end as reasons_id,
    e.carrier_ids[k.place] as carrier_id, e.at as answered_at
  from messages m
  cross join lateral (
    select c.*, array_position(c.message_ids, m.id) as place from claims c
    where c.queue_id = m.queue_id and c.stream = '' and c.to_position >= m.position
    order by c.to_position limit 1
  ) k
  left join claim_ends e on e.queue_id = k.queue_id and e.stream = '' and e.number = k.number
  where k.place is not null and k.gateway is not null;

-- All lines of messages, those included that claims and their ends stand for.
create view message_lines as
  select message_id, number, state, part, parts, gateway, carrier_id, because, blame, reasons_id, raw, at from message_events
  union all
  select message_id, -1, 'sending', 1::smallint, null, gateway, null, null, null, reasons_id, null, sent_at from first_claims
  union all
  select message_id, 0, 'submitted', 1::smallint, 1::smallint, gateway, nullif(carrier_id, ''), null, null, null, null,
    answered_at
  from first_claims where carrier_id is not null;

-- The state of every message, told from its lines. A state never goes back: the furthest one counts.
-- "sending" without an end is doubtful, like "unknown"; "requeued" after it means that no byte left.
create or replace view message_states as
  select m.customer_id, m.id as message_id, m.class, m.case_id, m.campaign_id, m.queue_id, m.phone_value, m.repeats,
    m.queued_at, greatest(e.sent_at, f.sent_at) as sent_at,
    case
      when e.delivered_parts >= coalesce(e.parts, f.parts, m.part_count) then 'delivered'
      when e.failed then 'failed'
      when e.expired then 'expired'
      when f.parts = 1 or e.submitted_parts >= coalesce(e.parts, m.part_count) then 'submitted'
      when e.excluded then 'excluded'
      when e.refused then 'refused'
      when coalesce(e.in_flight, f.sent_at is not null) and not e.unknown and e.submitted_parts = 0 then 'sending'
      when coalesce(e.in_flight, f.sent_at is not null) or e.unknown or e.submitted_parts > 0 then 'unknown'
      when exists (select from queue_controls q where q.queue_id = m.queue_id and q.act = 'cancelled') then 'excluded'
      when e.deferred then 'deferred'
      else 'queued'
    end as state
  from messages m
  left join lateral (
    select k.at as sent_at, case when e.carrier_ids[k.place] is not null then 1 end as parts
    from (
      select c.*, array_position(c.message_ids, m.id) as place from claims c
      where c.queue_id = m.queue_id and c.stream = '' and c.to_position >= m.position
      order by c.to_position limit 1
    ) k
    left join claim_ends e on e.queue_id = k.queue_id and e.stream = '' and e.number = k.number
    where k.place is not null and k.gateway is not null
  ) f on true
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
      (array_agg(v.state order by v.number desc) filter (where v.state in ('sending', 'requeued')))[1] = 'sending' as in_flight,
      max(v.parts) as parts,
      max(v.at) filter (where v.state = 'sending') as sent_at
    from message_events v where v.message_id = m.id
  ) e
  union all
  select customer_id, message_id, class, case_id, campaign_id, campaign_id, phone_value, repeats, queued_at, sent_at, state
  from message_outcomes;
