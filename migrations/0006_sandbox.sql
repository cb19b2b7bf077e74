-- What the demo's carrier has taken, sealed: a restart of the demo loses no message and no receipt.
create table sandbox_messages (
  id text primary key,
  sealed bytea not null,
  taken_at timestamptz not null,
  -- When it came to its end, on the phone or not.
  ended_at timestamptz,
  is_acknowledged boolean not null default false
);
create index sandbox_messages_order on sandbox_messages (taken_at, id);
