import type { SignInProvider } from '#platform/sign-in/provider'
import type { Role } from './roles.rules.ts'

/** How operators sign in: by the creditor's identity provider, or, in a demo only, by choosing whom to be. */
export type SignInWay =
  | { readonly kind: 'provider'; readonly provider: SignInProvider; readonly roleNames: RoleNames }
  | { readonly kind: 'demo' }

/** What the provider calls each role. */
export type RoleNames = ReadonlyMap<string, Role>
