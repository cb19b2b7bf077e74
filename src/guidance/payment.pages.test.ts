import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { day, instantOfJst } from '#values/day'
import { domestic } from '#values/phone'
import { paperProvider } from '../../test/card-provider.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { insertCustomer, later, type Somebody, ten } from '../../test/identity.world.ts'
import { describeContracts, giveAccount, loanTerms, payEasyNumbers, receiveMoney } from '../../test/payments.world.ts'
import { PlainBrowser } from '../../test/plain-browser.ts'
import { openSite, type Site } from '../../test/site.ts'
import { urls } from './urls.ts'

let database: TestDatabase
let site: Site
/** With a card provider, and re-debits as a test sets them. */
let cards: Site
const provider = paperProvider()

beforeAll(async () => {
  database = await testDatabase()
  site = await openSite(database.db)
  cards = await openSite(database.db, {
    change: (_, creditor) => {
      creditor.card = { provider: 'stripe', methods: ['card'] }
    },
    cardProvider: provider,
  })
})
afterEach(() => setRedebit(cards, undefined))
afterAll(async () => {
  await Promise.all([site.close(), cards.close()])
  await database.drop()
})

const visit = async (who: Somebody, at: Site = site, now = ten): Promise<PlainBrowser> => {
  at.setClock(now)
  const browser = new PlainBrowser(at)
  await browser.open(urls.identity)
  const { family, given, birthDate, phone } = who.form
  await browser.send(urls.identity, {
    ...{ family, given, birthDate: birthDate.replaceAll('-', ''), phone: domestic(phone) },
  })
  await browser.send(urls.code, { code: at.lastCode() })
  expect(browser.page?.path).toBe(urls.menu)
  return browser
}

const signedIn = async (what: Parameters<typeof insertCustomer>[1] = {}, at: Site = site, now = ten) => {
  const who = await insertCustomer(at.world, what)
  return { who, browser: await visit(who, at, now) }
}

const slipsOf = ({ customerId }: Somebody) =>
  database.db.selectFrom('slips').selectAll().where('customer_id', '=', customerId).orderBy('id').execute()

const textOf = (html: string | undefined): string =>
  (html ?? '').replace(/<style>[\s\S]*?<\/style>/g, '').replace(/<[^>]+>/g, '')

const setRedebit = (at: Site, planned: string | undefined, cutOff = planned): void => {
  const { creditor } = at.world
  if (planned === undefined) delete creditor.redebits
  else creditor.redebits = { cutOffBankDays: 3, days: [{ day: planned, ...(cutOff !== undefined && { cutOff }) }] }
}

describe('A slip', () => {
  test('is made by pressing, never by looking', async () => {
    const { who, browser } = await signedIn()
    const offer = await browser.open(urls.store)
    expect(textOf(offer.html)).toContain('お支払い期限　11月26日（木）')
    expect(await slipsOf(who)).toEqual([])
    const page = await browser.send(urls.store)
    expect(page.redirects).toEqual([urls.store])
    expect(await slipsOf(who)).toMatchObject([{ amount: 10_016, expires_on: '2026-11-26', charge_day: '2026-11-24' }])
    expect(page.html).toMatch(/<svg[^>]* class="barcode"/)
    expect(textOf(page.html)).toContain('261126-0-010016-')
  })

  test('is the same one for a second press, a second page and the next day', async () => {
    const { who, browser } = await signedIn()
    await browser.open(urls.store)
    const form = browser.formOf(urls.store)
    await Promise.all([1, 2, 3].map(() => browser.request(urls.store, form)))
    const other = await visit(who, site, instantOfJst(day('2026-11-25'), 9))
    expect(textOf((await other.open(urls.store)).html)).toContain('10,016円')
    expect(await slipsOf(who)).toHaveLength(1)
  })

  test('is made anew after it has expired, and who has paid it reads that no other is needed', async () => {
    const { who, browser } = await signedIn()
    await browser.open(urls.store)
    await browser.send(urls.store)
    const after = await visit(who, site, instantOfJst(day('2026-11-27'), 9))
    const offer = textOf((await after.open(urls.store)).html)
    expect(offer).toContain('すでにお支払いいただいた場合、新しいバーコードは不要です。')
    expect(offer).toContain('10,028円')
    await after.send(urls.store)
    expect((await slipsOf(who)).map(({ amount }) => amount)).toEqual([10_016, 10_028])
  })

  test('is made anew when a part was paid meanwhile', async () => {
    const { who, browser } = await signedIn()
    await browser.open(urls.store)
    await browser.send(urls.store)
    await receiveMoney(site.world, who, { amount: 3_000 })
    expect(textOf((await browser.open(urls.store)).html)).toContain('お支払い金額が変わりました。')
  })

  test('is not made by a page that was left open too long: it says so and can be pressed again', async () => {
    const { who, browser } = await signedIn()
    await browser.open(urls.store)
    const again = await browser.send(urls.store, { form: 'old' })
    expect([again.status, textOf(again.html)]).toEqual([
      422,
      expect.stringContaining('もう一度「バーコードを作成する」を押してください。'),
    ])
    expect(await slipsOf(who)).toEqual([])
    await browser.send(urls.store)
    expect(await slipsOf(who)).toHaveLength(1)
  })

  test('carries the stamp flag from 50,000 yen on, and the page says what that means', async () => {
    const { who, browser } = await signedIn()
    await database.db.updateTable('bills').set({ principal: 60_000 }).where('id', '=', who.billId).execute()
    await browser.open(urls.store)
    expect(textOf((await browser.send(urls.store)).html)).toMatch(/261126-1-06\d{4}-[\s\S]*収入印紙が貼られる金額です/)
  })

  test('is not offered above the limit: the page says what is, and the menu does not lead there', async () => {
    const { who, browser } = await signedIn()
    await database.db.updateTable('bills').set({ principal: 400_000 }).where('id', '=', who.billId).execute()
    expect(textOf((await browser.open(urls.store)).html)).toContain('一度に300,000円まで')
    expect((await browser.open(urls.menu)).html).not.toContain(urls.store)
  })

  test('is made for each of the two customers that one person is', async () => {
    const first = await insertCustomer(site.world)
    const second = await insertCustomer(site.world, { form: first.form })
    const browser = await visit(first)
    expect(textOf((await browser.open(urls.store)).html)).toContain('20,032円')
    const page = await browser.send(urls.store)
    expect(page.html.match(/<svg/g)).toHaveLength(2)
    expect([await slipsOf(first), await slipsOf(second)]).toMatchObject([[{ amount: 10_016 }], [{ amount: 10_016 }]])
  })

  test('is never longer than a re-debit’s cut-off, and none is made until its result is here', async () => {
    setRedebit(cards, '2026-11-27', '2026-11-25')
    const { who, browser } = await signedIn({}, cards)
    await browser.open(urls.store)
    await browser.send(urls.store)
    expect(await slipsOf(who)).toMatchObject([{ expires_on: '2026-11-25' }])
    const late = await visit(who, cards, instantOfJst(day('2026-11-26'), 9))
    const waits = await late.open(urls.store)
    expect(textOf(waits.html)).toContain('口座振替の結果を確認できるまで、バーコードの作成を控えております。')
    expect(waits.html).not.toContain(`action="${urls.store}"`)
  })
})

describe('The account page', () => {
  test('names the account that is the customer’s alone, and asks for no name', async () => {
    const who = await insertCustomer(site.world)
    await giveAccount(database.db, who.customerId)
    const text = textOf((await (await visit(who)).open(urls.account)).html)
    expect(text).toMatch(/第一振込支店（101）[\s\S]*振込依頼人名の入力は不要です。/)
    expect(text).not.toContain('1234567')
  })

  test('names the creditor’s account where there is none, and asks for the name', async () => {
    const { browser } = await signedIn()
    expect(textOf((await browser.open(urls.account)).html)).toMatch(
      /1234567[\s\S]*ご契約者様のお名前（カナ）でお願いいたします。/,
    )
  })

  test('tells each of a person’s two accounts with what is to be paid there', async () => {
    const first = await insertCustomer(site.world)
    const second = await insertCustomer(site.world, { form: first.form })
    await database.db.updateTable('bills').set({ principal: 20_000 }).where('id', '=', second.billId).execute()
    for (const { customerId } of [first, second]) await giveAccount(database.db, customerId)
    const { html } = await (await visit(first)).open(urls.account)
    expect([...html.matchAll(/data-copy="(\d+)" data-name="金額"/g)].map(([, yen]) => yen)).toEqual(['10016', '20032'])
    await database.db.deleteFrom('virtual_accounts').where('customer_id', '=', second.customerId).execute()
    const mixed = (await (await visit(first)).open(urls.account)).html
    expect(mixed).toContain('1234567')
    expect([...mixed.matchAll(/data-copy="(\d+)" data-name="金額"/g)].map(([, yen]) => yen)).toEqual(['10016', '20032'])
  })
})

describe('Pay-easy numbers', () => {
  test('are shown where the master has them, each with a copy without gaps', async () => {
    const { who, browser } = await signedIn()
    expect((await browser.open(urls.payEasy)).path).toBe(urls.menu)
    expect(browser.page?.html).not.toContain(urls.payEasy)
    await describeContracts(database.db, who.customerId, { pay_easy: payEasyNumbers })
    expect((await browser.open(urls.menu)).html).toContain(urls.payEasy)
    const { html } = await browser.open(urls.payEasy)
    expect([...html.matchAll(/data-copy="(\d+)"/g)].map(([, digits]) => digits)).toEqual([
      ...['58021', '00112233445566778899', '123456', '10016'],
    ])
    expect(textOf(html)).toContain('0011 2233 4455 6677 8899')
  })
})

describe('The amount page of a loan', () => {
  test('names what the law wants said of it', async () => {
    const { who, browser } = await signedIn({ product: 'cashing' })
    await describeContracts(database.db, who.customerId, loanTerms)
    const text = textOf((await browser.open(urls.amount)).html)
    for (const words of [
      ...[
        '株式会社ジャックス',
        '関東財務局長（0）第00000号',
        '東京都見本区見本1-2-3',
        '03-0000-0000',
        'コンタクトセンター',
      ],
      ...[
        '2024年（令和6年）4月1日',
        '300,000円',
        '年18.0%',
        '2026年（令和8年）11月20日',
        '10,021円',
        '10,000円',
        '21円',
      ],
    ])
      expect(text.slice(text.indexOf('貸金業法にもとづく表示'))).toContain(words)
  })

  test('refers to the contract for what the master does not say, and says nothing of it for other products', async () => {
    const { browser } = await signedIn({ product: 'cashing' })
    expect(textOf((await browser.open(urls.amount)).html)).toContain('ご契約時の書面をご確認ください')
    const other = await signedIn()
    expect((await other.browser.open(urls.amount)).html).not.toContain('貸金業法')
  })
})

describe('A part that was paid', () => {
  test('is told on the menu and on the amount page, down to what is left', async () => {
    const { who, browser } = await signedIn()
    await receiveMoney(site.world, who, { amount: 3_000 })
    expect(textOf((await browser.open(urls.menu)).html)).toMatch(
      /3,000円のご入金を確認いたしました。ご入金日　11月23日（月）\s*残りの金額　7,014円/,
    )
    const amount = textOf((await browser.open(urls.amount)).html)
    expect(amount).toContain('これまでのご入金 3,000円を差し引いた金額です。')
    expect(amount.replace(/\s/g, '')).toContain(
      'ご請求額10,000円遅延損害金14円ご入金済み−マイナス3,000円残りの金額7,014円',
    )
  })
})

describe('The 受取証書', () => {
  test('can be read in the visit that only tells that everything is paid', async () => {
    const who = await insertCustomer(site.world)
    await receiveMoney(site.world, who, { amount: 10_012 })
    const browser = await visit(who)
    expect(textOf(browser.page?.html)).toContain('ご入金を確認いたしました。ありがとうございます。お手続きは不要です。')
    const receipt = await browser.open(urls.paymentReceipt)
    expect(receipt.path).toBe(urls.paymentReceipt)
    const text = textOf(receipt.html).replace(/\s+/g, ' ')
    expect(text).toContain('ジャックス タロウ 様')
    expect(text).toMatch(/受領金額10,012円.*受領日2026年（令和8年）11月23日.*銀行振込/)
    expect(text).toMatch(/ご請求額へ10,000円.*遅延損害金へ12円.*残りのご請求額0円/)
  })

  test('tells for a loan what the law wants on it', async () => {
    const who = await insertCustomer(site.world, { product: 'cashing' })
    await describeContracts(database.db, who.customerId, loanTerms)
    await receiveMoney(site.world, who, { amount: 3_000 })
    const text = textOf((await (await visit(who)).open(urls.paymentReceipt)).html).replace(/\s+/g, ' ')
    expect(text).toMatch(/ご契約年月日2024年（令和6年）4月1日.*貸付けの金額300,000円.*元本へ2,984円.*利息・手数料へ0円/)
    expect(text).toMatch(/遅延損害金へ16円.*残りのご請求額7,020円.*商号株式会社ジャックス.*登録番号関東財務局長/)
  })

  test('says of money from a store that it was told in advance, and of a surplus that we will call', async () => {
    const { who, browser } = await signedIn()
    await receiveMoney(site.world, who, { amount: 11_000, channel: 'convenience-store', isFinal: false })
    const text = textOf((await browser.open(urls.paymentReceipt)).html).replace(/\s+/g, ' ')
    expect(text).toMatch(/受領金額11,000円.*店舗からの速報によるものです.*ご請求を超えた金額988円/)
  })

  test('does not exist before anything was received, nor for what was settled before there were ledgers', async () => {
    const { browser } = await signedIn()
    expect((await browser.open(urls.paymentReceipt)).path).toBe(urls.menu)
    const settled = await signedIn({ settledOn: day('2026-11-23') })
    expect(settled.browser.page?.html).not.toContain(urls.paymentReceipt)
  })
})

describe('A re-debit is told before', () => {
  const pages = [`${urls.promise}?day=2026-11-25`, urls.amount, urls.account, urls.store, urls.payEasy, urls.card]
  const stages: readonly (readonly [string, string, string, string])[] = [
    ['that is planned', '2026-11-30', '2026-11-26', '口座に残高をご用意いただける場合、お振込みは不要です。'],
    ['that the bank has been asked for', '2026-11-26', '2026-11-20', 'すでに金融機関へ依頼しておりますので'],
    ['whose result we wait for', '2026-11-24', '2026-11-20', 'ただいま結果を確認中です。'],
  ]

  test.each(stages)('every way to pay and every promise: one %s', async (_, planned, cutOff, words) => {
    setRedebit(cards, planned, cutOff)
    const { who, browser } = await signedIn({}, cards)
    await describeContracts(database.db, who.customerId, { pay_easy: payEasyNumbers })
    for (const path of pages) {
      const text = textOf((await browser.open(path)).html)
      expect([path, text]).toEqual([path, expect.stringContaining(words)])
      expect(text).toContain('お振込みと口座振替が重なった場合は、コンタクトセンターへご連絡ください。')
    }
    setRedebit(cards, undefined)
    expect(textOf((await browser.open(urls.account)).html)).not.toContain('口座振替')
  })
})

test('On hold no way to pay is shown, and nothing is made', async () => {
  const { who, browser } = await signedIn({ holds: ['hardship'] }, cards)
  await describeContracts(database.db, who.customerId, { pay_easy: payEasyNumbers })
  const ways = [urls.account, urls.store, urls.payEasy, urls.card]
  for (const path of ways) expect((await browser.open(path)).path).toBe(urls.menu)
  for (const path of [urls.menu, urls.amount]) {
    const { html } = await browser.open(path)
    expect(ways.filter((way) => html.includes(`href="${way}"`))).toEqual([])
  }
})

test('A hold that comes while the page is open lets no slip be made and no card payment begin', async () => {
  const { who, browser } = await signedIn({}, cards)
  await browser.open(urls.store)
  const store = browser.formOf(urls.store)
  await browser.open(urls.card)
  const card = browser.formOf(urls.card)
  await database.db
    .insertInto('holds')
    .values({ ...{ customer_id: who.customerId, id: who.billId, reason: 'dispute' }, placed_at: ten, placed_by: 'cli' })
    .execute()
  const before = provider.created.length
  for (const [path, form] of [[urls.store, store] as const, [urls.card, card] as const])
    expect((await browser.request(path, form)).headers.get('location')).toBe(urls.menu)
  expect(await slipsOf(who)).toEqual([])
  expect(provider.created).toHaveLength(before)
})

describe('A card', () => {
  test('is offered only where the creditor has a provider', async () => {
    const { browser } = await signedIn()
    expect(browser.page?.html).not.toContain(urls.card)
    expect((await browser.open(urls.card)).path).toBe(urls.menu)
    expect((await browser.open(urls.cardReturn)).path).toBe(urls.menu)
    const withCards = await signedIn({}, cards)
    expect(withCards.browser.page?.html).toContain(`href="${urls.card}"`)
  })

  test('is typed at the provider’s: pressing leads there, and the page’s policy lets it', async () => {
    const { browser } = await signedIn({}, cards)
    const before = provider.created.length
    const page = await browser.open(urls.card)
    expect(textOf(page.html)).toMatch(/10,016円[\s\S]*当社の画面やお電話でお聞きすることはありません。/)
    expect(page.html).toContain('pay.provider.example')
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://pay.provider.example;")
    expect(provider.created).toHaveLength(before)
    const form = browser.formOf(urls.card)
    const responses = await Promise.all([1, 2].map(() => browser.request(urls.card, form)))
    expect(responses.map(({ status, headers }) => [status, headers.get('location')])).toEqual([
      [303, 'https://pay.provider.example/page'],
      [303, 'https://pay.provider.example/page'],
    ])
    expect(provider.created.slice(before)).toMatchObject([
      {
        ...{ amount: 10_016, returnUrl: 'http://localhost:8080/v/card/return' },
        ...{ cancelUrl: 'http://localhost:8080/v/card' },
      },
    ])
  })

  test('whose provider does not answer: the page says so, and can be pressed again', async () => {
    const { browser } = await signedIn({}, cards)
    await browser.open(urls.card)
    provider.isDown = true
    const page = await browser.send(urls.card)
    provider.isDown = false
    expect([page.status, textOf(page.html)]).toEqual([
      503,
      expect.stringContaining('ほかのお支払い方法をご利用ください。'),
    ])
    expect((await browser.request(urls.card, browser.formOf(urls.card))).headers.get('location')).toBe(
      'https://pay.provider.example/page',
    )
  })

  test('is not begun from the cut-off of a re-debit on', async () => {
    setRedebit(cards, '2026-11-26', '2026-11-20')
    const { browser } = await signedIn({}, cards)
    const page = await browser.open(urls.card)
    expect(textOf(page.html)).toContain('口座振替の結果を確認できるまで')
    expect(page.html).not.toContain(`action="${urls.card}"`)
  })

  test.each([
    ['open', 'まだ完了しておりません。'],
    ['pending', 'ただいまお支払いの結果を確認しております。'],
    ['trouble', 'ただいまお支払いの結果を確認しております。'],
  ] as const)('comes back while its page is %s', async (kind, words) => {
    const { browser } = await signedIn({}, cards)
    await browser.open(urls.card)
    await browser.request(urls.card, browser.formOf(urls.card))
    const { found } = provider
    provider.found = kind === 'open' ? found : kind === 'pending' ? { kind } : { kind, because: 'unreachable' }
    const page = await browser.open(urls.cardReturn)
    provider.found = found
    expect(textOf(page.html)).toContain(words)
  })

  test('comes back after the visit has ended: nobody shall pay again for that', async () => {
    const { browser } = await signedIn({}, cards)
    cards.setClock(later(ten, { minutes: 16 }))
    const page = await browser.open(urls.cardReturn)
    expect([page.status, textOf(page.html)]).toEqual([
      403,
      expect.stringContaining('もう一度お支払いいただく必要はありません。'),
    ])
  })

  test('is paid one after the other by a person who is two customers', async () => {
    const first = await insertCustomer(cards.world)
    await insertCustomer(cards.world, { form: first.form })
    const browser = await visit(first, cards)
    expect(textOf((await browser.open(urls.card)).html)).toMatch(/10,016円[\s\S]*お支払いは2回に分かれます。/)
  })
})

test('The second creditor’s file offers a transfer and nothing else', async () => {
  const neutral = await openSite(database.db, { file: 'creditor/neutral.yaml' })
  const { browser } = await signedIn({ product: 'installment' }, neutral)
  const menu = browser.page?.html ?? ''
  expect([urls.account, urls.store, urls.payEasy, urls.card].filter((way) => menu.includes(`href="${way}"`))).toEqual([
    urls.account,
  ])
  for (const path of [urls.store, urls.payEasy, urls.card]) expect((await browser.open(path)).path).toBe(urls.menu)
  expect((await browser.open(urls.amount)).html).not.toContain('貸金業法')
  await neutral.close()
})
