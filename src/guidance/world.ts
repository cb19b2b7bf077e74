import type { Creditor } from '#creditor'
import type { Chance } from '#platform/chance'
import type { Clock } from '#platform/clock/clock'
import type { Database } from '#platform/database/database'
import type { PaymentProvider } from '#platform/payment-providers/provider'
import type { Vault } from '#platform/vault/vault'
import type { HolidayCalendar } from '#values/business-day'

/** What the customer's pages need from outside; the instant comes with every request. */
export type GuidanceWorld = {
  readonly db: Database
  readonly vault: Vault
  readonly creditor: Creditor
  readonly clock: Clock
  readonly chance: Chance
  readonly holidays: HolidayCalendar
  /** Where the creditor has one. */
  readonly cardProvider?: PaymentProvider | undefined
}
