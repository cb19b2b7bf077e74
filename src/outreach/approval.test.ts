import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Creditor } from '#creditor'
import { countCampaign } from '#messages'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { systemChance } from '#platform/chance'
import { type Database, inTransaction, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { at, creditorWith, openCase, putHold, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { countInBoth } from './approval.store.ts'
import {
  approveCampaign,
  approveRequest,
  countAwaitingApproval,
  type Excluded,
  findCampaign,
  findLastEnd,
  findOpenRequest,
  listAllExcluded,
  listAwaitingApproval,
  listExcluded,
  listExclusionBases,
  type OutreachWorld,
  planCampaign,
  requestApproval,
  returnRequest,
  withdrawRequest,
  writeNoticeText,
} from './outreach.ts'

let it: TestDatabase
let db: Database
let creditor: Creditor
let w: OutreachWorld
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  creditor = await creditorWith()
  w = { db, creditor, holidays }
})
beforeEach(async () => {
  await sql`truncate customers, campaigns, messages, message_events, audit_lines cascade`.execute(it.ownerDb)
})
afterAll(() => it.drop())

const [sato, suzuki] = ['operator:sato', 'operator:suzuki'] as const

const planFor = async (count: number, now = ten) => {
  const opened = []
  for (let n = 0; n < count; n++) opened.push(await openCase(db))
  const { campaign } = await planCampaign(w, { by: sato, now })
  return { id: campaign.id, opened }
}

const ask = (id: string, by: typeof sato | typeof suzuki = sato, now = ten) =>
  inTransaction(db, (tx) => requestApproval(tx, { creditor, chance: systemChance }, { id, by, now }))
const approve = (id: string, typed: string, by: typeof sato | typeof suzuki = suzuki, world: Creditor = creditor) =>
  inTransaction(db, (tx) => approveRequest(tx, { creditor: world, holidays }, { id, by, now: ten, typed }))
const write = (id: string, text: string, by: typeof sato | typeof suzuki = sato) =>
  inTransaction(db, (tx) => writeNoticeText(tx, { creditor }, { id, text, by, now: ten }))
const queued = async () => (await sql<{ n: number }>`select count(*)::int as n from messages`.execute(db)).rows[0]?.n
const acts = async () =>
  (await sql<{ act: string }>`select act from audit_lines order by id`.execute(db)).rows.map(({ act }) => act)

describe('asking for approval', () => {
  test('waits for everybody but those who had a hand in it', async () => {
    const { id } = await planFor(3)
    expect(await countAwaitingApproval(db, suzuki)).toBe(0)
    expect(await ask(id)).toEqual({ kind: 'asked', noticeCount: 3 })
    expect(await ask(id)).toEqual({ kind: 'refused', because: 'already-asked' })
    expect(await countAwaitingApproval(db, suzuki)).toBe(1)
    expect(await countAwaitingApproval(db, sato)).toBe(0)
    expect(await listAwaitingApproval(db, suzuki)).toMatchObject([{ campaignId: id, askedBy: sato, noticeCount: 3 }])
  })

  test('draws some of those who are to get it, each once, and only of them', async () => {
    const { id, opened } = await planFor(25)
    const held = await openCase(db)
    await putHold(db, held.customerId, 'legal')
    await ask(id)
    const drawn = (await findOpenRequest(db, id))?.drawn ?? []
    expect(drawn).toHaveLength(20)
    expect(new Set(drawn).size).toBe(20)
    const theirs = new Set(opened.map(({ customerId }) => customerId))
    expect(drawn.every((customerId) => theirs.has(customerId))).toBe(true)
  })

  test('compares with the campaign before, as far as the same people were to get it', async () => {
    const first = await planFor(2, at('2026-11-24', 9))
    expect(await approveCampaign(w, { id: first.id, by: 'cli:demo', now: at('2026-11-24', 9, 1) })).toMatchObject({
      kind: 'approved',
    })
    const second = await planFor(3)
    await ask(second.id)
    expect(await findOpenRequest(db, second.id)).toMatchObject({ lastCampaignId: first.id, alsoInLast: 2 })
    await sql`update campaign_decisions set decision = 'excluded', because = 'paid'
      where campaign_id = ${first.id} and customer_id = ${first.opened[0]?.customerId}`.execute(db)
    expect(await countInBoth(db, second.id, first.id)).toBe(1)
  })

  test('is refused for a campaign that cannot go', async () => {
    const { campaign } = await planCampaign(w, { by: sato, now: ten })
    expect(await ask(campaign.id)).toEqual({ kind: 'refused', because: 'nothing-to-send' })
    expect(await ask(newId(ten))).toEqual({ kind: 'refused', because: 'no-such-campaign' })
    expect(await ask('nonsense')).toEqual({ kind: 'refused', because: 'no-such-campaign' })
  })
})

describe('approving', () => {
  test('queues every notice once, and leaves its traces', async () => {
    const { id } = await planFor(3)
    await ask(id)
    expect(await approve(id, '3')).toMatchObject({ kind: 'approved', queued: 3 })
    expect(await approve(id, '3')).toEqual({ kind: 'refused', because: 'already-approved' })
    expect(await queued()).toBe(3)
    expect(await countCampaign(db, id)).toMatchObject({ target: 3, unsent: 3 })
    expect(await findOpenRequest(db, id)).toBeUndefined()
    expect(await findLastEnd(db, id)).toMatchObject({ how: 'approved', endedBy: suzuki, askedBy: sato })
    expect(await acts()).toEqual(['campaign.planned', 'campaign.approval-asked', 'campaign.approved'])
    expect(await countAwaitingApproval(db, suzuki)).toBe(0)
  })

  test.each([
    ['own-campaign', '3', sato],
    ['number-differs', '4', suzuki],
  ] as const)('is refused: %s; the question stays', async (because, typed, by) => {
    const { id } = await planFor(3)
    await ask(id)
    expect(await approve(id, typed, by)).toEqual({ kind: 'refused', because })
    expect(await queued()).toBe(0)
    expect(await findOpenRequest(db, id)).toBeDefined()
  })

  test('of two who approve at once, one does', async () => {
    const { id } = await planFor(3)
    await ask(id)
    const outcomes = await Promise.all([approve(id, '3'), approve(id, '3')])
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['approved', 'refused'])
    expect(await queued()).toBe(3)
  })
})

describe('what was asked is void, and nothing is queued,', () => {
  const isVoid = async (id: string, because: string) => {
    expect(await queued()).toBe(0)
    expect(await findOpenRequest(db, id)).toBeUndefined()
    expect(await findLastEnd(db, id)).toMatchObject({ how: 'voided', because })
    expect(await approve(id, '3')).toEqual({ kind: 'refused', because: 'not-asked' })
    expect((await acts()).at(-1)).not.toBe('campaign.approved')
  }

  test('when somebody’s number on file is another now', async () => {
    const { id, opened } = await planFor(3)
    await ask(id)
    await sql`update customers set phone_value = '\\x01' where id = ${opened[1]?.customerId}`.execute(db)
    expect(await approve(id, '3')).toEqual({ kind: 'void', because: 'recipients-changed' })
    await isVoid(id, 'recipients-changed')
  })

  test('when the list of those who are to get it is another', async () => {
    const { id, opened } = await planFor(3)
    await ask(id)
    await sql`delete from campaign_decisions where customer_id = ${opened[1]?.customerId}`.execute(it.ownerDb)
    expect(await approve(id, '3')).toEqual({ kind: 'void', because: 'recipients-changed' })
    await isVoid(id, 'recipients-changed')
  })

  test('when a policy has changed, or who is shown as its sender', async () => {
    const { id } = await planFor(3)
    await ask(id)
    const stricter = await creditorWith((policies) => {
      policies.contact.noticesPerCase = 2
    })
    expect(await approve(id, '3', suzuki, stricter)).toEqual({ kind: 'void', because: 'rules-changed' })
    await isVoid(id, 'rules-changed')
    await ask(id)
    const other = { ...creditor, sender: { sms: '0005123456' } }
    expect(await approve(id, '3', suzuki, other)).toEqual({ kind: 'void', because: 'recipients-changed' })
  })

  test('when its text was written anew', async () => {
    const { id } = await planFor(3)
    await ask(id)
    const text = `株式会社ジャックスです。\n${creditor.siteAddress}`
    expect(await write(id, text)).toEqual({ kind: 'written', parts: 1, voidsRequest: true })
    await isVoid(id, 'text-changed')
    await ask(id)
    expect(await approve(id, '3')).toMatchObject({ kind: 'approved' })
    expect(await findCampaign(db, id)).toMatchObject({ text, textBy: sato })
  })
})

describe('a text of its own', () => {
  test('is not taken when it may not be sent, nor after approval', async () => {
    const { id } = await planFor(1)
    expect(await write(id, `至急。株式会社ジャックス ${creditor.siteAddress}`)).toEqual({
      kind: 'not-allowed',
      problems: [{ kind: 'word-of-dunning', found: '至急' }],
    })
    const before = (await findCampaign(db, id))?.text ?? ''
    expect(await write(id, `${before}\r\n`)).toEqual({ kind: 'unchanged' })
    await ask(id)
    await approve(id, '1')
    const text = `株式会社ジャックスです。 ${creditor.siteAddress}`
    expect(await write(id, text)).toEqual({ kind: 'refused', because: 'already-approved' })
    expect((await findCampaign(db, id))?.text).toBe(before)
  })

  test('makes whoever wrote it one who cannot approve it', async () => {
    const { id } = await planFor(1)
    await write(id, `株式会社ジャックスです。 ${creditor.siteAddress}`, suzuki)
    await ask(id)
    expect(await approve(id, '1', suzuki)).toEqual({ kind: 'refused', because: 'own-campaign' })
    expect(await countAwaitingApproval(db, suzuki)).toBe(0)
  })
})

describe('a question', () => {
  test('is sent back by a second person, with a reason', async () => {
    const { id } = await planFor(1)
    await ask(id)
    const back = (by: typeof sato | typeof suzuki, because: string) =>
      inTransaction(db, (tx) => returnRequest(tx, { id, by, now: ten, because }))
    expect(await back(sato, '件数')).toEqual({ kind: 'refused', because: 'own-campaign' })
    expect(await back(suzuki, ' ')).toEqual({ kind: 'refused', because: 'reason-missing' })
    expect(await back(suzuki, '対象の商品をご確認ください')).toEqual({ kind: 'done' })
    expect(await findLastEnd(db, id)).toMatchObject({ how: 'returned', because: '対象の商品をご確認ください' })
    expect(await approve(id, '1')).toEqual({ kind: 'refused', because: 'not-asked' })
  })

  test('is taken back only by those who had a hand in it', async () => {
    const { id } = await planFor(1)
    await ask(id)
    const withdraw = (by: typeof sato | typeof suzuki) =>
      inTransaction(db, (tx) => withdrawRequest(tx, { id, by, now: ten }))
    expect(await withdraw(suzuki)).toEqual({ kind: 'refused', because: 'not-own' })
    expect(await withdraw(sato)).toEqual({ kind: 'done' })
    expect(await withdraw(sato)).toEqual({ kind: 'refused', because: 'not-asked' })
  })
})

test('Everybody who is excluded is listed under the reason, with what it rests on', async () => {
  const held = []
  for (let n = 0; n < 3; n++) held.push(await openCase(db))
  for (const { customerId } of held) await putHold(db, customerId, 'legal')
  await openCase(db, { bills: [{ product: 'housing-loan' }] })
  const { id } = await planFor(2)
  const ids = held.map(({ customerId }) => customerId).sort()
  const list = (after: string, limit: number) =>
    listExcluded(db, { campaignId: id, because: 'legal-hold', after }, limit)
  const first = await list('00000000-0000-0000-0000-000000000000', 2)
  expect(first.map(({ customerId }) => customerId)).toEqual(ids.slice(0, 2))
  expect((await list(ids[1] ?? '', 2)).map(({ customerId }) => customerId)).toEqual(ids.slice(2))
  expect(first[0]?.chain.at(-1)).toMatchObject({ rule: 'legal-hold', verdict: 'exclude' })
  const all: Excluded[] = []
  for await (const one of listAllExcluded(db, id)) all.push(one)
  expect(all.map(({ because }) => because)).toEqual(['legal-hold', 'legal-hold', 'legal-hold', 'product-excluded'])
  expect(await listExclusionBases(db, id)).toEqual([
    { because: 'legal-hold', count: 3, basis: '社内規則（貸金業法21条1項9号に準拠）' },
    { because: 'product-excluded', count: 1, basis: '社内規則（サービス対象外のご契約）' },
  ])
})
