-- One row in a demo's database, none elsewhere: its clock can be moved, and its links lead to the address it listens on.
create table demo (
  one boolean primary key default true check (one),
  clock_offset_ms bigint not null,
  -- The latest instant the program has acted at: a restart never goes back behind it.
  last_now timestamptz not null,
  site_address text not null
);

-- A value made with each key, so that a wrong key is refused at the start and not at the first customer.
create table key_checks (
  label text primary key,
  value bytea not null
);

create table audit_lines (
  id uuid primary key,
  at timestamptz not null,
  actor text not null,
  act text not null,
  customer_id uuid,
  facts jsonb not null
);
create index audit_lines_customer on audit_lines (customer_id, at) where customer_id is not null;

-- Lines committed and not yet sealed. Sequence numbers become visible out of commit order, so the sealer empties this list instead of reading "id > last".
create table audit_unsealed (
  line_id uuid primary key
);

create table audit_seals (
  position bigint primary key check (position > 0),
  line_id uuid not null unique,
  seal bytea not null
);
