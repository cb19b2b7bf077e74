import type { Actor } from '#audit'
import type { Role } from './roles.rules.ts'

/** Who sits before the console. */
export type Operator = {
  readonly sessionId: string
  /** As the identity provider identifies them, for good. */
  readonly subject: string
  readonly name: string
  readonly roles: readonly Role[]
}

/** In the audit log an operator is their subject, never their name. */
export const actorOf = ({ subject }: Pick<Operator, 'subject'>): Actor => `operator:${subject}`
