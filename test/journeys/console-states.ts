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
    const found = page.waitForEvent('load')
    await page.keyboard.press('Enter')
    await found
  }

/** The first of a list, when there is one. */
const firstLink =
  (path: string, name: string): ConsoleState['go'] =>
  async (page, { site }) => {
    await page.goto(site.address + path)
    const link = page.getByRole('link', { name }).first()
    if ((await link.count()) > 0) await link.click()
    await page.waitForLoadState()
  }

const writeNote =
  (text: string): ConsoleState['go'] =>
  async (page, { site, town }) => {
    await page.goto(site.address + urls.caseNote(town.promised))
    await page.getByLabel('お話しの内容').fill(text)
    await page.getByRole('button', { name: '記録する' }).click()
    await page.getByText('メモを記録しました。').waitFor()
  }

const checkCaller: ConsoleState['go'] = async (page, { site, town }) => {
  await page.goto(site.address + urls.case(town.promised))
  await page.getByLabel('お名前（カナ）').fill('サトウ タロウ')
  await page.getByLabel('生年月日').fill('昭和40年1月10日')
  await page.getByRole('button', { name: '照合' }).click()
  await page.locator('.compared').waitFor()
}

/** The last of these: from then on this one is silent for good. */
const placeLegalHold: ConsoleState['go'] = async (page, { site, town }) => {
  await page.goto(site.address + urls.caseHold(town.silent))
  await page.getByLabel('法律事務所・司法書士事務所（受任通知）').fill('見本法律事務所')
  await page.getByRole('button', { name: '連絡を停止する' }).click()
  await page.getByText('連絡を停止しました。').waitFor()
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
  { name: 'case-contradicted', as: 'agent', go: writeNote('お電話：給料日が27日とのこと') },
  { name: 'case-checked', as: 'agent', go: checkCaller },
  { name: 'case-held', as: 'agent', go: placeLegalHold },

  { name: 'answers', as: 'agent', go: open(urls.answers) },
  { name: 'answers-none', as: 'viewer', go: open(`${urls.answers}?kind=cancelled&from=2026-01-01&until=2026-01-02`) },
  { name: 'promises', as: 'agent', go: open(urls.promises) },
  { name: 'promises-coming', as: 'agent', go: open(`${urls.promises}?of=coming`) },
  { name: 'promises-broken', as: 'agent', go: open(urls.brokenPromises) },
  { name: 'consultations', as: 'agent', go: open(urls.consultations) },
  { name: 'consultations-said', as: 'agent', go: open(`${urls.consultations}?said=closed-already`) },
  { name: 'deposits', as: 'agent', go: open(urls.deposits) },
  { name: 'deposits-matched', as: 'agent', go: open(`${urls.deposits}?of=matched`) },
  { name: 'deposit-waiting', as: 'agent', go: firstLink(urls.deposits, '照合する') },
  { name: 'deposit-matched', as: 'agent', go: firstLink(`${urls.deposits}?of=matched`, '内容を見る') },
  { name: 'unreachable', as: 'agent', go: open(urls.unreachable) },
  { name: 'report-campaigns', as: 'viewer', go: open(urls.reports) },
  { name: 'report-cohorts', as: 'viewer', go: open(urls.cohortReport) },
  { name: 'report-hours', as: 'viewer', go: open(urls.hoursReport) },
  { name: 'report-promises', as: 'viewer', go: open(`${urls.promisesReport}?until=2026-11-30`) },

  { name: 'audit', as: 'auditor', go: open(urls.audit) },
  { name: 'audit-customer', as: 'auditor', go: open(({ promised }) => `${urls.audit}?customer=${promised}`) },
  { name: 'settings-texts', as: 'viewer', go: open(urls.settings) },
  { name: 'settings-policy', as: 'viewer', go: open(urls.policySettings) },
  { name: 'settings-holidays', as: 'viewer', go: open(urls.holidaySettings) },
  { name: 'settings-gateways', as: 'viewer', go: open(urls.gatewaySettings) },
  { name: 'settings-people', as: 'admin', go: open(urls.peopleSettings) },
]
