-- The operators' console: who may enter is said by the creditor's identity provider, and what is kept here is short.

-- Whoever has signed in, as the provider called them then: lines of the audit log name the subject alone.
create table operators (
  subject text primary key check (subject <> ''),
  name text not null,
  roles text[] not null,
  signed_in_at timestamptz not null
);

create table operator_sessions (
  id uuid primary key,
  token_hash bytea not null unique,
  subject text not null references operators,
  -- As they were at sign-in: who loses a role keeps it until the session ends, ten hours at most.
  name text not null,
  roles text[] not null,
  -- The provider's token, sealed: it asks for it when the operator signs out.
  id_token bytea,
  opened_at timestamptz not null,
  last_seen_at timestamptz not null,
  ended_at timestamptz,
  ended_because text check (ended_because in ('signed-out', 'idle', 'absolute', 'replaced')),
  check ((ended_at is null) = (ended_because is null))
);
-- By a column that is never updated: touching a session stays a heap-only update.
create index operator_sessions_open on operator_sessions (opened_at) where ended_at is null;

-- On the way to the provider and back, for ten minutes: of one browser, used once.
create table operator_sign_ins (
  browser_hash bytea primary key,
  -- State, nonce and the verifier of the code, sealed.
  secrets bytea not null,
  -- A path of the console.
  return_to text not null check (return_to like '/%'),
  begun_at timestamptz not null
);
create index operator_sign_ins_begun on operator_sign_ins (begun_at);
