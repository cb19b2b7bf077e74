import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '#platform/database/database'
import { at } from '../../test/casework.ts'
import { openConsole, plainOperator, type TestConsole } from '../../test/console.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { fillTown, type Town } from '../../test/journeys/console-town.ts'
import type { PlainBrowser, PlainPage } from '../../test/plain-browser.ts'
import { urls } from './urls.ts'

/** The demo's people and a few more, whose notices have been sent at ten. */
let it: TestDatabase
let site: TestConsole
let town: Town
let silent: readonly string[]
let agent: PlainBrowser
beforeAll(async () => {
  it = await testDatabase()
  site = await openConsole(it.db)
  town = await fillTown(it, site, 90)
  silent = await listSilent()
})
beforeEach(async () => {
  site.setClock(at('2026-11-24', 10, 30))
  agent = await plainOperator(site, 'agent')
})
afterEach(() => expect(site.faults).toEqual([]))
afterAll(async () => {
  await site.close()
  await it.drop()
})

/** ジャックス タロウ and アオキ ハナコ of the demo. */
const taro = { number: '10000001', phone: '09001112222', contract: 'A-1000001', birthDate: '1998年1月1日' }
const hanako = { phone: '09001113333' }

const idOf = async (customerNumber: string): Promise<string> =>
  (
    await it.db
      .selectFrom('customers')
      .select('id')
      .where('customer_number', '=', customerNumber)
      .executeTakeFirstOrThrow()
  ).id

const search = async (q: string, as: PlainBrowser = agent): Promise<PlainPage> => {
  await as.open(urls.cases)
  return as.send(urls.search, { q })
}

const openCase = async (customerNumber = taro.number, as: PlainBrowser = agent) => {
  const id = await idOf(customerNumber)
  return { id, page: await as.open(urls.case(id)) }
}

/** Opens the page with the form, sends it, and answers with the page that follows. */
const act = async (path: string, fields: Record<string, string>, from = path): Promise<PlainPage> => {
  await agent.open(from)
  return agent.send(path, fields)
}

/** One of them, by place: tests that change somebody leave the others alone. */
const someone = (at: number): string => silent[at] ?? ''

const acts = async (name: string) =>
  (
    await sql<{ actor: string; customer_id: string | null; facts: Record<string, unknown> }>`
      select actor, customer_id, facts from audit_lines where act = ${name} order by id`.execute(it.db)
  ).rows

const textOf = (html: string) =>
  html
    .slice(html.indexOf('<main'))
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')

/** Whose notice arrived, who has not answered, and for whom there is one bill. */
const listSilent = async (): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`
    select b.customer_id as id from open_bills b
    where not exists (select from answers a where a.customer_id = b.customer_id)
      and not exists (select from deposits d where d.customer_id = b.customer_id)
      and exists (select from message_states s where s.customer_id = b.customer_id and s.state = 'delivered')
    order by b.customer_id`.execute(it.db)
  return rows.map(({ id }) => id)
}

describe('searching', () => {
  test.each([
    ['a customer number', taro.number],
    ['a customer number with the zeros that senders fill in', `000${taro.number}`],
    ['a contract number', taro.contract],
    ['a phone', '0900-111-2222'],
    ['a phone as foreigners write it', '+81 900 111 2222'],
    ['a name in hiragana', 'じゃっくす たろう'],
    ['a name the other way round', 'タロウ ジャックス'],
    ['a family name alone', 'ｼﾞｬｯｸｽ'],
  ])('finds the only one by %s, and goes straight there', async (_, q) => {
    const id = await idOf(taro.number)
    const found = await search(q)
    expect(found.redirects).toEqual([urls.case(id)])
  })

  test('finds somebody by the number of a receipt, however it is written', async () => {
    const { receipt_number } = await it.db
      .selectFrom('answer_versions')
      .select('receipt_number')
      .where('customer_id', '=', town.promised)
      .executeTakeFirstOrThrow()
    expect((await search(receipt_number.replace(/(\d{3})(?=\d)/g, '$1-'))).redirects).toEqual([
      urls.case(town.promised),
    ])
  })

  test('lists several, masked, and remembers the question in no address', async () => {
    const found = await search('サトウ')
    expect(found.path).toMatch(/^\/search\/[0-9a-f-]{36}$/)
    expect(found.html).toMatch(/<h1>\d+名が見つかりました<\/h1>/)
    expect(found.html).toContain('サ*****')
    expect(found.html).not.toContain('サトウ')
    expect(found.html.match(/data-result/g)?.length).toBeGreaterThan(1)
    expect(await agent.open(found.path)).toMatchObject({ status: 200 })
  })

  test('a list belongs to the session that asked', async () => {
    const { path } = await search('サトウ')
    const other = await plainOperator(site, 'agent')
    expect((await other.open(path)).redirects).toEqual([urls.cases])
  })

  test('says what cannot be searched for, and what nobody has', async () => {
    expect(await search('山田')).toMatchObject({ status: 422, html: expect.stringContaining('漢字では探せません') })
    expect((await search('ノボセ')).html).toContain('<h1>見つかりませんでした</h1>')
  })

  test('is written down, how and how many, never what', async () => {
    await search('0900-111-2222')
    const line = (await acts('customer.searched')).at(-1)
    expect(line).toEqual({
      actor: 'operator:demo:agent',
      customer_id: null,
      facts: { by: ['number', 'phone'], found: 1, hasMore: false },
    })
    const { rows } = await sql<{ kept: string }>`select encode(sealed, 'escape') as kept from searches`.execute(it.db)
    for (const { kept } of rows) expect(kept).not.toMatch(/サトウ|0900/)
  })
})

describe('a case', () => {
  test('answers in its first lines: who, may we write, may we ring', async () => {
    const text = textOf((await agent.open(urls.case(someone(0)))).html)
    expect(text).toMatch(/\S\*{5} \S\*{5} \*{4}\d{4}ご案内中/)
    expect(text).toContain('ご本人以外には、ご契約の有無もお答えしません。')
    expect(text).toContain('次にご連絡できる日時 11月25日（水）9:00 本日の上限まで送っています')
    expect(text).toContain('いまお電話できます')
  })

  test('has in sight what is owed, the account, what was sent and what they see now', async () => {
    const text = textOf((await agent.open(urls.case(someone(0)))).html)
    expect(text).toMatch(/本日のお支払い\s?[\d,]+円/)
    expect(text).toMatch(/お振込み口座見本銀行/)
    expect(text).toMatch(/前回 11月\d+日（.） 資金不足/)
    expect(text).toContain('お支払いのご案内です。URLからご確認ください。')
    expect(text).toContain('発信元')
    expect(text).toContain('メニュー（未回答）')
    expect(text).toMatch(/SMS 到達お支払いのご案内（1通、\d+秒）/)
    expect(text).toMatch(/取込振替不能 1件 [\d,]+円（期日 11月\d+日）/)
  })

  test('shows nothing in clear that could be known elsewhere', async () => {
    const { page } = await openCase()
    expect(page.html).toContain('ジ*****')
    for (const secret of [taro.number, taro.phone, 'ジャックス タロウ', 'タロウ', '1998', taro.contract, '1112222'])
      expect(page.html).not.toContain(secret)
  })

  test('that it was looked at is written down', async () => {
    const { id } = await openCase()
    expect((await acts('case.viewed')).at(-1)).toEqual({ actor: 'operator:demo:agent', customer_id: id, facts: {} })
  })

  test('of a promise says until when it is quiet, and what it comes to by then', async () => {
    const text = textOf((await agent.open(urls.case(town.promised))).html)
    expect(text).toContain('ご予定 11月25日（水）')
    expect(text).toContain(
      'ご予定の日（11月25日）と銀行の反映（1営業日）を待っています — 社内規則（貸金業法21条1項2号に準拠）',
    )
    expect(text).toContain('次にご連絡できる日時 11月27日（金）9:00')
    expect(text).toMatch(/11月25日（水）まで ?[\d,]+円/)
    expect(text).toContain('いまは控えます')
  })

  test('tells each event whole when asked', async () => {
    const { html } = await agent.open(urls.case(someone(0)))
    const [event = ''] = html.match(/\/cases\/[0-9a-f-]+\/events\/message\.[0-9a-f-]+/) ?? []
    const shown = textOf((await agent.open(event)).html)
    expect(shown).toContain('送信の記録')
    expect(shown).toContain('sandbox')
  })

  test('a person of nobody, and an event of somebody else, are not found', async () => {
    const [mine, other] = [await idOf(taro.number), await idOf('10000002')]
    expect((await agent.open(urls.case('01936000-0000-7000-8000-000000000001'))).status).toBe(404)
    expect((await agent.open('/cases/not-an-id')).status).toBe(404)
    await act(urls.caseNote(other), { text: '他の方のメモ' })
    const { html } = await agent.open(urls.case(other))
    const [event = ''] = html.match(/events\/note\.[0-9a-f-]+/) ?? []
    expect((await agent.open(`${urls.case(other)}/${event}`)).status).toBe(200)
    expect((await agent.open(`${urls.case(mine)}/${event}`)).status).toBe(404)
  })

  test('offers its acts only to those who may', async () => {
    const viewer = await plainOperator(site, 'viewer')
    const { id, page } = await openCase(taro.number, viewer)
    for (const path of [urls.caseNote(id), urls.caseHold(id), urls.caseAnswer(id), urls.caseCheck(id), urls.reveal])
      expect(page.html).not.toContain(path)
  })
})

describe('a note', () => {
  test('is in the timeline, with who wrote it, and sealed in the database', async () => {
    const id = await idOf(taro.number)
    const after = await act(urls.caseNote(id), { text: 'ご家族の入院とのこと' })
    expect(after.redirects).toEqual([`${urls.case(id)}?done=note`])
    expect(textOf(after.html)).toMatch(/メモご家族の入院とのこと（応対/)
    const { sealed } = await it.db
      .selectFrom('case_notes')
      .select('sealed')
      .where('customer_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(sealed.toString()).not.toContain('入院')
    expect(JSON.stringify(await acts('note.written'))).not.toContain('入院')
  })

  test('that names another day than the promised one is pointed out', async () => {
    const after = await act(urls.caseNote(town.promised), { text: '27日に振り込むとのこと' })
    expect(textOf(after.html)).toContain('メモとご予定の日が違います。')
    expect(textOf(after.html)).toContain('「27日」は11月27日（金）、お支払いのご予定は11月25日（水）です。')
  })

  test('without a word is not taken, and one too long is not cut', async () => {
    const id = await idOf(taro.number)
    expect(await act(urls.caseNote(id), { text: '  ' })).toMatchObject({ status: 422 })
    const long = await act(urls.caseNote(id), { text: 'あ'.repeat(1_001) })
    expect(long.html).toContain('1000文字までで入力してください')
    expect(long.html).toContain('あ'.repeat(1_001))
  })

  test('sent twice is written once', async () => {
    const id = await idOf(taro.number)
    await agent.open(urls.caseNote(id))
    const form = agent.formOf(urls.caseNote(id), { text: '二度押しました' })
    await agent.request(urls.caseNote(id), form)
    await agent.request(urls.caseNote(id), form)
    const { html } = await agent.open(urls.case(id))
    expect(html.match(/二度押しました/g)).toHaveLength(1)
  })
})

describe('a hold', () => {
  const legal = { reason: 'legal', receivedDay: '2026-11-24', lawFirm: '見本法律事務所', documentDay: '2026-11-20' }

  test('for a 受任通知 is in force at once, and says from whom and since when', async () => {
    const id = someone(1)
    const after = await act(urls.caseHold(id), legal)
    const text = textOf(after.html)
    expect(text).toContain('連絡を停止しました。')
    expect(text).toContain('受任通知を受け取っています')
    expect(text).toContain('次にご連絡できる日時 なし')
    expect(text).toContain('認証できません（連絡停止）')
    expect(text).toContain('連絡停止受任通知 受領 11月24日 書面 11月20日')
    const page = textOf((await agent.open(urls.caseHold(id))).html)
    expect(page).toContain('見本法律事務所')
    const line = (await acts('hold.placed')).at(-1)
    expect(line).toMatchObject({
      actor: 'operator:demo:agent',
      customer_id: id,
      facts: { reason: 'legal', documentDay: '2026-11-20', receivedDay: '2026-11-24' },
    })
    expect(JSON.stringify(line)).not.toContain('見本')
  })

  test('twice for one reason is one', async () => {
    const again = await act(urls.caseHold(someone(1)), legal)
    expect(again).toMatchObject({ status: 422, html: expect.stringContaining('この理由では、すでに停止しています。') })
  })

  test('is released for a reason that is kept', async () => {
    const id = someone(1)
    const without = await act(urls.caseRelease(id), { released: 'legal', because: '' }, urls.caseHold(id))
    expect(without.status).toBe(422)
    const after = await act(urls.caseRelease(id), { released: 'legal', because: '辞任通知を受領' }, urls.caseHold(id))
    expect(textOf(after.html)).toContain('連絡停止を解除しました。')
    expect(textOf((await agent.open(urls.caseHold(id))).html)).toContain('辞任通知を受領')
  })

  test('for a wrong number stops codes too', async () => {
    const id = someone(2)
    const after = await act(urls.caseWrongNumber(id), {})
    expect(textOf(after.html)).toContain('番号違い')
    expect(textOf(after.html)).toContain('認証できません（連絡停止）')
    expect((await act(urls.caseWrongNumber(id), {})).status).toBe(422)
  })
})

describe('an answer on behalf of a caller', () => {
  test('is taken by the same rules, and tells the receipt number', async () => {
    const id = someone(3)
    const after = await act(urls.caseAnswer(id), { answer: 'promise:2026-11-26', shownOn: '2026-11-24' })
    const text = textOf(after.html)
    expect(text).toContain('代理でご回答を記録しました。')
    expect(text).toMatch(/ご回答お支払いのご予定 11月26日（木）まで 受付 \d{3}-\d{3}-\d{3}（応対/)
    const version = await it.db
      .selectFrom('answer_versions')
      .select(['kind', 'answered_by'])
      .where('customer_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(version).toEqual({ kind: 'promise', answered_by: 'operator:demo:agent' })
  })

  test('can be moved within the days offered first, and cancelled', async () => {
    const id = someone(3)
    await act(urls.caseAnswer(id), { answer: 'promise:2026-11-25', shownOn: '2026-11-24' })
    const late = await act(urls.caseAnswer(id), { answer: 'promise:2026-11-28', shownOn: '2026-11-24' })
    expect(late).toMatchObject({ status: 422, html: expect.stringContaining('その日は選べません。') })
    const after = await act(urls.caseCancelPromise(id), {}, urls.caseAnswer(id))
    expect(textOf(after.html)).toContain('お支払いのご予定を取り消しました。')
    expect(textOf(after.html)).toContain('ご案内中')
  })

  test('needs one', async () => {
    expect(await act(urls.caseAnswer(someone(3)), {})).toMatchObject({ status: 422 })
  })
})

describe('a caller check', () => {
  const ask = async (id: string, said: Record<string, string>) => act(urls.caseCheck(id), said, urls.case(id))

  test('tells whether it is so, and nothing of what is on file', async () => {
    const id = await idOf(taro.number)
    const after = await ask(id, { name: 'ジャックスタロウ', birthDate: taro.birthDate, phone: hanako.phone })
    const text = textOf(after.html)
    expect(text).toContain('お名前（カナ） 一致')
    expect(text).toContain('生年月日 一致')
    expect(text).toContain('携帯電話番号 不一致')
    for (const secret of ['ジャックス', '1998', '2222', hanako.phone]) expect(after.html).not.toContain(`>${secret}`)
    expect((await acts('caller.checked')).at(-1)).toEqual({
      actor: 'operator:demo:agent',
      customer_id: id,
      facts: { asked: ['name', 'birthDate', 'phone'], matched: ['name', 'birthDate'] },
    })
  })

  test('of what cannot be read compares nothing, and keeps what was typed', async () => {
    const id = await idOf(taro.number)
    const before = (await acts('caller.checked')).length
    const after = await ask(id, { birthDate: '19981301', name: 'ジャックスタロウ' })
    expect(after).toMatchObject({ status: 422, html: expect.stringContaining('照合はしていません') })
    expect(after.html).toContain('value="19981301"')
    expect(await acts('caller.checked')).toHaveLength(before)
  })

  test('ends after ten a day for one customer, and that too is written down', async () => {
    const id = await idOf('10000004')
    for (let n = 10; n < 20; n++) await ask(id, { birthDate: `197211${n}` })
    const eleventh = await ask(id, { birthDate: '19721125' })
    expect(textOf(eleventh.html)).toContain('このお客様の照合は、1日10回までです。')
    expect(textOf(eleventh.html)).not.toContain('生年月日 一致')
    expect((await acts('caller.check-refused')).at(-1)).toMatchObject({
      customer_id: id,
      facts: { because: 'customer' },
    })
    site.setClock(at('2026-11-25', 9, 0))
    agent = await plainOperator(site, 'agent')
    expect(textOf((await ask(id, { birthDate: '19721125' })).html)).toContain('生年月日 一致')
  })

  test('is shown to nobody but who asked', async () => {
    const id = await idOf(taro.number)
    const { path } = await ask(id, { birthDate: '19980101' })
    const chief = await plainOperator(site, 'chief')
    expect((await agent.open(path)).html).toContain('class="compared"')
    expect((await chief.open(path)).html).not.toContain('class="compared"')
  })
})

describe('revealing', () => {
  test('shows one field, for a reason, for minutes, in this session', async () => {
    const id = await idOf(taro.number)
    const form = `${urls.reveal}?customer=${id}&field=phone`
    expect((await act(urls.reveal, {}, form)).status).toBe(422)
    const after = await act(urls.reveal, { reason: 'call-back' }, form)
    expect(after.html).toContain('090-0111-2222')
    expect(after.html).not.toContain('ジャックス タロウ')
    expect((await acts('person.revealed')).at(-1)).toEqual({
      actor: 'operator:demo:agent',
      customer_id: id,
      facts: { field: 'phone', reason: 'call-back' },
    })
    const other = await plainOperator(site, 'agent')
    expect((await other.open(urls.case(id))).html).not.toContain('090-0111-2222')
    site.setClock(at('2026-11-24', 10, 41))
    expect((await agent.open(urls.case(id))).html).not.toContain('090-0111-2222')
  })

  test.each([
    ['name', 'ジャックス タロウ'],
    ['birth-date', '1998年（平成10年）1月1日'],
    ['customer-number', taro.number],
    ['contract-numbers', taro.contract],
  ])('%s', async (field, clear) => {
    const id = await idOf(taro.number)
    const after = await act(urls.reveal, { reason: 'letter' }, `${urls.reveal}?customer=${id}&field=${field}`)
    expect(after.html).toContain(clear)
  })
})

test('wishes stand at the top, and a call at another hour is not offered', async () => {
  const id = someone(4)
  const after = await act(urls.caseWishes(id), { callTime: 'evening', language: 'vi', hearing: 'usual' })
  const text = textOf(after.html)
  expect(text).toContain('ご希望 お電話：夕方以降 言語：ベトナム語')
  expect(text).toContain('いまは控えます お電話は夕方以降をご希望')
  site.setClock(at('2026-11-24', 17, 5))
  agent = await plainOperator(site, 'agent')
  expect(textOf((await agent.open(urls.case(id))).html)).toContain('いまお電話できます')
})

test('who has locked themselves out is unlocked', async () => {
  const id = await idOf(taro.number)
  const after = await act(urls.caseUnlock(id), {})
  expect(textOf(after.html)).toContain('本人認証の回数制限を解除しました。')
  expect(textOf(after.html)).toContain('認証の解除入力回数の制限を解除（応対')
})
