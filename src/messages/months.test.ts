import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inTransaction, openDatabase, sql } from '#platform/database/database'
import { firstIdAt, newId } from '#platform/ids'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { appendStretch, insertCampaign } from '../../test/message-log.ts'
import { countCampaign, countNoticesSent } from './counts.store.ts'
import { codeQueue } from './message.rules.ts'
import { dropMonths, keepMonths } from './months.store.ts'
import { queueNotices } from './queue.store.ts'

let base: TestDatabase
beforeEach(async () => {
  base = await testDatabase()
})
afterEach(() => base.drop())

const at = (day: string): Date => new Date(`${day}T02:00:00Z`)
const campaign = '00000000-0000-7000-8000-000000000001'
const younger = '00000000-0000-7000-8000-000000000002'

const partitions = async () => {
  const { rows } = await sql<{ name: string; count: number }>`
    select c.relname as name, (xpath('/row/n/text()', query_to_xml('select count(*) as n from ' || c.relname, false, true, '')))[1]::text::int as count
    from pg_inherits i join pg_class c on c.oid = i.inhrelid and c.relkind = 'r'
    where i.inhparent in ('messages'::regclass, 'message_events'::regclass, 'retries'::regclass) order by 1`.execute(
    base.ownerDb,
  )
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]))
}

const sortedStates = async () =>
  (
    await sql`select customer_id, message_id, class, case_id, campaign_id, phone_value, repeats, queued_at, sent_at, state
      from message_states order by message_id`.execute(base.db)
  ).rows

describe('keeping months', () => {
  test('makes this month and the next, once', async () => {
    expect(await keepMonths(base.db, at('2026-12-31'))).toBe(6)
    expect(await keepMonths(base.db, at('2026-12-31'))).toBe(0)
    expect(Object.keys(await partitions())).toEqual(
      ['message_events', 'messages', 'retries'].flatMap((table) =>
        ['2026_12', '2027_01', 'default'].map((month) => `${table}_${month}`),
      ),
    )
    expect(await keepMonths(base.db, at('2027-01-01'))).toBe(3)
  })

  test('begins a month where UTC does, to the millisecond of the ids', async () => {
    await keepMonths(base.db, at('2026-11-30'))
    await insertCampaign(base.ownerDb, campaign, at('2026-11-30'))
    const notice = {
      class: 'notice',
      campaignId: campaign,
      phoneValue: Buffer.alloc(32),
      sender: 'x',
      partCount: 1,
    } as const
    for (const instant of ['2026-11-30T23:59:59.999Z', '2026-12-01T00:00:00.000Z'])
      await inTransaction(base.db, (tx) =>
        queueNotices(
          tx,
          [{ ...notice, id: firstIdAt(new Date(instant)), customerId: newId(new Date(instant)) }],
          at('2026-12-01'),
        ),
      )
    expect(await partitions()).toMatchObject({ messages_2026_11: 1, messages_2026_12: 1, messages_default: 0 })
  })

  test('moves along what the default partition holds of that month, and nothing else', async () => {
    await insertCampaign(base.ownerDb, campaign, at('2026-11-10'))
    for (const [day, count] of [
      ['2026-10-10', 30],
      ['2026-11-10', 20],
    ] as const)
      await appendStretch(base.ownerDb, {
        queueId: campaign,
        class: 'notice',
        at: at(day),
        count,
        sending: 10,
        submitted: 10,
        delivered: 10,
      })
    await sql`insert into retries (queue_id, stream, message_id, not_before)
      select queue_id, 'deferred', id, queued_at from messages`.execute(base.ownerDb)
    const before = await sortedStates()
    await keepMonths(base.db, at('2026-11-20'))
    expect(await partitions()).toMatchObject({
      messages_2026_11: 20,
      message_events_2026_11: 10,
      retries_2026_11: 20,
      messages_default: 30,
      message_events_default: 10,
      retries_default: 30,
    })
    expect(await sortedStates()).toEqual(before)
  })

  test('is safe when several begin at once, and while others put messages into the queue', async () => {
    await insertCampaign(base.ownerDb, campaign, at('2026-11-10'))
    let isOver = false
    let queued = 0
    const queueing = (async () => {
      while (!isOver) {
        const notice = {
          class: 'notice',
          campaignId: campaign,
          phoneValue: Buffer.alloc(32),
          sender: 'x',
          partCount: 1,
        } as const
        await inTransaction(base.db, (tx) =>
          queueNotices(tx, [{ ...notice, customerId: newId(at('2028-01-20')) }], at('2028-01-20')),
        )
        queued += 1
      }
    })()
    let made = 0
    // Who finds the other at it, or a table in use for long, leaves it to the next call.
    for (let round = 0; round < 20 && made < 6; round++)
      made += (await Promise.all([1, 2, 3].map(() => keepMonths(base.db, at('2028-01-20'))))).reduce((a, b) => a + b)
    isOver = true
    await queueing
    expect(made).toBe(6)
    expect(await partitions()).toMatchObject({ messages_2028_01: queued, messages_default: 0 })
  })

  test('gives up at once where somebody holds a table, and does the rest at the next call', async () => {
    const reader = openDatabase(base.url)
    const holds = Promise.withResolvers<void>()
    const holding = inTransaction(reader, async (tx) => {
      await sql`select from message_events limit 1`.execute(tx)
      expect(await keepMonths(base.db, at('2026-11-20'))).toBe(1)
      holds.resolve()
    })
    await holding
    await holds.promise
    expect(await keepMonths(base.db, at('2026-11-20'))).toBe(5)
    await reader.destroy()
  })
})

describe('dropping months', () => {
  /** Two months with messages in all states, one in which they go on, and some that never found a month. */
  beforeEach(async () => {
    for (const day of ['2026-10-10', '2026-11-10']) await keepMonths(base.db, at(day))
    await insertCampaign(base.ownerDb, campaign, at('2026-10-10'))
    await insertCampaign(base.ownerDb, younger, at('2026-11-10'))
    await appendStretch(base.ownerDb, {
      queueId: campaign,
      class: 'notice',
      at: at('2026-09-10'),
      count: 5,
      sending: 4,
      submitted: 3,
      delivered: 2,
      perClaim: 2,
    })
    await appendStretch(base.ownerDb, {
      queueId: campaign,
      class: 'notice',
      at: at('2026-10-10'),
      count: 50,
      sending: 40,
      submitted: 30,
      delivered: 20,
      perClaim: 10,
    })
    await appendStretch(base.ownerDb, {
      queueId: younger,
      class: 'notice',
      at: at('2026-11-10'),
      count: 30,
      sending: 20,
      submitted: 10,
    })
    await appendStretch(base.ownerDb, {
      queueId: codeQueue,
      class: 'code',
      at: at('2026-10-11'),
      count: 10,
      sending: 10,
      submitted: 10,
      perClaim: 1,
    })
    const lines = [
      ['excluded', 41],
      ['refused', 42],
      ['deferred', 43],
      ['failed', 30],
      ['expired', 29],
      ['unknown', 35],
    ] as const
    for (const [state, offset] of lines)
      await sql`insert into message_events (message_id, state, at)
        select id, ${state}, queued_at from messages where queue_id = ${campaign} and queued_at = ${at('2026-10-10')}
        order by position offset ${offset} limit 1`.execute(base.ownerDb)
    await sql`insert into campaign_chains values (${campaign}, 1, '[]')`.execute(base.ownerDb)
    await sql`insert into campaign_decisions (campaign_id, customer_id, case_id, decision, chain_number)
      select distinct campaign_id, customer_id, case_id, 'notice', 1 from messages where queue_id = ${campaign}`.execute(
      base.ownerDb,
    )
  })

  const toldNow = async () => {
    const customerId = firstIdAt(new Date(7))
    const asked = [
      {
        customerId,
        caseId: '00000000-0000-0000-0000-000000000000',
        phoneValue: Buffer.from('7'.padStart(64, '0'), 'hex'),
      },
    ]
    const { excludedSince, deferred, ...count } = await countCampaign(base.db, campaign)
    const sum = (of: Readonly<Record<string, number>>) => Object.values(of).reduce((a, b) => a + b, 0)
    return {
      states: await sortedStates(),
      count,
      // Of what was folded only the outcome is left, not its reason.
      reasons: [sum(excludedSince), sum(deferred)],
      sent: await countNoticesSent(base.db, asked, at('2026-11-10')),
    }
  }

  test('leaves every state and count as it was', async () => {
    const before = await toldNow()
    expect(new Set((before.states as { state: string }[]).map(({ state }) => state)).size).toBe(10)
    expect(await dropMonths(base.db, at('2026-11-15'))).toBe(1)
    expect(await partitions()).toMatchObject({ messages_2026_11: 30, messages_default: 0, message_events_default: 0 })
    expect(Object.keys(await partitions())).not.toContain('messages_2026_10')
    expect(await toldNow()).toEqual(before)
    expect(await dropMonths(base.db, at('2026-11-15'))).toBe(0)
    expect(await toldNow()).toEqual(before)
    await keepMonths(base.db, at('2026-11-20'))
    expect(await toldNow()).toEqual(before)
  })

  test('drops whole months only: of the month of the given instant nothing', async () => {
    expect(await dropMonths(base.db, at('2026-10-31'))).toBe(0)
    expect(await partitions()).toMatchObject({ messages_2026_10: 60, messages_default: 0 })
  })

  test('fails as a whole where somebody reads, and is done at the next call', async () => {
    const before = await toldNow()
    const reader = openDatabase(base.url)
    await inTransaction(reader, async (tx) => {
      await sql`select from message_events limit 1`.execute(tx)
      await expect(dropMonths(base.db, at('2026-11-15'))).rejects.toThrow()
    })
    await reader.destroy()
    expect(await partitions()).toMatchObject({ messages_2026_10: 60, messages_default: 5 })
    expect(await toldNow()).toEqual(before)
    expect(await dropMonths(base.db, at('2026-11-15'))).toBe(1)
    expect(await toldNow()).toEqual(before)
  })

  test('takes along what is as old, and leaves each cursor', async () => {
    const old = at('2026-10-20')
    const recent = at('2026-11-02')
    for (const instant of [old, recent]) {
      await sql`insert into receipts (id, gateway, carrier_id, state, raw, received_at)
        values (${firstIdAt(instant)}, 'carrier', 'nobody', 'delivered', 'x', ${instant})`.execute(base.ownerDb)
      await sql`insert into gateway_minutes values ('carrier', ${instant}, 1, 0)`.execute(base.ownerDb)
      await sql`insert into message_bodies values (${firstIdAt(instant)}, '')`.execute(base.ownerDb)
    }
    const cursors = () =>
      sql`select queue_id, stream, max(number), max(to_position) from claims group by 1, 2 order by 1`.execute(base.db)
    const before = await cursors()
    await dropMonths(base.db, at('2026-11-15'))
    expect((await cursors()).rows).toEqual(before.rows)
    const count = async (table: string) =>
      (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(base.db)).rows[0]?.n
    // Of two campaigns and of codes the last; the younger campaign has one anyway.
    expect(await count('claims')).toBe(3)
    expect(await count('claim_ends')).toBe(3)
    for (const table of ['receipts', 'gateway_minutes', 'message_bodies']) expect(await count(table)).toBe(1)
  })
})

describe('the serving role', () => {
  let served: TestDatabase
  beforeAll(async () => {
    served = await testDatabase()
  })
  afterAll(() => served.drop())

  test('may have months kept and dropped', async () => {
    expect(await keepMonths(served.db, at('2026-11-20'))).toBe(6)
    expect(await dropMonths(served.db, at('2027-03-01'))).toBe(2)
  })

  test.each([
    ['make a table', sql`create table mine (id integer)`],
    ['drop a partition', sql`drop table messages_default`],
    ['detach a partition', sql`alter table messages detach partition messages_default`],
    [
      'put a function in the place of another',
      sql`create or replace function first_id_at(timestamptz) returns uuid language sql as 'select null::uuid'`,
    ],
  ])('may not %s otherwise', async (_, statement) => {
    await expect(statement.execute(served.db)).rejects.toMatchObject({ code: '42501' })
  })
})
