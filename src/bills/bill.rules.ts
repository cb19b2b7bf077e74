import type { Creditor } from '#creditor'
import type { Day } from '#values/day'
import type { Yen } from '#values/yen'
import type { Credit } from './amount.rules.ts'

/** What is unpaid because a debit failed. */
export type OpenBill = {
  readonly customerId: string
  readonly billId: string
  readonly caseId: string
  /** Null when the debit did not tell for which of several contracts it was. */
  readonly contractNumber: string | null
  /** Key of a product in the creditor's file. */
  readonly product: string | null
  readonly principal: Yen
  readonly fee: Yen
  readonly dueDay: Day
  /** What was paid of it so far. */
  readonly credits: readonly Credit[]
}

export type ServiceFacts = {
  readonly product: string | null
  /** The contract's own mark in the master. */
  readonly isExcluded: boolean
  /** The products of the customer's contracts, each with its mark. Asked only when the bill's contract is not known. */
  readonly contracts: readonly { readonly product: string; readonly excluded: boolean }[]
}

/**
 * Is this bill outside the service (住宅ローン, 和解契約)? One whose contract cannot be told from an excluded one is:
 * it is neither shown nor written about.
 */
export const isOutsideService = (
  { product, isExcluded, contracts }: ServiceFacts,
  products: Creditor['products'],
): boolean =>
  isExcluded ||
  (product !== null && products[product]?.excluded === true) ||
  (product === null && contracts.some((contract) => contract.excluded || products[contract.product]?.excluded === true))
