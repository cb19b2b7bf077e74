-- What is owed to the yen, ways to pay it, and the money that came in.

alter table imports drop constraint imports_kind_check;
alter table imports add constraint imports_kind_check
  check (kind in ('customers', 'debits', 'deposits', 'virtual-accounts'));
create unique index imports_deposits_once on imports (content_hash) where kind = 'deposits' and ended_at is null;

-- What a demand for a loan has to name (貸金業法21条2項), and the creditor's own Pay-easy numbers.
alter table contracts
  add contract_day date,
  add loan_amount bigint check (loan_amount > 0),
  add annual_rate_percent text,
  add pay_easy jsonb;

-- One account per customer, for good: assigned once, never given to another.
create table virtual_accounts (
  bank_code text not null,
  branch_code text not null,
  account_number text not null,
  account_type text not null check (account_type in ('普通', '当座', '貯蓄')),
  import_id uuid not null references imports,
  customer_id uuid references customers,
  assigned_at timestamptz,
  assigned_how text check (assigned_how in ('master', 'pool')),
  primary key (bank_code, branch_code, account_number),
  check (num_nonnulls(customer_id, assigned_at, assigned_how) in (0, 3))
);
create unique index virtual_accounts_customer on virtual_accounts (customer_id) where customer_id is not null;
create index virtual_accounts_free on virtual_accounts (bank_code, branch_code, account_number)
  where customer_id is null;

-- A slip for a convenience store. Its amount is fixed when it is issued: paid in time, it pays its bills whole.
create table slips (
  customer_id uuid not null,
  id uuid not null,
  -- The free part of the 44 digits, which the agent reports back.
  number text not null unique,
  barcode text not null check (barcode ~ '^[0-9]{44}$'),
  amount bigint not null check (amount > 0),
  -- The day whose late charge is in the amount.
  charge_day date not null,
  expires_on date not null,
  issued_at timestamptz not null,
  primary key (customer_id, id),
  foreign key (customer_id) references customers (id)
);
create table slip_bills (
  customer_id uuid not null,
  slip_id uuid not null,
  bill_id uuid not null,
  amount bigint not null check (amount > 0),
  primary key (customer_id, slip_id, bill_id),
  foreign key (customer_id, slip_id) references slips (customer_id, id),
  foreign key (customer_id, bill_id) references bills (customer_id, id)
);

-- A payment begun at a provider (card, wallet, a provider's own convenience-store slip).
create table card_payments (
  customer_id uuid not null,
  id uuid not null,
  provider text not null,
  -- The provider's own id; known once it has answered.
  provider_id text,
  amount bigint not null check (amount > 0),
  charge_day date not null,
  begun_at timestamptz not null,
  primary key (customer_id, id),
  foreign key (customer_id) references customers (id)
);
create unique index card_payments_provider on card_payments (provider, provider_id) where provider_id is not null;
create table card_payment_bills (
  customer_id uuid not null,
  card_payment_id uuid not null,
  bill_id uuid not null,
  amount bigint not null check (amount > 0),
  primary key (customer_id, card_payment_id, bill_id),
  foreign key (customer_id, card_payment_id) references card_payments (customer_id, id),
  foreign key (customer_id, bill_id) references bills (customer_id, id)
);

-- Money that came in: a line of a bank's or an agent's file, a successful debit, or a provider's notice. Like all that an
-- import writes by the million, it names its import and its customer without a foreign key.
create table deposits (
  id uuid primary key,
  import_id uuid,
  record integer,
  channel text not null check (channel in ('transfer', 'convenience-store', 'pay-easy', 'card', 'debit')),
  amount bigint not null check (amount > 0),
  -- The day from which it counts: 起算日, the day at the till, 引落日.
  on_day date not null,
  -- bank-branch-number of the account it came to.
  account text,
  -- 振込依頼人コード, the slip's number, the provider's id: as it came, without outer spaces.
  reference text,
  -- What makes the line this line wherever it is reported again.
  line_key text not null,
  -- An agent's 速報 waits for its 確報; everything else is certain at once.
  is_final boolean not null default true,
  final_by_import uuid references imports,
  received_at timestamptz not null,
  -- Whose it is now. Every change by a person is in the audit log.
  customer_id uuid,
  -- What it was meant for, when that is known: it pays these bills and nothing else.
  slip_id uuid,
  card_payment_id uuid,
  bill_id uuid,
  matched_how text check (matched_how in
    ('virtual-account', 'slip', 'reference', 'name', 'debit', 'provider', 'person')),
  certainty text check (certainty in ('certain', 'probable')),
  unmatched_because text,
  candidates uuid[],
  -- Taken back: reversed by the bank or the agent, refunded at the provider, or its import undone.
  ended_at timestamptz,
  ended_how text check (ended_how in ('reversed', 'refunded', 'undone')),
  ended_by_import uuid references imports,
  check ((customer_id is null) = (matched_how is null)),
  check ((customer_id is null) = (unmatched_because is not null)),
  check ((ended_at is null) = (ended_how is null)),
  foreign key (customer_id, slip_id) references slips (customer_id, id),
  foreign key (customer_id, card_payment_id) references card_payments (customer_id, id),
  foreign key (customer_id, bill_id) references bills (customer_id, id)
);
create unique index deposits_line on deposits (line_key) where ended_how is distinct from 'undone';
create index deposits_customer on deposits (customer_id) where customer_id is not null;
create index deposits_unmatched on deposits (on_day, id) where customer_id is null and ended_at is null;
create index deposits_import on deposits (import_id, record);

-- Which account and days a bank's file tells of, and in which kind of file: another kind for the same would tell the same
-- money under other numbers.
create table deposit_headers (
  import_id uuid not null references imports,
  -- 1 for the first account of the file.
  number integer not null,
  type_code text not null check (type_code in ('01', '03')),
  -- bank-branch-number.
  account text not null,
  from_day date not null,
  to_day date not null check (to_day >= from_day),
  primary key (import_id, number)
);
create index deposit_headers_account on deposit_headers (account, to_day);

-- What a file takes back. One that finds no deposit waits for people, or for the deposit: it is then born reversed.
create table reversals (
  import_id uuid not null references imports,
  record integer not null,
  channel text not null check (channel in ('transfer', 'convenience-store')),
  amount bigint not null check (amount > 0),
  on_day date not null,
  account text,
  reference text,
  -- The `line_key` of the deposit that it takes back.
  reversal_key text not null,
  received_at timestamptz not null,
  deposit_id uuid references deposits,
  primary key (import_id, record)
);
create index reversals_stray on reversals (reversal_key) where deposit_id is null;
create index reversals_deposit on reversals (deposit_id) where deposit_id is not null;

-- Lines that an earlier file had reported. When that one is taken back the deposit stays, as this one's.
create table deposit_repeats (
  import_id uuid not null references imports,
  record integer not null,
  line_key text not null,
  primary key (import_id, record)
);
create index deposit_repeats_line on deposit_repeats (line_key);

-- Where every yen went. Lines are only added: what a deposit paid is the sum of its lines on a bill, and a reversal adds
-- the same lines with the other sign. For a deposit in force all its lines come to its amount; for one taken back, to 0.
-- No foreign keys: lines are written from the deposits and bills themselves, and checking each again took longer than
-- everything else together.
create table ledger_lines (
  customer_id uuid not null,
  id uuid not null,
  deposit_id uuid not null,
  -- Null: more than is owed (`surplus`), or given back (`refund`).
  bill_id uuid,
  account text not null check (account in ('bill', 'surplus', 'refund')),
  fee bigint not null default 0,
  late_charge bigint not null default 0,
  principal bigint not null default 0,
  amount bigint not null,
  at timestamptz not null,
  primary key (customer_id, id),
  check ((account = 'bill') = (bill_id is not null)),
  check (amount <> 0 or account = 'bill'),
  check (account <> 'bill' or amount = fee + late_charge + principal)
);
create index ledger_lines_deposit on ledger_lines (deposit_id);
create index ledger_lines_bill on ledger_lines (customer_id, bill_id) where bill_id is not null;
create index ledger_lines_surplus on ledger_lines (deposit_id) where account <> 'bill';

-- The last day whose late charge a deposit was asked for: its own, or the one that a slip or a payment was issued with.
-- Null: it was asked for none, as a debit is.
create view deposit_days as
  select d.id as deposit_id, d.on_day, case
      when d.channel = 'debit' then null
      when s.expires_on >= d.on_day then s.charge_day
      else coalesce(p.charge_day, d.on_day)
    end as charge_day
  from deposits d
  left join slips s on s.customer_id = d.customer_id and s.id = d.slip_id
  left join card_payments p on p.customer_id = d.customer_id and p.id = d.card_payment_id;

-- What each deposit has paid of each bill.
create view bill_credits as
  select l.customer_id, l.bill_id, l.deposit_id, d.on_day, coalesce(d.charge_day, b.due_day) as charge_day,
    sum(l.fee)::bigint as fee, sum(l.late_charge)::bigint as late_charge, sum(l.principal)::bigint as principal
  from ledger_lines l
  join bills b on b.customer_id = l.customer_id and b.id = l.bill_id
  join deposit_days d on d.deposit_id = l.deposit_id
  group by l.customer_id, l.bill_id, l.deposit_id, d.on_day, d.charge_day, b.due_day
  having sum(l.amount) <> 0;

-- The feed of money for the core system: dense positions, given after commit, as with answers.
create table ledger_feed (
  position bigint primary key check (position > 0),
  customer_id uuid not null,
  line_id uuid not null,
  -- Whether the line's bill was settled when it got its place; a later change of that brings a later line.
  is_settled boolean,
  unique (customer_id, line_id),
  foreign key (customer_id, line_id) references ledger_lines (customer_id, id)
);
create table ledger_feed_waiting (
  customer_id uuid not null,
  line_id uuid not null,
  -- In the order in which they get their places: ids are ordered by time.
  primary key (line_id, customer_id)
);

-- A bill may now end by money that no import brought.
alter table bill_endings alter import_id drop not null;
-- A file that pays a million bills would look up its own line a million times.
alter table bill_endings drop constraint bill_endings_import_id_fkey, drop constraint bill_endings_customer_id_bill_id_fkey;

-- A payer may write the number of their receipt.
create index answer_versions_receipt on answer_versions (receipt_number);
