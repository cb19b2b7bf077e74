import { randomBytes } from 'node:crypto'
import type { Creditor } from '#creditor'
import { type Received, rebalance } from '#payments'
import { type Database, inTransaction } from '#platform/database/database'
import { newId } from '#platform/ids'
import { type Day, day } from '#values/day'
import { ten } from './identity.world.ts'

type World = { readonly db: Database; readonly creditor: Creditor }

/** Money of this customer, put on their bills as an import puts it. */
export async function receiveMoney(
  { db, creditor }: World,
  { customerId }: { readonly customerId: string },
  money: {
    readonly amount: number
    readonly onDay?: Day
    readonly channel?: Received['channel']
    readonly slipId?: string
    readonly isFinal?: boolean
  },
): Promise<void> {
  const { amount, onDay = day('2026-11-23'), channel = 'transfer', slipId, isFinal = true } = money
  await inTransaction(db, async (tx) => {
    await tx
      .insertInto('deposits')
      .values({
        id: newId(ten),
        channel,
        amount,
        on_day: onDay,
        line_key: randomBytes(8).toString('hex'),
        is_final: isFinal,
        received_at: ten,
        customer_id: customerId,
        matched_how: slipId === undefined ? 'virtual-account' : 'slip',
        certainty: 'certain',
        ...(slipId !== undefined && { slip_id: slipId }),
      })
      .execute()
    await rebalance(tx, creditor, [customerId], ten)
  })
}

let accounts = 0

/** An account of the demo's bank that is this customer's for good. */
export async function giveAccount(db: Database, customerId: string): Promise<void> {
  const { import_id } = await db
    .selectFrom('customers')
    .select('import_id')
    .where('id', '=', customerId)
    .executeTakeFirstOrThrow()
  await db
    .insertInto('virtual_accounts')
    .values({
      bank_code: '0000',
      branch_code: '101',
      account_number: String(++accounts).padStart(7, '0'),
      account_type: '普通',
      import_id,
      customer_id: customerId,
      assigned_at: ten,
      assigned_how: 'master',
    })
    .execute()
}

/** What the master may say of a customer's contracts. */
export async function describeContracts(
  db: Database,
  customerId: string,
  columns: {
    readonly contract_day?: Day
    readonly loan_amount?: number
    readonly annual_rate_percent?: string
    readonly pay_easy?: string
  },
): Promise<void> {
  await db.updateTable('contracts').set(columns).where('customer_id', '=', customerId).execute()
}

/** As the master's columns say it. */
export const payEasyNumbers = JSON.stringify({
  institutionNumber: '58021',
  payerNumber: '00112233445566778899',
  confirmationNumber: '123456',
})

/** A loan with everything that the law wants said of it. */
export const loanTerms = { contract_day: day('2024-04-01'), loan_amount: 300_000, annual_rate_percent: '18.0' }
