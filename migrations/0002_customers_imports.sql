create table imports (
  id uuid primary key,
  kind text not null check (kind in ('customers', 'debits')),
  -- SHA-256 over the records without separators and 0x1A.
  content_hash bytea not null,
  file_name text not null,
  byte_count bigint not null,
  record_count integer not null,
  received_on date not null,
  imported_at timestamptz not null,
  imported_by text not null,
  replaces uuid references imports,
  report jsonb not null,
  ended_at timestamptz,
  ended_how text check (ended_how in ('undone', 'replaced')),
  check ((ended_at is null) = (ended_how is null))
);
create unique index imports_debits_once on imports (content_hash) where kind = 'debits' and ended_at is null;

-- The file as it came, sealed in chunks; no foreign key, because the chunks are written beside the import's own transaction.
create table import_chunks (
  import_id uuid not null,
  number integer not null,
  sealed bytea not null,
  primary key (import_id, number)
);
alter table import_chunks alter column sealed set storage external;

-- Rows that an import writes by the million name it without a foreign key: the same import is looked up for each of them,
-- and that took as long as everything else together. An import's own line is written first, in the same transaction.
create table customers (
  id uuid primary key,
  customer_number text not null unique,
  -- Without leading zeros: the bank's field is zero-filled by many senders.
  customer_number_bare text not null,
  -- The customer's own random key, wrapped: deleting it deletes the person.
  data_key bytea not null,
  -- Sealed { family, given, birthDate }.
  person bytea not null,
  -- Sealed E.164 number.
  mobile_number bytea not null,
  -- HMAC of the number, for what is counted per phone.
  phone_value bytea not null,
  -- HMAC of everything sealed above: an import seals again only who has changed. Null is sealed again at the next import.
  person_value bytea,
  import_id uuid not null,
  updated_at timestamptz not null
);
-- With the id, so that a million debits are matched without reading a million customers.
create index customers_bare on customers (customer_number_bare) include (id);
create index customers_padded on customers (customer_number_bare) where customer_number <> customer_number_bare;
create index customers_phone on customers (phone_value);

create table contracts (
  customer_id uuid not null references customers,
  id uuid not null,
  contract_number text not null unique,
  product text not null,
  excluded boolean not null,
  debit_number text,
  debit_number_bare text,
  import_id uuid not null,
  primary key (customer_id, id)
);
create index contracts_debit_number on contracts (debit_number) where debit_number is not null;
create index contracts_debit_number_bare on contracts (debit_number_bare) where debit_number_bare is not null;

-- Blind index of identity: HMAC of phone, birth date and folded name, in both orders of the name.
create table identity_index (
  value bytea not null,
  customer_id uuid not null references customers,
  primary key (value, customer_id)
);
create index identity_index_customer on identity_index (customer_id);

-- Blind indexes for the operators' search, each under its own label.
create table customer_search (
  label text not null check (label in ('family', 'given', 'full-name', 'phone', 'phone-last4')),
  value bytea not null,
  customer_id uuid not null references customers,
  primary key (label, value, customer_id)
);
create index customer_search_customer on customer_search (customer_id);
