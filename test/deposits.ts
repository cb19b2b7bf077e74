import { randomBytes } from 'node:crypto'
import { searchValue } from '#customers'
import { arrivingColumns, createArriving, type PaymentsWorld, type TakenDeposits, takeDeposits } from '#payments'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { type Database, type Db, inTransaction, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { openVault } from '#platform/vault/vault'
import { type Day, day, dayInJst } from '#values/day'
import { creditorWith, ten } from './casework.ts'

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

/** A file of money with these lines, as the import hands it over. */
export const arrive = async (
  w: PaymentsWorld,
  arriving: readonly ArrivingLine[],
  { now = ten, importId = newId(now) }: { readonly now?: Date; readonly importId?: string } = {},
): Promise<TakenDeposits & { readonly importId: string }> =>
  inTransaction(w.db, async (tx) => {
    await putDepositsImport(tx, importId, now)
    await createArriving(tx)
    const rows = arriving.map((line, index) => ({
      record: index + 1,
      channel: line.channel ?? 'transfer',
      act: line.act ?? 'arrival',
      amount: line.amount ?? 12_300,
      on_day: line.onDay ?? day('2026-11-24'),
      account:
        line.account === undefined ? (line.channel === 'convenience-store' ? null : sharedAccount) : line.account,
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
  })

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
