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

/** Types into the search box, as `/` leads there. */
const searchFor =
  (typed: string): ConsoleState['go'] =>
  async (page, { site }) => {
    await page.goto(site.address + urls.cases)
    await page.keyboard.press('/')
    await page.keyboard.type(typed)
    await page.keyboard.press('Enter')
    await page.waitForLoadState()
  }

export const consoleStates: readonly ConsoleState[] = [
  { name: 'home', as: 'chief', go: open(urls.home) },
  { name: 'home-viewer', as: 'viewer', go: open(urls.home) },
  { name: 'not-found', as: 'viewer', go: open('/nowhere') },
  { name: 'refused', as: 'viewer', go: open(urls.imports) },

  { name: 'imports', as: 'author', go: open(urls.imports) },
  { name: 'import', as: 'author', go: open(({ importId }) => urls.import(importId)) },

  { name: 'campaigns', as: 'author', go: open(urls.campaigns) },
  { name: 'campaign', as: 'approver', go: open(({ campaignId }) => urls.campaign(campaignId)) },

  { name: 'cases', as: 'agent', go: open(urls.cases) },
  { name: 'search-results', as: 'agent', go: searchFor('サトウ') },
  { name: 'search-nobody', as: 'agent', go: searchFor('ノボセ') },
  { name: 'search-unclear', as: 'agent', go: searchFor('山田') },
  { name: 'case-promised', as: 'agent', go: open(({ promised }) => urls.case(promised)) },
  { name: 'case-silent', as: 'agent', go: open(({ silent }) => urls.case(silent)) },
  { name: 'case-viewer', as: 'viewer', go: open(({ silent }) => urls.case(silent)) },
  { name: 'case-screen', as: 'agent', go: open(({ promised }) => urls.caseScreen(promised)) },
  { name: 'case-note', as: 'agent', go: open(({ promised }) => urls.caseNote(promised)) },
  { name: 'case-hold', as: 'agent', go: open(({ silent }) => urls.caseHold(silent)) },
  { name: 'case-answer', as: 'agent', go: open(({ promised }) => urls.caseAnswer(promised)) },
  { name: 'case-wishes', as: 'agent', go: open(({ silent }) => urls.caseWishes(silent)) },
  { name: 'case-unlock', as: 'agent', go: open(({ silent }) => urls.caseUnlock(silent)) },
  { name: 'case-wrong-number', as: 'agent', go: open(({ silent }) => urls.caseWrongNumber(silent)) },
  { name: 'reveal', as: 'agent', go: open(({ silent }) => `${urls.reveal}?customer=${silent}&field=phone`) },

  { name: 'audit', as: 'auditor', go: open(urls.audit) },
  { name: 'audit-customer', as: 'auditor', go: open(({ promised }) => `${urls.audit}?customer=${promised}`) },
  { name: 'settings-texts', as: 'viewer', go: open(urls.settings) },
  { name: 'settings-policy', as: 'viewer', go: open(urls.policySettings) },
  { name: 'settings-holidays', as: 'viewer', go: open(urls.holidaySettings) },
  { name: 'settings-gateways', as: 'viewer', go: open(urls.gatewaySettings) },
  { name: 'settings-people', as: 'admin', go: open(urls.peopleSettings) },
]
