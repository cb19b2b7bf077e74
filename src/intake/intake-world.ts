import type { Actor } from '#audit'
import type { Creditor } from '#creditor'
import type { Database } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import type { HolidayCalendar } from '#values/business-day'

/** What taking in files needs from outside. */
export interface IntakeWorld {
  readonly db: Database
  readonly vault: Vault
  readonly creditor: Creditor
  readonly holidays: HolidayCalendar
}

export interface Importing {
  /** Of the import that comes of it, when it is named before. */
  readonly id?: string | undefined
  readonly by: Actor
  readonly now: Date
  /** Told after every piece that was read, for a bar on a terminal. */
  readonly progress?: ((bytesDone: number, bytesTotal: number) => void) | undefined
}
