import type { Creditor } from '#creditor'
import type { Chance } from '#platform/chance'
import type { Database } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'

/** What the identity check needs from outside; the instant comes with every call. */
export type IdentityWorld = {
  readonly db: Database
  readonly vault: Vault
  readonly creditor: Creditor
  readonly chance: Chance
}

/** 256 bits nobody can guess, for a cookie. */
export function newToken(chance: Chance): string {
  return chance.bytes(32).toString('base64url')
}
