import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '#platform/database/database'
import { putHold } from '../../test/casework.ts'
import { openConsole, plainOperator, type TestConsole } from '../../test/console.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { insertCustomer } from '../../test/identity.world.ts'
import type { PlainBrowser } from '../../test/plain-browser.ts'
import { urls } from './urls.ts'

let it: TestDatabase
let site: TestConsole
let [author, approver, chief]: PlainBrowser[] = []
let held: string
beforeAll(async () => {
  it = await testDatabase()
  site = await openConsole(it.db)
  for (let n = 0; n < 3; n++) await insertCustomer(site.world)
  held = (await insertCustomer(site.world)).customerId
  await putHold(it.db, held, 'legal')
  await sql`insert into debits (import_id, record, header, customer_number, amount, result_code, outcome)
    select import_id, record, 1, debit_number, principal, '1', 'bill' from bills on conflict do nothing`.execute(it.db)
  await sql`update customers set customer_number = 'N' || right(id::text, 9)`.execute(it.db)
  author = await plainOperator(site, 'author')
  approver = await plainOperator(site, 'approver')
  chief = await plainOperator(site, 'chief')
})
afterAll(async () => {
  await site?.close()
  await it?.drop()
})

const by = (browser: PlainBrowser | undefined): PlainBrowser => {
  if (browser === undefined) throw new Error('nobody has signed in')
  return browser
}

/** The id of a new campaign, which whoever planned it asks others to approve. */
const asked = async (planner: PlainBrowser): Promise<string> => {
  await planner.open(urls.campaigns)
  const { path } = await planner.send(urls.planCampaign)
  const id = path.split(/[/?]/)[2] ?? ''
  expect((await planner.send(urls.campaignAsk(id))).html).toContain('承認を依頼しました。')
  return id
}

const stateOf = async (id: string): Promise<string | undefined> =>
  />([^<]*)<\/span><\/h1>/.exec((await by(author).open(urls.campaign(id))).html)?.[1]

describe('nobody approves their own', () => {
  test('whatever roles they have: there is no form for it, and one sent by hand is refused', async () => {
    const other = await asked(by(author))
    const own = await asked(by(chief))
    const { html } = await by(chief).open(urls.campaign(own))
    expect(html).toContain('どの役割でも承認できません')
    expect(html).not.toContain(urls.campaignApprove(own))
    // The id of a form for somebody else's campaign does not fit either.
    await by(chief).open(urls.campaign(other))
    const init = by(chief).formOf(urls.campaignApprove(other), { typed: '3' })
    const { headers } = await by(chief).request(urls.campaignApprove(own), init)
    expect(headers.get('location')).toBe(`${urls.campaign(own)}?refused=stale`)
    expect(await stateOf(own)).toBe('承認待ち')
  })
})

test('A question is sent back with its reason, which is read where the text is written', async () => {
  const id = await asked(by(author))
  await by(approver).open(urls.campaign(id))
  expect((await by(approver).send(urls.campaignReturn(id), { because: ' ' })).html).toContain('理由を入力してください')
  await by(approver).send(urls.campaignReturn(id), { because: '<b>件数</b>の確認' })
  const { html } = await by(author).open(urls.campaign(id))
  expect(html).toContain('差し戻されました')
  expect(html).toContain('&lt;b&gt;件数&lt;/b&gt;の確認')
  expect(await stateOf(id)).toBe('下書き')
})

test('A new text voids the question, and what was open before cannot be approved any more', async () => {
  const id = await asked(by(author))
  await by(approver).open(urls.campaign(id))
  await by(author).open(urls.campaign(id))
  await by(author).send(urls.campaignWithdraw(id))
  const text = `株式会社ジャックスです。\r\n${site.world.creditor.siteAddress}`
  expect((await by(author).send(urls.campaignText(id), { text })).html).toContain('文面を保存しました。')
  expect((await by(approver).send(urls.campaignApprove(id), { typed: '3' })).html).toContain('承認の依頼はありません')
})

test('A second person approves by the number; then it can be paused, resumed and, by the number, cancelled', async () => {
  const id = await asked(by(author))
  await by(approver).open(urls.campaign(id))
  expect((await by(approver).send(urls.campaignApprove(id), { typed: '４' })).html).toContain('一致しません')
  expect((await by(approver).send(urls.campaignApprove(id), { typed: '３' })).html).toContain('承認しました。')
  const paused = await by(approver).send(urls.campaignPause(id))
  expect(paused.html).toContain('一時停止中です。')
  expect(paused.html).toMatch(/\d\.\d秒、送信途中 0件/)
  expect((await by(approver).send(urls.campaignCancel(id), { unsent: '2' })).html).toContain(
    '未送信の件数と一致しません',
  )
  expect((await by(approver).send(urls.campaignCancel(id), { unsent: '3' })).html).toContain('中止しました。')
  expect(await stateOf(id)).toBe('中止')
  site.setClock(new Date(site.now().getTime() + 120_000))
  const { html } = await by(author).open(urls.campaignLive(id))
  expect(html.replaceAll(/<[^>]*>/g, '')).toContain('対象 4 = 送信 0 + 除外 4 + 失敗 0 + 未送信 0')
})

test('Who was excluded is shown masked, and leaves by a file without a number of the creditor', async () => {
  const id = await asked(by(author))
  const { html } = await by(author).open(`${urls.campaignExcluded(id)}?because=legal-hold`)
  expect(html).toContain('除外された方：受任通知')
  expect(html).toContain(urls.case(held))
  const file = await by(author).open(`${urls.campaignExcludedCsv(id)}?csv=utf8`)
  expect(file.headers.get('content-type')).toContain('text/csv')
  expect(file.html.split('\r\n')[1]).toContain(`${held},`)
  expect(file.html).toContain('受任通知,社内規則（貸金業法21条1項9号に準拠）,legal-hold')
  const { rows } = await sql<{ number: string }>`select customer_number as number from customers`.execute(it.db)
  for (const { number } of rows) expect(file.html + html).not.toContain(number)
  const { rows: lines } = await sql`select from audit_lines where act = 'campaign.excluded-exported'`.execute(it.db)
  expect(lines).toHaveLength(1)
})

test('What somebody writes is counted and escaped, and never part of the page', async () => {
  const id = await asked(by(author))
  const preview = async (text: string) =>
    (await by(author).open(`${urls.campaignPreview(id)}?${new URLSearchParams({ text })}`)).html
  expect(await preview('<img src=x onerror=alert(1)>')).not.toContain('<img')
  const long = `株式会社ジャックスです。${'あ'.repeat(60)} ${site.world.creditor.siteAddress}`
  expect((await preview(long)).replaceAll(/<[^>]*>/g, '')).toContain(`${long.length}文字・2通`)
})

test('Without a test phone nothing is sent, and the page says so', async () => {
  await by(author).open(urls.campaigns)
  const { html } = await by(author).send(urls.planCampaign)
  expect(html).toContain('この環境にはテスト用の電話がありません。')
})
