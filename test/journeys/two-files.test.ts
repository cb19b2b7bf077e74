import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { openBrowser } from '../browser.ts'
import { type DemoFolder, demoFolder } from '../demo-process.ts'
import { resultFileByHand } from '../zengin-by-hand.ts'

/**
 * The main job as its users do it: two files on disk, the command line, an SMS over SMPP, a phone's browser, and the
 * answer in a file; the program is ended and started again in the middle. For two creditors, so that nothing is
 * hard-wired.
 */
const creditors = [
  { file: 'demo.yaml', digits: 4, product: 'ショッピング', promise: /^明日までにお支払い/ },
  { file: 'neutral.yaml', digits: 6, product: 'installment', promise: /^ほかの日までにお支払い/ },
] as const

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const person = { family: 'ミナト', given: 'ショーコ', birthDate: '19920229', phone: '09005550123' }

describe.each(creditors)('$file', ({ file, digits, product, promise }) => {
  let demo: DemoFolder
  let companyName: string

  beforeAll(async () => {
    const path = join(import.meta.dirname, '../../creditor', file)
    companyName = (parse(await readFile(path, 'utf8')) as { brand: { companyName: string } }).brand.companyName
    demo = await demoFolder(path)
    await demo.start()
  }, 60_000)
  afterAll(() => demo.remove(), 30_000)

  test.each([{ javaScriptEnabled: true }, { javaScriptEnabled: false }])(
    'from two files to the exported answer %o',
    async ({ javaScriptEnabled }) => {
      const customerNumber = javaScriptEnabled ? '7700000001' : '7700000002'
      const phone = javaScriptEnabled ? person.phone : '09005550124'
      const answers = async () => exported(demo, customerNumber)

      await takeIn(demo, { customerNumber, phone, product })
      const planned = await demo.run('outreach', 'plan', '--json')
      expect(planned).toMatchObject({ code: 0 })
      const { id } = JSON.parse(planned.out) as { id: string }
      expect(await demo.run('outreach', 'approve', id)).toMatchObject({ code: 0 })
      const notice = await sms(demo, phone, (text) => text.includes(demo.site))
      expect(notice).toContain(companyName)

      await demo.stop()
      await demo.start()
      expect(await sms(demo, phone, (text) => text.includes(demo.site))).toBe(notice)

      const context = await browser.newContext({
        javaScriptEnabled,
        locale: 'ja-JP',
        viewport: { width: 360, height: 740 },
      })
      const page = await context.newPage()
      await identify(page, demo, phone)
      const code = await sms(demo, phone, (text) => new RegExp(`#\\d{${digits}}$`).test(text))
      await page.getByLabel('認証番号', { exact: true }).fill(code.match(/#(\d+)$/)?.[1] ?? '')
      await page.getByRole('button', { name: 'OK', exact: true }).click()
      await expect.poll(() => page.locator('h1').textContent()).toBe('メニュー')

      await choosePromise(page, promise)
      await page.getByRole('button', { name: 'この内容で連絡する' }).click()
      await expect.poll(() => page.locator('h1').textContent()).toContain('承りました')
      const receiptNumber = (await page.locator('main').textContent())?.match(/\d{3}-\d{3}-\d{3}/)?.[0]
      await context.close()

      await demo.kill()
      await demo.start()
      const [answer, ...others] = await answers()
      expect(others).toEqual([])
      expect(answer).toMatchObject({ version: 1, supersedes: null, customerNumber, kind: 'promise' })
      expect(answer?.contractNumbers).toEqual([`K${customerNumber}`])
      expect(answer?.promisedDay).toMatch(/^\d{4}-\d{2}-\d{2}$/)
      expect(String(answer?.receiptNumber).replaceAll('-', '')).toBe(receiptNumber?.replaceAll('-', ''))
      expect(await demo.run('export', 'answers', '--format', 'jsonl', '--after', String(answer?.cursor))).toMatchObject(
        { code: 0, out: '' },
      )
      expect(await demo.run('audit', 'verify')).toMatchObject({ code: 0 })
    },
    120_000,
  )
})

const takeIn = async (
  demo: DemoFolder,
  {
    customerNumber,
    phone,
    product,
  }: { readonly customerNumber: string; readonly phone: string; readonly product: string },
): Promise<void> => {
  const header = '顧客番号,カナ姓,カナ名,生年月日,携帯電話番号,契約番号,商品,対象外\r\n'
  const row = `${customerNumber},${person.family},${person.given},${person.birthDate},${phone},K${customerNumber},${product},0\r\n`
  const [customers, debits] = [join(demo.folder, 'customers.csv'), join(demo.folder, `${customerNumber}.txt`)]
  await writeFile(customers, header + row)
  const debitDay = new Date((await demo.now()).getTime() - 3 * 86_400_000).toISOString().slice(0, 10)
  // Two accounts of a creditor on one day are two files; here the amount makes them differ and the day stays free.
  await writeFile(
    debits,
    resultFileByHand(dayFor(debitDay, customerNumber), [
      { customerNumber, amount: 12_345, result: '1' },
      { customerNumber: '7799999999', amount: 1, result: '0' },
    ]),
  )
  expect(await demo.run('import', 'customers', customers)).toMatchObject({ code: 0 })
  expect(await demo.run('import', 'debits', debits)).toMatchObject({ code: 0 })
}

/** Each run debits on another day, as a creditor would. */
const dayFor = (day: string, customerNumber: string): string => {
  const moved = new Date(`${day}T00:00:00Z`)
  moved.setUTCDate(moved.getUTCDate() - Number(customerNumber.at(-1)))
  return moved.toISOString().slice(0, 10)
}

const identify = async (page: Page, demo: DemoFolder, phone: string): Promise<void> => {
  await page.goto(demo.site)
  await page
    .getByRole('link', { name: '認証画面へ' })
    .or(page.getByRole('button', { name: '認証画面へ' }))
    .click()
  await page.getByLabel('姓', { exact: true }).fill(person.family)
  await page.getByLabel('名', { exact: true }).fill(person.given)
  await page.getByLabel('生年月日', { exact: true }).fill(person.birthDate)
  await page.getByLabel('携帯電話番号', { exact: true }).fill(phone)
  await page.getByRole('button', { name: '認証', exact: true }).click()
  await expect.poll(() => page.locator('h1').textContent()).toBe('認証番号入力')
}

const choosePromise = async (page: Page, name: RegExp): Promise<void> => {
  await page.getByRole('button', { name }).click()
  await expect.poll(() => page.locator('h1').textContent()).not.toBe('メニュー')
  // A list of days first, where the creditor offers more than two.
  const days = page.getByRole('button', { name: /^\d+月\d+日.*までにお支払い/ })
  if ((await days.count()) > 0) await days.last().click()
}

const sms = async (demo: DemoFolder, to: string, wanted: (text: string) => boolean): Promise<string> => {
  let found: string | undefined
  await expect
    .poll(
      async () => {
        found = (await demo.messages(to)).map(({ text }) => text).find(wanted)
        return found
      },
      { timeout: 20_000, interval: 200 },
    )
    .toBeDefined()
  return found ?? ''
}

const exported = async (demo: DemoFolder, customerNumber: string) => {
  const { code, out } = await demo.run('export', 'answers', '--format', 'jsonl')
  expect(code).toBe(0)
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((answer) => answer.customerNumber === customerNumber)
}
