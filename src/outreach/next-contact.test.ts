import { afterAll, beforeAll, expect, test } from 'vitest'
import { decideAnswer, lockAnswerFacts, recordAnswer } from '#answers'
import type { Creditor } from '#creditor'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { type Database, inTransaction, sql } from '#platform/database/database'
import { day } from '#values/day'
import { at, chanceOf, creditorWith, endBill, type OpenedCase, openCase, putHold, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { nextContact } from './outreach.ts'

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

const next = (of: OpenedCase, now = ten) => nextContact(db, { creditor, holidays }, of, now)

/** Sent at these instants, as the log tells it. */
const sentAt = async ({ customerId, caseId, phoneValue }: OpenedCase, instants: readonly Date[]) => {
  for (const instant of instants)
    await sql`
      insert into message_outcomes (customer_id, message_id, class, case_id, phone_value, queued_at, sent_at, state)
      values (${customerId}, gen_random_uuid(), 'notice', ${caseId}, ${phoneValue}, ${instant}, ${instant}, 'delivered')`.execute(
      it.ownerDb,
    )
}

const answer = ({ customerId }: OpenedCase, kind: 'promise' | 'already-paid') =>
  inTransaction(db, async (tx) => {
    const facts = await lockAnswerFacts(tx, [customerId], creditor.products)
    const request =
      kind === 'promise' ? ({ kind, day: day('2026-11-25'), shownOn: day('2026-11-24') } as const) : ({ kind } as const)
    const outcome = decideAnswer(facts, request, { now: ten, holidays, creditor })
    if (outcome.kind === 'recorded') await recordAnswer(tx, { outcome, answeredBy: 'customer', now: ten, chance })
  })

test('Whom nothing stands against may be contacted at this moment, at night in the morning', async () => {
  const free = await openCase(db)
  expect(await next(free)).toMatchObject({ now: { kind: 'send' }, at: ten, telephone: { kind: 'may' } })
  expect(await next(free, at('2026-11-24', 23))).toMatchObject({
    now: { kind: 'defer', because: 'hours' },
    at: at('2026-11-25', 9),
    telephone: { kind: 'may-not', because: 'hours' },
  })
})

test('A promise is waited for, with the time its money takes', async () => {
  const promised = await openCase(db)
  await answer(promised, 'promise')
  expect(await next(promised)).toMatchObject({
    now: { kind: 'exclude', because: 'live-promise' },
    at: at('2026-11-27', 9),
    telephone: { kind: 'may-not', because: 'live-promise' },
  })
})

test('Who says to have paid is left alone for three bank days, and then until no Sunday', async () => {
  const told = await openCase(db)
  await answer(told, 'already-paid')
  // Three bank days after Tuesday are Friday; Saturday is open.
  expect(await next(told)).toMatchObject({ now: { because: 'told-already-paid' }, at: at('2026-11-28', 9) })
})

test('Three in seven days: the next when the oldest of them has left the week', async () => {
  const often = await openCase(db)
  await sentAt(often, [at('2026-11-19', 10), at('2026-11-20', 10), at('2026-11-21', 10)])
  expect(await next(often)).toMatchObject({
    now: { because: 'cap-in-7-days' },
    at: at('2026-11-26', 9),
    telephone: { kind: 'may' },
  })
})

test('Four for a case: never by itself, and so with a hold and what is paid', async () => {
  const [many, held, paid] = [await openCase(db), await openCase(db), await openCase(db)]
  await sentAt(many, [at('2026-11-01', 10), at('2026-11-03', 10), at('2026-11-05', 10), at('2026-11-07', 10)])
  await putHold(db, held.customerId, 'legal')
  await endBill(db, paid.customerId, paid.billIds[0], { onDay: '2026-11-24', now: ten })
  const because = async (of: OpenedCase) => {
    const { now, at } = await next(of)
    return [now.kind === 'send' ? undefined : now.because, at]
  }
  expect(await because(many)).toEqual(['cap-per-case', undefined])
  expect(await because(held)).toEqual(['legal-hold', undefined])
  expect(await because(paid)).toEqual(['paid', undefined])
})
