/** Generated from the migrated schema by `npm run schema`. */

import type { ColumnType } from "kysely";

export type Generated<T> = T extends ColumnType<infer S, infer I, infer U>
  ? ColumnType<S, I | undefined, U>
  : ColumnType<T, T | undefined, T>;

export interface ActiveHolds {
  customer_id: string;
  document_day: string | null;
  id: string;
  placed_at: Date;
  placed_by: string;
  reason: "legal" | "death" | "dispute" | "hardship" | "wrong-number";
}

export interface AnswerBills {
  amount: number;
  answer_id: string;
  bill_id: string;
  customer_id: string;
  version: number;
}

export interface AnswerFeed {
  answer_id: string;
  customer_id: string;
  position: number;
  version: number;
}

export interface AnswerFeedWaiting {
  answer_id: string;
  customer_id: string;
  version: number;
}

export interface Answers {
  case_id: string;
  customer_id: string;
  first_answered_at: Date;
  id: string;
}

export interface AnswerVersions {
  answer_id: string;
  answered_at: Date;
  answered_by: string;
  customer_id: string;
  details: Generated<unknown>;
  kind: "already-paid" | "promise" | "consultation" | "cancelled";
  last_offered_day: string | null;
  promised_day: string | null;
  quiet_until: string | null;
  receipt_number: string;
  version: number;
}

export interface ApprovalEnds {
  because: string | null;
  campaign_id: string;
  ended_at: Date;
  ended_by: string;
  how: "approved" | "returned" | "withdrawn" | "voided";
  number: number;
}

export interface ApprovalRequests {
  also_in_last: number;
  asked_at: Date;
  asked_by: string;
  campaign_id: string;
  drawn: string[];
  last_campaign_id: string | null;
  notice_count: number;
  number: number;
  pinned: Buffer;
}

export interface AuditChecks {
  asked_at: Date;
  asked_by: string;
  ended_at: Date | null;
  id: string;
  verdict: unknown | null;
}

export interface AuditLines {
  act: string;
  actor: string;
  at: Date;
  customer_id: string | null;
  facts: unknown;
  id: string;
}

export interface AuditSeals {
  line_id: string;
  position: number;
  seal: Buffer;
}

export interface AuditUnsealed {
  line_id: string;
}

export interface BillCredits {
  bill_id: string | null;
  charge_day: string | null;
  customer_id: string;
  deposit_id: string;
  fee: number | null;
  late_charge: number | null;
  on_day: string | null;
  principal: number | null;
}

export interface BillEndings {
  bill_id: string;
  customer_id: string;
  ended_at: Date;
  how: "settled" | "withdrawn";
  import_id: string | null;
  on_day: string;
}

export interface Bills {
  billed_at: Date;
  case_id: string;
  contract_id: string | null;
  customer_id: string;
  debit_number: string;
  due_day: string;
  fee: Generated<number>;
  id: string;
  import_id: string;
  principal: number;
  product: string | null;
  record: number;
}

export interface CallerChecks {
  asked: string[];
  checked_at: Date;
  checked_by: string;
  customer_id: string;
  id: string;
  matched: string[];
}

export interface CampaignChains {
  campaign_id: string;
  chain: unknown;
  number: number;
}

export interface CampaignDecisions {
  because: string | null;
  campaign_id: string;
  case_id: string;
  chain_number: number;
  customer_id: string;
  decision: "notice" | "excluded";
}

export interface Campaigns {
  approved_at: Date | null;
  approved_by: string | null;
  excluded_count: number;
  id: string;
  notice_text: string;
  planned_at: Date;
  planned_by: string;
  planned_count: number;
  rules_version: string;
  target_count: number;
  text_at: Date | null;
  text_by: string | null;
}

export interface CampaignTallies {
  campaign_id: string;
  counted_at: Date;
  tally: unknown;
  took_ms: number;
}

export interface CampaignTexts {
  campaign_id: string;
  notice_text: string;
  number: number;
  written_at: Date;
  written_by: string;
}

export interface CardPaymentBills {
  amount: number;
  bill_id: string;
  card_payment_id: string;
  customer_id: string;
}

export interface CardPayments {
  amount: number;
  begun_at: Date;
  charge_day: string;
  customer_id: string;
  id: string;
  provider: string;
  provider_id: string | null;
}

export interface CaseNotes {
  customer_id: string;
  id: string;
  sealed: Buffer;
  written_at: Date;
  written_by: string;
}

export interface Cases {
  closed_at: Date | null;
  closed_because: "settled" | "withdrawn" | null;
  customer_id: string;
  id: string;
  import_id: string;
  opened_at: Date;
}

export interface ChallengeHolders {
  challenge_id: string;
  cookie_hash: Buffer;
  last_outcome: "sent" | "resent" | "wait" | "no-more-today" | "paused" | "malformed" | "wrong" | "used-up" | "locked";
  opened_at: Date;
  typed: Buffer;
}

export interface Challenges {
  code_hash: Buffer | null;
  code_made_at: Date;
  code_sealed: Buffer | null;
  customer_ids: Generated<string[]>;
  expires_at: Date;
  id: string;
  identity_value: Buffer;
  last_sent_at: Date;
  person_value: Buffer;
  phone_value: Buffer;
  send_due: Generated<boolean>;
  sends: Generated<number>;
  state: "live" | "accepted" | "dead";
  tries: Generated<number>;
}

export interface ClaimEnds {
  at: Date | null;
  carrier_ids: string[] | null;
  gateway: string | null;
  number: number;
  queue_id: string;
  stream: string;
}

export interface Claims {
  at: Date;
  gateway: string | null;
  message_ids: string[];
  number: number;
  queue_id: string;
  reasons_ids: string[] | null;
  serial: Generated<number>;
  slot: string;
  stream: string;
  to_position: number;
  worker: string;
}

export interface ContactWishes {
  call_time: "any" | "morning" | "afternoon" | "evening" | "never";
  customer_id: string;
  hearing: "usual" | "slowly" | "in-writing";
  id: string;
  language: "ja" | "easy-ja" | "en" | "zh" | "ko" | "vi" | "pt" | "other";
  noted_by: string;
  said_at: Date;
}

export interface Contracts {
  annual_rate_percent: string | null;
  contract_day: string | null;
  contract_number: string;
  customer_id: string;
  debit_number: string | null;
  debit_number_bare: string | null;
  excluded: boolean;
  id: string;
  import_id: string;
  loan_amount: number | null;
  pay_easy: unknown | null;
  product: string;
}

export interface Customers {
  customer_number: string;
  customer_number_bare: string;
  data_key: Buffer;
  id: string;
  import_id: string;
  mobile_number: Buffer;
  person: Buffer;
  person_value: Buffer | null;
  phone_value: Buffer;
  updated_at: Date;
}

export interface CustomerSearch {
  customer_id: string;
  label: "family" | "given" | "full-name" | "phone" | "phone-last4";
  value: Buffer;
}

export interface DebitHeaders {
  account_number: string;
  account_type: string;
  bank_code: string;
  branch_code: string;
  debit_day: string;
  import_id: string;
  number: number;
  originator_code: string;
}

export interface Debits {
  amount: number;
  candidates: string[] | null;
  contract_id: string | null;
  customer_id: string | null;
  customer_number: string;
  header: number;
  import_id: string;
  outcome: string;
  record: number;
  result_code: string;
}

export interface Demo {
  clock_offset_ms: number;
  last_now: Date;
  one: Generated<boolean>;
  site_address: string;
}

export interface DepositDays {
  charge_day: string | null;
  deposit_id: string | null;
  on_day: string | null;
}

export interface DepositHeaders {
  account: string;
  from_day: string;
  import_id: string;
  number: number;
  to_day: string;
  type_code: "01" | "03";
}

export interface DepositRepeats {
  import_id: string;
  line_key: string;
  record: number;
}

export interface Deposits {
  account: string | null;
  amount: number;
  bill_id: string | null;
  candidates: string[] | null;
  card_payment_id: string | null;
  certainty: "certain" | "probable" | null;
  channel: "transfer" | "convenience-store" | "pay-easy" | "card" | "debit";
  customer_id: string | null;
  ended_at: Date | null;
  ended_by_import: string | null;
  ended_how: "reversed" | "refunded" | "undone" | null;
  final_by_import: string | null;
  id: string;
  import_id: string | null;
  is_final: Generated<boolean>;
  line_key: string;
  matched_how: "virtual-account" | "slip" | "reference" | "name" | "debit" | "provider" | "person" | null;
  on_day: string;
  received_at: Date;
  record: number | null;
  reference: string | null;
  slip_id: string | null;
  unmatched_because: string | null;
}

export interface FirstClaims {
  answered_at: Date | null;
  carrier_id: string | null;
  customer_id: string | null;
  gateway: string | null;
  message_id: string | null;
  place: number | null;
  reasons_id: string | null;
  sent_at: Date | null;
}

export interface GatewayLeases {
  beat: Generated<number>;
  bind: number;
  epoch: Generated<number>;
  gateway: string;
  is_bound: Generated<boolean>;
  worker: string | null;
}

export interface GatewayMinutes {
  gateway: string;
  judged: number;
  minute: Date;
  slow: number;
}

export interface GatewayStates {
  at: Date;
  gateway: string;
  number: Generated<number>;
  state: unknown;
}

export interface HoldReleases {
  because: Buffer | null;
  customer_id: string;
  hold_id: string;
  released_at: Date;
  released_by: string;
}

export interface Holds {
  customer_id: string;
  document_day: string | null;
  id: string;
  law_firm: Buffer | null;
  placed_at: Date;
  placed_by: string;
  reason: "legal" | "death" | "dispute" | "hardship" | "wrong-number";
  received_day: string | null;
}

export interface IdentityCounters {
  count: number;
  key: Buffer;
  period: Date;
  scope: "try-phone-client" | "try-phone" | "code" | "sms" | "wrong" | "wrong-run" | "service-code" | "service-sms" | "service-wrong" | "forgiven";
}

export interface IdentityIndex {
  customer_id: string;
  value: Buffer;
}

export interface IdentityPauses {
  because: "wrong-codes" | "code-sms";
  began_at: Date;
  ends_at: Date;
  id: string;
}

export interface ImportChunks {
  import_id: string;
  number: number;
  sealed: Buffer;
}

export interface Imports {
  byte_count: number;
  content_hash: Buffer;
  ended_at: Date | null;
  ended_how: "undone" | "replaced" | null;
  file_name: string;
  id: string;
  imported_at: Date;
  imported_by: string;
  kind: "customers" | "debits" | "deposits" | "virtual-accounts";
  received_on: string;
  record_count: number;
  replaces: string | null;
  report: unknown;
}

export interface KeyChecks {
  label: string;
  value: Buffer;
}

export interface LedgerFeed {
  customer_id: string;
  is_settled: boolean | null;
  line_id: string;
  position: number;
}

export interface LedgerFeedWaiting {
  customer_id: string;
  line_id: string;
}

export interface LedgerLines {
  account: "bill" | "surplus" | "refund";
  amount: number;
  at: Date;
  bill_id: string | null;
  customer_id: string;
  deposit_id: string;
  fee: Generated<number>;
  id: string;
  late_charge: Generated<number>;
  principal: Generated<number>;
}

export interface LivePromises {
  answer_id: string;
  customer_id: string;
  quiet_until: string;
  version: number;
}

export interface MessageBodies {
  message_id: string;
  sealed: Buffer;
}

export interface MessageEvents {
  at: Date;
  because: string | null;
  blame: "message" | "gateway" | null;
  carrier_id: string | null;
  gateway: string | null;
  message_id: string;
  number: Generated<number>;
  part: Generated<number>;
  parts: number | null;
  raw: string | null;
  reasons_id: string | null;
  state: "deferred" | "excluded" | "sending" | "submitted" | "refused" | "requeued" | "unknown" | "reported" | "delivered" | "failed" | "expired";
}

export interface MessageLines {
  at: Date | null;
  because: string | null;
  blame: string | null;
  carrier_id: string | null;
  gateway: string | null;
  message_id: string | null;
  number: number | null;
  part: number | null;
  parts: number | null;
  raw: string | null;
  reasons_id: string | null;
  state: string | null;
}

export interface MessageOutcomes {
  campaign_id: string | null;
  case_id: string | null;
  class: string;
  customer_id: string;
  message_id: string;
  phone_value: Buffer;
  queued_at: Date;
  repeats: string | null;
  sent_at: Date | null;
  state: string;
}

export interface Messages {
  campaign_id: string | null;
  case_id: string | null;
  class: "notice" | "code" | "receipt";
  customer_id: string;
  id: string;
  part_count: number;
  phone_value: Buffer;
  position: number;
  queue_id: string;
  queued_at: Date;
  reference: number;
  repeats: string | null;
  sender: string;
  valid_until: Date | null;
}

export interface MessageStates {
  campaign_id: string | null;
  case_id: string | null;
  class: string | null;
  customer_id: string | null;
  message_id: string | null;
  phone_value: Buffer | null;
  queue_id: string | null;
  queued_at: Date | null;
  repeats: string | null;
  sent_at: Date | null;
  state: string | null;
}

export interface OpenApprovalRequests {
  campaign_id: string;
  number: number;
}

export interface OpenBills {
  billed_at: Date;
  case_id: string;
  contract_id: string | null;
  customer_id: string;
  debit_number: string;
  due_day: string;
  fee: number;
  id: string;
  import_id: string;
  principal: number;
  product: string | null;
  record: number;
}

export interface Operators {
  name: string;
  roles: string[];
  signed_in_at: Date;
  subject: string;
}

export interface OperatorSessions {
  ended_at: Date | null;
  ended_because: "signed-out" | "idle" | "absolute" | "replaced" | null;
  id: string;
  id_token: Buffer | null;
  last_seen_at: Date;
  name: string;
  opened_at: Date;
  roles: string[];
  subject: string;
  token_hash: Buffer;
}

export interface OperatorSignIns {
  begun_at: Date;
  browser_hash: Buffer;
  return_to: string;
  secrets: Buffer;
}

export interface PromiseOutcomes {
  answer_id: string;
  because: string;
  customer_id: string;
  decided_at: Date;
  outcome: "kept" | "broken" | "cancelled";
  version: number;
}

export interface QueueControls {
  act: "paused" | "resumed" | "cancelled";
  at: Date;
  because: string | null;
  by: string;
  number: number;
  queue_id: string;
}

export interface QueueStills {
  in_hand: number;
  number: number;
  queue_id: string;
  took_ms: number;
}

export interface Reasons {
  facts: unknown;
  id: string;
}

export interface ReceiptNumbers {
  given_at: Date;
  number: string;
}

export interface Receipts {
  carrier_id: string;
  error_code: string | null;
  gateway: string;
  id: string;
  phone_value: Buffer | null;
  raw: string;
  received_at: Date;
  reference: number | null;
  state: string;
}

export interface ReportFigures {
  counted_at: Date;
  figures: unknown;
  from_day: string;
  report: string;
  to_day: string;
  took_ms: number;
}

export interface Retries {
  message_id: string;
  not_before: Date;
  position: Generated<number>;
  queue_id: string;
  stream: string;
}

export interface Reveals {
  customer_id: string;
  ends_at: Date;
  field: "name" | "phone" | "birth-date" | "customer-number" | "contract-numbers";
  id: string;
  reason: string;
  revealed_at: Date;
  revealed_by: string;
  session_id: string;
}

export interface Reversals {
  account: string | null;
  amount: number;
  channel: "transfer" | "convenience-store";
  deposit_id: string | null;
  import_id: string;
  on_day: string;
  received_at: Date;
  record: number;
  reference: string | null;
  reversal_key: string;
}

export interface SandboxMessages {
  ended_at: Date | null;
  id: string;
  is_acknowledged: Generated<boolean>;
  sealed: Buffer;
  taken_at: Date;
}

export interface SchemaMigrations {
  applied_at: Date;
  hash: string;
  name: string;
  number: number;
}

export interface Searches {
  id: string;
  sealed: Buffer;
  searched_at: Date;
  session_id: string;
}

export interface SlipBills {
  amount: number;
  bill_id: string;
  customer_id: string;
  slip_id: string;
}

export interface Slips {
  amount: number;
  barcode: string;
  charge_day: string;
  customer_id: string;
  expires_on: string;
  id: string;
  issued_at: Date;
  number: string;
}

export interface Submissions {
  body_hash: Buffer;
  form_id: Buffer;
  location: string | null;
  path: string;
  set_cookie: Buffer | null;
  submitted_at: Date;
}

export interface UploadChunks {
  number: number;
  part: "file" | "rejected";
  sealed: Buffer;
  upload_id: string;
}

export interface Uploads {
  byte_count: number;
  bytes_done: Generated<number>;
  ended_at: Date | null;
  file_name: string;
  id: string;
  kind: "customers" | "debits" | "deposits" | "virtual-accounts";
  outcome: unknown | null;
  received_on: string;
  replaces: string | null;
  tries: Generated<number>;
  uploaded_at: Date;
  uploaded_by: string;
}

export interface VirtualAccounts {
  account_number: string;
  account_type: "普通" | "当座" | "貯蓄";
  assigned_at: Date | null;
  assigned_how: "master" | "pool" | null;
  bank_code: string;
  branch_code: string;
  customer_id: string | null;
  import_id: string;
}

export interface VisitCustomers {
  customer_id: string;
  visit_id: string;
}

export interface Visits {
  ended_at: Date | null;
  ended_because: "signed-out" | "idle" | "absolute" | "hold" | null;
  id: string;
  last_seen_at: Date;
  opened_at: Date;
  read_only: boolean;
  token_hash: Buffer;
}

export interface Workers {
  beat: Generated<number>;
  ended_at: Date | null;
  id: string;
  place: string | null;
  started_at: Date;
}

export interface WorkItems {
  case_id: string;
  closed_at: Date | null;
  closed_by: string | null;
  customer_id: string;
  details: Generated<unknown>;
  id: string;
  kind: "consultation" | "broken-promise" | "undelivered-number";
  opened_at: Date;
}

/** Every table and view by its name. */
export interface Tables {
  active_holds: ActiveHolds;
  answer_bills: AnswerBills;
  answer_feed: AnswerFeed;
  answer_feed_waiting: AnswerFeedWaiting;
  answer_versions: AnswerVersions;
  answers: Answers;
  approval_ends: ApprovalEnds;
  approval_requests: ApprovalRequests;
  audit_checks: AuditChecks;
  audit_lines: AuditLines;
  audit_seals: AuditSeals;
  audit_unsealed: AuditUnsealed;
  bill_credits: BillCredits;
  bill_endings: BillEndings;
  bills: Bills;
  caller_checks: CallerChecks;
  campaign_chains: CampaignChains;
  campaign_decisions: CampaignDecisions;
  campaign_tallies: CampaignTallies;
  campaign_texts: CampaignTexts;
  campaigns: Campaigns;
  card_payment_bills: CardPaymentBills;
  card_payments: CardPayments;
  case_notes: CaseNotes;
  cases: Cases;
  challenge_holders: ChallengeHolders;
  challenges: Challenges;
  claim_ends: ClaimEnds;
  claims: Claims;
  contact_wishes: ContactWishes;
  contracts: Contracts;
  customer_search: CustomerSearch;
  customers: Customers;
  debit_headers: DebitHeaders;
  debits: Debits;
  demo: Demo;
  deposit_days: DepositDays;
  deposit_headers: DepositHeaders;
  deposit_repeats: DepositRepeats;
  deposits: Deposits;
  first_claims: FirstClaims;
  gateway_leases: GatewayLeases;
  gateway_minutes: GatewayMinutes;
  gateway_states: GatewayStates;
  hold_releases: HoldReleases;
  holds: Holds;
  identity_counters: IdentityCounters;
  identity_index: IdentityIndex;
  identity_pauses: IdentityPauses;
  import_chunks: ImportChunks;
  imports: Imports;
  key_checks: KeyChecks;
  ledger_feed: LedgerFeed;
  ledger_feed_waiting: LedgerFeedWaiting;
  ledger_lines: LedgerLines;
  live_promises: LivePromises;
  message_bodies: MessageBodies;
  message_events: MessageEvents;
  message_lines: MessageLines;
  message_outcomes: MessageOutcomes;
  message_states: MessageStates;
  messages: Messages;
  open_approval_requests: OpenApprovalRequests;
  open_bills: OpenBills;
  operator_sessions: OperatorSessions;
  operator_sign_ins: OperatorSignIns;
  operators: Operators;
  promise_outcomes: PromiseOutcomes;
  queue_controls: QueueControls;
  queue_stills: QueueStills;
  reasons: Reasons;
  receipt_numbers: ReceiptNumbers;
  receipts: Receipts;
  report_figures: ReportFigures;
  retries: Retries;
  reveals: Reveals;
  reversals: Reversals;
  sandbox_messages: SandboxMessages;
  schema_migrations: SchemaMigrations;
  searches: Searches;
  slip_bills: SlipBills;
  slips: Slips;
  submissions: Submissions;
  upload_chunks: UploadChunks;
  uploads: Uploads;
  virtual_accounts: VirtualAccounts;
  visit_customers: VisitCustomers;
  visits: Visits;
  work_items: WorkItems;
  workers: Workers;
}
