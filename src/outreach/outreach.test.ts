import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decideAnswer, judgePromises, listCurrentAnswers, lockAnswerFacts, recordAnswer } from '#answers'
import type { Creditor } from '#creditor'
import { countCampaign, type DueMessage, noticeText, queueNotices } from '#messages'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { type Database, type Db, inTransaction, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { day } from '#values/day'
import { at, chanceOf, creditorWith, endBill, type OpenedCase, openCase, putHold, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import {
  approveCampaign,
  type Decision,
  decideRelease,
  listDecisions,
  type OutreachWorld,
  placeHold,
  planCampaign,
  releaseHold,
  showCampaign,
} from './outreach.ts'

let it: TestDatabase
let db: Database
let creditor: Creditor
let w: OutreachWorld
const chance = chanceOf()
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  creditor = await creditorWith()
  w = { db, creditor, holidays }
})
beforeEach(async () => {
  await sql`truncate customers, campaigns, messages, message_events, receipt_numbers, audit_lines cascade`.execute(
    it.ownerDb,
  )
})
afterAll(() => it.drop())

const by = 'cli:sato' as const
const plan = (now = ten) => planCampaign(w, { by, now })
const approve = (id: string, now = ten, world = w) => approveCampaign(world, { id, by, now })

const promise = (customerId: string, now = ten) =>
  inTransaction(db, async (tx) => {
    const facts = await lockAnswerFacts(tx, [customerId], creditor.products)
    const request = { kind: 'promise', day: day('2026-11-25'), shownOn: day('2026-11-24') } as const
    const outcome = decideAnswer(facts, request, { now, holidays, creditor })
    if (outcome.kind === 'recorded') await recordAnswer(tx, { outcome, answeredBy: 'customer', now, chance })
  })

/** What the outbox holds, as the sender takes it. */
const due = async (): Promise<readonly DueMessage[]> =>
  (
    await sql<DueMessage>`
      select m.id as "messageId", m.customer_id as "customerId", m.class, m.case_id as "caseId",
        m.campaign_id as "campaignId", m.phone_value as "phoneValue", m.sender, m.reference,
        m.part_count as "partCount", m.valid_until as "validUntil"
      from messages m where not exists (select from message_events e where e.message_id = m.id)
      order by m.position`.execute(db)
  ).rows

const release = (messages: readonly DueMessage[], now: Date, world: Pick<OutreachWorld, 'creditor' | 'holidays'> = w) =>
  inTransaction(db, (tx) => decideRelease(tx, world, messages, now))

const sendTo = async (opened: OpenedCase, sentAt: Date, state: 'submitted' | 'unknown' = 'submitted') => {
  const { customerId, caseId, phoneValue } = opened
  const campaignId = newId(sentAt)
  await sql`insert into campaigns values
    (${campaignId}, ${sentAt}, 'cli:sato', ${noticeText(creditor)}, '1', 1, 1, 0, ${sentAt}, 'cli:sato')`.execute(db)
  const notice = { customerId, class: 'notice' as const, caseId, campaignId, phoneValue, sender: 'x', partCount: 1 }
  const [id = ''] = await inTransaction(db, (tx) => queueNotices(tx, [notice], sentAt))
  for (const event of ['sending', state])
    await sql`insert into message_events (message_id, state, at)
      values (${id}, ${event}, ${sentAt})`.execute(db)
  return { id, campaignId }
}

const decisions = async (id: string): Promise<readonly Decision[]> => {
  const all: Decision[] = []
  for await (const decision of listDecisions(db, id)) all.push(decision)
  return all
}

describe('a plan', () => {
  test('decides for every open case, and keeps the reason why not', async () => {
    const plain = await openCase(db)
    const loan = await openCase(db, { bills: [{ product: 'cashing' }] })
    const promised = await openCase(db)
    await promise(promised.customerId)
    const held = await openCase(db)
    await putHold(db, held.customerId, 'legal')
    const excluded = await openCase(db, { bills: [{ product: 'housing-loan' }] })
    const manual = await openCase(db, { bills: [{ resultCode: '9' }] })
    const paid = await openCase(db)
    await endBill(db, paid.customerId, paid.billIds[0], { onDay: '2026-11-24', now: ten })
    const lately = await openCase(db)
    await sendTo(lately, at('2026-11-24', 9))

    const outcome = await plan()
    expect(outcome).toMatchObject({
      kind: 'planned',
      campaign: {
        target: 8,
        planned: 2,
        excluded: 6,
        exclusions: {
          'cap-per-day': 1,
          'legal-hold': 1,
          'live-promise': 1,
          paid: 1,
          'product-excluded': 1,
          'result-code': 1,
        },
        text: noticeText(creditor),
        notBefore: ten,
      },
    })
    const kept = new Map((await decisions(outcome.campaign.id)).map((one) => [one.customerId, one]))
    expect(kept.size).toBe(8)
    expect(kept.get(plain.customerId)).toMatchObject({
      decision: 'notice',
      because: null,
      customerNumber: plain.customerNumber,
    })
    expect(kept.get(plain.customerId)?.chain).toHaveLength(14)
    expect(kept.get(loan.customerId)?.chain.find(({ rule }) => rule === 'hours')?.basis).toBe('貸金業法21条1項1号')
    expect(kept.get(held.customerId)?.chain.at(-1)).toMatchObject({ rule: 'legal-hold', verdict: 'exclude' })
    expect(kept.get(promised.customerId)?.chain.at(-1)?.facts).toEqual({ quietUntil: '2026-11-26' })
    expect(kept.get(excluded.customerId)?.because).toBe('product-excluded')
    expect(kept.get(manual.customerId)?.chain.at(-1)?.facts).toEqual({ codes: ['9'] })
  })

  test('at night or on a holiday excludes nobody: it says when the first may leave', async () => {
    await openCase(db)
    expect(await plan(at('2026-11-22', 3))).toMatchObject({
      kind: 'planned',
      campaign: { planned: 1, excluded: 0, notBefore: at('2026-11-24', 9) },
    })
  })

  test('of nothing says so, and cannot be approved', async () => {
    const nobody = await plan()
    expect(nobody).toMatchObject({ kind: 'nothing-to-send', campaign: { target: 0, planned: 0, exclusions: {} } })
    const { customerId } = await openCase(db)
    await putHold(db, customerId, 'dispute')
    const nothing = await plan()
    expect(nothing).toMatchObject({ kind: 'nothing-to-send', campaign: { target: 1, excluded: 1 } })
    expect(await approve(nothing.campaign.id)).toEqual({ kind: 'refused', because: 'nothing-to-send' })
  })

  test('passes over closed cases, and goes on after a page of a thousand', async () => {
    const closed = await openCase(db)
    await sql`update cases set closed_at = ${ten}, closed_because = 'settled' where id = ${closed.caseId}`.execute(db)
    const { customerId } = await openCase(db)
    await sql`
      insert into customers
        (id, customer_number, customer_number_bare, data_key, person, mobile_number, phone_value, import_id, updated_at)
      select gen_random_uuid(), 'X' || n, 'X' || n, data_key, person, mobile_number, sha256(n::text::bytea), import_id,
        updated_at
      from customers, generate_series(1, 2100) n where id = ${customerId}`.execute(db)
    await sql`
      insert into cases select id, gen_random_uuid(), updated_at, import_id from customers
      where customer_number like 'X%'`.execute(db)
    const { campaign } = await plan()
    expect(campaign).toMatchObject({ target: 2_101, planned: 1, exclusions: { withdrawn: 2_100 } })
    expect(await decisions(campaign.id)).toHaveLength(2_101)
    const { rows } = await sql<{ n: number }>`select count(*) as n from campaign_chains`.execute(db)
    expect(rows[0]?.n).toBe(2)
  })
})

describe('approval', () => {
  test('queues every planned notice once, to leave when the hour allows', async () => {
    const [one, other] = [await openCase(db), await openCase(db)]
    const held = await openCase(db)
    await putHold(db, held.customerId, 'death')
    const { campaign } = await plan(at('2026-11-24', 21))
    const night = at('2026-11-24', 22)
    expect(await approve(campaign.id, night)).toEqual({
      kind: 'approved',
      campaignId: campaign.id,
      queued: 2,
      notBefore: at('2026-11-25', 9),
    })
    const queued = await due()
    expect(new Set(queued.map(({ caseId }) => caseId))).toEqual(new Set([one.caseId, other.caseId]))
    expect(queued[0]).toMatchObject({
      class: 'notice',
      sender: creditor.sender.sms,
      partCount: 1,
    })
    expect(await approve(campaign.id, night)).toEqual({ kind: 'refused', because: 'already-approved' })
    expect(await due()).toHaveLength(2)
    const acts = await sql<{ act: string }>`select act from audit_lines order by id`.execute(db)
    expect(acts.rows.map(({ act }) => act)).toEqual(['campaign.planned', 'campaign.approved'])
  })

  test('given twice at once queues once', async () => {
    await openCase(db)
    const { campaign } = await plan()
    const three = [1, 2, 3]
    // So that three connections stand ready, and all look before any has written.
    await Promise.all(three.map(() => sql`select pg_sleep(0.05)`.execute(db)))
    const outcomes = await Promise.all(three.map(() => approve(campaign.id)))
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['approved', 'refused', 'refused'])
    expect(await due()).toHaveLength(1)
  })

  test('is void when the rules or the text have changed since, and for what is no campaign', async () => {
    await openCase(db)
    const { campaign } = await plan()
    const stricter = structuredClone(creditor)
    stricter.policies.contact.noticesPerCase = 3
    expect(await approve(campaign.id, ten, { ...w, creditor: stricter })).toEqual({
      kind: 'refused',
      because: 'rules-changed',
    })
    const redebits = { days: [{ day: '2027-03-10' }], cutOffBankDays: 3 }
    expect(await approve(campaign.id, ten, { ...w, creditor: { ...creditor, redebits } })).toEqual({
      kind: 'refused',
      because: 'rules-changed',
    })
    const reworded = structuredClone(creditor)
    reworded.texts.notice = '{company}からのお知らせです。URLからご確認ください。 {url}'
    expect(await approve(campaign.id, ten, { ...w, creditor: reworded })).toEqual({
      kind: 'refused',
      because: 'text-changed',
    })
    for (const id of ['nonsense', newId(ten)])
      expect(await approve(id)).toEqual({ kind: 'refused', because: 'no-such-campaign' })
    expect(await due()).toEqual([])
    expect((await approve(campaign.id)).kind).toBe('approved')
  })
})

describe('what a campaign shows', () => {
  test('adds up before it is approved, after, and when notices have left or were excluded', async () => {
    const opened = [await openCase(db), await openCase(db), await openCase(db)]
    await putHold(db, opened[2]?.customerId ?? '', 'dispute')
    const { campaign } = await plan()
    const line = async () => (await showCampaign(w, campaign.id))?.count
    expect(await line()).toMatchObject({ target: 3, unsent: 2, excluded: 1, sent: 0, failed: 0 })
    await approve(campaign.id)
    expect(await line()).toMatchObject({ target: 3, unsent: 2, excluded: 1 })
    const [first, second] = await due()
    for (const [message, state] of [
      [first, 'submitted'],
      [second, 'excluded'],
    ] as const) {
      await sql`insert into message_events (message_id, state, at)
        values (${message?.messageId}, ${state}, ${ten})`.execute(db)
    }
    expect(await line()).toMatchObject({ target: 3, sent: 1, excluded: 2, unsent: 0 })
    expect(await showCampaign(w)).toMatchObject({
      id: campaign.id,
      plannedBy: by,
      approvedBy: by,
      approvedAt: ten,
      exclusions: { 'hold-dispute': 1 },
    })
  })

  test('is nothing when there is none', async () => {
    expect(await showCampaign(w)).toBeUndefined()
    expect(await showCampaign(w, 'nonsense')).toBeUndefined()
    expect(await showCampaign(w, newId(ten))).toBeUndefined()
  })
})

describe('at its release a notice', () => {
  const planned = async (opened: Parameters<typeof openCase>[1] = {}) => {
    const one = await openCase(db, opened)
    const { campaign } = await plan()
    await approve(campaign.id)
    const [message] = await due()
    if (message === undefined) throw new Error('a notice was queued')
    return { ...one, message, campaignId: campaign.id }
  }
  const releaseOne = async (message: DueMessage, now = ten, world = w) =>
    (await release([message], now, world)).get(message.messageId)

  test('is sent when nothing has come between, valid until the evening', async () => {
    const { message } = await planned()
    const release = await releaseOne(message, at('2026-11-24', 19, 59))
    expect(release).toMatchObject({ kind: 'send', validUntil: at('2026-11-24', 20) })
    expect(release).toHaveProperty('facts.chain.0.verdict', 'pass')
  })

  test('is deferred by the hour and the day', async () => {
    const { message } = await planned()
    expect(await releaseOne(message, at('2026-11-24', 20))).toMatchObject({
      kind: 'defer',
      until: at('2026-11-25', 9),
      because: 'hours',
      facts: { chain: expect.any(Array) },
    })
    expect(await releaseOne(message, at('2026-11-29', 10))).toMatchObject({ kind: 'defer', because: 'days' })
  })

  test.each([
    ['a promise', (one: OpenedCase) => promise(one.customerId), 'live-promise'],
    [
      'a legal hold',
      (one: OpenedCase) => placeHold(w, { customerNumber: one.customerNumber, reason: 'legal', by, now: ten }),
      'legal-hold',
    ],
    [
      'money',
      (one: OpenedCase) => endBill(db, one.customerId, one.billIds[0], { onDay: '2026-11-24', now: ten }),
      'paid',
    ],
    ['another notice', (one: OpenedCase) => sendTo(one, ten), 'cap-per-day'],
    ['another notice that is doubtful', (one: OpenedCase) => sendTo(one, ten, 'unknown'), 'cap-per-day'],
  ])('is excluded when %s came between', async (_what, comeBetween, because) => {
    const { message, ...one } = await planned()
    await comeBetween(one)
    const decided = await releaseOne(message)
    expect(decided).toMatchObject({ kind: 'exclude', because })
    const { chain } = (decided as { facts: { chain: readonly { verdict: string }[] } }).facts
    expect(chain.at(-1)?.verdict).toBe('exclude')
  })

  test('goes out when the promise in its way was broken and its quiet days are over', async () => {
    const { message, customerId } = await planned()
    await promise(customerId)
    expect(await judgePromises(db, w, at('2026-11-26', 18))).toBe(1)
    expect(await releaseOne(message, at('2026-11-26', 19))).toMatchObject({ kind: 'exclude', because: 'live-promise' })
    expect(await releaseOne(message, at('2026-11-27', 9))).toMatchObject({ kind: 'send' })
  })

  test('goes out when the promise in its way was cancelled by a hold that is released', async () => {
    const { message, customerId, customerNumber } = await planned()
    await promise(customerId)
    await placeHold(w, { customerNumber, reason: 'dispute', by, now: ten })
    expect(await releaseOne(message)).toMatchObject({ kind: 'exclude', because: 'hold-dispute' })
    await releaseHold(w, { customerNumber, reason: 'dispute', by, now: ten })
    expect(await releaseOne(message)).toMatchObject({ kind: 'send' })
  })

  test('stays here from the cut-off of a re-debit until its result is imported', async () => {
    const { message, billIds } = await planned()
    const redebits = { days: [{ day: '2026-11-27', cutOff: '2026-11-25' }], cutOffBankDays: 3 }
    const world = { ...w, creditor: { ...creditor, redebits } }
    const release = (on: string) => releaseOne(message, at(on, 10), world)
    expect(await release('2026-11-24')).toMatchObject({ kind: 'send' })
    for (const on of ['2026-11-25', '2026-11-27', '2026-12-07'])
      expect(await release(on)).toMatchObject({ kind: 'exclude', because: 'redebit-planned' })
    const header = (importId: string, of: string) =>
      sql`
      insert into debit_headers values (${importId}, 1, '1234567890', '0001', '101', '1', '7654321', ${of})`.execute(db)
    const [bill] = (
      await sql<{ importId: string }>`
      select import_id as "importId" from bills where id = ${billIds[0]}`.execute(db)
    ).rows
    await header(bill?.importId ?? '', '2026-11-20')
    const other = await openCase(db)
    await header(
      (await sql<{ id: string }>`select import_id as id from bills where id = ${other.billIds[0]}`.execute(db)).rows[0]
        ?.id ?? '',
      '2026-11-27',
    )
    expect(await release('2026-12-07')).toMatchObject({ kind: 'send' })
  })

  test('is excluded when its text is not the configured one any more', async () => {
    const { message } = await planned()
    const reworded = structuredClone(creditor)
    reworded.texts.notice = '{company}からのお知らせです。URLからご確認ください。 {url}'
    expect(await releaseOne(message, ten, { ...w, creditor: reworded })).toMatchObject({
      kind: 'exclude',
      because: 'text',
    })
  })

  test('is sent to one phone once, when two customers have it', async () => {
    const phoneValue = Buffer.alloc(32, 5)
    await openCase(db, { phoneValue })
    await openCase(db, { phoneValue })
    const { campaign } = await plan()
    await approve(campaign.id)
    const releases = [...(await release(await due(), ten)).values()]
    expect(releases.map((one) => (one.kind === 'exclude' ? one.because : one.kind))).toEqual(['send', 'cap-per-day'])
  })

  test('that repeats a doubtful one takes its place in the counts, and no other', async () => {
    const one = await openCase(db)
    const sentAt = at('2026-11-24', 9, 30)
    const doubtful = await sendTo(one, sentAt, 'unknown')
    const notice = {
      customerId: one.customerId,
      class: 'notice' as const,
      caseId: one.caseId,
      phoneValue: one.phoneValue,
    }
    const repeated = { ...notice, campaignId: doubtful.campaignId, sender: 'x', partCount: 1, repeats: doubtful.id }
    await inTransaction(db, (tx) => queueNotices(tx, [repeated], ten))
    const [message] = await due()
    if (message === undefined) throw new Error('the repetition was queued')
    expect(await releaseOne(message)).toMatchObject({ kind: 'send' })
    await sendTo(one, sentAt)
    expect(await releaseOne(message)).toMatchObject({ kind: 'exclude', because: 'cap-per-day' })
  })

  test('waits a moment while a hold or an answer is being written, and is decided with it', async () => {
    const { message, customerId } = await planned()
    await inTransaction(db, async (tx) => {
      await lockAnswerFacts(tx, [customerId], creditor.products)
      expect(await releaseOne(message)).toMatchObject({
        kind: 'defer',
        because: 'busy',
        until: at('2026-11-24', 10, 0, 10),
      })
    })
    expect(await releaseOne(message)).toMatchObject({ kind: 'send' })
  })

  test('holds back a hold until the intent to send is committed, so that none leaves after it', async () => {
    const { message, customerNumber } = await planned()
    const order: string[] = []
    let placing: Promise<unknown> | undefined
    await inTransaction(db, async (tx) => {
      expect((await decideRelease(tx, w, [message], ten)).get(message.messageId)).toMatchObject({ kind: 'send' })
      placing = placeHold(w, { customerNumber, reason: 'legal', by, now: ten }).then(() => order.push('held'))
      await new Promise((resolve) => setTimeout(resolve, 100))
      order.push('sending')
    })
    await placing
    expect(order).toEqual(['sending', 'held'])
  })
})

describe('a code and a receipt', () => {
  const asked = (one: OpenedCase, messageClass: 'code' | 'receipt'): DueMessage => ({
    messageId: newId(ten),
    customerId: one.customerId,
    class: messageClass,
    caseId: null,
    campaignId: null,
    phoneValue: one.phoneValue,
    sender: 'x',
    reference: 1,
    partCount: 1,
    validUntil: null,
  })

  test('obey holds that silence and excluded products, and nothing else', async () => {
    const night = at('2026-11-22', 3)
    const decided = async (one: OpenedCase) =>
      [...(await release([asked(one, 'code'), asked(one, 'receipt')], night)).values()].map((answer) =>
        answer.kind === 'exclude' ? answer.because : answer.kind,
      )
    const plain = await openCase(db)
    await sendTo(plain, night)
    await promise(plain.customerId)
    expect(await decided(plain)).toEqual(['send', 'send'])
    const paid = await openCase(db)
    await endBill(db, paid.customerId, paid.billIds[0], { onDay: '2026-11-20', now: night })
    expect(await decided(paid)).toEqual(['send', 'send'])
    for (const [reason, because] of [
      ['dispute', 'send'],
      ['hardship', 'send'],
      ['legal', 'legal-hold'],
      ['death', 'hold-death'],
      ['wrong-number', 'hold-wrong-number'],
    ] as const) {
      const held = await openCase(db)
      await putHold(db, held.customerId, reason)
      expect(await decided(held)).toEqual([because, because])
    }
    const excluded = await openCase(db, { bills: [{ product: 'settlement' }] })
    expect(await decided(excluded)).toEqual(['product-excluded', 'product-excluded'])
  })
})

describe('a hold', () => {
  const hold = (customerNumber: string, reason: 'legal' | 'dispute' = 'legal') =>
    placeHold(w, { customerNumber, reason, documentDay: day('2026-11-20'), by, now: ten })

  const openVisit = async (customerId: string): Promise<string> => {
    const id = newId(ten)
    await sql`insert into visits (id, token_hash, read_only, opened_at, last_seen_at)
      values (${id}, ${Buffer.from(id)}, false, ${ten}, ${ten})`.execute(db)
    await sql`insert into visit_customers (customer_id, visit_id) values (${customerId}, ${id})`.execute(db)
    return id
  }
  const endingOf = async (of: Db, visitId: string) =>
    (
      await sql<{ because: string | null }>`select ended_because as because from visits where id = ${visitId}`.execute(
        of,
      )
    ).rows[0]?.because

  test('cancels what was promised, leads out who is on the site, and writes it down', async () => {
    const { customerId, customerNumber } = await openCase(db)
    await promise(customerId)
    const visit = await openVisit(customerId)
    expect(await hold(customerNumber)).toEqual({ kind: 'placed', customerId, cancelledPromises: 1 })
    expect((await listCurrentAnswers(db, [customerId]))[0]).toMatchObject({
      kind: 'cancelled',
      promise: { state: 'cancelled' },
    })
    expect(await endingOf(db, visit)).toBe('hold')
    const { rows } = await sql`select reason, document_day as day, placed_by as by from active_holds`.execute(db)
    expect(rows).toEqual([{ reason: 'legal', day: '2026-11-20', by }])
    const acts = await sql<{ act: string }>`select act from audit_lines where actor = ${by} order by id`.execute(db)
    expect(acts.rows.map(({ act }) => act)).toEqual(['hold.placed', 'promise.cancelled'])
  })

  test('for a dispute stops the request to pay and leaves people on the site', async () => {
    const { customerId, customerNumber } = await openCase(db)
    const visit = await openVisit(customerId)
    expect(await hold(customerNumber, 'dispute')).toMatchObject({ kind: 'placed' })
    expect(await endingOf(db, visit)).toBeNull()
  })

  test('is placed once for each reason, released once, and may come again', async () => {
    const { customerNumber, customerId } = await openCase(db)
    const lift = (reason: 'legal' | 'dispute' = 'legal') => releaseHold(w, { customerNumber, reason, by, now: ten })
    expect(await lift()).toEqual({ kind: 'refused', because: 'not-held' })
    expect((await hold(customerNumber)).kind).toBe('placed')
    expect(await hold(customerNumber)).toEqual({ kind: 'refused', because: 'already-held' })
    expect((await hold(customerNumber, 'dispute')).kind).toBe('placed')
    expect(await lift()).toEqual({ kind: 'released', customerId })
    expect(await lift()).toEqual({ kind: 'refused', because: 'not-held' })
    expect((await hold(customerNumber)).kind).toBe('placed')
    const { rows } = await sql<{ n: number }>`select count(*) as n from active_holds`.execute(db)
    expect(rows[0]?.n).toBe(2)
  })

  test('pressed twice at once is placed once', async () => {
    const { customerNumber } = await openCase(db)
    const outcomes = await Promise.all([hold(customerNumber), hold(customerNumber), hold(customerNumber)])
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['placed', 'refused', 'refused'])
  })

  test('finds the customer without leading zeros, and nobody for a number that nobody has', async () => {
    const { customerId } = await openCase(db, { customerNumber: '0000777' })
    expect(await hold('777')).toMatchObject({ kind: 'placed', customerId })
    expect(await hold('778')).toEqual({ kind: 'refused', because: 'no-such-customer' })
    expect(await releaseHold(w, { customerNumber: '778', reason: 'legal', by, now: ten })).toEqual({
      kind: 'refused',
      because: 'no-such-customer',
    })
  })

  test('of a customer without a case counts for the next one', async () => {
    const { customerNumber, customerId, caseId, billIds } = await openCase(db)
    await endBill(db, customerId, billIds[0], { onDay: '2026-11-20', now: ten })
    await sql`update cases set closed_at = ${ten}, closed_because = 'settled' where id = ${caseId}`.execute(db)
    expect(await hold(customerNumber)).toMatchObject({ kind: 'placed', cancelledPromises: 0 })
  })
})

test('a campaign counts as messages count it', async () => {
  await openCase(db)
  const { campaign } = await plan()
  expect((await showCampaign(w, campaign.id))?.count).toEqual(await countCampaign(db, campaign.id))
})
