-- A campaign's own text, and the second pair of eyes before it goes.

-- Who wrote this campaign's text, and when. Null: it is the creditor's file's.
alter table campaigns
  add column text_by text,
  add column text_at timestamptz,
  add check ((text_by is null) = (text_at is null));

-- Every text that a campaign had before it was approved.
create table campaign_texts (
  campaign_id uuid not null references campaigns,
  number integer not null check (number > 0),
  notice_text text not null,
  written_at timestamptz not null,
  written_by text not null,
  primary key (campaign_id, number)
);

-- What a second person was asked to let go. One of a campaign waits at a time; any change ends it.
create table approval_requests (
  campaign_id uuid not null references campaigns,
  number integer not null check (number > 0),
  asked_at timestamptz not null,
  asked_by text not null,
  -- SHA-256 of the text, the sender, the rules' version and everybody who is to get it, with the number on file.
  pinned bytea not null,
  notice_count integer not null check (notice_count > 0),
  -- Some of those who are to get it, drawn when it was asked.
  drawn uuid[] not null,
  -- How many of them were to get the campaign before, too.
  last_campaign_id uuid references campaigns,
  also_in_last integer not null,
  primary key (campaign_id, number)
);
-- Those without an end: few rows, for a row leaves with the answer.
create table open_approval_requests (
  campaign_id uuid primary key,
  number integer not null,
  foreign key (campaign_id, number) references approval_requests (campaign_id, number)
);
create table approval_ends (
  campaign_id uuid not null,
  number integer not null,
  how text not null check (how in ('approved', 'returned', 'withdrawn', 'voided')),
  -- In the words of whoever returned it; of one that is void, what has changed.
  because text,
  ended_at timestamptz not null,
  ended_by text not null,
  primary key (campaign_id, number),
  foreign key (campaign_id, number) references approval_requests (campaign_id, number)
);

-- Who was excluded for which reason, page by page.
create index campaign_decisions_excluded on campaign_decisions (campaign_id, because, customer_id)
  where decision = 'excluded';

-- How long it took until nothing of a queue was in anybody's hand any more after it was paused or cancelled.
create table queue_stills (
  queue_id uuid not null,
  number integer not null,
  took_ms integer not null check (took_ms >= 0),
  -- What was still awaited when nobody waited any longer.
  in_hand integer not null check (in_hand >= 0),
  primary key (queue_id, number),
  foreign key (queue_id, number) references queue_controls (queue_id, number)
);

-- A campaign's numbers as they were last counted: counting a million takes seconds, and many look at the same page.
create table campaign_tallies (
  campaign_id uuid primary key references campaigns,
  counted_at timestamptz not null,
  took_ms integer not null check (took_ms >= 0),
  tally jsonb not null
);
