import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Creditor } from '#creditor'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { type Database, inTransaction, sql } from '#platform/database/database'
import { day } from '#values/day'
import { parseReceiptNumber } from '#values/receipt-number'
import { addCase, at, chanceOf, creditorWith, endBill, openCase, putHold, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import {
  type AnswerRequest,
  cancelPromises,
  decideAnswer,
  judgePromises,
  listCurrentAnswers,
  lockAnswerFacts,
  recordAnswer,
} from './answers.ts'

let it: TestDatabase
let db: Database
let creditor: Creditor
const chance = chanceOf()
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  creditor = await creditorWith()
})
afterAll(() => it.drop())

/** As a page does it: lock, decide, write, in one transaction. */
const answer = (customerIds: readonly string[], request: AnswerRequest, now = ten) =>
  inTransaction(db, async (tx) => {
    const facts = await lockAnswerFacts(tx, customerIds, creditor.products)
    const outcome = decideAnswer(facts, request, { now, holidays, creditor })
    if (outcome.kind === 'refused') return outcome
    return { ...outcome, ...(await recordAnswer(tx, { outcome, answeredBy: 'customer', now, chance })) }
  })

const promise = (on: string, shownOn = '2026-11-24'): AnswerRequest => ({
  kind: 'promise',
  day: day(on),
  shownOn: day(shownOn),
})
const consultation: AnswerRequest = { kind: 'consultation', details: { topic: 'instalments' } }

const current = async (customerId: string) => (await listCurrentAnswers(db, [customerId]))[0]
const judge = (now: Date) => judgePromises(db, { creditor }, now)

const list = async <T>(query: ReturnType<typeof sql<T>>) => (await query.execute(db)).rows
const workItems = (customerId: string) =>
  list(sql<{ kind: string; details: object }>`
    select kind, details from work_items where customer_id = ${customerId} order by id`)
const acts = async (customerId: string) =>
  (await list(sql<{ act: string }>`select act from audit_lines where customer_id = ${customerId} order by id`)).map(
    ({ act }) => act,
  )
const versions = (customerId: string) =>
  list(sql`
    select version, kind, promised_day as day, receipt_number as number,
      (select json_agg(b.amount order by b.bill_id) from answer_bills b
        where b.customer_id = v.customer_id and b.answer_id = v.answer_id and b.version = v.version) as amounts
    from answer_versions v where customer_id = ${customerId} order by version`)

describe('an answer', () => {
  test('is kept whole in versions, each with its bills, its receipt number and a place before the feed', async () => {
    const { customerId, caseId } = await openCase(db, { bills: [{ principal: 12_300, dueDay: day('2026-11-22') }, {}] })
    const first = await answer([customerId], promise('2026-11-25'))
    const second = await answer([customerId], promise('2026-11-26'))
    await answer([customerId], { kind: 'already-paid', details: { method: 'transfer' } })
    expect(await versions(customerId)).toEqual([
      { version: 1, kind: 'promise', day: '2026-11-25', number: expect.any(String), amounts: [12_314, 12_324] },
      { version: 2, kind: 'promise', day: '2026-11-26', number: expect.any(String), amounts: [12_319, 12_329] },
      { version: 3, kind: 'already-paid', day: null, number: expect.any(String), amounts: [12_309, 12_319] },
    ])
    const [a, b] = [first, second].map((one) => ('receiptNumber' in one ? one.receiptNumber : ''))
    expect(a).not.toBe(b)
    expect(parseReceiptNumber(a ?? '')).toBe(a)
    expect(await current(customerId)).toMatchObject({
      caseId,
      version: 3,
      kind: 'already-paid',
      quietUntil: '2026-11-27',
      promise: { version: 2, day: '2026-11-26', lastOfferedDay: '2026-11-26', state: 'pending' },
      brokenCount: 0,
    })
    expect(await list(sql`select version from answer_feed_waiting where customer_id = ${customerId}`)).toHaveLength(3)
    expect(await acts(customerId)).toEqual(['answer.recorded', 'answer.recorded', 'answer.recorded'])
  })

  test('of a person under two customer numbers is one receipt number and a version in each case', async () => {
    const [one, other] = [await openCase(db), await openCase(db)]
    await answer([one.customerId, other.customerId], promise('2026-11-25'))
    const [a, b] = await listCurrentAnswers(db, [one.customerId, other.customerId])
    expect(a?.receiptNumber).toBe(b?.receiptNumber)
    expect(new Set([a?.caseId, b?.caseId])).toEqual(new Set([one.caseId, other.caseId]))
  })

  test('never gets a receipt number that was given before', async () => {
    const [one, other] = [await openCase(db), await openCase(db)]
    const sameTwice = chanceOf('40000000', '40000000', '40000001')
    for (const { customerId } of [one, other])
      await inTransaction(db, async (tx) => {
        const facts = await lockAnswerFacts(tx, [customerId], creditor.products)
        const outcome = decideAnswer(facts, consultation, { now: ten, holidays, creditor })
        if (outcome.kind === 'recorded')
          await recordAnswer(tx, { outcome, answeredBy: 'customer', now: ten, chance: sameTwice })
      })
    const numbers = [await current(one.customerId), await current(other.customerId)].map((now) => now?.receiptNumber)
    expect(numbers.map((number) => number?.slice(0, 8))).toEqual(['40000000', '40000001'])
  })

  test('asking for a consultation opens a work item', async () => {
    const { customerId } = await openCase(db)
    await answer([customerId], consultation)
    expect(await workItems(customerId)).toEqual([
      { kind: 'consultation', details: { topic: 'instalments', receiptNumber: expect.any(String) } },
    ])
  })

  test('pressed in two browsers at once becomes two versions, one after the other', async () => {
    const { customerId } = await openCase(db)
    await Promise.all([1, 2, 3, 4].map(() => answer([customerId], promise('2026-11-25'))))
    expect((await versions(customerId)).map((row) => (row as { version: number }).version)).toEqual([1, 2, 3, 4])
    expect(await list(sql`select version from live_promises where customer_id = ${customerId}`)).toEqual([
      { version: 4 },
    ])
  })

  test('is refused once everything is settled, under a hold, and to somebody who has no case', async () => {
    const paid = await openCase(db)
    await endBill(db, paid.customerId, paid.billIds[0], { onDay: '2026-11-24', now: ten })
    expect(await answer([paid.customerId], consultation)).toEqual({ kind: 'refused', because: 'already-settled' })
    const disputed = await openCase(db)
    await putHold(db, disputed.customerId, 'dispute')
    expect(await answer([disputed.customerId], promise('2026-11-25'))).toEqual({ kind: 'refused', because: 'on-hold' })
    expect(await answer([disputed.customerId], consultation)).toMatchObject({ kind: 'recorded' })
    expect(await versions(paid.customerId)).toEqual([])
  })
})

describe('a promise', () => {
  test('is kept as soon as its bills are settled', async () => {
    const { customerId, billIds } = await openCase(db, { bills: [{}, {}] })
    await answer([customerId], promise('2026-11-25'))
    await endBill(db, customerId, billIds[0], { onDay: '2026-11-25', now: at('2026-11-25', 12) })
    await judge(at('2026-11-25', 12))
    expect(await current(customerId)).toMatchObject({ promise: { state: 'pending' } })
    await endBill(db, customerId, billIds[1], { onDay: '2026-11-25', now: at('2026-11-25', 13) })
    expect(await judge(at('2026-11-25', 13))).toBe(1)
    expect(await judge(at('2026-11-25', 13))).toBe(0)
    expect(await current(customerId)).toMatchObject({
      kind: 'promise',
      version: 1,
      promise: { state: 'kept' },
      brokenCount: 0,
    })
    expect(await acts(customerId)).toEqual(['answer.recorded', 'promise.kept'])
    expect(await workItems(customerId)).toEqual([])
  })

  test('is broken at the hour of judgement, opens a work item, and the second one leaves only a consultation', async () => {
    const { customerId, caseId } = await openCase(db)
    await answer([customerId], promise('2026-11-25'))
    await judge(at('2026-11-26', 17, 59, 59))
    expect(await current(customerId)).toMatchObject({ promise: { state: 'pending' } })
    await judge(at('2026-11-26', 18))
    expect(await current(customerId)).toMatchObject({ promise: { state: 'broken' }, brokenCount: 1 })
    expect(await workItems(customerId)).toEqual([
      { kind: 'broken-promise', details: { promisedDay: '2026-11-25', receiptNumber: expect.any(String) } },
    ])
    await answer([customerId], promise('2026-11-27', '2026-11-26'), at('2026-11-26', 19))
    expect(await current(customerId)).toMatchObject({ promise: { state: 'pending', lastOfferedDay: '2026-11-28' } })
    await judge(at('2026-11-30', 18))
    expect(await current(customerId)).toMatchObject({ caseId, brokenCount: 2 })
    expect(await answer([customerId], promise('2026-12-01', '2026-11-30'), at('2026-11-30', 19))).toEqual({
      kind: 'refused',
      because: 'only-consultation',
    })
    expect(await acts(customerId)).toEqual(['answer.recorded', 'promise.broken', 'answer.recorded', 'promise.broken'])
  })

  test('that was moved is judged by its new day only', async () => {
    const { customerId } = await openCase(db)
    await answer([customerId], promise('2026-11-25'))
    await answer([customerId], promise('2026-11-26', '2026-11-25'), at('2026-11-25', 10))
    await judge(at('2026-11-26', 18))
    expect(await current(customerId)).toMatchObject({ promise: { state: 'pending' }, brokenCount: 0 })
    await judge(at('2026-11-27', 18))
    expect(await current(customerId)).toMatchObject({ promise: { state: 'broken', version: 2 }, brokenCount: 1 })
  })

  test('whose bills were taken back is cancelled by a version of its own', async () => {
    const { customerId, billIds } = await openCase(db)
    await answer([customerId], promise('2026-11-25'))
    await endBill(db, customerId, billIds[0], { how: 'withdrawn', onDay: '2026-11-24', now: ten })
    await judge(ten)
    expect(await current(customerId)).toMatchObject({ kind: 'cancelled', version: 2, promise: { state: 'cancelled' } })
    expect(await acts(customerId)).toEqual(['answer.recorded', 'promise.cancelled'])
  })

  test('is cancelled by a hold: the version names its receipt number, its bills and why', async () => {
    const { customerId } = await openCase(db)
    const other = await openCase(db)
    await answer([customerId], promise('2026-11-25'))
    await answer([other.customerId], promise('2026-11-25'))
    const cancel = () =>
      inTransaction(db, (tx) => cancelPromises(tx, { customerId, because: 'hold-legal', by: 'cli:sato', now: ten }))
    expect(await cancel()).toBe(1)
    expect(await cancel()).toBe(0)
    const [promised, cancelled] = await versions(customerId)
    expect(cancelled).toEqual({ ...(promised as object), version: 2, kind: 'cancelled', day: null })
    expect(
      await list(sql`select details, quiet_until as quiet, answered_by as by from answer_versions
      where customer_id = ${customerId} and version = 2`),
    ).toEqual([{ details: { because: 'hold-legal' }, quiet: null, by: 'cli:sato' }])
    expect(await list(sql`select version from answer_feed_waiting where customer_id = ${customerId}`)).toHaveLength(2)
    await judge(at('2026-11-26', 18))
    expect(await current(customerId)).toMatchObject({ kind: 'cancelled', brokenCount: 0 })
    expect(await current(other.customerId)).toMatchObject({ brokenCount: 1 })
  })

  test('that a customer is just moving is left to the next round of judging', async () => {
    const { customerId } = await openCase(db)
    await answer([customerId], promise('2026-11-25'))
    await inTransaction(db, async (tx) => {
      await lockAnswerFacts(tx, [customerId], creditor.products)
      await judge(at('2026-11-26', 18))
      expect(await current(customerId)).toMatchObject({ promise: { state: 'pending' } })
    })
    await judge(at('2026-11-26', 18))
    expect(await current(customerId)).toMatchObject({ promise: { state: 'broken' } })
  })

  test('is judged among more than one round takes', async () => {
    const opened: string[] = []
    for (let n = 0; n < 501; n++) opened.push((await openCase(db)).customerId)
    await answer(opened, promise('2026-11-25'))
    expect(await judge(at('2026-11-26', 18))).toBe(501)
  })

  test('of an earlier case does not count in the next', async () => {
    const { customerId, customerNumber, caseId, billIds } = await openCase(db)
    await answer([customerId], promise('2026-11-25'))
    await judge(at('2026-11-26', 18))
    await endBill(db, customerId, billIds[0], { onDay: '2026-11-30', now: at('2026-11-30', 9) })
    await sql`update cases set closed_at = ${ten}, closed_because = 'settled' where id = ${caseId}`.execute(db)
    const next = await addCase(db, { customerId, customerNumber }, [{}], at('2026-12-24', 9))
    await answer([customerId], promise('2026-12-25', '2026-12-24'), at('2026-12-24', 10))
    const answers = await listCurrentAnswers(db, [customerId])
    expect(answers.map((one) => [one.caseId, one.brokenCount])).toEqual([
      [next.caseId, 0],
      [caseId, 1],
    ])
  })
})
