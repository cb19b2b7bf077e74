import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'
import type { Yen } from '#values/yen'

export type Contract = {
  readonly customerId: string
  readonly id: string
  readonly contractNumber: string
  /** Key of a product in the creditor's file. */
  readonly product: string
  readonly excluded: boolean
  /** What a demand for a loan has to name (貸金業法21条2項), where the master says it. */
  readonly contractDay: Day | null
  readonly loanAmount: Yen | null
  /** Per cent a year as an exact decimal, '18.0'. */
  readonly annualRatePercent: string | null
}

/** The creditor's own Pay-easy numbers for a contract. */
export type PayEasyNumbers = {
  /** 収納機関番号. */
  readonly institutionNumber: string
  /** お客様番号. */
  readonly payerNumber: string
  /** 確認番号. */
  readonly confirmationNumber: string
  /** 納付区分, for public bodies. */
  readonly category?: string
}

export async function listContracts(db: Db, customerIds: readonly string[]): Promise<readonly Contract[]> {
  if (customerIds.length === 0) return []
  const { rows } = await sql<Contract>`
    select customer_id as "customerId", id, contract_number as "contractNumber", product, excluded,
      contract_day as "contractDay", loan_amount as "loanAmount", annual_rate_percent as "annualRatePercent"
    from contracts where customer_id = any(${[...customerIds]}::uuid[])
    order by contract_number`.execute(db)
  return rows
}
