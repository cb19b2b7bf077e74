import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decideAnswer, judgePromises, lockAnswerFacts, recordAnswer } from '#answers'
import type { Creditor } from '#creditor'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { type Database, inTransaction, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { day, dayInJst } from '#values/day'
import { at, chanceOf, creditorWith, openCase } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { rebalance } from './payments.ts'

/** Which money keeps a promise, and when it is found that none did. */

let it: TestDatabase
let db: Database
let creditor: Creditor
const chance = chanceOf()
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  creditor = await creditorWith()
})
beforeEach(() =>
  sql`truncate customers, cases, bills, bill_endings, answers, receipt_numbers, work_items, deposits, ledger_lines
    cascade`.execute(it.ownerDb),
)
afterAll(() => it.drop())

const promise = (customerId: string, on: string, now: Date) =>
  inTransaction(db, async (tx) => {
    const facts = await lockAnswerFacts(tx, [customerId], creditor.products)
    const request = { kind: 'promise', day: day(on), shownOn: dayInJst(now) } as const
    const outcome = decideAnswer(facts, request, { now, holidays, creditor })
    if (outcome.kind === 'refused') throw new Error(outcome.because)
    await recordAnswer(tx, { outcome, answeredBy: 'customer', now, chance })
  })

const pay = (customerId: string, amount: number, onDay: string, terms: Creditor = creditor) =>
  inTransaction(db, async (tx) => {
    const [id, now] = [newId(at(onDay, 9)), at(onDay, 9)]
    await sql`
      insert into deposits (id, channel, amount, on_day, line_key, received_at, customer_id, matched_how, certainty)
      values (${id}, 'transfer', ${amount}, ${onDay}, ${id}, ${now}, ${customerId}, 'reference', 'certain')`.execute(tx)
    await rebalance(tx, terms, [customerId], now)
    return id
  })

const reverse = (customerId: string, depositId: string, now: Date) =>
  inTransaction(db, async (tx) => {
    await sql`update deposits set ended_at = ${now}, ended_how = 'reversed' where id = ${depositId}`.execute(tx)
    await rebalance(tx, creditor, [customerId], now)
  })

const judge = (now: Date) => judgePromises(db, { creditor }, now)
const rows = async <T>(query: ReturnType<typeof sql<T>>) => (await query.execute(db)).rows
const standing = async () =>
  (await rows(sql<{ outcome: string }>`select outcome from promise_outcomes`))[0]?.outcome ?? 'pending'
const workItems = () => rows(sql`select kind from work_items`)

test.each([
  ['Wednesday: its money is seen on Thursday', '2026-11-24', '2026-11-25', '2026-11-26'],
  ['Friday: on Monday', '2026-11-25', '2026-11-27', '2026-11-30'],
  ['Saturday: banks take it on Monday, and it is seen on Tuesday', '2026-11-26', '2026-11-28', '2026-12-01'],
  ['Saturday before a Monday that is a holiday: on Wednesday', '2026-11-20', '2026-11-21', '2026-11-25'],
  ['New Year’s Eve: on the second bank day of the year', '2026-12-29', '2026-12-31', '2027-01-05'],
])('a promise for %s', async (_which, from, promised, seenOn) => {
  const { customerId } = await openCase(db, { bills: [{ dueDay: day('2026-11-10') }] })
  await promise(customerId, promised, at(from, 10))
  expect(await judge(at(seenOn, 17, 59, 59))).toBe(0)
  expect(await workItems()).toEqual([])
  expect(await judge(at(seenOn, 18))).toBe(1)
  expect(await standing()).toBe('broken')
  expect(await workItems()).toEqual([{ kind: 'broken-promise' }])
  expect(await judge(at(seenOn, 19))).toBe(0)
})

describe('a promise for the 25th is', () => {
  /** 12,300 yen due on the 20th: 24 yen of late charge on the 25th, 29 on the 26th. */
  const promised = async (bills?: Parameters<typeof openCase>[1]) => {
    const opened = await openCase(db, bills)
    await promise(opened.customerId, '2026-11-25', at('2026-11-24', 10))
    return opened
  }

  test.each<[string, readonly (readonly [number, string])[], 'kept' | 'broken']>([
    ['whole on its day', [[12_324, '2026-11-25']], 'kept'],
    ['whole before it', [[12_319, '2026-11-24']], 'kept'],
    ['whole on the day on which it is seen', [[12_329, '2026-11-26']], 'kept'],
    [
      'in parts',
      [
        [5_000, '2026-11-24'],
        [7_324, '2026-11-25'],
      ],
      'kept',
    ],
    ['more than it is', [[20_000, '2026-11-25']], 'kept'],
    ['whole, but a day late', [[12_334, '2026-11-27']], 'broken'],
    ['in part', [[12_000, '2026-11-25']], 'broken'],
    ['but for a yen', [[12_323, '2026-11-25']], 'broken'],
    ['without its late charge', [[12_300, '2026-11-25']], 'broken'],
    [
      'in parts of which the last is late',
      [
        [12_000, '2026-11-25'],
        [400, '2026-11-27'],
      ],
      'broken',
    ],
  ])('paid %s: %s', async (_how, money, outcome) => {
    const { customerId } = await promised()
    for (const [amount, onDay] of money) await pay(customerId, amount, onDay)
    await judge(at('2026-11-26', 18))
    expect(await standing()).toBe(outcome)
    expect(await workItems()).toEqual(outcome === 'broken' ? [{ kind: 'broken-promise' }] : [])
  })

  test('kept at once, before its day is over', async () => {
    const { customerId } = await promised()
    await pay(customerId, 12_319, '2026-11-24')
    expect(await judge(at('2026-11-24', 11))).toBe(1)
    expect(await standing()).toBe('kept')
  })

  test('kept without the yen that the policy waives', async () => {
    const { customerId } = await promised()
    const waiving = await creditorWith((policies) => Object.assign(policies.payments, { waiveUpToYen: 24 }))
    await pay(customerId, 12_300, '2026-11-25', waiving)
    await judge(at('2026-11-26', 18))
    expect(await standing()).toBe('kept')
  })

  test('broken when only one of its bills is paid', async () => {
    const { customerId } = await promised({ bills: [{}, { principal: 1_000 }] })
    await pay(customerId, 12_324, '2026-11-25')
    await judge(at('2026-11-26', 18))
    expect(await standing()).toBe('broken')
  })

  test('broken when its money was taken back in time', async () => {
    const { customerId } = await promised()
    const deposit = await pay(customerId, 12_324, '2026-11-25')
    await reverse(customerId, deposit, at('2026-11-26', 9))
    await judge(at('2026-11-26', 18))
    expect(await standing()).toBe('broken')
  })

  test('found broken after all when its money is taken back later, once', async () => {
    const { customerId } = await promised()
    const deposit = await pay(customerId, 12_324, '2026-11-25')
    await judge(at('2026-11-26', 18))
    expect(await standing()).toBe('kept')
    await reverse(customerId, deposit, at('2026-11-30', 9))
    expect(await standing()).toBe('pending')
    expect(await judge(at('2026-11-30', 10))).toBe(1)
    expect(await judge(at('2026-11-30', 18))).toBe(0)
    expect(await standing()).toBe('broken')
    expect(await workItems()).toEqual([{ kind: 'broken-promise' }])
  })

  test('kept by a re-debit that succeeds in time', async () => {
    const { customerId, billIds } = await promised()
    await inTransaction(db, async (tx) => {
      const [id, now] = [newId(at('2026-11-26', 9)), at('2026-11-26', 9)]
      await sql`
        insert into deposits (id, channel, amount, on_day, line_key, received_at, customer_id, bill_id, matched_how, certainty)
        values (${id}, 'debit', 12300, '2026-11-26', ${id}, ${now}, ${customerId}, ${billIds[0]}, 'debit', 'certain')`.execute(
        tx,
      )
      await rebalance(tx, creditor, [customerId], now)
    })
    await judge(at('2026-11-26', 18))
    expect(await standing()).toBe('kept')
  })
})
