import type { Page } from 'playwright-core'
import { urls } from '#console'
import type { DemoPerson, TestConsole } from '../console.ts'
import type { Town } from './console-town.ts'

/** Every page of the console as an operator of a town of ten thousand sees it at half past ten. Each area adds its own. */
export type ConsoleState = {
  readonly name: string
  readonly as: DemoPerson
  go(page: Page, at: { readonly site: TestConsole; readonly town: Town }): Promise<unknown>
}

/** A page by its address. */
const open =
  (path: string | ((town: Town) => string)): ConsoleState['go'] =>
  (page, { site, town }) =>
    page.goto(site.address + (typeof path === 'string' ? path : path(town)))

export const consoleStates: readonly ConsoleState[] = [
  { name: 'home', as: 'chief', go: open(urls.home) },
  { name: 'home-viewer', as: 'viewer', go: open(urls.home) },
  { name: 'not-found', as: 'viewer', go: open('/nowhere') },
  { name: 'refused', as: 'viewer', go: open(urls.imports) },

  { name: 'imports', as: 'author', go: open(urls.imports) },
  { name: 'import', as: 'author', go: open(({ importId }) => urls.import(importId)) },

  { name: 'campaigns', as: 'author', go: open(urls.campaigns) },
  { name: 'campaign', as: 'approver', go: open(({ campaignId }) => urls.campaign(campaignId)) },
]
