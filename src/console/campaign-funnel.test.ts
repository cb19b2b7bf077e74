import { afterAll, beforeAll, expect, test } from 'vitest'
import { decideAnswer, lockAnswerFacts, recordAnswer } from '#answers'
import { deliveryCurve } from '#messages'
import { approveCampaign, planCampaign } from '#outreach'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { inTransaction, sql } from '#platform/database/database'
import { firstIdAt, newId } from '#platform/ids'
import { at, chanceOf, creditorWith, type OpenedCase, openCase } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { putDeposit } from '../../test/money.ts'
import { countFunnel } from './campaign-funnel.store.ts'
import { followedOf } from './campaign-tally.rules.ts'
import { openTallies } from './campaign-tally.ts'

let it: TestDatabase
const creditor = await creditorWith()
const sent = at('2026-11-24', 10)
const later = at('2026-11-24', 12)
const people: OpenedCase[] = []
let campaignId: string
/** Never sent: a rule excluded it when it was about to leave. */
let stopped: OpenedCase
/** Still in the queue. */
let waiting: OpenedCase

beforeAll(async () => {
  it = await testDatabase()
  for (let n = 0; n < 8; n++) people.push(await openCase(it.db))
  const w = { db: it.db, creditor, holidays }
  const { campaign } = await planCampaign(w, { by: 'cli:sato', now: sent })
  campaignId = campaign.id
  await approveCampaign(w, { id: campaignId, by: 'cli:suzuki', now: sent })
  const { rows } = await sql<{ id: string; customerId: string; position: number }>`
    select id, customer_id as "customerId", position::int as position from messages order by position`.execute(it.db)
  const byId = new Map(people.map((one) => [one.customerId, one]))
  const inOrder = rows.flatMap(({ customerId }) => byId.get(customerId) ?? [])
  people.splice(0, people.length, ...inOrder)
  ;[stopped, waiting] = [people[6], people[7]].flatMap((one) => one ?? []) as [OpenedCase, OpenedCase]
  const taken = rows.slice(0, 6).map(({ id }) => id)
  // Two claims, a minute apart; the seventh was taken, too, and excluded.
  for (const [n, ids] of [taken.slice(0, 4), taken.slice(4)].entries())
    await sql`insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, gateway, at)
      values (${campaignId}, '', ${n + 1}, ${rows[n === 0 ? 3 : 6]?.position}, ${newId(sent)}, 's', ${ids}::uuid[], 'g',
        ${new Date(sent.getTime() + n * 60_000)})`.execute(it.ownerDb)
  await sql`insert into message_events (message_id, state, because, at)
    values (${rows[6]?.id}, 'excluded', 'paid', ${sent})`.execute(it.db)
  for (const [n, minutes] of [1, 1, 3].entries())
    for (const repeated of [0, 1])
      await sql`insert into message_events (message_id, state, at)
        values (${taken[n]}, 'delivered', ${new Date(sent.getTime() + (minutes + repeated) * 60_000)})`.execute(it.db)
})
afterAll(() => it.drop())

const count = () => countFunnel(it.db, campaignId, followedOf(sent))
const person = (n: number): OpenedCase => {
  const found = people[n]
  if (found === undefined) throw new Error('there are eight people')
  return found
}

/** Ids of one process never fall back, and here the days are told out of order. */
const idAt = (when: Date): string => firstIdAt(when).slice(0, 24) + newId(when).slice(24)

const visits = async (who: OpenedCase, when: Date) => {
  const id = idAt(when)
  await sql`insert into visits (id, token_hash, read_only, opened_at, last_seen_at)
    values (${id}, ${Buffer.from(id)}, false, ${when}, ${when})`.execute(it.db)
  await sql`insert into visit_customers values (${who.customerId}, ${id})`.execute(it.db)
}
const types = (who: OpenedCase, when: Date) => {
  const id = idAt(when)
  return sql`insert into challenges (id, identity_value, person_value, phone_value, customer_ids, code_made_at, expires_at,
      last_sent_at, state)
    values (${id}, ${Buffer.from(id)}, '\\x02', '\\x03', array[${who.customerId}::uuid], ${when}, ${when}, ${when}, 'dead')`.execute(
    it.db,
  )
}
const answers = (who: OpenedCase, when: Date) =>
  inTransaction(it.db, async (tx) => {
    const facts = await lockAnswerFacts(tx, [who.customerId], creditor.products)
    const outcome = decideAnswer(facts, { kind: 'already-paid' } as never, { now: when, holidays, creditor })
    if (outcome.kind !== 'recorded') throw new Error(JSON.stringify(outcome))
    await recordAnswer(tx, { outcome, answeredBy: 'customer', now: when, chance: chanceOf() })
  })
const pays = async (who: OpenedCase, amount: number, when: Date) => {
  const deposit = await putDeposit(it.db, { customerId: who.customerId, amount: Math.abs(amount), now: when })
  await sql`insert into ledger_lines (customer_id, id, deposit_id, bill_id, account, principal, amount, at)
    values (${who.customerId}, ${newId(when)}, ${deposit}, ${who.billIds[0]}, 'bill', ${amount}, ${amount}, ${when})`.execute(
    it.db,
  )
}

test('Nobody has come any way when the notices have just left', async () => {
  expect(await count()).toEqual({ accessed: 0, identified: 0, answered: 0, paid: 0, cured: 0 })
})

test('Each step counts customers once, of those whose notice left, in the days after', async () => {
  await types(person(0), later)
  await types(person(1), later)
  await types(person(1), later)
  await visits(person(1), later)
  await visits(person(1), later)
  // A visit of which the challenge is gone is an access, too.
  await visits(person(2), later)
  await answers(person(1), later)
  await pays(person(1), 12_300, later)
  await pays(person(3), 5_000, later)
  // Taken back again.
  await pays(person(3), -5_000, later)
  expect(await count()).toEqual({ accessed: 3, identified: 2, answered: 1, paid: 1, cured: 0 })
})

test('What was before, or long after, or has no notice, is not put down to it', async () => {
  const before = await count()
  await types(person(4), at('2026-11-24', 9))
  await visits(person(4), at('2026-11-24', 9))
  await visits(person(5), at('2026-12-08', 10))
  await pays(person(5), 12_300, at('2026-12-08', 10))
  for (const who of [stopped, waiting]) {
    await types(who, later)
    await visits(who, later)
    await answers(who, later)
    await pays(who, 12_300, later)
  }
  expect(await count()).toEqual(before)
})

test('The curve tells by minute how many had left and arrived, a receipt that came twice once', async () => {
  const minute = (n: number) => new Date(sent.getTime() + n * 60_000)
  expect(await deliveryCurve(it.db, campaignId)).toEqual([
    { minute: minute(0), sent: 4, delivered: 0 },
    { minute: minute(1), sent: 6, delivered: 2 },
    { minute: minute(3), sent: 6, delivered: 3 },
  ])
})

test('A tally is counted once for all who look, and again when it is old', async () => {
  const tallies = openTallies(it.db)
  const campaign = { id: campaignId, approvedAt: sent }
  const [one, other] = await Promise.all([tallies.of(campaign, later), tallies.of(campaign, later)])
  expect(other).toEqual(one)
  expect(one.count).toMatchObject({ target: 8, excluded: 1 })
  expect(one.countedAt).toEqual(later)
  await visits(person(0), later)
  const soon = new Date(later.getTime() + 500)
  expect(await openTallies(it.db).of(campaign, soon)).toEqual(one)
  const old = new Date(later.getTime() + 3_600_000)
  expect((await tallies.of(campaign, old)).funnel.identified).toBe(one.funnel.identified + 1)
})

test('Who looks at a campaign that takes long to count sees the last numbers meanwhile', async () => {
  await sql`update campaign_tallies set took_ms = 5000`.execute(it.db)
  let ms = 0
  const slow = openTallies(it.db, () => (ms += 5_000))
  const campaign = { id: campaignId, approvedAt: sent }
  const kept = await slow.of(campaign, at('2026-11-24', 14))
  expect(kept.countedAt).toEqual(at('2026-11-24', 13))
  await expect.poll(async () => (await slow.of(campaign, at('2026-11-24', 14))).countedAt).toEqual(at('2026-11-24', 14))
})
