import type { NavigationKey } from './navigation.ts'
import type { Operator } from './operator.ts'

/** What the door knows of everybody who enters, for what stands around a page. */
export type Frame = {
  readonly operator: Operator
  readonly now: Date
  readonly badges: Badges
  readonly searchFormId: string
  readonly signOutFormId: string
  /** The page warns before the session ends. */
  readonly idleMinutes: number
}

/** What waits for this operator, at most 100 of each: "99+" is as good an answer as a million. */
export type Badges = Readonly<Partial<Record<NavigationKey, number>>>
