import type { Creditor } from '#creditor'
import type { Database } from '#platform/database/database'
import type { HolidayCalendar } from '#values/business-day'

export type OutreachWorld = {
  readonly db: Database
  readonly creditor: Creditor
  readonly holidays: HolidayCalendar
}
