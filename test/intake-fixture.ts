import { type Creditor, readCreditor } from '#creditor'
import { bareNumber } from '#customers'
import type { IntakeWorld } from '#intake'
import { type Debit91, write91 } from '#intake'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { type Database, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { bytesSource, type Source } from '#platform/source'
import { openVault } from '#platform/vault/vault'

export const demoCreditor = (): Promise<Creditor> => readCreditor('creditor/demo.yaml', { demo: true })

export const intakeWorld = async (db: Database): Promise<IntakeWorld> => ({
  db,
  vault: openVault({ derive: (label) => Buffer.alloc(32, label) }),
  creditor: await demoCreditor(),
  holidays: japaneseHolidays,
})

export interface MasterContract {
  readonly customer: string
  readonly contract?: string
  readonly product?: string
  readonly excluded?: boolean
  readonly debitNumber?: string
}

/** Customers whose personal data nobody will open, put straight into the tables. Answers with their ids by number. */
export const putMaster = async (db: Database, contracts: readonly MasterContract[]): Promise<Map<string, string>> => {
  const ids = new Map<string, string>()
  const importId = newId(new Date('2026-11-01'))
  const sealed = Buffer.from('sealed')
  for (const [index, { customer, contract, product, excluded, debitNumber }] of contracts.entries()) {
    if (!ids.has(customer)) {
      const id = newId(new Date('2026-11-01'))
      ids.set(customer, id)
      await sql`
        insert into customers
          (id, customer_number, customer_number_bare, data_key, person, mobile_number, phone_value, import_id, updated_at)
        values (${id}, ${customer}, ${bareNumber(customer)}, ${sealed}, ${sealed}, ${sealed}, ${sealed}, ${importId},
          '2026-11-01')`.execute(db)
    }
    await sql`
      insert into contracts
        (customer_id, id, contract_number, product, excluded, debit_number, debit_number_bare, import_id)
      values (${ids.get(customer)}, ${newId(new Date('2026-11-01'))}, ${contract ?? `K-${customer}-${index}`},
        ${product ?? 'shopping'}, ${excluded ?? false}, ${debitNumber ?? null},
        ${debitNumber === undefined ? null : bareNumber(debitNumber)}, ${importId})`.execute(db)
  }
  return ids
}

export const header91 = {
  originatorCode: '1234567890',
  originatorName: 'ﾐﾎﾝｼﾝﾊﾟﾝ',
  debitDay: '1124',
  bankCode: '0001',
  branchCode: '101',
  accountType: '1',
  accountNumber: '7654321',
}

/** [customer number, yen, 振替結果コード] */
export type DebitRow = readonly [string, number, string]

export const debitsFile = (rows: readonly DebitRow[], header: Partial<typeof header91> = {}): Source => {
  const debits = rows.map(
    ([customerNumber, amount, resultCode]): Debit91 => ({
      bankCode: '0005',
      branchCode: '222',
      accountType: '1',
      accountNumber: '1112223',
      payerName: 'ﾔﾏﾀﾞ ﾀﾛｳ',
      amount: String(amount),
      newCode: '0',
      customerNumber,
      resultCode,
    }),
  )
  return bytesSource('debits.txt', Buffer.concat([...write91([{ header: { ...header91, ...header }, debits }])]))
}

export const bytesOf = async (pieces: AsyncIterable<Buffer>): Promise<Buffer> => {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}
