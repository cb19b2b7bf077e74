create table debit_headers (
  import_id uuid not null references imports,
  number integer not null,
  originator_code text not null,
  bank_code text not null,
  branch_code text not null,
  account_type text not null,
  account_number text not null,
  debit_day date not null,
  primary key (import_id, number)
);
create index debit_headers_day on debit_headers (originator_code, debit_day);

-- Every data record of a result file. The payer's name and account stay in the sealed file: record n starts at byte
-- (n - 1) x stride, which the import's report holds.
create table debits (
  import_id uuid not null,
  record integer not null,
  header integer not null,
  -- The 20 bytes as they came.
  customer_number text not null,
  amount bigint not null check (amount >= 0),
  result_code text not null,
  customer_id uuid,
  contract_id uuid,
  outcome text not null,
  -- Who it could have been, when the number fits several.
  candidates uuid[],
  primary key (import_id, record)
);

-- No foreign key to customers: checking it locks the customer's row, which rewrites a page of `customers` for nearly every
-- case of an import. Cases are made by imports alone, from customers joined in the same statement.
create table cases (
  customer_id uuid not null,
  id uuid not null,
  opened_at timestamptz not null,
  import_id uuid not null,
  closed_at timestamptz,
  closed_because text check (closed_because in ('settled', 'withdrawn')),
  primary key (customer_id, id),
  check ((closed_at is null) = (closed_because is null))
);
create unique index cases_one_open on cases (customer_id) where closed_at is null;

create table bills (
  customer_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  contract_id uuid,
  product text,
  -- The debit's customer number as it came, without outer spaces: a later code 0 for it and the same amount settles the bill.
  debit_number text not null,
  import_id uuid not null,
  record integer not null,
  principal bigint not null check (principal >= 0),
  fee bigint not null default 0 check (fee >= 0),
  due_day date not null,
  billed_at timestamptz not null,
  primary key (customer_id, id),
  foreign key (customer_id, case_id) references cases (customer_id, id)
);
create index bills_case on bills (customer_id, case_id);
create index bills_import on bills (import_id, record);

-- How a bill ended. A bill without a line here is open.
create table bill_endings (
  customer_id uuid not null,
  bill_id uuid not null,
  how text not null check (how in ('settled', 'withdrawn')),
  -- The day the money counts from.
  on_day date not null,
  ended_at timestamptz not null,
  import_id uuid not null references imports,
  primary key (customer_id, bill_id),
  foreign key (customer_id, bill_id) references bills (customer_id, id)
);

create view open_bills as
  select b.* from bills b
  where not exists (select from bill_endings e where e.customer_id = b.customer_id and e.bill_id = b.id);

create table holds (
  customer_id uuid not null references customers,
  id uuid not null,
  reason text not null check (reason in ('legal', 'death', 'dispute', 'hardship', 'wrong-number')),
  document_day date,
  placed_at timestamptz not null,
  placed_by text not null,
  primary key (customer_id, id)
);

create table hold_releases (
  customer_id uuid not null,
  hold_id uuid not null,
  released_at timestamptz not null,
  released_by text not null,
  primary key (customer_id, hold_id),
  foreign key (customer_id, hold_id) references holds (customer_id, id)
);

create view active_holds as
  select h.* from holds h
  where not exists (select from hold_releases r where r.customer_id = h.customer_id and r.hold_id = h.id);

create table answers (
  customer_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  first_answered_at timestamptz not null,
  primary key (customer_id, id),
  unique (customer_id, case_id),
  foreign key (customer_id, case_id) references cases (customer_id, id)
);

-- Every receipt number that was given, once. The cases that one act covers share it.
create table receipt_numbers (
  number text primary key check (number ~ '^[0-9]{9}$'),
  given_at timestamptz not null
);

create table answer_versions (
  customer_id uuid not null,
  answer_id uuid not null,
  version integer not null check (version > 0),
  kind text not null check (kind in ('already-paid', 'promise', 'consultation', 'cancelled')),
  promised_day date,
  -- A promise moves only within the days first offered: the last of them.
  last_offered_day date,
  -- No notice until this day has passed.
  quiet_until date,
  -- Optional words of the customer: when and how they paid, what they want to talk about, when to call.
  details jsonb not null default '{}',
  answered_at timestamptz not null,
  answered_by text not null,
  receipt_number text not null references receipt_numbers,
  primary key (customer_id, answer_id, version),
  foreign key (customer_id, answer_id) references answers (customer_id, id),
  check ((kind = 'promise') = (promised_day is not null)),
  check (kind <> 'promise' or (last_offered_day is not null and quiet_until is not null))
);

create table answer_bills (
  customer_id uuid not null,
  answer_id uuid not null,
  version integer not null,
  bill_id uuid not null,
  amount bigint not null,
  primary key (customer_id, answer_id, version, bill_id),
  foreign key (customer_id, answer_id, version) references answer_versions (customer_id, answer_id, version),
  foreign key (customer_id, bill_id) references bills (customer_id, id)
);

-- The promise of each case that is waited for: few rows, for a row leaves when its promise is kept, broken or cancelled.
create table live_promises (
  customer_id uuid not null,
  answer_id uuid not null,
  version integer not null,
  quiet_until date not null,
  primary key (customer_id, answer_id),
  foreign key (customer_id, answer_id, version) references answer_versions (customer_id, answer_id, version)
);
create index live_promises_due on live_promises (quiet_until);

-- How a promise ended. A promise that was moved ends with the version that moved it and has no line here.
create table promise_outcomes (
  customer_id uuid not null,
  answer_id uuid not null,
  version integer not null,
  outcome text not null check (outcome in ('kept', 'broken', 'cancelled')),
  because text not null,
  decided_at timestamptz not null,
  primary key (customer_id, answer_id, version),
  foreign key (customer_id, answer_id, version) references answer_versions (customer_id, answer_id, version)
);

create table work_items (
  customer_id uuid not null references customers,
  id uuid not null,
  kind text not null check (kind in ('consultation', 'broken-promise')),
  case_id uuid not null,
  opened_at timestamptz not null,
  details jsonb not null default '{}',
  closed_at timestamptz,
  closed_by text,
  primary key (customer_id, id)
);

-- Answer versions committed and not yet given a place in the feed.
create table answer_feed_waiting (
  customer_id uuid not null,
  answer_id uuid not null,
  version integer not null,
  primary key (customer_id, answer_id, version)
);

create table answer_feed (
  position bigint primary key check (position > 0),
  customer_id uuid not null,
  answer_id uuid not null,
  version integer not null,
  unique (customer_id, answer_id, version),
  foreign key (customer_id, answer_id, version) references answer_versions (customer_id, answer_id, version)
);
