import type { Creditor } from '#creditor'
import type { Chance } from '#platform/chance'
import type { Clock } from '#platform/clock/clock'
import type { Database, Transaction } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import type { HolidayCalendar } from '#values/business-day'
import type { ConsoleLook } from './layout.views.ts'
import type { SignInWay } from './sign-in-way.ts'
import type { TestPhone } from './test-phone.ts'

/** What the console's pages need from outside; the instant comes with every request. */
export type ConsoleWorld = {
  readonly db: Database
  readonly vault: Vault
  readonly creditor: Creditor
  readonly clock: Clock
  readonly chance: Chance
  readonly holidays: HolidayCalendar
  readonly signIn: SignInWay
  readonly session: SessionLimits
  /** Only in a demo. */
  readonly demo?: { readonly sandboxAddress: string } | undefined
  /** Where a campaign's text is tried. */
  readonly testPhone?: TestPhone | undefined
}

export type SessionLimits = { readonly idleMinutes: number; readonly absoluteMinutes: number }

export type ConsoleDesk = { readonly w: ConsoleWorld; readonly look: ConsoleLook }

/** The same desk in a transaction: a second connection there could leave every connection waiting for another. */
export const within = (desk: ConsoleDesk, tx: Transaction): ConsoleDesk => ({ ...desk, w: { ...desk.w, db: tx } })
