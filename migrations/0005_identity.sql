-- One row per code asked for, hit or miss alike. A miss is a decoy: nobody stands behind it and no SMS is queued.
create table challenges (
  id uuid primary key,
  -- HMAC of phone, birth date and folded name as typed.
  identity_value bytea not null,
  -- HMAC of phone and birth date as typed: wrong codes count for the person, however the name was spelt.
  person_value bytea not null,
  -- HMAC of the phone as typed.
  phone_value bytea not null,
  -- The customers who match and may have a code; none for a decoy.
  customer_ids uuid[] not null default '{}',
  -- HMAC of challenge id and code; random bytes for a decoy.
  code_hash bytea,
  -- The code itself, sealed, for a resend; for a decoy something as long that is no code.
  code_sealed bytea,
  code_made_at timestamptz not null,
  expires_at timestamptz not null,
  tries integer not null default 0,
  sends integer not null default 1,
  last_sent_at timestamptz not null,
  state text not null check (state in ('live', 'accepted', 'dead')),
  -- Hit or miss, the request only asks for a send; a job sends to real customers and does nothing for decoys.
  send_due boolean not null default true,
  -- Both are erased on use, death and expiry.
  check ((state = 'live') = (code_hash is not null) and (state = 'live') = (code_sealed is not null))
);
create index challenges_send_due on challenges (id) where send_due;
create unique index challenges_one_live on challenges (identity_value) where state = 'live';
create index challenges_live_expiry on challenges (expires_at) where state = 'live';

-- The browsers that stand before a challenge, by the hash of their cookie.
create table challenge_holders (
  cookie_hash bytea primary key,
  challenge_id uuid not null references challenges,
  -- Sealed { family, given, birthDate, phone } as typed in this browser, shown on its code page.
  typed bytea not null,
  -- What the code page says about the last act of this browser.
  last_outcome text not null check (last_outcome in
    ('sent', 'resent', 'wait', 'no-more-today', 'paused', 'malformed', 'wrong', 'used-up', 'locked')),
  opened_at timestamptz not null
);
create index challenge_holders_opened on challenge_holders (opened_at);

-- Counters of what was typed, hit or miss alike, and of the whole service (whose key is empty).
create table identity_counters (
  scope text not null check (scope in
    ('try-phone-client', 'try-phone', 'code', 'sms', 'wrong', 'wrong-run', 'service-code', 'service-sms', 'service-wrong')),
  key bytea not null,
  -- The start of the JST day, or of the minute for the whole service.
  period timestamptz not null,
  count integer not null check (count >= 0),
  primary key (scope, key, period)
);
create index identity_counters_period on identity_counters (period);

-- When the breaker stopped new codes for everybody.
create table identity_pauses (
  id uuid primary key,
  began_at timestamptz not null,
  ends_at timestamptz not null,
  because text not null check (because in ('wrong-codes', 'code-sms'))
);
create index identity_pauses_end on identity_pauses (ends_at);

create table visits (
  id uuid primary key,
  token_hash bytea not null unique,
  read_only boolean not null,
  opened_at timestamptz not null,
  last_seen_at timestamptz not null,
  ended_at timestamptz,
  ended_because text check (ended_because in ('signed-out', 'idle', 'absolute', 'hold')),
  check ((ended_at is null) = (ended_because is null))
);
-- By a column that is never updated: touching a visit stays a heap-only update.
create index visits_open on visits (opened_at) where ended_at is null;

create table visit_customers (
  customer_id uuid not null references customers,
  visit_id uuid not null references visits,
  primary key (customer_id, visit_id)
);
create index visit_customers_visit on visit_customers (visit_id);

-- Forms that were sent, by the id they were shown with: a repeat gets the first result.
create table submissions (
  form_id bytea primary key,
  path text not null,
  body_hash bytea not null,
  location text,
  -- The cookie set by the first result, sealed, for 30 seconds.
  set_cookie bytea,
  submitted_at timestamptz not null
);
create index submissions_submitted on submissions (submitted_at);
