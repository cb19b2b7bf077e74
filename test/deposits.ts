import { randomBytes } from 'node:crypto'
import { searchValue } from '#customers'
import { arrivingColumns, createArriving, type PaymentsWorld, type TakenDeposits, takeDeposits } from '#payments'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { type Database, type Db, inTransaction, sql, type Transaction } from '#platform/database/database'
import { newId } from '#platform/ids'
import { openVault } from '#platform/vault/vault'
import { type Day, day, dayInJst } from '#values/day'
import { creditorWith, type OpenedCase, ten } from './casework.ts'

export const paymentsWorld = async (
  db: Database,
  change?: Parameters<typeof creditorWith>[0],
): Promise<PaymentsWorld> => ({
  db,
  vault: openVault({ derive: (label) => Buffer.alloc(32, label) }),
  creditor: await creditorWith(change),
  holidays: japaneseHolidays,
})

export type ArrivingLine = {
  readonly channel?: 'transfer' | 'convenience-store'
  readonly act?: 'arrival' | 'provisional' | 'final' | 'reversal'
  readonly amount?: number
  readonly onDay?: Day
  readonly account?: string | null
  readonly reference?: string | null
  readonly payer?: string | null
  readonly key?: string
  readonly reverses?: string
}

/** The account that the creditor's customers share. */
export const sharedAccount = '0000-001-1234567'

let lines = 0
export const newKey = (): string => `line ${String(++lines).padStart(6, '0')}`

type Arriving = { readonly now?: Date; readonly importId?: string }

/** A file of money with these lines, as the import hands it over. */
export const arrive = (
  w: PaymentsWorld,
  arriving: readonly ArrivingLine[],
  how: Arriving = {},
): Promise<TakenDeposits & { readonly importId: string }> => inTransaction(w.db, (tx) => arriveIn(tx, w, arriving, how))

/** The same within a transaction that may be given up. */
export const arriveIn = async (
  tx: Transaction,
  w: PaymentsWorld,
  arriving: readonly ArrivingLine[],
  { now = ten, importId = newId(now) }: Arriving = {},
): Promise<TakenDeposits & { readonly importId: string }> => {
  await putDepositsImport(tx, importId, now)
  await createArriving(tx)
  const rows = arriving.map((line, index) => ({
    record: index + 1,
    channel: line.channel ?? 'transfer',
    act: line.act ?? 'arrival',
    amount: line.amount ?? 12_300,
    on_day: line.onDay ?? day('2026-11-24'),
    account: line.account === undefined ? (line.channel === 'convenience-store' ? null : sharedAccount) : line.account,
    reference: line.reference ?? null,
    payer: line.payer ?? null,
    line_key: line.key ?? newKey(),
    reversal_key: line.reverses ?? null,
  }))
  await sql`
    insert into arriving_deposits (${sql.raw(arrivingColumns.join(', '))})
    select ${sql.raw(arrivingColumns.join(', '))}
    from jsonb_populate_recordset(null::arriving_deposits, ${JSON.stringify(rows)}::jsonb)`.execute(tx)
  return { ...(await takeDeposits(w, tx, { importId, now, by: 'cli:sato' })), importId }
}

const putDepositsImport = async (db: Db, id: string, now: Date): Promise<void> => {
  await sql`insert into imports
      (id, kind, content_hash, file_name, byte_count, record_count, received_on, imported_at, imported_by, report)
    values (${id}, 'deposits', ${randomBytes(32)}, 'money.txt', 1, 1, ${dayInJst(now)}, ${now}, 'cli:sato', '{}')`.execute(
    db,
  )
}

/** As the import of customers leaves it: what a payer's name is compared with. */
export const putName = async (
  { db, vault }: PaymentsWorld,
  customerId: string,
  family: string,
  given: string,
): Promise<void> => {
  for (const [label, text] of [
    ['family', family],
    ['given', given],
    ['full-name', family + given],
  ] as const)
    await sql`insert into customer_search (label, value, customer_id)
      values (${label}, ${searchValue(vault, label, text)}, ${customerId})`.execute(db)
}

let accounts = 0

/** Answers with the ten digits of branch and number. */
export const putVirtualAccount = async (db: Db, customerId?: string): Promise<string> => {
  const number = String(++accounts).padStart(7, '0')
  const importId = newId(ten)
  await putDepositsImport(db, importId, ten)
  await sql`insert into virtual_accounts
      (bank_code, branch_code, account_number, account_type, import_id, customer_id, assigned_at, assigned_how)
    values ('0000', '101', ${number}, '普通', ${importId}, ${customerId ?? null},
      ${customerId ? ten : null}, ${customerId ? 'master' : null})`.execute(db)
  return `101${number}`
}

let slips = 0

/** A slip for all bills of the case, as they come to; answers with its number. */
export const putSlip = async (db: Db, { customerId, billIds }: OpenedCase, amount: number): Promise<string> => {
  const [id, number] = [newId(ten), String(++slips).padStart(21, '0')]
  await sql`insert into slips (customer_id, id, number, barcode, amount, charge_day, expires_on, issued_at)
    values (${customerId}, ${id}, ${number}, ${String(slips).padStart(44, '9')}, ${amount}, '2026-11-24', '2026-11-26',
      ${ten})`.execute(db)
  for (const billId of billIds)
    await sql`insert into slip_bills (customer_id, slip_id, bill_id, amount)
      values (${customerId}, ${id}, ${billId}, ${amount / billIds.length})`.execute(db)
  return number
}

/** A promise that is waited for, of these yen for each bill. */
export const putPromise = async (
  db: Db,
  { customerId, caseId, billIds }: OpenedCase,
  { amount, receiptNumber }: { readonly amount: number; readonly receiptNumber: string },
): Promise<void> => {
  const answerId = newId(ten)
  await sql`insert into answers (customer_id, id, case_id, first_answered_at)
    values (${customerId}, ${answerId}, ${caseId}, ${ten})`.execute(db)
  await sql`insert into receipt_numbers (number, given_at) values (${receiptNumber}, ${ten})`.execute(db)
  await sql`insert into answer_versions (customer_id, answer_id, version, kind, promised_day, last_offered_day,
      quiet_until, answered_at, answered_by, receipt_number)
    values (${customerId}, ${answerId}, 1, 'promise', '2026-11-25', '2026-11-26', '2026-11-26', ${ten}, 'customer',
      ${receiptNumber})`.execute(db)
  for (const billId of billIds)
    await sql`insert into answer_bills (customer_id, answer_id, version, bill_id, amount)
      values (${customerId}, ${answerId}, 1, ${billId}, ${amount})`.execute(db)
  await sql`insert into live_promises (customer_id, answer_id, version, quiet_until)
    values (${customerId}, ${answerId}, 1, '2026-11-26')`.execute(db)
}
