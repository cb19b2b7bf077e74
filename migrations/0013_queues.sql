-- What waits for people, and what reports count: found by its index, however long the history grows.

-- Answers, the newest first; of one kind as well.
create index answer_versions_answered on answer_versions (answered_at, customer_id, answer_id, version);
create index answer_versions_kind on answer_versions (kind, answered_at, customer_id, answer_id, version);
-- Promises by their day. What came of them is found from there.
create index answer_versions_promised on answer_versions (promised_day, customer_id, answer_id, version)
  where promised_day is not null;

-- Numbers to which nothing comes through: there is an item once a person has looked at one.
alter table work_items drop constraint work_items_kind_check;
alter table work_items add constraint work_items_kind_check
  check (kind in ('consultation', 'broken-promise', 'undelivered-number'));
create index work_items_open on work_items (kind, opened_at, customer_id, id) where closed_at is null;
create index work_items_closed on work_items (kind, closed_at, customer_id, id) where closed_at is not null;
create index message_events_undelivered on message_events (at, message_id)
  where state in ('failed', 'refused', 'expired');

-- Money that a person has given to a customer, to be looked at once more.
create index deposits_by_person on deposits (on_day, id) where matched_how = 'person' and ended_at is null;

-- Cases by the day on which they opened. They are written in that order, so a coarse index is enough and costs an import
-- nothing.
create index cases_opened on cases using brin (opened_at) with (pages_per_range = 32);

-- What a report has counted, kept for a while: counting a million cases is nothing to do on every look.
create table report_figures (
  report text not null,
  from_day date not null,
  to_day date not null,
  counted_at timestamptz not null,
  took_ms integer not null check (took_ms >= 0),
  figures jsonb not null,
  primary key (report, from_day, to_day)
);
