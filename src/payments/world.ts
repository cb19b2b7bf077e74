import type { Creditor } from '#creditor'
import type { Database } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import type { HolidayCalendar } from '#values/business-day'

/** What payments need from outside; the instant is given with every act. */
export type PaymentsWorld = {
  readonly db: Database
  readonly vault: Vault
  readonly creditor: Creditor
  readonly holidays: HolidayCalendar
}
