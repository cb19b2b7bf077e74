-- What people at the contact centre write down about a customer, ask and look at.

-- Sealed with the customer's own key: people write down what callers tell them.
create table case_notes (
  customer_id uuid not null,
  id uuid not null,
  sealed bytea not null,
  written_at timestamptz not null,
  written_by text not null,
  primary key (customer_id, id),
  foreign key (customer_id) references customers (id)
);

-- How somebody wants to be spoken with. The latest counts; every earlier one stays.
create table contact_wishes (
  customer_id uuid not null,
  id uuid not null,
  call_time text not null check (call_time in ('any', 'morning', 'afternoon', 'evening', 'never')),
  language text not null check (language in ('ja', 'easy-ja', 'en', 'zh', 'ko', 'vi', 'pt', 'other')),
  hearing text not null check (hearing in ('usual', 'slowly', 'in-writing')),
  said_at timestamptz not null,
  noted_by text not null,
  primary key (customer_id, id),
  foreign key (customer_id) references customers (id)
);

-- What a caller said was compared with what is on file: which fields, and which of them matched. Never what was said.
create table caller_checks (
  customer_id uuid not null,
  id uuid not null,
  asked text[] not null check (cardinality(asked) > 0),
  matched text[] not null check (matched <@ asked),
  checked_at timestamptz not null,
  checked_by text not null,
  primary key (customer_id, id),
  foreign key (customer_id) references customers (id)
);
create index caller_checks_by on caller_checks (checked_by, checked_at);

-- A field of a customer shown in clear to one operator's session, for a reason and for minutes.
create table reveals (
  customer_id uuid not null,
  id uuid not null,
  field text not null check (field in ('name', 'phone', 'birth-date', 'customer-number', 'contract-numbers')),
  reason text not null,
  session_id uuid not null references operator_sessions,
  revealed_at timestamptz not null,
  revealed_by text not null,
  ends_at timestamptz not null,
  primary key (customer_id, id),
  foreign key (customer_id) references customers (id)
);

-- What an operator searched for, sealed, so that it stands in no address. Kept for a working day.
create table searches (
  id uuid primary key,
  sealed bytea not null,
  session_id uuid not null references operator_sessions,
  searched_at timestamptz not null
);
create index searches_age on searches (searched_at);

-- 受任通知: when it came and from whom, the name sealed with the customer's own key. And why a hold was released.
alter table holds add received_day date, add law_firm bytea;
alter table hold_releases add because bytea;

-- Who stood before an identity check with this customer's number: the timeline of a case asks.
create index challenges_phone on challenges (phone_value, id);

-- Identity tries that an operator has forgiven today, by phone: a caller who locked themselves out may try again.
alter table identity_counters drop constraint identity_counters_scope_check;
alter table identity_counters add constraint identity_counters_scope_check check (scope in
  ('try-phone-client', 'try-phone', 'code', 'sms', 'wrong', 'wrong-run', 'service-code', 'service-sms', 'service-wrong',
    'forgiven'));
