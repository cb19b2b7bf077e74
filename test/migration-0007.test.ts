import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, inTransaction, openDatabase, type RawBuilder, sql } from '#platform/database/database'
import { migrate, migrationsFolder } from '#platform/database/migrate'
import { newId } from '#platform/ids'
import { openVault } from '#platform/vault/vault'
import { phone } from '#values/phone'
import { bodyPlace } from '../src/messages/content.store.ts'
import { countCampaign } from '../src/messages/counts.store.ts'
import { listDoubtfulNotices } from '../src/messages/doubtful.store.ts'
import { listLines } from '../src/messages/log.store.ts'
import { keepMonths } from '../src/messages/months.store.ts'
import { openOutbox } from '../src/messages/outbox.store.ts'
import { tieReceipts } from '../src/messages/receipts.store.ts'
import { insertBinds, insertWorker, listLeases, takeLease } from '../src/messages/worker.store.ts'
import { emptyDatabase } from './database.ts'
import { insertCampaign } from './message-log.ts'

/** An installation of the version before, in the middle of its work, becomes one of this version. */

type Lane = 'campaign' | 'code'
type Before = {
  readonly what: string
  readonly lines: readonly string[]
  /** Waits in the outbox, and since or until when. */
  readonly waits?: string
  readonly lane?: Lane
  readonly isInHand?: true
  readonly repeats?: string
  readonly before: string
  /** Where it is not what it was. */
  readonly after?: string
}

const cast: readonly Before[] = [
  { what: 'arrived', lines: ['sending', 'submitted', 'delivered'], before: 'delivered' },
  { what: 'failed', lines: ['sending', 'submitted', 'failed'], before: 'failed' },
  { what: 'expired', lines: ['sending', 'submitted', 'expired'], before: 'expired' },
  { what: 'with the carrier', lines: ['sending', 'submitted'], before: 'submitted' },
  { what: 'refused', lines: ['sending', 'refused'], before: 'refused' },
  { what: 'excluded', lines: ['excluded'], before: 'excluded' },
  { what: 'doubtful', lines: ['sending', 'unknown'], before: 'unknown' },
  { what: 'sent at the second try', lines: ['sending', 'requeued', 'sending', 'submitted'], before: 'submitted' },
  { what: 'in the hands of a worker', lines: ['sending'], isInHand: true, before: 'sending', after: 'unknown' },
  { what: 'waiting', lines: [], waits: '2026-11-24T00:02:00Z', before: 'queued' },
  { what: 'to be tried again', lines: ['sending', 'requeued'], waits: '2026-11-24T00:01:00Z', before: 'queued' },
  { what: 'put off', lines: ['deferred'], waits: '2026-11-25T00:00:00Z', before: 'deferred' },
  { what: 'repeated', lines: ['sending', 'unknown'], before: 'unknown' },
  { what: 'a repeat', lines: ['sending', 'submitted'], repeats: 'repeated', before: 'submitted' },
  { what: 'a code that waits', lane: 'code', lines: [], waits: '2026-11-24T00:00:00Z', before: 'queued' },
  { what: 'a code that arrived', lane: 'code', lines: ['sending', 'submitted', 'delivered'], before: 'delivered' },
]

const at = new Date('2026-11-24T00:00:00Z')
const now = new Date('2026-11-24T02:00:00Z')
const campaign = newId(at)
const idOf = new Map(cast.map(({ what }) => [what, newId(at)]))
const customerOf = new Map(cast.map(({ what }) => [what, newId(at)]))
const vault = openVault({ derive: (label) => Buffer.from(label.padEnd(32, '.').slice(0, 32)) })

let place: Awaited<ReturnType<typeof emptyDatabase>>
let folder: string
let db: Database
let ownerDb: Database
let stateBefore: ReadonlyMap<string, string>

beforeAll(async () => {
  place = await emptyDatabase()
  db = openDatabase(place.url)
  ownerDb = openDatabase(place.ownerUrl)
  folder = await mkdtemp(join(tmpdir(), 'annai-0006-'))
  await cp(migrationsFolder, folder, { recursive: true })
  const own = (name: string) => join(folder, name)
  const since = (await readdir(folder)).filter((name) => name >= '0007' && name < '1')
  const migrations = await Promise.all(since.map((name) => readFile(own(name), 'utf8')))
  for (const name of since) await rm(own(name))
  const grants = await readFile(own('grants.sql'), 'utf8')
  await writeFile(own('grants.sql'), grants.replaceAll(/^grant execute.*$/gm, ''))
  await run()
  for (const message of cast) await insert(message)
  await insertReceipts()
  stateBefore = await statesNow()
  for (const [at, name] of since.entries()) await writeFile(own(name), migrations[at] ?? '')
  await writeFile(own('grants.sql'), grants)
  await run()
})
afterAll(async () => {
  await Promise.all([db.destroy(), ownerDb.destroy()])
  await place.drop()
  await rm(folder, { recursive: true })
})

const run = () => migrate({ ownerUrl: place.ownerUrl, appUrl: place.url, folder, now: at })
const say = (statement: RawBuilder<unknown>) => statement.execute(ownerDb)

const insert = async ({ what, lines, waits, lane = 'campaign', isInHand, repeats }: Before): Promise<void> => {
  const [id, customer] = [idOf.get(what) ?? '', customerOf.get(repeats ?? what) ?? '']
  const isNotice = lane === 'campaign'
  if (what === 'arrived') await insertCampaign(ownerDb, campaign, at)
  await say(sql`
    insert into messages (customer_id, id, class, case_id, campaign_id, phone_value, sender, reference, part_count, repeats, queued_at)
    values (${customer}, ${id}, ${isNotice ? 'notice' : 'code'}, ${isNotice ? customer : null}, ${isNotice ? campaign : null},
      ${Buffer.alloc(32, what)}, '0570055877', 7, 1, ${repeats ? idOf.get(repeats) : null}, ${at})`)
  for (const [index, state] of lines.entries())
    await say(sql`
      insert into message_events (message_id, id, customer_id, state, gateway, carrier_id, worker, because, facts, at)
      values (${id}, ${newId(at)}, ${customer}, ${state}, 'carrier', ${state === 'submitted' ? `c ${what}` : null}, 'w', ${state === 'deferred' ? 'hours' : null},
        ${state === 'sending' ? '{"rule": "hours"}' : null}, ${new Date(at.getTime() + index * 1_000)})`)
  if (waits) await say(sql`insert into outbox values (${lane}, ${id}, ${customer}, ${waits})`)
  if (isInHand) await say(sql`insert into sending values (${id}, ${customer}, 'w', ${at})`)
  if (lane === 'code' && waits)
    await say(sql`insert into message_bodies values (${id}, ${vault.seal(bodyPlace(id), '認証番号')})`)
  if (repeats || !isNotice) return
  if (what === 'arrived') await say(sql`insert into campaign_chains values (${campaign}, 1, '[]')`)
  await say(sql`insert into campaign_decisions values (${campaign}, ${customer}, ${customer}, 'notice', null, 1)`)
}

/** One that has found its message, one that came before the answer was written down, one for nobody. */
const insertReceipts = async () => {
  for (const [what, carrierId, matched] of [
    ['arrived', 'c arrived', idOf.get('arrived')],
    ['early', 'c with the carrier', null],
    ['strange', 'c nobody', null],
  ] as const)
    await say(sql`insert into receipts (id, gateway, carrier_id, state, raw, received_at, matched_message)
      values (${newId(at)}, 'carrier', ${carrierId}, 'delivered', ${`raw of ${what}`}, ${at}, ${matched ?? null})`)
}

const statesNow = async (): Promise<ReadonlyMap<string, string>> => {
  const { rows } = await sql<{ id: string; state: string }>`select message_id as id, state from message_states`.execute(
    ownerDb,
  )
  const names = new Map([...idOf].map(([what, id]) => [id, what]))
  return new Map(rows.map(({ id, state }) => [names.get(id) ?? id, state]))
}

test('every message is told to be what it was, and what a worker held is doubtful', async () => {
  expect(stateBefore).toEqual(new Map(cast.map(({ what, before }) => [what, before])))
  expect(await statesNow()).toEqual(new Map(cast.map(({ what, before, after = before }) => [what, after])))
})

test('the line of the campaign adds up as before', async () => {
  const { excludedSince, deferred, ...count } = await countCampaign(db, campaign)
  // 13 customers; the repeat counts with what it repeats.
  expect(count).toEqual({
    target: 13,
    sent: 8,
    delivered: 1,
    undelivered: 2,
    unknown: 2,
    excluded: 1,
    failed: 1,
    unsent: 3,
  })
  expect([Object.values(excludedSince), deferred]).toEqual([[1], { hours: 1 }])
})

test('the log keeps its order, its reasons and the receipt as it came', async () => {
  const lines = await listLines(db, idOf.get('arrived') ?? '')
  expect(lines.map(({ state }) => state)).toEqual(['sending', 'submitted', 'delivered'])
  expect(lines[0]).toMatchObject({ facts: { rule: 'hours' }, gateway: 'carrier' })
  expect(lines[1]).toMatchObject({ carrierId: 'c arrived' })
  const { rows } =
    await sql`select raw from message_events where message_id = ${idOf.get('arrived')} and raw is not null`.execute(
      ownerDb,
    )
  expect(rows).toEqual([{ raw: 'raw of arrived' }])
  expect((await listLines(db, idOf.get('in the hands of a worker') ?? '')).map(({ state }) => state)).toEqual([
    'sending',
    'unknown',
  ])
})

test('a receipt that waited finds its message', async () => {
  expect(await inTransaction(db, (tx) => tieReceipts(tx, { since: new Date(0), now }))).toBe(1)
  expect((await statesNow()).get('with the carrier')).toBe('delivered')
  const { rows } = await sql`select carrier_id from receipts`.execute(ownerDb)
  expect(rows).toEqual([{ carrier_id: 'c nobody' }])
})

test('only the doubtful that was not repeated may be repeated', async () => {
  const doubtful = await listDoubtfulNotices(db, { before: now, notOlderThan: new Date(at.getTime() - 86_400_000) })
  expect(doubtful.map(({ repeats }) => repeats)).toEqual([idOf.get('doubtful'), idOf.get('in the hands of a worker')])
})

test('only what waited is sent, in its order, also after the months were made', async () => {
  await keepMonths(db, now)
  const worker = newId(now)
  await insertWorker(db, worker, now)
  await insertBinds(db, [{ gateway: 'carrier', bind: 1 }])
  const [seen] = await listLeases(db)
  const epoch = (await inTransaction(db, async (tx) => seen && takeLease(tx, seen, worker))) ?? 0
  const outbox = openOutbox({
    db,
    vault,
    gateways: ['carrier'],
    decideRelease: async (_, due) => new Map(due.map(({ messageId }) => [messageId, { kind: 'send' }])),
    listPhones: async (_, __, ids) => new Map(ids.map((id) => [id, phone('+819001234567')])),
  })
  const names = new Map([...idOf].map(([what, id]) => [id, what]))
  const taken = { campaign: [] as (string | undefined)[], code: [] as (string | undefined)[] }
  for (const lane of ['campaign', 'code'] as const)
    for (let round = 0; round < 3; round++)
      for (const stream of await outbox.listDue(lane, now)) {
        const claim = await outbox.claim(stream, { worker, slot: lane, gateway: 'carrier', bind: 1, epoch }, 2, now)
        taken[lane].push(...claim.messages.map(({ messageId }) => names.get(messageId)))
        const answers = claim.messages.map((message) => ({
          message,
          outcomes: [{ kind: 'submitted', carrierId: `new ${message.messageId}` } as const],
          parts: 1,
          next: { kind: 'record', state: 'submitted' } as const,
        }))
        if (lane === 'code') expect(claim.messages.map(({ text }) => text)).toEqual(['認証番号'])
        await outbox.record(claim, answers, now)
      }
  expect(taken).toEqual({ campaign: ['to be tried again', 'waiting', 'put off'], code: ['a code that waits'] })
  expect(await countCampaign(db, campaign)).toMatchObject({ target: 13, sent: 11, excluded: 1, failed: 1, unsent: 0 })
})
