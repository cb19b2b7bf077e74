import type { Route } from '#platform/http/http'
import { assert } from '#values/assert'
import { auditRoutes } from './audit.pages.ts'
import { campaignRoutes } from './campaign.pages.ts'
import { casesRoutes } from './cases.pages.ts'
import type { ConsoleRoute } from './console-route.ts'
import type { ConsoleDesk, ConsoleWorld } from './desk.ts'
import { behindTheDoor } from './door.pages.ts'
import { homeRoutes } from './home.pages.ts'
import { importRoutes } from './imports.pages.ts'
import { type ConsoleAssets, lookOf } from './look.pages.ts'
import { queueRoutes } from './queues.pages.ts'
import { reportsRoutes } from './reports.pages.ts'
import { settingsRoutes } from './settings.pages.ts'
import { signInRoutes } from './sign-in.pages.ts'
import { signOutRoutes } from './sign-out.pages.ts'
import { consoleTroublePage } from './trouble.views.ts'

export type ConsoleSite = {
  /** What stands behind the door, for tests that try every door handle. */
  readonly guarded: readonly ConsoleRoute[]
  readonly routes: readonly Route[]
  showTrouble(status: number): string
  /** What moves on a page is asked for by htmx, which makes HTML from text. */
  readonly scriptsMayConnect: true
  readonly hasTrustedHtml: true
  /** Signing out goes on at the provider. */
  readonly formsMayGoTo: readonly string[]
  readonly cookieName: 'annai-console'
  readonly limits: { readonly requestTimeoutMs: number }
}

/** A long file over a slow line; elsewhere a request that takes twenty seconds is hopeless. */
const uploadTimeoutMs = 15 * 60_000

/** The operators' console: every page in the order of the navigation. */
export const consoleSite = (w: ConsoleWorld, assets: ConsoleAssets): ConsoleSite => {
  assert(w.signIn.kind !== 'demo' || w.creditor.demo, 'only a demo lets people choose whom to be')
  const desk: ConsoleDesk = { w, look: lookOf(w.creditor, assets) }
  const guarded = guardedRoutes(desk)
  return {
    guarded,
    routes: [...signInRoutes(desk), ...guarded.map((route) => behindTheDoor(desk, route))],
    showTrouble: (status) => consoleTroublePage(desk.look, status),
    scriptsMayConnect: true,
    hasTrustedHtml: true,
    formsMayGoTo: w.signIn.kind === 'provider' ? w.signIn.provider.origins : [],
    cookieName: 'annai-console',
    limits: { requestTimeoutMs: uploadTimeoutMs },
  }
}

const guardedRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  ...homeRoutes(desk),
  ...importRoutes(desk),
  ...campaignRoutes(desk),
  ...casesRoutes(desk),
  ...queueRoutes(desk),
  ...reportsRoutes(desk),
  ...auditRoutes(desk),
  ...settingsRoutes(desk),
  ...signOutRoutes(desk),
]
