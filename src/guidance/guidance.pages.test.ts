import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { day, instantOfJst } from '#values/day'
import { domestic } from '#values/phone'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { anotherThan, insertCustomer, later, newPhone, type Somebody, ten } from '../../test/identity.world.ts'
import { PlainBrowser } from '../../test/plain-browser.ts'
import { openSite, type Site } from '../../test/site.ts'
import { urls } from './urls.ts'

let database: TestDatabase
let site: Site
let neutral: Site

beforeAll(async () => {
  database = await testDatabase()
  site = await openSite(database.db)
  neutral = await openSite(database.db, { file: 'creditor/neutral.yaml' })
})
afterAll(async () => {
  await Promise.all([site.close(), neutral.close()])
  await database.drop()
})

const formOf = ({ form }: Somebody) => ({
  family: form.family,
  given: form.given,
  birthDate: form.birthDate.replaceAll('-', ''),
  phone: domestic(form.phone),
})

const atCode = async (who?: Somebody, at: Site = site) => {
  const browser = new PlainBrowser(at)
  await browser.open(urls.identity)
  const unknown = { family: 'ジャックス', given: 'タロウ', birthDate: '19980101', phone: domestic(newPhone()) }
  await browser.send(urls.identity, who ? formOf(who) : unknown)
  return browser
}

const signedIn = async (what: Parameters<typeof insertCustomer>[1] = {}, at: Site = site, now = ten) => {
  at.setClock(now)
  const who = await insertCustomer(at.world, what)
  const browser = await atCode(who, at)
  await browser.send(urls.code, { code: at.lastCode() })
  expect(browser.page?.path).toBe(urls.menu)
  return { who, browser }
}

const versionsOf = ({ customerId }: Somebody) =>
  database.db
    .selectFrom('answer_versions')
    .selectAll()
    .where('customer_id', '=', customerId)
    .orderBy('version')
    .execute()

const triesOf = async () => {
  const rows = await database.db.selectFrom('challenges').select('tries').orderBy('id', 'desc').limit(1).execute()
  return rows[0]?.tries
}

const titleOf = (html: string) => /<title>([^<]*)<\/title>/.exec(html)?.[1]

describe('Nobody enters', () => {
  const visitPages: readonly string[] = [
    urls.menu,
    urls.paid,
    urls.promise,
    urls.consultation,
    urls.receipt,
    urls.calendar,
    urls.amount,
    urls.account,
    urls.store,
    urls.payEasy,
    urls.paymentReceipt,
    urls.card,
    urls.cardReturn,
  ]

  test('a page for those who have signed in, without having done so', async () => {
    const routes: string[] = site.routes
      .filter(({ who, kind }) => who === 'visit' && kind === 'page')
      .map(({ path }) => path)
    expect(routes.toSorted()).toEqual(visitPages.toSorted())
    for (const cookie of [undefined, 'x'.repeat(43), (await atCode()).cookie])
      for (const path of routes) {
        const response = await new PlainBrowser(site, cookie).request(path, { method: 'GET' })
        expect([path, response.status, response.headers.get('location')]).toEqual([path, 303, urls.notice])
      }
  })

  test('the code page without having said who they are', async () => {
    const response = await new PlainBrowser(site).request(urls.code, { method: 'GET' })
    expect(response.headers.get('location')).toBe(urls.identity)
  })

  test('after the visit has ended, and the page says why', async () => {
    const { browser } = await signedIn()
    const cookie = browser.cookie
    site.setClock(later(ten, { minutes: 15 }))
    const idle = await browser.open(urls.amount)
    expect([idle.status, idle.html]).toEqual([
      403,
      expect.stringContaining('しばらく操作がなかったため、安全のため画面を終了しました。'),
    ])
    const again = await new PlainBrowser(site, cookie).open(urls.menu)
    expect(again.status).toBe(403)
  })

  test('after 終了する, which also takes the cookie away', async () => {
    const { browser } = await signedIn()
    const cookie = browser.cookie
    const end = await browser.send(urls.end)
    expect([end.path, browser.cookie]).toEqual([urls.end, undefined])
    expect((await new PlainBrowser(site, cookie).open(urls.menu)).status).toBe(403)
  })
})

describe('Every page after sign-in', () => {
  test('has the same neutral title, and is kept by no browser', async () => {
    const { browser } = await signedIn()
    for (const path of [
      urls.menu,
      urls.paid,
      urls.promise,
      urls.consultation,
      urls.amount,
      urls.account,
      urls.contact,
    ]) {
      const { html, headers } = await browser.open(path)
      expect(titleOf(html)).toBe('お手続き｜株式会社ジャックス')
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })
})

describe('Known or unknown, the same is seen', () => {
  const seen = (html: string) =>
    html.replace(/name="form" value="[^"]*"/g, '').replace(/090-\d{4}-\d{4}/g, '090-0000-0000')

  test('on the code page, after a wrong code, after the last one and after a resend', async () => {
    site.setClock(ten)
    const [known, unknown] = [await atCode(await insertCustomer(site.world)), await atCode()]
    const both = async (act: (browser: PlainBrowser) => Promise<unknown>) => {
      for (const browser of [known, unknown]) await act(browser)
      const [a, b] = [known, unknown].map(({ page }) => page)
      expect([a?.status, a?.path, seen(a?.html ?? '')]).toEqual([b?.status, b?.path, seen(b?.html ?? '')])
    }
    await both(async () => {})
    await both((browser) => browser.send(urls.code, { code: 'x' }))
    for (let tries = 0; tries < 3; tries++)
      await both((browser) => browser.send(urls.code, { code: anotherThan(site.lastCode()) }))
    site.setClock(later(ten, { seconds: 40 }))
    await both((browser) => browser.send(urls.resend))
  })
})

describe('Pressing twice is harmless', () => {
  test('on the right code: both presses lead into the same visit', async () => {
    site.setClock(ten)
    const browser = await atCode(await insertCustomer(site.world))
    const form = browser.formOf(urls.code, { code: site.lastCode() })
    const cookie = browser.cookie
    const [one, two] = [new PlainBrowser(site, cookie), new PlainBrowser(site, cookie)]
    const responses = await Promise.all([one.request(urls.code, form), two.request(urls.code, form)])
    expect(responses.map(({ headers }) => headers.get('location'))).toEqual([urls.menu, urls.menu])
    expect(one.cookie).not.toBe(cookie)
    expect(two.cookie).toBe(one.cookie)
    expect((await two.open(urls.menu)).html).toContain('<h1>メニュー</h1>')
  })

  test('on a wrong code: it costs one try', async () => {
    site.setClock(ten)
    const browser = await atCode()
    const form = browser.formOf(urls.code, { code: '0000' })
    await Promise.all([browser.request(urls.code, form), browser.request(urls.code, form)])
    expect(await triesOf()).toBe(1)
  })

  test('on a promise: one version, one receipt', async () => {
    const { who, browser } = await signedIn()
    await browser.open(`${urls.promise}?day=2026-11-25`)
    const form = browser.formOf(urls.promise)
    const responses = await Promise.all([1, 2, 3].map(() => browser.request(urls.promise, form)))
    expect(responses.map(({ headers }) => headers.get('location'))).toEqual([urls.receipt, urls.receipt, urls.receipt])
    expect(await versionsOf(who)).toHaveLength(1)
  })

  test('on 終了する: both see the last page', async () => {
    const { browser } = await signedIn()
    const form = browser.formOf(urls.end)
    const cookie = browser.cookie
    for (const each of [new PlainBrowser(site, cookie), new PlainBrowser(site, cookie)])
      expect((await each.request(urls.end, form)).headers.get('location')).toBe(urls.end)
  })

  test('and the back button to the code page leads on to the menu', async () => {
    const { browser } = await signedIn()
    expect((await browser.open(urls.code)).path).toBe(urls.menu)
  })
})

describe('A promise', () => {
  test('is recorded with the day, for every bill, and its receipt names the day that is kept', async () => {
    const { who, browser } = await signedIn()
    const check = await browser.open(`${urls.promise}?day=2026-11-26`)
    expect(check.html).toContain('ご請求1件、合計')
    expect(await versionsOf(who)).toEqual([])
    const receipt = await browser.send(urls.promise)
    const [version] = await versionsOf(who)
    expect(version).toMatchObject({ kind: 'promise', promised_day: '2026-11-26', quiet_until: '2026-11-27' })
    const number = version?.receipt_number.replace(/(...)(...)(...)/, '$1-$2-$3')
    expect(receipt.html).toContain(`受付番号 <span class="whole">${number}</span>`)
    expect(receipt.html).toMatch(/お支払いの確認ができるまで（<time datetime="2026-11-27">.*ごろまで）/)
  })

  test('can be moved within the days first offered', async () => {
    const { who, browser } = await signedIn()
    await browser.open(`${urls.promise}?day=2026-11-25`)
    await browser.send(urls.promise)
    await browser.open(`${urls.promise}?day=2026-11-26`)
    await browser.send(urls.promise)
    expect((await versionsOf(who)).map(({ promised_day }) => promised_day)).toEqual(['2026-11-25', '2026-11-26'])
  })

  test.each([
    ['2026-11-24', '日付が変わりました。'],
    ['2026-11-27', 'お選びいただけません。'],
    ['nonsense', 'お選びいただけません。'],
  ])('of a day that is not offered (%s) leads to the choice', async (promised, words) => {
    const { browser } = await signedIn()
    const page = await browser.open(`${urls.promise}?day=${promised}`)
    expect([page.status, page.html]).toEqual([422, expect.stringContaining(words)])
  })

  test.each([
    ['before midnight is taken before it', 2, 303, 1],
    ['before midnight is chosen again after it', 6, 422, 0],
  ])('whose page was shown %s', async (_, minutes, status, versions) => {
    const shownAt = instantOfJst(day('2026-11-25'), 23, 55)
    const { who, browser } = await signedIn({}, site, shownAt)
    await browser.open(`${urls.promise}?day=2026-11-27`)
    site.setClock(later(shownAt, { minutes }))
    const response = await browser.request(urls.promise, browser.formOf(urls.promise))
    expect(response.status).toBe(status)
    expect((await response.text()).includes('日付が変わりました。')).toBe(versions === 0)
    expect(await versionsOf(who)).toHaveLength(versions)
  })

  test('becomes a private calendar entry', async () => {
    const { browser } = await signedIn()
    await browser.open(`${urls.promise}?day=2026-11-26`)
    await browser.send(urls.promise)
    const { html, headers } = await browser.open(urls.calendar)
    expect(headers.get('content-type')).toBe('text/calendar; charset=utf-8')
    expect(headers.get('content-disposition')).toContain('attachment')
    expect(html).toContain('DTSTART;VALUE=DATE:20261126')
  })

  test('may be for any of five days where the creditor allows them', async () => {
    const { who, browser } = await signedIn({ product: 'installment' }, neutral)
    const list = await browser.open(urls.promise)
    expect([...list.html.matchAll(/promise\?day=([\d-]+)/g)].map(([, offered]) => offered)).toEqual([
      '2026-11-25',
      '2026-11-26',
      '2026-11-27',
      '2026-11-28',
      '2026-11-29',
    ])
    const check = await browser.open(`${urls.promise}?day=2026-11-28`)
    expect(check.html).toContain('金融機関の休業日です')
    await browser.send(urls.promise)
    expect((await versionsOf(who))[0]?.promised_day).toBe('2026-11-28')
  })
})

describe('The other answers', () => {
  test('already paid, with day and method or without', async () => {
    const { who, browser } = await signedIn()
    await browser.open(urls.paid)
    const receipt = await browser.send(urls.paid, { paidOn: '2026-11-23', method: 'transfer' })
    expect(receipt.html).toContain('お支払い済みとのご連絡を承りました。')
    await browser.open(urls.paid)
    await browser.send(urls.paid)
    expect((await versionsOf(who)).map(({ kind, details }) => [kind, details])).toEqual([
      ['already-paid', { paidOn: '2026-11-23', method: 'transfer' }],
      ['already-paid', {}],
    ])
  })

  test('consultation, which becomes a work item', async () => {
    const { who, browser } = await signedIn()
    await browser.open(urls.consultation)
    await browser.send(urls.consultation, { topic: 'instalments', reachBy: 'sms' })
    expect(await versionsOf(who)).toMatchObject([
      { kind: 'consultation', details: { topic: 'instalments', reachBy: 'sms' } },
    ])
    const items = await database.db
      .selectFrom('work_items')
      .selectAll()
      .where('customer_id', '=', who.customerId)
      .execute()
    expect(items).toMatchObject([{ kind: 'consultation', details: { topic: 'instalments' } }])
  })

  test('is queued as an SMS only where the creditor wants it', async () => {
    const quiet = await signedIn()
    await quiet.browser.open(urls.paid)
    await quiet.browser.send(urls.paid)
    const telling = await openSite(database.db, {
      change: (policies) => Object.assign(policies, { answerReceipt: true }),
    })
    const told = await signedIn({}, telling)
    await told.browser.open(urls.paid)
    await told.browser.send(urls.paid)
    await telling.close()
    const messages = await database.db.selectFrom('messages').selectAll().where('class', '=', 'receipt').execute()
    expect(messages.map(({ customer_id }) => customer_id)).toEqual([told.who.customerId])
  })
})

describe('Nobody is asked to pay', () => {
  test('while a dispute is open; a consultation is still taken', async () => {
    const { who, browser } = await signedIn({ holds: ['dispute'] })
    const menu = await browser.open(urls.menu)
    expect(menu.html).not.toMatch(/までにお支払い|お振込み口座/)
    for (const path of [urls.paid, urls.account, `${urls.promise}?day=2026-11-25`])
      expect((await browser.open(path)).path).toBe(urls.menu)
    expect((await browser.open(urls.amount)).html).not.toContain('お振込み口座')
    await browser.open(urls.consultation)
    await browser.send(urls.consultation)
    expect(await versionsOf(who)).toMatchObject([{ kind: 'consultation' }])
  })

  test('when everything is paid', async () => {
    const { who, browser } = await signedIn({ settledOn: day('2026-11-23') })
    const menu = await browser.open(urls.menu)
    expect(menu.html).toContain('ご入金を確認いたしました。ありがとうございます。お手続きは不要です。')
    for (const path of [urls.paid, urls.account, urls.amount, urls.consultation, urls.promise, urls.receipt])
      expect((await browser.open(path)).path).toBe(urls.menu)
    expect(await versionsOf(who)).toEqual([])
  })

  test('in a visit that was opened to read that everything is paid, even when another bill comes in', async () => {
    const { who, browser } = await signedIn({ settledOn: day('2026-11-23') })
    const paid = await database.db
      .selectFrom('bills')
      .selectAll()
      .where('id', '=', who.billId)
      .executeTakeFirstOrThrow()
    await database.db
      .insertInto('bills')
      .values({ ...paid, id: paid.id.replace(/^.{8}/, 'eeeeeeee'), record: 2 })
      .execute()
    expect((await browser.open(urls.menu)).html).toContain('お手続きは不要です。')
    expect((await browser.open(urls.paid)).path).toBe(urls.menu)
  })
})

describe('A form that is not taken', () => {
  test('keeps what was typed and has no effect', async () => {
    site.setClock(ten)
    const browser = new PlainBrowser(site)
    await browser.open(urls.identity)
    const before = await database.db.selectFrom('challenges').select('id').execute()
    const page = await browser.send(urls.identity, {
      family: '山田<b>',
      given: 'タロウ',
      birthDate: '1998',
      phone: '1',
    })
    expect([page.status, titleOf(page.html)]).toEqual([422, 'エラー：認証画面｜株式会社ジャックス'])
    expect(page.html).toContain('value="山田&lt;b&gt;"')
    expect(page.html).toContain('<a href="#family">姓はカタカナで入力してください（例：ジャックス）</a>')
    expect(await database.db.selectFrom('challenges').select('id').execute()).toHaveLength(before.length)
    expect(browser.cookie).toBeUndefined()
  })

  test('because its code was changed after sending keeps the new code for one more press', async () => {
    site.setClock(ten)
    const browser = await atCode(await insertCustomer(site.world))
    const right = site.lastCode()
    await browser.request(urls.code, browser.formOf(urls.code, { code: anotherThan(right) }))
    const again = await browser.send(urls.code, { code: right })
    expect([again.status, again.html]).toEqual([422, expect.stringContaining(`value="${right}"`)])
    await browser.send(urls.code, { code: right })
    expect(browser.page?.path).toBe(urls.menu)
  })

  test('because its visit has ended says so', async () => {
    const { who, browser } = await signedIn()
    await browser.open(urls.paid)
    const form = browser.formOf(urls.paid)
    site.setClock(later(ten, { minutes: 16 }))
    const response = await browser.request(urls.paid, form)
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('画面を終了しました')])
    expect(await versionsOf(who)).toEqual([])
  })
})

describe('Whatever is sent', () => {
  const nasty = [
    '',
    '\0',
    '\ud800',
    "';--",
    '<script>',
    '%',
    '２０２６-11-25',
    '9'.repeat(9_000),
    '0000-00-00',
    '🐈\u202e',
  ]

  test('no page breaks', async () => {
    const { browser } = await signedIn()
    const forms = site.routes.filter(({ kind, path }) => kind === 'form' && path !== urls.end)
    for (const { path } of forms) {
      await browser.open(path === urls.resend ? urls.code : path === urls.promise ? `${path}?day=2026-11-25` : path)
      for (const word of nasty) {
        const fields = [
          'form',
          'family',
          'given',
          'birthDate',
          'phone',
          'code',
          'day',
          'shownOn',
          'paidOn',
          'method',
          'topic',
        ]
        const body = new URLSearchParams(fields.map((name): [string, string] => [name, word.slice(0, 1_000)]))
        expect((await browser.request(path, { method: 'POST', body })).status).toBeLessThan(500)
        const own = browser.page?.html.includes(`action="${path}"`) ? browser.formOf(path) : undefined
        if (own?.body instanceof URLSearchParams) {
          for (const name of fields.slice(1)) own.body.set(name, word.slice(0, 1_000))
          expect((await browser.request(path, own)).status).toBeLessThan(500)
        }
      }
    }
    for (const { path } of site.routes.filter(({ kind }) => kind === 'page'))
      for (const word of nasty)
        expect(
          (await browser.request(`${path}?day=${encodeURIComponent(word.toWellFormed().slice(0, 1_000))}`, {})).status,
        ).toBeLessThan(500)
    expect(site.faults).toEqual([])
  })
})

test('The code field takes full-width digits and a whole SMS', async () => {
  site.setClock(ten)
  const wide = await atCode(await insertCustomer(site.world))
  await wide.send(urls.code, {
    code: site.lastCode().replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
  })
  expect(wide.page?.path).toBe(urls.menu)
  const pasted = await atCode(await insertCustomer(site.world))
  const code = site.lastCode()
  await pasted.send(urls.code, { code: `認証番号:${code}(5分有効)。他人に教えないでください。\n\n@localhost #${code}` })
  expect(pasted.page?.path).toBe(urls.menu)
})

test('The security contact is where RFC 9116 wants it', async () => {
  site.setClock(ten)
  const { html } = await new PlainBrowser(site).open(urls.security)
  expect(html).toMatch(/^Contact: http.*\/v\/contact\nExpires: 2027-05-23T/)
})

test('A crowd larger than the pool is served, also where every answer is refused', async () => {
  const { browser } = await signedIn()
  await browser.open(`${urls.promise}?day=2026-11-25`)
  const crowd = Array.from({ length: 40 }, async () => {
    const one = new PlainBrowser(site, browser.cookie)
    await one.open(`${urls.promise}?day=2026-11-25`)
    return (await one.request(urls.promise, one.formOf(urls.promise, { day: '2026-12-24' }))).status
  })
  expect(new Set(await Promise.all(crowd))).toEqual(new Set([422]))
})
