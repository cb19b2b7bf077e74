import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { domestic } from '#values/phone'
import { openBrowser } from '../browser.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { insertCustomer, ten } from '../identity.world.ts'
import { newPhoneBrowser, openSite, type Site, signIn, smallPhone, tellWhoIAm } from '../site.ts'

let database: TestDatabase
let browser: Browser
let site: Site
let context: BrowserContext

beforeAll(async () => {
  ;[database, browser] = await Promise.all([testDatabase(), openBrowser()])
  site = await openSite(database.db)
})
afterEach(() => context?.close())
afterAll(async () => {
  await browser?.close()
  await site?.close()
  await database?.drop()
})

const open = async (options: Parameters<typeof newPhoneBrowser>[1] = {}): Promise<Page> => {
  context = await newPhoneBrowser(browser, options)
  return context.newPage()
}

const somebody = async (at: Site = site, product = 'card') => {
  at.setClock(ten)
  const { form, customerId } = await insertCustomer(at.world, { product })
  return {
    customerId,
    typed: { family: form.family, given: form.given, birthDate: '19980101', phone: domestic(form.phone) },
  }
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

const heading = async (page: Page) => (await page.getByRole('heading', { level: 1 }).textContent()) ?? ''

describe.each([
  ['creditor/demo.yaml', 'card'],
  ['creditor/neutral.yaml', 'installment'],
])('The whole way at %s', (file, product) => {
  test.each([true, false])('from the notice to three answers and out, JavaScript: %s', async (javaScriptEnabled) => {
    const there = await openSite(database.db, { file })
    const who = await somebody(there, product)
    const page = await open({ javaScriptEnabled, viewport: smallPhone })
    await signIn(page, there, who.typed)
    expect(await heading(page)).toBe('メニュー')

    await press(page, '明日までにお支払い')
    await press(page, 'この内容で連絡する')
    expect(await heading(page)).toBe('お支払いのご予定を承りました')
    await press(page, 'お振込み口座を表示')
    expect(await page.locator('main').textContent()).toContain(there.world.creditor.transferAccounts[0]?.number)
    await press(page, 'メニューへ戻る')

    await press(page, '明後日までにお支払い')
    await press(page, '戻る')
    await press(page, 'すでにお支払い済み')
    await page.getByLabel('銀行振込').check()
    await press(page, 'この内容で連絡する')
    expect(await heading(page)).toBe('ご連絡ありがとうございます')
    await press(page, 'メニューへ戻る')

    await press(page, 'お支払い金額を確認')
    expect(await page.locator('main').textContent()).toMatch(/10,\d{3}円/)
    await press(page, 'メニューへ戻る')
    await press(page, 'お問い合わせ先・注意事項等を表示')
    expect(await page.locator('main').textContent()).toContain(there.world.creditor.contact.phone)
    await press(page, 'メニューへ戻る')

    await page.getByRole('button', { name: /（ご相談）$/ }).click()
    await page.getByLabel('分割にしたい').check()
    await press(page, 'この内容で連絡する')
    expect(await heading(page)).toBe('ご相談を承りました')

    await press(page, '終了する')
    expect(await heading(page)).toBe('画面を終了しました')
    await page.goBack()
    expect(await page.getByRole('button', { name: 'この内容で連絡する' }).count()).toBe(0)
    const kinds = await database.db
      .selectFrom('answer_versions')
      .select('kind')
      .where('customer_id', '=', who.customerId)
      .orderBy('version')
      .execute()
    expect(kinds.map(({ kind }) => kind)).toEqual(['promise', 'already-paid', 'consultation'])
    await there.close()
  })
})

describe('What a screen reader says', () => {
  test('is money and days in words that can be heard, and names without decoration', async () => {
    const page = await open()
    await signIn(page, site, (await somebody()).typed)
    const menu = await page.locator('main').ariaSnapshot()
    expect(menu).toContain('button "明日までにお支払い"')
    expect(menu).toContain('11月25日（水曜日）')
    await press(page, '明日までにお支払い')
    expect(await page.locator('main').ariaSnapshot()).toContain('11月25日（水曜日）')
    expect(await page.locator('main').textContent()).toContain('11月25日（水）まで')
  })

  test('comes first when something is wrong, and each error leads to its field', async () => {
    const page = await open()
    await tellWhoIAm(page, site, { family: '', given: 'タロウ', birthDate: '19980101', phone: '1' })
    expect(await page.title()).toMatch(/^エラー：認証画面/)
    expect(await page.evaluate('document.activeElement.className')).toBe('summary')
    await page.getByRole('link', { name: '姓（カナ）を入力してください' }).click()
    expect(await page.evaluate('document.activeElement.id')).toBe('family')
    await expect
      .poll(() => page.getByLabel('姓', { exact: true }).getAttribute('aria-describedby'))
      .toContain('family-fault')
  })
})

describe('The scripts help', () => {
  test('with kana, once the field is left and never while an IME is composing', async () => {
    const page = await open()
    await page.goto(`${site.address}/v/identity`)
    const family = page.getByLabel('姓', { exact: true })
    await family.pressSequentially('じゃっくす')
    expect(await family.inputValue()).toBe('じゃっくす')
    await family.dispatchEvent('compositionstart')
    await family.dispatchEvent('blur')
    expect(await family.inputValue()).toBe('じゃっくす')
    await family.dispatchEvent('compositionend')
    await family.blur()
    expect(await family.inputValue()).toBe('ジャックス')
    const given = page.getByLabel('名', { exact: true })
    await given.fill('ﾖｼﾋﾛ-ﾀﾞ゛')
    await given.blur()
    expect(await given.inputValue()).toMatch(/^ヨシヒローダ/)
  })

  test('with the birth date in words', async () => {
    const page = await open()
    await page.goto(`${site.address}/v/identity`)
    const birthDate = page.getByLabel('生年月日', { exact: true })
    for (const [typed, words] of [
      ['19980101', '1998年（平成10年）1月1日'],
      ['１９８９０１０７', '1989年（昭和64年）1月7日'],
      ['20190501', '2019年（令和元年）5月1日'],
      ['19980230', ''],
    ] as const) {
      await birthDate.fill(typed)
      await birthDate.blur()
      expect(await page.locator('#birthDate-read').textContent()).toBe(words)
    }
  })

  test('with the code, where the browser reads it from the SMS', async () => {
    const page = await open()
    await page.addInitScript(`
      window.OTPCredential = class {}
      navigator.credentials.get = async ({ otp }) => ({ code: otp.transport[0] === 'sms' ? '4321' : '' })`)
    await tellWhoIAm(page, site, (await somebody()).typed)
    await expect.poll(() => page.getByLabel('認証番号', { exact: true }).inputValue()).toBe('4321')
  })

  test('with copying each value, and say when it fails', async () => {
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] })
    await signIn(page, site, (await somebody()).typed)
    await press(page, 'お振込み口座を表示')
    await press(page, 'コピー：口座番号')
    await expect.poll(() => page.getByRole('status').textContent()).toBe('口座番号をコピーしました。')
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('1234567')
    await page.evaluate(`navigator.clipboard.writeText = () => Promise.reject(new Error('no'))`)
    await press(page, 'コピー：金額')
    await expect.poll(() => page.getByRole('status').textContent()).toContain('金額をコピーできませんでした。')
  })

  test('and draw no copy button where there is no clipboard', async () => {
    const page = await open()
    await page.addInitScript(`Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined })`)
    await signIn(page, site, (await somebody()).typed)
    await press(page, 'お振込み口座を表示')
    expect(await page.getByRole('button', { name: /コピー/ }).count()).toBe(0)
  })

  test('with the seconds until the next SMS, without taking the button away', async () => {
    const page = await open()
    await page.clock.install({ time: ten })
    await tellWhoIAm(page, site, (await somebody()).typed)
    expect(await page.locator('#wait').textContent()).toBe('続けて再送信する場合は、30秒後にお試しください。')
    await page.clock.runFor(10_000)
    expect(await page.locator('#wait').textContent()).toBe('続けて再送信する場合は、20秒後にお試しください。')
    await page.clock.runFor(20_000)
    expect(await page.locator('#wait').textContent()).toBe('再送信ボタンを押していただけます。')
    expect(await page.getByRole('button', { name: '再送信', exact: true }).isEnabled()).toBe(true)
  })

  test('with a warning before the visit ends, which goes on when asked', async () => {
    const page = await open()
    await page.clock.install({ time: ten })
    await signIn(page, site, (await somebody()).typed)
    await press(page, 'すでにお支払い済み')
    await page.getByLabel('銀行振込').check()
    expect(await page.locator('#idle').isVisible()).toBe(false)
    await page.clock.runFor(13 * 60_000 + 1_000)
    expect(await page.getByRole('alert').textContent()).toContain('あと2分ほどで画面を終了します。')
    await press(page, '続ける')
    await expect.poll(() => page.locator('#idle').isVisible()).toBe(false)
    expect(await page.getByLabel('銀行振込').isChecked()).toBe(true)
  })

  test('with the space bar on what is called a button', async () => {
    const page = await open()
    await page.goto(`${site.address}/v`)
    await page.getByRole('button', { name: '認証画面へ' }).focus()
    await page.keyboard.press('Space')
    await page.waitForURL('**/v/identity')
  })
})

test('Pressing この内容で連絡する twice in a row records one answer', async () => {
  const who = await somebody()
  const page = await open()
  await signIn(page, site, who.typed)
  await press(page, '明日までにお支払い')
  await page.getByRole('button', { name: 'この内容で連絡する' }).dblclick()
  await page.getByRole('heading', { name: 'お支払いのご予定を承りました' }).waitFor()
  const versions = await database.db
    .selectFrom('answer_versions')
    .selectAll()
    .where('customer_id', '=', who.customerId)
    .execute()
  expect(versions).toHaveLength(1)
})
