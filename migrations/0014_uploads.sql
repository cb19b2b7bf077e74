-- Files that operators brought to the console. A worker takes them in; one that became an import has the import's id.
create table uploads (
  id uuid primary key,
  kind text not null check (kind in ('customers', 'debits', 'deposits', 'virtual-accounts')),
  file_name text not null,
  byte_count bigint not null,
  received_on date not null,
  -- The import of the same debits that this file corrects.
  replaces uuid,
  uploaded_by text not null,
  uploaded_at timestamptz not null,
  -- How often a worker began with it: a file on which the program dies shall not be tried for ever.
  tries smallint not null default 0,
  bytes_done bigint not null default 0,
  ended_at timestamptz,
  -- As it was told at the end; what is shown of the file in it is masked.
  outcome jsonb,
  check ((ended_at is null) = (outcome is null))
);
create index uploads_waiting on uploads (id) where ended_at is null;

-- The file until it was taken in, and the rows of a customer file that were rejected, for some days. Sealed; without a
-- foreign key, because a file is written piece by piece before anybody knows whether it comes to its end.
create table upload_chunks (
  upload_id uuid not null,
  part text not null check (part in ('file', 'rejected')),
  number integer not null,
  sealed bytea not null,
  primary key (upload_id, part, number)
);
alter table upload_chunks alter column sealed set storage external;

-- Whether this very master was taken in before; the other kinds have such an index already.
create index imports_customers_content on imports (content_hash) where kind = 'customers';

-- Somebody asked to have the whole chain of the audit log followed. A worker does it.
create table audit_checks (
  id uuid primary key,
  asked_by text not null,
  asked_at timestamptz not null,
  ended_at timestamptz,
  verdict jsonb,
  check ((ended_at is null) = (verdict is null))
);
create index audit_checks_waiting on audit_checks (id) where ended_at is null;

-- Ids are ordered by time. What customers and the program itself did is too much to be asked for by who did it.
create index audit_lines_act on audit_lines (act, id);
create index audit_lines_actor on audit_lines (actor, id) where actor <> 'customer' and actor <> 'system';
create index audit_lines_people on audit_lines (id) where actor <> 'customer' and actor <> 'system';

-- Debits that people have to look at: a few of a file, however long it is. What they are is said by `reportedOutcomes`.
create index debits_reported on debits (import_id, record) where outcome in (
  'unknown-customer', 'several-customers', 'excluded-product', 'contract-unclear', 'zero-amount', 'account-repair',
  'stopped-by-depositor', 'stopped-by-creditor', 'manual', 'paid-twice', 'settles-unclear', 'paid-other-amount'
);
