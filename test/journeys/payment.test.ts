import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBarcodeTexts } from '../barcode-reader.ts'
import { openBrowser } from '../browser.ts'
import { type DemoFolder, demoFolder } from '../demo-process.ts'
import { newPhoneBrowser, type PersonTyped, tellWhoIAm, typeCode } from '../site.ts'

/**
 * The circle closes: what is owed, a barcode, the till, the agent's file, a page that says paid, no further SMS, and the
 * money in the core system's feed. Everything as its users do it, over the demo's process.
 */
let demo: DemoFolder
let browser: Browser

beforeAll(async () => {
  ;[demo, browser] = await Promise.all([demoFolder(), openBrowser()])
  await demo.start()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await demo?.remove()
}, 60_000)

const taro = { family: 'ジャックス', given: 'タロウ', birthDate: '19980101', phone: '09001112222' }
const hanako = { family: 'アオキ', given: 'ハナコ', birthDate: '19850412', phone: '09001113333' }

test('a barcode paid at the till ends the matter', async () => {
  const page = await signIn(taro)
  await press(page, 'お支払い金額を確認')
  const total = await page.locator('.big').first().textContent()
  await press(page, 'コンビニバーコードを表示')
  await press(page, 'バーコードを作成する')
  expect(await page.locator('main').textContent()).toContain(total)
  const digits = (await page.locator('.digits').textContent())?.replace(/\D/g, '')
  expect(await readBarcodeTexts(await page.locator('figure.slip').screenshot())).toEqual([digits])

  const sandbox = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  await sandbox.goto(demo.sandbox)
  await sandbox.getByRole('button', { name: /^ジャックス タロウ/ }).click()
  await sandbox.getByRole('button', { name: 'レジで読み取る' }).click()
  await sandbox.getByText('入金ファイルを取り込みました').waitFor()
  await expect.poll(() => sandbox.getByRole('button', { name: 'レジで読み取る' }).count()).toBe(0)
  await sandbox.screenshot({ path: 'test/screenshots/sandbox-paid.1440.png' })

  await page.goto(`${demo.site}/menu`)
  expect(await page.locator('main').textContent()).toContain('ご入金を確認いたしました。')

  const before = (await demo.messages(taro.phone)).length
  const others = (await demo.messages()).length
  await sendCampaign()
  expect((await demo.messages()).length).toBeGreaterThan(others)
  expect(await demo.messages(taro.phone)).toHaveLength(before)

  expect(await exported('10000001')).toMatchObject([
    { customerNumber: '10000001', contractNumber: 'A-1000001', channel: 'convenience-store', account: 'bill' },
  ])
}, 120_000)

test('who transfers a part is told what is left, and who transfers the rest is thanked', async () => {
  const page = await signIn(hanako)
  await transfer({ customerNumber: '10000002', amount: 1_000 })
  await page.goto(`${demo.site}/amount`)
  expect(await page.locator('main').textContent()).toMatch(/1,000円/)
  await transfer({ customerNumber: '10000002' })
  await page.goto(`${demo.site}/menu`)
  expect(await page.locator('main').textContent()).toContain('ご入金を確認いたしました。')
  const lines = await exported('10000002')
  expect(lines.every(({ channel }) => channel === 'transfer')).toBe(true)
  expect(new Set(lines.map(({ contractNumber }) => contractNumber))).toEqual(new Set(['A-1000002', 'A-1000003']))
}, 120_000)

const signIn = async (person: PersonTyped): Promise<Page> => {
  await sms(person.phone, (text) => text.includes(demo.site))
  const page = await (await newPhoneBrowser(browser)).newPage()
  await tellWhoIAm(page, { address: new URL(demo.site).origin }, person)
  const code = /認証番号:(\d{4})/
  await typeCode(page, code.exec(await sms(person.phone, (text) => code.test(text)))?.[1] ?? '')
  await page.getByRole('heading', { name: 'メニュー' }).waitFor()
  return page
}

const sms = async (phone: string, isMeant: (text: string) => boolean): Promise<string> => {
  let text: string | undefined
  await expect
    .poll(
      async () => {
        text = (await demo.messages(phone)).find((message) => isMeant(message.text))?.text
        return text !== undefined
      },
      { timeout: 20_000 },
    )
    .toBe(true)
  return text ?? ''
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

const transfer = async (body: { readonly customerNumber: string; readonly amount?: number }): Promise<void> => {
  const answer = await fetch(`${demo.sandbox}/api/transfer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(await answer.json()).toMatchObject({ outcome: 'imported' })
}

/** The next notices, on a morning on which they may leave. */
const sendCampaign = async (): Promise<void> => {
  for (let days = 0; days < 2; days++) await demo.moveClock({ nextBusinessMorning: true })
  const { id } = JSON.parse((await demo.run('outreach', 'plan', '--json')).out) as { id: string }
  expect(await demo.run('outreach', 'approve', id)).toMatchObject({ code: 0 })
  await demo.moveClock({ advance: 'PT10M' })
}

type ExportedLine = { readonly customerNumber: string; readonly contractNumber: string; readonly channel: string }

const exported = async (customerNumber: string): Promise<readonly ExportedLine[]> => {
  let lines: readonly ExportedLine[] = []
  await expect
    .poll(
      async () => {
        const { out } = await demo.run('export', 'deposits', '--format', 'jsonl')
        lines = out
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as ExportedLine)
          .filter((line) => line.customerNumber === customerNumber)
        return lines.length
      },
      { timeout: 20_000 },
    )
    .toBeGreaterThan(0)
  return lines
}
