-- Generated from the migrated schema by `npm run schema`. For reading: what is applied are the numbered files.

CREATE OR REPLACE FUNCTION public.drop_message_months(instant timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET lock_timeout TO '300ms'
AS $function$
declare
  began timestamp := date_trunc('month', instant at time zone 'utc');
  until_id uuid := first_id_at(began at time zone 'utc');
  from_id uuid := (select id from messages order by id limit 1);
  months text[] := (
    select array_agg(right(c.relname, 7)) from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'messages'::regclass and c.relname ~ '^messages_\d{4}_\d{2}$'
      and right(c.relname, 7) < to_char(began, 'YYYY_MM')
  );
  month text;
begin
  if not pg_try_advisory_xact_lock(hashtext('annai message months')) then return 0; end if;
  if from_id < until_id then
    insert into message_outcomes
    select customer_id, message_id, class, case_id, campaign_id, phone_value, repeats, queued_at, sent_at, state
    from message_states where message_id >= from_id and message_id < until_id;
  end if;
  delete from messages_default where id < until_id;
  delete from message_events_default where message_id < until_id;
  delete from retries_default where message_id < until_id;
  foreach month in array coalesce(months, '{}') loop
    execute format('drop table %I, %I, %I', 'messages_' || month, 'message_events_' || month, 'retries_' || month);
  end loop;

  delete from message_bodies where message_id < until_id;
  delete from receipts where id < until_id;
  delete from gateway_minutes where minute < began at time zone 'utc';
  -- The last of each stream stays: it is the cursor.
  with old as (
    delete from claims k where k.at < began at time zone 'utc' and exists (
      select from claims l where l.queue_id = k.queue_id and l.stream = k.stream and l.number > k.number
    )
    returning queue_id, stream, number
  )
  delete from claim_ends e using old o where e.queue_id = o.queue_id and e.stream = o.stream and e.number = o.number;
  return coalesce(cardinality(months), 0);
end $function$;

CREATE OR REPLACE FUNCTION public.first_id_at(instant timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select (lpad(to_hex((extract(epoch from instant) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$function$;

CREATE OR REPLACE FUNCTION public.keep_message_months(instant timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET lock_timeout TO '300ms'
AS $function$
declare
  parent text;
  part text;
  ahead integer;
  month timestamp;
  from_id uuid;
  to_id uuid;
  key text;
  made integer := 0;
begin
  if not pg_try_advisory_xact_lock(hashtext('annai message months')) then return 0; end if;
  for ahead in 0..1 loop
    month := date_trunc('month', instant at time zone 'utc') + ahead * interval '1 month';
    from_id := first_id_at(month at time zone 'utc');
    to_id := first_id_at((month + interval '1 month') at time zone 'utc');
    foreach parent in array array['messages', 'message_events', 'retries'] loop
      part := parent || '_' || to_char(month, 'YYYY_MM');
      continue when to_regclass(part) is not null;
      key := case parent when 'messages' then 'id' else 'message_id' end;
      begin
        execute format('create table %I (like %I including defaults including constraints)', part, parent);
        -- First the parent: an insert on its way to the default partition would find itself in the wrong one.
        execute format('lock table only %I in share row exclusive mode', parent);
        execute format('lock table %I in access exclusive mode', parent || '_default');
        execute format('with moved as (delete from %I where %I >= %L and %I < %L returning *) insert into %I select * from moved',
          parent || '_default', key, from_id, key, to_id, part);
        execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part, from_id, to_id);
        made := made + 1;
      exception when lock_not_available or deadlock_detected then
        return made;
      end;
    end loop;
  end loop;
  return made;
end $function$;

create table answer_bills (
  customer_id uuid not null,
  answer_id uuid not null,
  version integer not null,
  bill_id uuid not null,
  amount bigint not null,
  constraint answer_bills_pkey PRIMARY KEY (customer_id, answer_id, version, bill_id),
  constraint answer_bills_customer_id_answer_id_version_fkey FOREIGN KEY (customer_id, answer_id, version) REFERENCES answer_versions(customer_id, answer_id, version),
  constraint answer_bills_customer_id_bill_id_fkey FOREIGN KEY (customer_id, bill_id) REFERENCES bills(customer_id, id)
);

create table answer_feed (
  "position" bigint not null,
  customer_id uuid not null,
  answer_id uuid not null,
  version integer not null,
  constraint answer_feed_pkey PRIMARY KEY ("position"),
  constraint answer_feed_customer_id_answer_id_version_key UNIQUE (customer_id, answer_id, version),
  constraint answer_feed_customer_id_answer_id_version_fkey FOREIGN KEY (customer_id, answer_id, version) REFERENCES answer_versions(customer_id, answer_id, version),
  constraint answer_feed_position_check CHECK (("position" > 0))
);

create table answer_feed_waiting (
  customer_id uuid not null,
  answer_id uuid not null,
  version integer not null,
  constraint answer_feed_waiting_pkey PRIMARY KEY (customer_id, answer_id, version)
);

create table answer_versions (
  customer_id uuid not null,
  answer_id uuid not null,
  version integer not null,
  kind text not null,
  promised_day date,
  last_offered_day date,
  quiet_until date,
  details jsonb not null default '{}'::jsonb,
  answered_at timestamp with time zone not null,
  answered_by text not null,
  receipt_number text not null,
  constraint answer_versions_pkey PRIMARY KEY (customer_id, answer_id, version),
  constraint answer_versions_customer_id_answer_id_fkey FOREIGN KEY (customer_id, answer_id) REFERENCES answers(customer_id, id),
  constraint answer_versions_receipt_number_fkey FOREIGN KEY (receipt_number) REFERENCES receipt_numbers(number),
  constraint answer_versions_check CHECK (((kind = 'promise'::text) = (promised_day IS NOT NULL))),
  constraint answer_versions_check1 CHECK (((kind <> 'promise'::text) OR ((last_offered_day IS NOT NULL) AND (quiet_until IS NOT NULL)))),
  constraint answer_versions_kind_check CHECK ((kind = ANY (ARRAY['already-paid'::text, 'promise'::text, 'consultation'::text, 'cancelled'::text]))),
  constraint answer_versions_version_check CHECK ((version > 0))
);

CREATE INDEX answer_versions_answered ON answer_versions USING btree (answered_at, customer_id, answer_id, version);
CREATE INDEX answer_versions_kind ON answer_versions USING btree (kind, answered_at, customer_id, answer_id, version);
CREATE INDEX answer_versions_promised ON answer_versions USING btree (promised_day, customer_id, answer_id, version) WHERE (promised_day IS NOT NULL);
CREATE INDEX answer_versions_receipt ON answer_versions USING btree (receipt_number);

create table answers (
  customer_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  first_answered_at timestamp with time zone not null,
  constraint answers_pkey PRIMARY KEY (customer_id, id),
  constraint answers_customer_id_case_id_key UNIQUE (customer_id, case_id),
  constraint answers_customer_id_case_id_fkey FOREIGN KEY (customer_id, case_id) REFERENCES cases(customer_id, id)
);

create table approval_ends (
  campaign_id uuid not null,
  number integer not null,
  how text not null,
  because text,
  ended_at timestamp with time zone not null,
  ended_by text not null,
  constraint approval_ends_pkey PRIMARY KEY (campaign_id, number),
  constraint approval_ends_campaign_id_number_fkey FOREIGN KEY (campaign_id, number) REFERENCES approval_requests(campaign_id, number),
  constraint approval_ends_how_check CHECK ((how = ANY (ARRAY['approved'::text, 'returned'::text, 'withdrawn'::text, 'voided'::text])))
);

create table approval_requests (
  campaign_id uuid not null,
  number integer not null,
  asked_at timestamp with time zone not null,
  asked_by text not null,
  pinned bytea not null,
  notice_count integer not null,
  drawn uuid[] not null,
  last_campaign_id uuid,
  also_in_last integer not null,
  constraint approval_requests_pkey PRIMARY KEY (campaign_id, number),
  constraint approval_requests_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id),
  constraint approval_requests_last_campaign_id_fkey FOREIGN KEY (last_campaign_id) REFERENCES campaigns(id),
  constraint approval_requests_notice_count_check CHECK ((notice_count > 0)),
  constraint approval_requests_number_check CHECK ((number > 0))
);

create table audit_checks (
  id uuid not null,
  asked_by text not null,
  asked_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  verdict jsonb,
  constraint audit_checks_pkey PRIMARY KEY (id),
  constraint audit_checks_check CHECK (((ended_at IS NULL) = (verdict IS NULL)))
);

CREATE INDEX audit_checks_waiting ON audit_checks USING btree (id) WHERE (ended_at IS NULL);

create table audit_lines (
  id uuid not null,
  at timestamp with time zone not null,
  actor text not null,
  act text not null,
  customer_id uuid,
  facts jsonb not null,
  constraint audit_lines_pkey PRIMARY KEY (id)
);

CREATE INDEX audit_lines_act ON audit_lines USING btree (act, id);
CREATE INDEX audit_lines_actor ON audit_lines USING btree (actor, id) WHERE ((actor <> 'customer'::text) AND (actor <> 'system'::text));
CREATE INDEX audit_lines_customer ON audit_lines USING btree (customer_id, at) WHERE (customer_id IS NOT NULL);
CREATE INDEX audit_lines_people ON audit_lines USING btree (id) WHERE ((actor <> 'customer'::text) AND (actor <> 'system'::text));

create table audit_seals (
  "position" bigint not null,
  line_id uuid not null,
  seal bytea not null,
  constraint audit_seals_pkey PRIMARY KEY ("position"),
  constraint audit_seals_line_id_key UNIQUE (line_id),
  constraint audit_seals_position_check CHECK (("position" > 0))
);

create table audit_unsealed (
  line_id uuid not null,
  constraint audit_unsealed_pkey PRIMARY KEY (line_id)
);

create table bill_endings (
  customer_id uuid not null,
  bill_id uuid not null,
  how text not null,
  on_day date not null,
  ended_at timestamp with time zone not null,
  import_id uuid,
  constraint bill_endings_pkey PRIMARY KEY (customer_id, bill_id),
  constraint bill_endings_how_check CHECK ((how = ANY (ARRAY['settled'::text, 'withdrawn'::text])))
);

create table bills (
  customer_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  contract_id uuid,
  product text,
  debit_number text not null,
  import_id uuid not null,
  record integer not null,
  principal bigint not null,
  fee bigint not null default 0,
  due_day date not null,
  billed_at timestamp with time zone not null,
  constraint bills_pkey PRIMARY KEY (customer_id, id),
  constraint bills_customer_id_case_id_fkey FOREIGN KEY (customer_id, case_id) REFERENCES cases(customer_id, id),
  constraint bills_fee_check CHECK ((fee >= 0)),
  constraint bills_principal_check CHECK ((principal >= 0))
);

CREATE INDEX bills_case ON bills USING btree (customer_id, case_id);
CREATE INDEX bills_import ON bills USING btree (import_id, record);

create table caller_checks (
  customer_id uuid not null,
  id uuid not null,
  asked text[] not null,
  matched text[] not null,
  checked_at timestamp with time zone not null,
  checked_by text not null,
  constraint caller_checks_pkey PRIMARY KEY (customer_id, id),
  constraint caller_checks_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint caller_checks_asked_check CHECK ((cardinality(asked) > 0)),
  constraint caller_checks_check CHECK ((matched <@ asked))
);

CREATE INDEX caller_checks_by ON caller_checks USING btree (checked_by, checked_at);

create table campaign_chains (
  campaign_id uuid not null,
  number integer not null,
  chain jsonb not null,
  constraint campaign_chains_pkey PRIMARY KEY (campaign_id, number),
  constraint campaign_chains_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id)
);

create table campaign_decisions (
  campaign_id uuid not null,
  customer_id uuid not null,
  case_id uuid not null,
  decision text not null,
  because text,
  chain_number integer not null,
  constraint campaign_decisions_pkey PRIMARY KEY (campaign_id, customer_id, case_id),
  constraint campaign_decisions_campaign_id_chain_number_fkey FOREIGN KEY (campaign_id, chain_number) REFERENCES campaign_chains(campaign_id, number),
  constraint campaign_decisions_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id),
  constraint campaign_decisions_check CHECK (((decision = 'excluded'::text) = (because IS NOT NULL))),
  constraint campaign_decisions_decision_check CHECK ((decision = ANY (ARRAY['notice'::text, 'excluded'::text])))
);

CREATE INDEX campaign_decisions_excluded ON campaign_decisions USING btree (campaign_id, because, customer_id) WHERE (decision = 'excluded'::text);

create table campaign_tallies (
  campaign_id uuid not null,
  counted_at timestamp with time zone not null,
  took_ms integer not null,
  tally jsonb not null,
  constraint campaign_tallies_pkey PRIMARY KEY (campaign_id),
  constraint campaign_tallies_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id),
  constraint campaign_tallies_took_ms_check CHECK ((took_ms >= 0))
);

create table campaign_texts (
  campaign_id uuid not null,
  number integer not null,
  notice_text text not null,
  written_at timestamp with time zone not null,
  written_by text not null,
  constraint campaign_texts_pkey PRIMARY KEY (campaign_id, number),
  constraint campaign_texts_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id),
  constraint campaign_texts_number_check CHECK ((number > 0))
);

create table campaigns (
  id uuid not null,
  planned_at timestamp with time zone not null,
  planned_by text not null,
  notice_text text not null,
  rules_version text not null,
  target_count integer not null,
  planned_count integer not null,
  excluded_count integer not null,
  approved_at timestamp with time zone,
  approved_by text,
  text_by text,
  text_at timestamp with time zone,
  constraint campaigns_pkey PRIMARY KEY (id),
  constraint campaigns_check CHECK (((approved_at IS NULL) = (approved_by IS NULL))),
  constraint campaigns_check1 CHECK (((text_by IS NULL) = (text_at IS NULL)))
);

create table card_payment_bills (
  customer_id uuid not null,
  card_payment_id uuid not null,
  bill_id uuid not null,
  amount bigint not null,
  constraint card_payment_bills_pkey PRIMARY KEY (customer_id, card_payment_id, bill_id),
  constraint card_payment_bills_customer_id_bill_id_fkey FOREIGN KEY (customer_id, bill_id) REFERENCES bills(customer_id, id),
  constraint card_payment_bills_customer_id_card_payment_id_fkey FOREIGN KEY (customer_id, card_payment_id) REFERENCES card_payments(customer_id, id),
  constraint card_payment_bills_amount_check CHECK ((amount > 0))
);

create table card_payments (
  customer_id uuid not null,
  id uuid not null,
  provider text not null,
  provider_id text,
  amount bigint not null,
  charge_day date not null,
  begun_at timestamp with time zone not null,
  constraint card_payments_pkey PRIMARY KEY (customer_id, id),
  constraint card_payments_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint card_payments_amount_check CHECK ((amount > 0))
);

CREATE UNIQUE INDEX card_payments_provider ON card_payments USING btree (provider, provider_id) WHERE (provider_id IS NOT NULL);

create table case_notes (
  customer_id uuid not null,
  id uuid not null,
  sealed bytea not null,
  written_at timestamp with time zone not null,
  written_by text not null,
  constraint case_notes_pkey PRIMARY KEY (customer_id, id),
  constraint case_notes_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id)
);

create table cases (
  customer_id uuid not null,
  id uuid not null,
  opened_at timestamp with time zone not null,
  import_id uuid not null,
  closed_at timestamp with time zone,
  closed_because text,
  constraint cases_pkey PRIMARY KEY (customer_id, id),
  constraint cases_check CHECK (((closed_at IS NULL) = (closed_because IS NULL))),
  constraint cases_closed_because_check CHECK ((closed_because = ANY (ARRAY['settled'::text, 'withdrawn'::text])))
);

CREATE UNIQUE INDEX cases_one_open ON cases USING btree (customer_id) WHERE (closed_at IS NULL);
CREATE INDEX cases_opened ON cases USING brin (opened_at) WITH (pages_per_range='32');

create table challenge_holders (
  cookie_hash bytea not null,
  challenge_id uuid not null,
  typed bytea not null,
  last_outcome text not null,
  opened_at timestamp with time zone not null,
  constraint challenge_holders_pkey PRIMARY KEY (cookie_hash),
  constraint challenge_holders_challenge_id_fkey FOREIGN KEY (challenge_id) REFERENCES challenges(id),
  constraint challenge_holders_last_outcome_check CHECK ((last_outcome = ANY (ARRAY['sent'::text, 'resent'::text, 'wait'::text, 'no-more-today'::text, 'paused'::text, 'malformed'::text, 'wrong'::text, 'used-up'::text, 'locked'::text])))
);

CREATE INDEX challenge_holders_opened ON challenge_holders USING btree (opened_at);

create table challenges (
  id uuid not null,
  identity_value bytea not null,
  person_value bytea not null,
  phone_value bytea not null,
  customer_ids uuid[] not null default '{}'::uuid[],
  code_hash bytea,
  code_sealed bytea,
  code_made_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  tries integer not null default 0,
  sends integer not null default 1,
  last_sent_at timestamp with time zone not null,
  state text not null,
  send_due boolean not null default true,
  constraint challenges_pkey PRIMARY KEY (id),
  constraint challenges_check CHECK ((((state = 'live'::text) = (code_hash IS NOT NULL)) AND ((state = 'live'::text) = (code_sealed IS NOT NULL)))),
  constraint challenges_state_check CHECK ((state = ANY (ARRAY['live'::text, 'accepted'::text, 'dead'::text])))
);

CREATE INDEX challenges_live_expiry ON challenges USING btree (expires_at) WHERE (state = 'live'::text);
CREATE UNIQUE INDEX challenges_one_live ON challenges USING btree (identity_value) WHERE (state = 'live'::text);
CREATE INDEX challenges_phone ON challenges USING btree (phone_value, id);
CREATE INDEX challenges_send_due ON challenges USING btree (id) WHERE send_due;

create table claim_ends (
  queue_id uuid not null,
  stream text not null,
  number bigint not null,
  gateway text,
  carrier_ids text[],
  at timestamp with time zone,
  constraint claim_ends_pkey PRIMARY KEY (queue_id, stream, number)
) with (toast_tuple_target=8160);

CREATE INDEX claim_ends_at ON claim_ends USING btree (at) WHERE (at IS NOT NULL);
CREATE INDEX claim_ends_carrier ON claim_ends USING gin (carrier_ids) WITH (fastupdate=off);

create table claims (
  queue_id uuid not null,
  stream text not null,
  number bigint not null,
  to_position bigint not null,
  worker uuid not null,
  slot text not null,
  message_ids uuid[] not null,
  at timestamp with time zone not null,
  serial bigint not null generated always as identity,
  gateway text,
  reasons_ids uuid[],
  constraint claims_pkey PRIMARY KEY (queue_id, stream, number)
) with (toast_tuple_target=8160);

CREATE INDEX claims_position ON claims USING btree (queue_id, stream, to_position);
CREATE INDEX claims_slot ON claims USING btree (worker, slot, serial);

create table contact_wishes (
  customer_id uuid not null,
  id uuid not null,
  call_time text not null,
  language text not null,
  hearing text not null,
  said_at timestamp with time zone not null,
  noted_by text not null,
  constraint contact_wishes_pkey PRIMARY KEY (customer_id, id),
  constraint contact_wishes_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint contact_wishes_call_time_check CHECK ((call_time = ANY (ARRAY['any'::text, 'morning'::text, 'afternoon'::text, 'evening'::text, 'never'::text]))),
  constraint contact_wishes_hearing_check CHECK ((hearing = ANY (ARRAY['usual'::text, 'slowly'::text, 'in-writing'::text]))),
  constraint contact_wishes_language_check CHECK ((language = ANY (ARRAY['ja'::text, 'easy-ja'::text, 'en'::text, 'zh'::text, 'ko'::text, 'vi'::text, 'pt'::text, 'other'::text])))
);

create table contracts (
  customer_id uuid not null,
  id uuid not null,
  contract_number text not null,
  product text not null,
  excluded boolean not null,
  debit_number text,
  debit_number_bare text,
  import_id uuid not null,
  contract_day date,
  loan_amount bigint,
  annual_rate_percent text,
  pay_easy jsonb,
  constraint contracts_pkey PRIMARY KEY (customer_id, id),
  constraint contracts_contract_number_key UNIQUE (contract_number),
  constraint contracts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint contracts_loan_amount_check CHECK ((loan_amount > 0))
);

CREATE INDEX contracts_debit_number ON contracts USING btree (debit_number) WHERE (debit_number IS NOT NULL);
CREATE INDEX contracts_debit_number_bare ON contracts USING btree (debit_number_bare) WHERE (debit_number_bare IS NOT NULL);

create table customer_search (
  label text not null,
  value bytea not null,
  customer_id uuid not null,
  constraint customer_search_pkey PRIMARY KEY (label, value, customer_id),
  constraint customer_search_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint customer_search_label_check CHECK ((label = ANY (ARRAY['family'::text, 'given'::text, 'full-name'::text, 'phone'::text, 'phone-last4'::text])))
);

CREATE INDEX customer_search_customer ON customer_search USING btree (customer_id);

create table customers (
  id uuid not null,
  customer_number text not null,
  customer_number_bare text not null,
  data_key bytea not null,
  person bytea not null,
  mobile_number bytea not null,
  phone_value bytea not null,
  person_value bytea,
  import_id uuid not null,
  updated_at timestamp with time zone not null,
  constraint customers_pkey PRIMARY KEY (id),
  constraint customers_customer_number_key UNIQUE (customer_number)
);

CREATE INDEX customers_bare ON customers USING btree (customer_number_bare) INCLUDE (id);
CREATE INDEX customers_padded ON customers USING btree (customer_number_bare) WHERE (customer_number <> customer_number_bare);
CREATE INDEX customers_phone ON customers USING btree (phone_value);

create table debit_headers (
  import_id uuid not null,
  number integer not null,
  originator_code text not null,
  bank_code text not null,
  branch_code text not null,
  account_type text not null,
  account_number text not null,
  debit_day date not null,
  constraint debit_headers_pkey PRIMARY KEY (import_id, number),
  constraint debit_headers_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id)
);

CREATE INDEX debit_headers_day ON debit_headers USING btree (originator_code, debit_day);

create table debits (
  import_id uuid not null,
  record integer not null,
  header integer not null,
  customer_number text not null,
  amount bigint not null,
  result_code text not null,
  customer_id uuid,
  contract_id uuid,
  outcome text not null,
  candidates uuid[],
  constraint debits_pkey PRIMARY KEY (import_id, record),
  constraint debits_amount_check CHECK ((amount >= 0))
);

CREATE INDEX debits_reported ON debits USING btree (import_id, record) WHERE (outcome = ANY (ARRAY['unknown-customer'::text, 'several-customers'::text, 'excluded-product'::text, 'contract-unclear'::text, 'zero-amount'::text, 'account-repair'::text, 'stopped-by-depositor'::text, 'stopped-by-creditor'::text, 'manual'::text, 'paid-twice'::text, 'settles-unclear'::text, 'paid-other-amount'::text]));

create table demo (
  one boolean not null default true,
  clock_offset_ms bigint not null,
  last_now timestamp with time zone not null,
  site_address text not null,
  constraint demo_pkey PRIMARY KEY (one),
  constraint demo_one_check CHECK (one)
);

create table deposit_headers (
  import_id uuid not null,
  number integer not null,
  type_code text not null,
  account text not null,
  from_day date not null,
  to_day date not null,
  constraint deposit_headers_pkey PRIMARY KEY (import_id, number),
  constraint deposit_headers_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
  constraint deposit_headers_check CHECK ((to_day >= from_day)),
  constraint deposit_headers_type_code_check CHECK ((type_code = ANY (ARRAY['01'::text, '03'::text])))
);

CREATE INDEX deposit_headers_account ON deposit_headers USING btree (account, to_day);

create table deposit_repeats (
  import_id uuid not null,
  record integer not null,
  line_key text not null,
  constraint deposit_repeats_pkey PRIMARY KEY (import_id, record),
  constraint deposit_repeats_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id)
);

CREATE INDEX deposit_repeats_line ON deposit_repeats USING btree (line_key);

create table deposits (
  id uuid not null,
  import_id uuid,
  record integer,
  channel text not null,
  amount bigint not null,
  on_day date not null,
  account text,
  reference text,
  line_key text not null,
  is_final boolean not null default true,
  final_by_import uuid,
  received_at timestamp with time zone not null,
  customer_id uuid,
  slip_id uuid,
  card_payment_id uuid,
  bill_id uuid,
  matched_how text,
  certainty text,
  unmatched_because text,
  candidates uuid[],
  ended_at timestamp with time zone,
  ended_how text,
  ended_by_import uuid,
  constraint deposits_pkey PRIMARY KEY (id),
  constraint deposits_customer_id_bill_id_fkey FOREIGN KEY (customer_id, bill_id) REFERENCES bills(customer_id, id),
  constraint deposits_customer_id_card_payment_id_fkey FOREIGN KEY (customer_id, card_payment_id) REFERENCES card_payments(customer_id, id),
  constraint deposits_customer_id_slip_id_fkey FOREIGN KEY (customer_id, slip_id) REFERENCES slips(customer_id, id),
  constraint deposits_ended_by_import_fkey FOREIGN KEY (ended_by_import) REFERENCES imports(id),
  constraint deposits_final_by_import_fkey FOREIGN KEY (final_by_import) REFERENCES imports(id),
  constraint deposits_amount_check CHECK ((amount > 0)),
  constraint deposits_certainty_check CHECK ((certainty = ANY (ARRAY['certain'::text, 'probable'::text]))),
  constraint deposits_channel_check CHECK ((channel = ANY (ARRAY['transfer'::text, 'convenience-store'::text, 'pay-easy'::text, 'card'::text, 'debit'::text]))),
  constraint deposits_check CHECK (((customer_id IS NULL) = (matched_how IS NULL))),
  constraint deposits_check1 CHECK (((customer_id IS NULL) = (unmatched_because IS NOT NULL))),
  constraint deposits_check2 CHECK (((ended_at IS NULL) = (ended_how IS NULL))),
  constraint deposits_ended_how_check CHECK ((ended_how = ANY (ARRAY['reversed'::text, 'refunded'::text, 'undone'::text]))),
  constraint deposits_matched_how_check CHECK ((matched_how = ANY (ARRAY['virtual-account'::text, 'slip'::text, 'reference'::text, 'name'::text, 'debit'::text, 'provider'::text, 'person'::text])))
);

CREATE INDEX deposits_by_person ON deposits USING btree (on_day, id) WHERE ((matched_how = 'person'::text) AND (ended_at IS NULL));
CREATE INDEX deposits_customer ON deposits USING btree (customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX deposits_import ON deposits USING btree (import_id, record);
CREATE UNIQUE INDEX deposits_line ON deposits USING btree (line_key) WHERE (ended_how IS DISTINCT FROM 'undone'::text);
CREATE INDEX deposits_unmatched ON deposits USING btree (on_day, id) WHERE ((customer_id IS NULL) AND (ended_at IS NULL));

create table gateway_leases (
  gateway text not null,
  bind smallint not null,
  worker uuid,
  epoch bigint not null default 0,
  beat bigint not null default 0,
  is_bound boolean not null default false,
  constraint gateway_leases_pkey PRIMARY KEY (gateway, bind)
);

create table gateway_minutes (
  gateway text not null,
  minute timestamp with time zone not null,
  judged integer not null,
  slow integer not null,
  constraint gateway_minutes_pkey PRIMARY KEY (gateway, minute)
);

create table gateway_states (
  gateway text not null,
  number bigint not null generated always as identity,
  state jsonb not null,
  at timestamp with time zone not null,
  constraint gateway_states_pkey PRIMARY KEY (gateway, number)
);

create table hold_releases (
  customer_id uuid not null,
  hold_id uuid not null,
  released_at timestamp with time zone not null,
  released_by text not null,
  because bytea,
  constraint hold_releases_pkey PRIMARY KEY (customer_id, hold_id),
  constraint hold_releases_customer_id_hold_id_fkey FOREIGN KEY (customer_id, hold_id) REFERENCES holds(customer_id, id)
);

create table holds (
  customer_id uuid not null,
  id uuid not null,
  reason text not null,
  document_day date,
  placed_at timestamp with time zone not null,
  placed_by text not null,
  received_day date,
  law_firm bytea,
  constraint holds_pkey PRIMARY KEY (customer_id, id),
  constraint holds_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint holds_reason_check CHECK ((reason = ANY (ARRAY['legal'::text, 'death'::text, 'dispute'::text, 'hardship'::text, 'wrong-number'::text])))
);

create table identity_counters (
  scope text not null,
  key bytea not null,
  period timestamp with time zone not null,
  count integer not null,
  constraint identity_counters_pkey PRIMARY KEY (scope, key, period),
  constraint identity_counters_count_check CHECK ((count >= 0)),
  constraint identity_counters_scope_check CHECK ((scope = ANY (ARRAY['try-phone-client'::text, 'try-phone'::text, 'code'::text, 'sms'::text, 'wrong'::text, 'wrong-run'::text, 'service-code'::text, 'service-sms'::text, 'service-wrong'::text, 'forgiven'::text])))
);

CREATE INDEX identity_counters_period ON identity_counters USING btree (period);

create table identity_index (
  value bytea not null,
  customer_id uuid not null,
  constraint identity_index_pkey PRIMARY KEY (value, customer_id),
  constraint identity_index_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id)
);

CREATE INDEX identity_index_customer ON identity_index USING btree (customer_id);

create table identity_pauses (
  id uuid not null,
  began_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  because text not null,
  constraint identity_pauses_pkey PRIMARY KEY (id),
  constraint identity_pauses_because_check CHECK ((because = ANY (ARRAY['wrong-codes'::text, 'code-sms'::text])))
);

CREATE INDEX identity_pauses_end ON identity_pauses USING btree (ends_at);

create table import_chunks (
  import_id uuid not null,
  number integer not null,
  sealed bytea storage external not null,
  constraint import_chunks_pkey PRIMARY KEY (import_id, number)
);

create table imports (
  id uuid not null,
  kind text not null,
  content_hash bytea not null,
  file_name text not null,
  byte_count bigint not null,
  record_count integer not null,
  received_on date not null,
  imported_at timestamp with time zone not null,
  imported_by text not null,
  replaces uuid,
  report jsonb not null,
  ended_at timestamp with time zone,
  ended_how text,
  constraint imports_pkey PRIMARY KEY (id),
  constraint imports_replaces_fkey FOREIGN KEY (replaces) REFERENCES imports(id),
  constraint imports_check CHECK (((ended_at IS NULL) = (ended_how IS NULL))),
  constraint imports_ended_how_check CHECK ((ended_how = ANY (ARRAY['undone'::text, 'replaced'::text]))),
  constraint imports_kind_check CHECK ((kind = ANY (ARRAY['customers'::text, 'debits'::text, 'deposits'::text, 'virtual-accounts'::text])))
);

CREATE INDEX imports_customers_content ON imports USING btree (content_hash) WHERE (kind = 'customers'::text);
CREATE UNIQUE INDEX imports_debits_once ON imports USING btree (content_hash) WHERE ((kind = 'debits'::text) AND (ended_at IS NULL));
CREATE UNIQUE INDEX imports_deposits_once ON imports USING btree (content_hash) WHERE ((kind = 'deposits'::text) AND (ended_at IS NULL));

create table key_checks (
  label text not null,
  value bytea not null,
  constraint key_checks_pkey PRIMARY KEY (label)
);

create table ledger_feed (
  "position" bigint not null,
  customer_id uuid not null,
  line_id uuid not null,
  is_settled boolean,
  constraint ledger_feed_pkey PRIMARY KEY ("position"),
  constraint ledger_feed_customer_id_line_id_key UNIQUE (customer_id, line_id),
  constraint ledger_feed_customer_id_line_id_fkey FOREIGN KEY (customer_id, line_id) REFERENCES ledger_lines(customer_id, id),
  constraint ledger_feed_position_check CHECK (("position" > 0))
);

create table ledger_feed_waiting (
  customer_id uuid not null,
  line_id uuid not null,
  constraint ledger_feed_waiting_pkey PRIMARY KEY (line_id, customer_id)
);

create table ledger_lines (
  customer_id uuid not null,
  id uuid not null,
  deposit_id uuid not null,
  bill_id uuid,
  account text not null,
  fee bigint not null default 0,
  late_charge bigint not null default 0,
  principal bigint not null default 0,
  amount bigint not null,
  at timestamp with time zone not null,
  constraint ledger_lines_pkey PRIMARY KEY (customer_id, id),
  constraint ledger_lines_account_check CHECK ((account = ANY (ARRAY['bill'::text, 'surplus'::text, 'refund'::text]))),
  constraint ledger_lines_check CHECK (((account = 'bill'::text) = (bill_id IS NOT NULL))),
  constraint ledger_lines_check1 CHECK (((amount <> 0) OR (account = 'bill'::text))),
  constraint ledger_lines_check2 CHECK (((account <> 'bill'::text) OR (amount = ((fee + late_charge) + principal))))
);

CREATE INDEX ledger_lines_bill ON ledger_lines USING btree (customer_id, bill_id) WHERE (bill_id IS NOT NULL);
CREATE INDEX ledger_lines_deposit ON ledger_lines USING btree (deposit_id);
CREATE INDEX ledger_lines_surplus ON ledger_lines USING btree (deposit_id) WHERE (account <> 'bill'::text);

create table live_promises (
  customer_id uuid not null,
  answer_id uuid not null,
  version integer not null,
  quiet_until date not null,
  constraint live_promises_pkey PRIMARY KEY (customer_id, answer_id),
  constraint live_promises_customer_id_answer_id_version_fkey FOREIGN KEY (customer_id, answer_id, version) REFERENCES answer_versions(customer_id, answer_id, version)
);

CREATE INDEX live_promises_due ON live_promises USING btree (quiet_until);

create table message_bodies (
  message_id uuid not null,
  sealed bytea not null,
  constraint message_bodies_pkey PRIMARY KEY (message_id)
);

create table message_events (
  message_id uuid not null,
  number bigint not null default nextval('message_event_numbers'::regclass),
  state text not null,
  part smallint not null default 1,
  parts smallint,
  gateway text,
  carrier_id text,
  because text,
  blame text,
  reasons_id uuid,
  raw text,
  at timestamp with time zone not null,
  constraint message_events_pkey PRIMARY KEY (message_id, number),
  constraint message_events_blame_check CHECK ((blame = ANY (ARRAY['message'::text, 'gateway'::text]))),
  constraint message_events_state_check1 CHECK ((state = ANY (ARRAY['deferred'::text, 'excluded'::text, 'sending'::text, 'submitted'::text, 'refused'::text, 'requeued'::text, 'unknown'::text, 'reported'::text, 'delivered'::text, 'failed'::text, 'expired'::text])))
) partition by range (message_id);

CREATE INDEX message_events_blame ON ONLY message_events USING btree (gateway, at) WHERE (blame = 'gateway'::text);
CREATE INDEX message_events_carrier ON ONLY message_events USING btree (gateway, carrier_id) WHERE (carrier_id IS NOT NULL);
CREATE INDEX message_events_undelivered ON ONLY message_events USING btree (at, message_id) WHERE (state = ANY (ARRAY['failed'::text, 'refused'::text, 'expired'::text]));
CREATE INDEX message_events_unknown ON ONLY message_events USING btree (at) WHERE (state = 'unknown'::text);

create table message_events_default partition of message_events (
  message_id uuid not null,
  number bigint not null default nextval('message_event_numbers'::regclass),
  state text not null,
  part smallint not null default 1,
  parts smallint,
  gateway text,
  carrier_id text,
  because text,
  blame text,
  reasons_id uuid,
  raw text,
  at timestamp with time zone not null,
  constraint message_events_default_pkey PRIMARY KEY (message_id, number),
  constraint message_events_blame_check CHECK ((blame = ANY (ARRAY['message'::text, 'gateway'::text]))),
  constraint message_events_state_check1 CHECK ((state = ANY (ARRAY['deferred'::text, 'excluded'::text, 'sending'::text, 'submitted'::text, 'refused'::text, 'requeued'::text, 'unknown'::text, 'reported'::text, 'delivered'::text, 'failed'::text, 'expired'::text])))
) default;

CREATE INDEX message_events_default_at_idx ON message_events_default USING btree (at) WHERE (state = 'unknown'::text);
CREATE INDEX message_events_default_at_message_id_idx ON message_events_default USING btree (at, message_id) WHERE (state = ANY (ARRAY['failed'::text, 'refused'::text, 'expired'::text]));
CREATE INDEX message_events_default_gateway_at_idx ON message_events_default USING btree (gateway, at) WHERE (blame = 'gateway'::text);
CREATE INDEX message_events_default_gateway_carrier_id_idx ON message_events_default USING btree (gateway, carrier_id) WHERE (carrier_id IS NOT NULL);

create table message_outcomes (
  customer_id uuid not null,
  message_id uuid not null,
  class text not null,
  case_id uuid,
  campaign_id uuid,
  phone_value bytea not null,
  repeats uuid,
  queued_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  state text not null,
  constraint message_outcomes_pkey PRIMARY KEY (customer_id, message_id)
);

CREATE INDEX message_outcomes_campaign ON message_outcomes USING btree (campaign_id) WHERE (campaign_id IS NOT NULL);
CREATE INDEX message_outcomes_phone ON message_outcomes USING btree (phone_value, queued_at);

create table messages (
  customer_id uuid not null,
  id uuid not null,
  class text not null,
  case_id uuid,
  campaign_id uuid,
  queue_id uuid not null,
  "position" bigint not null,
  phone_value bytea not null,
  sender text not null,
  reference integer not null,
  part_count integer not null,
  valid_until timestamp with time zone,
  repeats uuid,
  queued_at timestamp with time zone not null,
  constraint messages_pkey PRIMARY KEY (customer_id, id),
  constraint messages_campaign_id_fkey1 FOREIGN KEY (campaign_id) REFERENCES campaigns(id),
  constraint messages_class_check1 CHECK ((class = ANY (ARRAY['notice'::text, 'code'::text, 'receipt'::text]))),
  constraint messages_part_count_check1 CHECK ((part_count > 0)),
  constraint messages_reference_check1 CHECK (((reference >= 0) AND (reference <= 65535)))
) partition by range (id);

CREATE UNIQUE INDEX messages_id ON ONLY messages USING btree (id);
CREATE INDEX messages_phone ON ONLY messages USING btree (phone_value, queued_at);
CREATE INDEX messages_queue ON ONLY messages USING btree (queue_id, "position");
CREATE INDEX messages_reference ON ONLY messages USING btree (reference, id);
CREATE INDEX messages_repeats ON ONLY messages USING btree (repeats) WHERE (repeats IS NOT NULL);

create table messages_default partition of messages (
  customer_id uuid not null,
  id uuid not null,
  class text not null,
  case_id uuid,
  campaign_id uuid,
  queue_id uuid not null,
  "position" bigint not null,
  phone_value bytea not null,
  sender text not null,
  reference integer not null,
  part_count integer not null,
  valid_until timestamp with time zone,
  repeats uuid,
  queued_at timestamp with time zone not null,
  constraint messages_default_pkey PRIMARY KEY (customer_id, id),
  constraint messages_campaign_id_fkey1 FOREIGN KEY (campaign_id) REFERENCES campaigns(id),
  constraint messages_class_check1 CHECK ((class = ANY (ARRAY['notice'::text, 'code'::text, 'receipt'::text]))),
  constraint messages_part_count_check1 CHECK ((part_count > 0)),
  constraint messages_reference_check1 CHECK (((reference >= 0) AND (reference <= 65535)))
) default;

CREATE UNIQUE INDEX messages_default_id_idx ON messages_default USING btree (id);
CREATE INDEX messages_default_phone_value_queued_at_idx ON messages_default USING btree (phone_value, queued_at);
CREATE INDEX messages_default_queue_id_position_idx ON messages_default USING btree (queue_id, "position");
CREATE INDEX messages_default_reference_id_idx ON messages_default USING btree (reference, id);
CREATE INDEX messages_default_repeats_idx ON messages_default USING btree (repeats) WHERE (repeats IS NOT NULL);

create table open_approval_requests (
  campaign_id uuid not null,
  number integer not null,
  constraint open_approval_requests_pkey PRIMARY KEY (campaign_id),
  constraint open_approval_requests_campaign_id_number_fkey FOREIGN KEY (campaign_id, number) REFERENCES approval_requests(campaign_id, number)
);

create table operator_sessions (
  id uuid not null,
  token_hash bytea not null,
  subject text not null,
  name text not null,
  roles text[] not null,
  id_token bytea,
  opened_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_because text,
  constraint operator_sessions_pkey PRIMARY KEY (id),
  constraint operator_sessions_token_hash_key UNIQUE (token_hash),
  constraint operator_sessions_subject_fkey FOREIGN KEY (subject) REFERENCES operators(subject),
  constraint operator_sessions_check CHECK (((ended_at IS NULL) = (ended_because IS NULL))),
  constraint operator_sessions_ended_because_check CHECK ((ended_because = ANY (ARRAY['signed-out'::text, 'idle'::text, 'absolute'::text, 'replaced'::text])))
);

CREATE INDEX operator_sessions_open ON operator_sessions USING btree (opened_at) WHERE (ended_at IS NULL);

create table operator_sign_ins (
  browser_hash bytea not null,
  secrets bytea not null,
  return_to text not null,
  begun_at timestamp with time zone not null,
  constraint operator_sign_ins_pkey PRIMARY KEY (browser_hash),
  constraint operator_sign_ins_return_to_check CHECK ((return_to ~~ '/%'::text))
);

CREATE INDEX operator_sign_ins_begun ON operator_sign_ins USING btree (begun_at);

create table operators (
  subject text not null,
  name text not null,
  roles text[] not null,
  signed_in_at timestamp with time zone not null,
  constraint operators_pkey PRIMARY KEY (subject),
  constraint operators_subject_check CHECK ((subject <> ''::text))
);

create table promise_outcomes (
  customer_id uuid not null,
  answer_id uuid not null,
  version integer not null,
  outcome text not null,
  because text not null,
  decided_at timestamp with time zone not null,
  constraint promise_outcomes_pkey PRIMARY KEY (customer_id, answer_id, version),
  constraint promise_outcomes_customer_id_answer_id_version_fkey FOREIGN KEY (customer_id, answer_id, version) REFERENCES answer_versions(customer_id, answer_id, version),
  constraint promise_outcomes_outcome_check CHECK ((outcome = ANY (ARRAY['kept'::text, 'broken'::text, 'cancelled'::text])))
);

create table queue_controls (
  queue_id uuid not null,
  number integer not null,
  act text not null,
  by text not null,
  because text,
  at timestamp with time zone not null,
  constraint queue_controls_pkey PRIMARY KEY (queue_id, number),
  constraint queue_controls_act_check CHECK ((act = ANY (ARRAY['paused'::text, 'resumed'::text, 'cancelled'::text])))
);

create table queue_stills (
  queue_id uuid not null,
  number integer not null,
  took_ms integer not null,
  in_hand integer not null,
  constraint queue_stills_pkey PRIMARY KEY (queue_id, number),
  constraint queue_stills_queue_id_number_fkey FOREIGN KEY (queue_id, number) REFERENCES queue_controls(queue_id, number),
  constraint queue_stills_in_hand_check CHECK ((in_hand >= 0)),
  constraint queue_stills_took_ms_check CHECK ((took_ms >= 0))
);

create table reasons (
  id uuid not null,
  facts jsonb not null,
  constraint reasons_pkey PRIMARY KEY (id)
);

create table receipt_numbers (
  number text not null,
  given_at timestamp with time zone not null,
  constraint receipt_numbers_pkey PRIMARY KEY (number),
  constraint receipt_numbers_number_check CHECK ((number ~ '^[0-9]{9}$'::text))
);

create table receipts (
  id uuid not null,
  gateway text not null,
  carrier_id text not null,
  state text not null,
  error_code text,
  reference integer,
  raw text not null,
  received_at timestamp with time zone not null,
  phone_value bytea,
  constraint receipts_pkey PRIMARY KEY (id)
);

CREATE INDEX receipts_carrier ON receipts USING btree (gateway, carrier_id);

create table report_figures (
  report text not null,
  from_day date not null,
  to_day date not null,
  counted_at timestamp with time zone not null,
  took_ms integer not null,
  figures jsonb not null,
  constraint report_figures_pkey PRIMARY KEY (report, from_day, to_day),
  constraint report_figures_took_ms_check CHECK ((took_ms >= 0))
);

create table retries (
  queue_id uuid not null,
  stream text not null,
  "position" bigint not null default nextval('message_positions'::regclass),
  message_id uuid not null,
  not_before timestamp with time zone not null,
  constraint retries_pkey PRIMARY KEY (queue_id, stream, "position", message_id)
) partition by range (message_id);

create table retries_default partition of retries (
  queue_id uuid not null,
  stream text not null,
  "position" bigint not null default nextval('message_positions'::regclass),
  message_id uuid not null,
  not_before timestamp with time zone not null,
  constraint retries_default_pkey PRIMARY KEY (queue_id, stream, "position", message_id)
) default;

create table reveals (
  customer_id uuid not null,
  id uuid not null,
  field text not null,
  reason text not null,
  session_id uuid not null,
  revealed_at timestamp with time zone not null,
  revealed_by text not null,
  ends_at timestamp with time zone not null,
  constraint reveals_pkey PRIMARY KEY (customer_id, id),
  constraint reveals_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint reveals_session_id_fkey FOREIGN KEY (session_id) REFERENCES operator_sessions(id),
  constraint reveals_field_check CHECK ((field = ANY (ARRAY['name'::text, 'phone'::text, 'birth-date'::text, 'customer-number'::text, 'contract-numbers'::text])))
);

create table reversals (
  import_id uuid not null,
  record integer not null,
  channel text not null,
  amount bigint not null,
  on_day date not null,
  account text,
  reference text,
  reversal_key text not null,
  received_at timestamp with time zone not null,
  deposit_id uuid,
  constraint reversals_pkey PRIMARY KEY (import_id, record),
  constraint reversals_deposit_id_fkey FOREIGN KEY (deposit_id) REFERENCES deposits(id),
  constraint reversals_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
  constraint reversals_amount_check CHECK ((amount > 0)),
  constraint reversals_channel_check CHECK ((channel = ANY (ARRAY['transfer'::text, 'convenience-store'::text])))
);

CREATE INDEX reversals_deposit ON reversals USING btree (deposit_id) WHERE (deposit_id IS NOT NULL);
CREATE INDEX reversals_stray ON reversals USING btree (reversal_key) WHERE (deposit_id IS NULL);

create table sandbox_messages (
  id text not null,
  sealed bytea not null,
  taken_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  is_acknowledged boolean not null default false,
  constraint sandbox_messages_pkey PRIMARY KEY (id)
);

CREATE INDEX sandbox_messages_order ON sandbox_messages USING btree (taken_at, id);

create table schema_migrations (
  number integer not null,
  name text not null,
  hash text not null,
  applied_at timestamp with time zone not null,
  constraint schema_migrations_pkey PRIMARY KEY (number),
  constraint schema_migrations_name_key UNIQUE (name),
  constraint schema_migrations_number_check CHECK ((number > 0))
);

create table searches (
  id uuid not null,
  sealed bytea not null,
  session_id uuid not null,
  searched_at timestamp with time zone not null,
  constraint searches_pkey PRIMARY KEY (id),
  constraint searches_session_id_fkey FOREIGN KEY (session_id) REFERENCES operator_sessions(id)
);

CREATE INDEX searches_age ON searches USING btree (searched_at);

create table slip_bills (
  customer_id uuid not null,
  slip_id uuid not null,
  bill_id uuid not null,
  amount bigint not null,
  constraint slip_bills_pkey PRIMARY KEY (customer_id, slip_id, bill_id),
  constraint slip_bills_customer_id_bill_id_fkey FOREIGN KEY (customer_id, bill_id) REFERENCES bills(customer_id, id),
  constraint slip_bills_customer_id_slip_id_fkey FOREIGN KEY (customer_id, slip_id) REFERENCES slips(customer_id, id),
  constraint slip_bills_amount_check CHECK ((amount > 0))
);

create table slips (
  customer_id uuid not null,
  id uuid not null,
  number text not null,
  barcode text not null,
  amount bigint not null,
  charge_day date not null,
  expires_on date not null,
  issued_at timestamp with time zone not null,
  constraint slips_pkey PRIMARY KEY (customer_id, id),
  constraint slips_number_key UNIQUE (number),
  constraint slips_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint slips_amount_check CHECK ((amount > 0)),
  constraint slips_barcode_check CHECK ((barcode ~ '^[0-9]{44}$'::text))
);

create table submissions (
  form_id bytea not null,
  path text not null,
  body_hash bytea not null,
  location text,
  set_cookie bytea,
  submitted_at timestamp with time zone not null,
  constraint submissions_pkey PRIMARY KEY (form_id)
);

CREATE INDEX submissions_submitted ON submissions USING btree (submitted_at);

create table upload_chunks (
  upload_id uuid not null,
  part text not null,
  number integer not null,
  sealed bytea storage external not null,
  constraint upload_chunks_pkey PRIMARY KEY (upload_id, part, number),
  constraint upload_chunks_part_check CHECK ((part = ANY (ARRAY['file'::text, 'rejected'::text])))
);

create table uploads (
  id uuid not null,
  kind text not null,
  file_name text not null,
  byte_count bigint not null,
  received_on date not null,
  replaces uuid,
  uploaded_by text not null,
  uploaded_at timestamp with time zone not null,
  tries smallint not null default 0,
  bytes_done bigint not null default 0,
  ended_at timestamp with time zone,
  outcome jsonb,
  constraint uploads_pkey PRIMARY KEY (id),
  constraint uploads_check CHECK (((ended_at IS NULL) = (outcome IS NULL))),
  constraint uploads_kind_check CHECK ((kind = ANY (ARRAY['customers'::text, 'debits'::text, 'deposits'::text, 'virtual-accounts'::text])))
);

CREATE INDEX uploads_waiting ON uploads USING btree (id) WHERE (ended_at IS NULL);

create table virtual_accounts (
  bank_code text not null,
  branch_code text not null,
  account_number text not null,
  account_type text not null,
  import_id uuid not null,
  customer_id uuid,
  assigned_at timestamp with time zone,
  assigned_how text,
  constraint virtual_accounts_pkey PRIMARY KEY (bank_code, branch_code, account_number),
  constraint virtual_accounts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint virtual_accounts_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
  constraint virtual_accounts_account_type_check CHECK ((account_type = ANY (ARRAY['普通'::text, '当座'::text, '貯蓄'::text]))),
  constraint virtual_accounts_assigned_how_check CHECK ((assigned_how = ANY (ARRAY['master'::text, 'pool'::text]))),
  constraint virtual_accounts_check CHECK ((num_nonnulls(customer_id, assigned_at, assigned_how) = ANY (ARRAY[0, 3])))
);

CREATE UNIQUE INDEX virtual_accounts_customer ON virtual_accounts USING btree (customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX virtual_accounts_free ON virtual_accounts USING btree (bank_code, branch_code, account_number) WHERE (customer_id IS NULL);

create table visit_customers (
  customer_id uuid not null,
  visit_id uuid not null,
  constraint visit_customers_pkey PRIMARY KEY (customer_id, visit_id),
  constraint visit_customers_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint visit_customers_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES visits(id)
);

CREATE INDEX visit_customers_visit ON visit_customers USING btree (visit_id);

create table visits (
  id uuid not null,
  token_hash bytea not null,
  read_only boolean not null,
  opened_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_because text,
  constraint visits_pkey PRIMARY KEY (id),
  constraint visits_token_hash_key UNIQUE (token_hash),
  constraint visits_check CHECK (((ended_at IS NULL) = (ended_because IS NULL))),
  constraint visits_ended_because_check CHECK ((ended_because = ANY (ARRAY['signed-out'::text, 'idle'::text, 'absolute'::text, 'hold'::text])))
);

CREATE INDEX visits_open ON visits USING btree (opened_at) WHERE (ended_at IS NULL);

create table work_items (
  customer_id uuid not null,
  id uuid not null,
  kind text not null,
  case_id uuid not null,
  opened_at timestamp with time zone not null,
  details jsonb not null default '{}'::jsonb,
  closed_at timestamp with time zone,
  closed_by text,
  constraint work_items_pkey PRIMARY KEY (customer_id, id),
  constraint work_items_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint work_items_kind_check CHECK ((kind = ANY (ARRAY['consultation'::text, 'broken-promise'::text, 'undelivered-number'::text])))
);

CREATE INDEX work_items_closed ON work_items USING btree (kind, closed_at, customer_id, id) WHERE (closed_at IS NOT NULL);
CREATE INDEX work_items_open ON work_items USING btree (kind, opened_at, customer_id, id) WHERE (closed_at IS NULL);

create table workers (
  id uuid not null,
  place text,
  beat bigint not null default 0,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint workers_pkey PRIMARY KEY (id)
);

CREATE INDEX workers_alive ON workers USING btree (id) WHERE (ended_at IS NULL);

create view active_holds as
 SELECT customer_id,
    id,
    reason,
    document_day,
    placed_at,
    placed_by
   FROM holds h
  WHERE NOT (EXISTS ( SELECT
           FROM hold_releases r
          WHERE r.customer_id = h.customer_id AND r.hold_id = h.id));

create view bill_credits as
 SELECT l.customer_id,
    l.bill_id,
    l.deposit_id,
    d.on_day,
    COALESCE(d.charge_day, b.due_day) AS charge_day,
    sum(l.fee)::bigint AS fee,
    sum(l.late_charge)::bigint AS late_charge,
    sum(l.principal)::bigint AS principal
   FROM ledger_lines l
     JOIN bills b ON b.customer_id = l.customer_id AND b.id = l.bill_id
     JOIN deposit_days d ON d.deposit_id = l.deposit_id
  GROUP BY l.customer_id, l.bill_id, l.deposit_id, d.on_day, d.charge_day, b.due_day
 HAVING sum(l.amount) <> 0::numeric;

create view deposit_days as
 SELECT d.id AS deposit_id,
    d.on_day,
        CASE
            WHEN d.channel = 'debit'::text THEN NULL::date
            WHEN s.expires_on >= d.on_day THEN s.charge_day
            ELSE COALESCE(p.charge_day, d.on_day)
        END AS charge_day
   FROM deposits d
     LEFT JOIN slips s ON s.customer_id = d.customer_id AND s.id = d.slip_id
     LEFT JOIN card_payments p ON p.customer_id = d.customer_id AND p.id = d.card_payment_id;

create view first_claims as
 SELECT m.customer_id,
    m.id AS message_id,
    k.place,
    k.at AS sent_at,
    k.gateway,
        CASE cardinality(k.reasons_ids)
            WHEN 1 THEN k.reasons_ids[1]
            ELSE k.reasons_ids[k.place]
        END AS reasons_id,
    e.carrier_ids[k.place] AS carrier_id,
    e.at AS answered_at
   FROM messages m
     CROSS JOIN LATERAL ( SELECT c.queue_id,
            c.stream,
            c.number,
            c.to_position,
            c.worker,
            c.slot,
            c.message_ids,
            c.at,
            c.serial,
            c.gateway,
            c.reasons_ids,
            array_position(c.message_ids, m.id) AS place
           FROM claims c
          WHERE c.queue_id = m.queue_id AND c.stream = ''::text AND c.to_position >= m."position"
          ORDER BY c.to_position
         LIMIT 1) k
     LEFT JOIN claim_ends e ON e.queue_id = k.queue_id AND e.stream = ''::text AND e.number = k.number
  WHERE k.place IS NOT NULL AND k.gateway IS NOT NULL;

create view message_lines as
 SELECT message_events.message_id,
    message_events.number,
    message_events.state,
    message_events.part,
    message_events.parts,
    message_events.gateway,
    message_events.carrier_id,
    message_events.because,
    message_events.blame,
    message_events.reasons_id,
    message_events.raw,
    message_events.at
   FROM message_events
UNION ALL
 SELECT first_claims.message_id,
    '-1'::integer AS number,
    'sending'::text AS state,
    1::smallint AS part,
    NULL::smallint AS parts,
    first_claims.gateway,
    NULL::text AS carrier_id,
    NULL::text AS because,
    NULL::text AS blame,
    first_claims.reasons_id,
    NULL::text AS raw,
    first_claims.sent_at AS at
   FROM first_claims
UNION ALL
 SELECT first_claims.message_id,
    0 AS number,
    'submitted'::text AS state,
    1::smallint AS part,
    1::smallint AS parts,
    first_claims.gateway,
    NULLIF(first_claims.carrier_id, ''::text) AS carrier_id,
    NULL::text AS because,
    NULL::text AS blame,
    NULL::uuid AS reasons_id,
    NULL::text AS raw,
    first_claims.answered_at AS at
   FROM first_claims
  WHERE first_claims.carrier_id IS NOT NULL;

create view message_states as
 SELECT m.customer_id,
    m.id AS message_id,
    m.class,
    m.case_id,
    m.campaign_id,
    m.queue_id,
    m.phone_value,
    m.repeats,
    m.queued_at,
    GREATEST(e.sent_at, f.sent_at) AS sent_at,
        CASE
            WHEN e.delivered_parts >= COALESCE(e.parts::integer, f.parts, m.part_count) THEN 'delivered'::text
            WHEN e.failed THEN 'failed'::text
            WHEN e.expired THEN 'expired'::text
            WHEN f.parts = 1 OR e.submitted_parts >= COALESCE(e.parts::integer, m.part_count) THEN 'submitted'::text
            WHEN e.excluded THEN 'excluded'::text
            WHEN e.refused THEN 'refused'::text
            WHEN COALESCE(e.in_flight, f.sent_at IS NOT NULL) AND NOT e.unknown AND e.submitted_parts = 0 THEN 'sending'::text
            WHEN COALESCE(e.in_flight, f.sent_at IS NOT NULL) OR e.unknown OR e.submitted_parts > 0 THEN 'unknown'::text
            WHEN (EXISTS ( SELECT
               FROM queue_controls q
              WHERE q.queue_id = m.queue_id AND q.act = 'cancelled'::text)) THEN 'excluded'::text
            WHEN e.deferred THEN 'deferred'::text
            ELSE 'queued'::text
        END AS state
   FROM messages m
     LEFT JOIN LATERAL ( SELECT k.at AS sent_at,
                CASE
                    WHEN e_1.carrier_ids[k.place] IS NOT NULL THEN 1
                    ELSE NULL::integer
                END AS parts
           FROM ( SELECT c.queue_id,
                    c.stream,
                    c.number,
                    c.to_position,
                    c.worker,
                    c.slot,
                    c.message_ids,
                    c.at,
                    c.serial,
                    c.gateway,
                    c.reasons_ids,
                    array_position(c.message_ids, m.id) AS place
                   FROM claims c
                  WHERE c.queue_id = m.queue_id AND c.stream = ''::text AND c.to_position >= m."position"
                  ORDER BY c.to_position
                 LIMIT 1) k
             LEFT JOIN claim_ends e_1 ON e_1.queue_id = k.queue_id AND e_1.stream = ''::text AND e_1.number = k.number
          WHERE k.place IS NOT NULL AND k.gateway IS NOT NULL) f ON true
     CROSS JOIN LATERAL ( SELECT count(DISTINCT v.part) FILTER (WHERE v.state = 'delivered'::text) AS delivered_parts,
            count(DISTINCT v.part) FILTER (WHERE v.state = 'submitted'::text) AS submitted_parts,
            COALESCE(bool_or(v.state = 'failed'::text), false) AS failed,
            COALESCE(bool_or(v.state = 'expired'::text), false) AS expired,
            COALESCE(bool_or(v.state = 'refused'::text), false) AS refused,
            COALESCE(bool_or(v.state = 'excluded'::text), false) AS excluded,
            COALESCE(bool_or(v.state = 'unknown'::text), false) AS unknown,
            COALESCE(bool_or(v.state = 'deferred'::text), false) AS deferred,
            (array_agg(v.state ORDER BY v.number DESC) FILTER (WHERE v.state = ANY (ARRAY['sending'::text, 'requeued'::text])))[1] = 'sending'::text AS in_flight,
            max(v.parts) AS parts,
            max(v.at) FILTER (WHERE v.state = 'sending'::text) AS sent_at
           FROM message_events v
          WHERE v.message_id = m.id) e
UNION ALL
 SELECT message_outcomes.customer_id,
    message_outcomes.message_id,
    message_outcomes.class,
    message_outcomes.case_id,
    message_outcomes.campaign_id,
    message_outcomes.campaign_id AS queue_id,
    message_outcomes.phone_value,
    message_outcomes.repeats,
    message_outcomes.queued_at,
    message_outcomes.sent_at,
    message_outcomes.state
   FROM message_outcomes;

create view open_bills as
 SELECT customer_id,
    id,
    case_id,
    contract_id,
    product,
    debit_number,
    import_id,
    record,
    principal,
    fee,
    due_day,
    billed_at
   FROM bills b
  WHERE NOT (EXISTS ( SELECT
           FROM bill_endings e
          WHERE e.customer_id = b.customer_id AND e.bill_id = b.id));

grant delete, insert, select, update on active_holds to :app_role;
grant delete, insert, select, update on answer_bills to :app_role;
grant delete, insert, select, update on answer_feed to :app_role;
grant delete, insert, select, update on answer_feed_waiting to :app_role;
grant delete, insert, select, update on answer_versions to :app_role;
grant delete, insert, select, update on answers to :app_role;
grant delete, insert, select, update on approval_ends to :app_role;
grant delete, insert, select, update on approval_requests to :app_role;
grant delete, insert, select, update on audit_checks to :app_role;
grant insert, select on audit_lines to :app_role;
grant insert, select on audit_seals to :app_role;
grant delete, insert, select, update on audit_unsealed to :app_role;
grant delete, insert, select, update on bill_credits to :app_role;
grant delete, insert, select, update on bill_endings to :app_role;
grant delete, insert, select, update on bills to :app_role;
grant delete, insert, select, update on caller_checks to :app_role;
grant delete, insert, select, update on campaign_chains to :app_role;
grant delete, insert, select, update on campaign_decisions to :app_role;
grant delete, insert, select, update on campaign_tallies to :app_role;
grant delete, insert, select, update on campaign_texts to :app_role;
grant delete, insert, select, update on campaigns to :app_role;
grant delete, insert, select, update on card_payment_bills to :app_role;
grant delete, insert, select, update on card_payments to :app_role;
grant delete, insert, select, update on case_notes to :app_role;
grant delete, insert, select, update on cases to :app_role;
grant delete, insert, select, update on challenge_holders to :app_role;
grant delete, insert, select, update on challenges to :app_role;
grant delete, insert, select, update on claim_ends to :app_role;
grant delete, insert, select, update on claims to :app_role;
grant usage on sequence claims_serial_seq to :app_role;
grant delete, insert, select, update on contact_wishes to :app_role;
grant delete, insert, select, update on contracts to :app_role;
grant delete, insert, select, update on customer_search to :app_role;
grant delete, insert, select, update on customers to :app_role;
grant delete, insert, select, update on debit_headers to :app_role;
grant delete, insert, select, update on debits to :app_role;
grant delete, insert, select, update on demo to :app_role;
grant delete, insert, select, update on deposit_days to :app_role;
grant delete, insert, select, update on deposit_headers to :app_role;
grant delete, insert, select, update on deposit_repeats to :app_role;
grant delete, insert, select, update on deposits to :app_role;
grant delete, insert, select, update on first_claims to :app_role;
grant delete, insert, select, update on gateway_leases to :app_role;
grant delete, insert, select, update on gateway_minutes to :app_role;
grant delete, insert, select, update on gateway_states to :app_role;
grant usage on sequence gateway_states_number_seq to :app_role;
grant delete, insert, select, update on hold_releases to :app_role;
grant delete, insert, select, update on holds to :app_role;
grant delete, insert, select, update on identity_counters to :app_role;
grant delete, insert, select, update on identity_index to :app_role;
grant delete, insert, select, update on identity_pauses to :app_role;
grant delete, insert, select, update on import_chunks to :app_role;
grant delete, insert, select, update on imports to :app_role;
grant delete, insert, select, update on key_checks to :app_role;
grant delete, insert, select, update on ledger_feed to :app_role;
grant delete, insert, select, update on ledger_feed_waiting to :app_role;
grant delete, insert, select, update on ledger_lines to :app_role;
grant delete, insert, select, update on live_promises to :app_role;
grant delete, insert, select, update on message_bodies to :app_role;
grant usage on sequence message_event_numbers to :app_role;
grant delete, insert, select, update on message_events to :app_role;
grant delete, insert, select, update on message_events_default to :app_role;
grant delete, insert, select, update on message_lines to :app_role;
grant delete, insert, select, update on message_outcomes to :app_role;
grant usage on sequence message_positions to :app_role;
grant delete, insert, select, update on message_states to :app_role;
grant delete, insert, select, update on messages to :app_role;
grant delete, insert, select, update on messages_default to :app_role;
grant delete, insert, select, update on open_approval_requests to :app_role;
grant delete, insert, select, update on open_bills to :app_role;
grant delete, insert, select, update on operator_sessions to :app_role;
grant delete, insert, select, update on operator_sign_ins to :app_role;
grant delete, insert, select, update on operators to :app_role;
grant delete, insert, select, update on promise_outcomes to :app_role;
grant delete, insert, select, update on queue_controls to :app_role;
grant delete, insert, select, update on queue_stills to :app_role;
grant delete, insert, select, update on reasons to :app_role;
grant delete, insert, select, update on receipt_numbers to :app_role;
grant delete, insert, select, update on receipts to :app_role;
grant delete, insert, select, update on report_figures to :app_role;
grant delete, insert, select, update on retries to :app_role;
grant delete, insert, select, update on retries_default to :app_role;
grant delete, insert, select, update on reveals to :app_role;
grant delete, insert, select, update on reversals to :app_role;
grant delete, insert, select, update on sandbox_messages to :app_role;
grant select on schema_migrations to :app_role;
grant delete, insert, select, update on searches to :app_role;
grant delete, insert, select, update on slip_bills to :app_role;
grant delete, insert, select, update on slips to :app_role;
grant delete, insert, select, update on submissions to :app_role;
grant delete, insert, select, update on upload_chunks to :app_role;
grant delete, insert, select, update on uploads to :app_role;
grant delete, insert, select, update on virtual_accounts to :app_role;
grant delete, insert, select, update on visit_customers to :app_role;
grant delete, insert, select, update on visits to :app_role;
grant delete, insert, select, update on work_items to :app_role;
grant delete, insert, select, update on workers to :app_role;
