import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Database, inPipeline, inTransaction, openDatabase, sql } from '#platform/database/database'
import { firstIdAt } from '#platform/ids'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import {
  type Explained,
  explaining,
  indexesUsed,
  rowsTouched,
  tablesRead,
  tablesReadWhole,
} from '../../test/explain.ts'
import { appendStretch, insertCampaign, keepVacuumAway, worker } from '../../test/message-log.ts'
import { claiming } from './claim.store.ts'
import { countNoticesSent } from './counts.store.ts'
import { endOpenClaims, listDoubtfulNotices } from './doubtful.store.ts'
import { lockFor, readDue } from './due.store.ts'
import { judgeMinutes, listGatewayFacts } from './gateway.store.ts'
import { codeQueue } from './message.rules.ts'
import { keepMonths } from './months.store.ts'
import type { Stream } from './outbox.ts'
import { insertReceipts, tieReceipts } from './receipts.store.ts'
import { listDueStreams } from './stream.store.ts'

/**
 * How PostgreSQL runs what is on the way of every message: by an index in its order, in the months that can hold it, and
 * over no more rows than were asked for; whatever it knows of the tables, which grow by a million rows between two looks.
 */
let base: TestDatabase
/** One connection that has just begun, or one that has kept its plans since the tables were empty. */
let db: Database
let kept: Database
let now: Date
let queueId: string

const campaign = (number: number): string => `00000000-0000-7000-8000-00000000000${number}`
const november = { halfSent: campaign(4), at: new Date('2026-11-25T02:00:00Z') }
/** Its month is known to be empty: nothing was there when the tables were analyzed. */
const december = { halfSent: campaign(6), at: new Date('2026-12-01T02:00:00Z') }

beforeAll(async () => {
  base = await testDatabase()
  for (const at of ['2026-09-10', '2026-11-10']) await keepMonths(base.db, new Date(`${at}T00:00:00Z`))
  await keepVacuumAway(base.ownerDb)
  await sql`insert into gateway_leases values ('carrier', 1, ${worker}, 1)`.execute(base.ownerDb)
  kept = openDatabase(base.url, { poolMax: 1 })
  await keepPlans()
  for (const [id, at, sent] of [
    [campaign(1), '2026-09-10T02:00:00Z', 5_000],
    [campaign(2), '2026-10-10T02:00:00Z', 5_000],
    [campaign(3), '2026-11-24T02:00:00Z', 5_000],
    [november.halfSent, november.at, 3_000],
    [campaign(5), november.at, 0],
  ] as const)
    await appendCampaign(id, new Date(at), { count: 5_000, sent })
  await appendCodes(november.at)
  await sql`
    insert into receipts (id, gateway, carrier_id, state, raw, received_at)
    select overlay(first_id_at('2026-10-20')::text placing lpad(to_hex(i), 12, '0') from 25)::uuid, 'carrier', 'nobody' || i,
      'delivered', 'x', '2026-10-20' from generate_series(1, 3000) i`.execute(base.ownerDb)
}, 60_000)
afterAll(async () => {
  await kept.destroy()
  await base.drop()
})

/** More often than a statement has to run until its plan is kept. */
const keepPlans = async () => {
  now = november.at
  queueId = november.halfSent
  db = kept
  for (const { act } of statements) for (let times = 0; times < 12; times++) await act()
  await forget()
}

/** What the statements wrote that would be more to look at for the next ones. */
const forget = async () => {
  await sql`delete from gateway_minutes`.execute(base.ownerDb)
  await sql`delete from receipts where carrier_id like 'nobody-%' or carrier_id like '000%'`.execute(base.ownerDb)
}

/** The program keeps no plan for longer than seconds. */
let times = 0
const muchLater = async () => {
  const spy = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + ++times * minuteMs)
  for (let runs = 0; runs < 4; runs++) {
    await sql`select ${runs}::int`.execute(db)
    await inPipeline(db, async ({ last }) => last(sql`select ${runs}::int`))
  }
  spy.mockRestore()
}

const appendCampaign = async (id: string, at: Date, { count, sent }: { count: number; sent: number }) => {
  await insertCampaign(base.ownerDb, id, at)
  const [submitted, delivered] = [sent - Math.min(sent, 100), sent - Math.min(sent, 200)]
  await appendStretch(base.ownerDb, { queueId: id, class: 'notice', at, count, sending: sent, submitted, delivered })
  const last = sql`select id, customer_id from messages where queue_id = ${id} order by position limit 100 offset ${submitted}`
  if (sent === 0) return
  await sql`
    insert into message_events (message_id, state, gateway, blame, at)
    select id, 'unknown', 'carrier', 'gateway', ${at} from (${last}) m`.execute(base.ownerDb)
  await sql`
    insert into retries (queue_id, stream, message_id, not_before)
    select queue_id, 'refused carrier', id, ${at} from messages where queue_id = ${id} order by position limit 500`.execute(
    base.ownerDb,
  )
}

const appendCodes = (at: Date) =>
  appendStretch(base.ownerDb, { queueId: codeQueue, class: 'code', at, count: 1_500, sending: 1_480, submitted: 1_480 })

const by = { worker, slot: 'carrier 1 1 0', gateway: 'carrier', bind: 1, epoch: 1 }
const limit = 100
const read = (stream: Stream) =>
  inPipeline(db, (pipeline) => {
    pipeline.send(lockFor(stream, by))
    return readDue(pipeline, stream, by, { limit, now })
  })
let claims = 0
const ago = (ms: number) => new Date(now.getTime() - ms)
const minuteMs = 60_000
const dayMs = 86_400_000

type Statement = {
  readonly what: string
  readonly act: () => Promise<unknown>
  /** Parts of the names of indexes that must have been used. */
  readonly by: readonly string[]
  readonly rowsMax: number
  /** Months that may be looked at; the two that can hold what is due, unless said. */
  readonly months?: RegExp
}

const dueMonths = /_(2026_11|2026_12|default)$/
const receiptMonths = /_(2026_10|2026_11|2026_12|default)$/

const statements: readonly Statement[] = [
  {
    what: 'looking where a campaign is due',
    act: () => listDueStreams(db, { lane: 'campaign', gateways: ['carrier', 'other'] }, now),
    by: ['queue_id_position_idx', 'claims_pkey', 'retries_2026_1'],
    // Five queues, and for each of two gateways as many lines as there are delays.
    rowsMax: 5 * 20,
  },
  {
    what: 'looking where a code is due',
    act: () => listDueStreams(db, { lane: 'code', gateways: ['carrier', 'other'] }, now),
    by: ['queue_id_position_idx', 'claims_pkey', 'retries_2026_1'],
    rowsMax: 20,
  },
  {
    what: 'taking the next messages of a queue',
    act: () => read({ queueId, lane: 'campaign' }),
    by: ['queue_id_position_idx', 'claims_pkey', 'claims_slot', 'claim_ends_pkey'],
    rowsMax: limit,
  },
  {
    what: 'taking the next codes',
    act: () => read({ queueId: codeQueue, lane: 'code' }),
    by: ['queue_id_position_idx', 'claims_pkey'],
    rowsMax: limit,
  },
  {
    what: 'taking what is to be tried again',
    act: () => read({ queueId, lane: 'campaign', retry: { gateway: 'carrier', delay: 'refused' } }),
    by: ['retries_2026_1', 'id_idx', 'claims_pkey'],
    rowsMax: limit,
  },
  {
    what: 'writing a claim down',
    act: () =>
      claiming(
        { queueId: campaign(5), lane: 'campaign' },
        by,
        { number: ++claims, toPosition: 1, sent: [], lines: [], retries: [] },
        now,
      ).execute(db),
    by: [],
    rowsMax: 1,
  },
  {
    what: 'keeping receipts',
    act: () => insertReceipts(db, 'carrier', someReceipts(), now),
    by: ['gateway_carrier_id_idx'],
    rowsMax: 40,
    months: receiptMonths,
  },
  {
    what: 'tying receipts that wait',
    act: async () => {
      await insertReceipts(db, 'carrier', someReceipts(), now)
      await inTransaction(db, (tx) => tieReceipts(tx, { since: ago(dayMs), now }))
    },
    by: ['receipts_pkey', 'gateway_carrier_id_idx', 'reference_id_idx'],
    // Three in four were kept waiting by the tests before; each is looked for in some months.
    rowsMax: 1_000,
    months: receiptMonths,
  },
  {
    what: 'ending what a dead worker had in hand',
    act: () => endOpenClaims(db, { worker }),
    by: ['claims_slot'],
    rowsMax: 20,
  },
  {
    what: 'ending what one slot had in hand',
    act: () => endOpenClaims(db, { worker, slot: by.slot }),
    by: ['claims_slot'],
    rowsMax: 20,
  },
  {
    what: 'finding doubtful notices',
    act: () => listDoubtfulNotices(db, { before: now, notOlderThan: ago(2 * 3_600_000) }),
    by: ['at_idx', 'id_idx', 'repeats_idx', 'message_events_2026_1'],
    rowsMax: 400,
  },
  {
    what: 'counting what a customer and a phone were sent',
    act: () =>
      countNoticesSent(db, [{ customerId: idOfCustomer(7), caseId: campaign(1), phoneValue: phoneOf(7) }], now),
    by: ['phone_value_queued_at_idx', 'message_events_2026_1'],
    rowsMax: 100,
    // A case may be as old as it likes.
    months: /./,
  },
  {
    what: 'counting the errors of gateways',
    act: () => listGatewayFacts(db, ['carrier', 'other'], now),
    by: ['gateway_at_idx'],
    rowsMax: 200,
  },
  {
    what: 'judging a minute of receipts',
    act: () => judgeMinutes(db, new Date(now.getTime() + 7 * minuteMs)),
    by: ['claim_ends_at', 'message_events_2026_1'],
    // All that was submitted in the minute, each with its three lines.
    rowsMax: 3 * 4_400,
  },
]

/** Some whose message is known, some for nobody, some that only name our reference. */
const someReceipts = () =>
  Array.from({ length: 30 }, (_, i) => ({
    carrierId: i < 10 ? `${queueId.slice(-4)}${(i + 1).toString(16).padStart(8, '0')}` : `nobody-${i}`,
    state: 'delivered',
    raw: 'x',
    ...(i >= 20 && { reference: i, phoneValue: phoneOf(i) }),
  }))

const phoneOf = (customer: number): Buffer => Buffer.from(customer.toString().padStart(64, '0'), 'hex')
const idOfCustomer = (customer: number): string => firstIdAt(new Date(customer))

const large = /^(messages|message_events|retries)_|^(claims|claim_ends|receipts)$/

const hold = () => {
  describe.each([
    ['on a connection that begins', () => openDatabase(base.url, { poolMax: 1 })],
    ['on a connection that has kept its plans', () => kept],
  ])('%s', (_, open) => {
    beforeAll(async () => {
      db = open()
      await muchLater()
    })
    afterAll(async () => {
      if (db !== kept) await db.destroy()
      await forget()
    })
    test.each(statements)('$what', ({ act, ...statement }) => explaining(act).then((told) => check(told, statement)))
  })
}

const check = (
  explained: readonly Explained[],
  { by: indexes, rowsMax, months = dueMonths }: Omit<Statement, 'act'>,
) => {
  expect(explained).not.toEqual([])
  const used = explained.flatMap(indexesUsed)
  for (const index of indexes) expect(used, `the index ${index}`).toContainEqual(expect.stringContaining(index))
  expect(explained.flatMap(tablesReadWhole).filter((table) => large.test(table))).toEqual([])
  const partitions = explained.flatMap(tablesRead).filter((table) => /_(\d{4}_\d\d|default)$/.test(table))
  expect(partitions.filter((table) => !months.test(table))).toEqual([])
  expect(Math.max(...explained.map(rowsTouched))).toBeLessThanOrEqual(rowsMax)
}

describe('never analyzed', () => {
  beforeAll(() => {
    now = november.at
    queueId = november.halfSent
  })
  hold()
})

describe('analyzed', () => {
  beforeAll(async () => {
    await sql`analyze`.execute(base.ownerDb)
  })
  hold()
})

describe('analyzed before a campaign came', () => {
  beforeAll(async () => {
    now = december.at
    queueId = december.halfSent
    await appendCampaign(queueId, now, { count: 5_000, sent: 3_000 })
    await appendCodes(now)
  })
  hold()
})
