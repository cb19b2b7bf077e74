import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { controlQueue, findControl, noticeText, queueNotices } from '#messages'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { type Database, inTransaction, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { creditorWith, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type OutreachWorld, pauseFailingCampaigns } from './outreach.ts'

let it: TestDatabase
let db: Database
let w: OutreachWorld
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  w = { db, creditor: await creditorWith(), holidays }
})
beforeEach(async () => {
  await sql`truncate campaigns, messages, message_events, claims, queue_controls, audit_lines cascade`.execute(
    it.ownerDb,
  )
})
afterAll(() => it.drop())

type Answer = { readonly state: string; readonly blame?: 'message' | 'gateway' }
const taken: Answer = { state: 'submitted' }
const refused: Answer = { state: 'refused', blame: 'message' }
const failed: Answer = { state: 'failed' }
const gatewayRefused: Answer = { state: 'requeued', blame: 'gateway' }
const times = (count: number, answer: Answer): readonly Answer[] => Array.from({ length: count }, () => answer)

/** A campaign whose messages were claimed ten at a time and answered like this, in this order. */
const campaignAnswered = async (answers: readonly Answer[], at = ten): Promise<string> => {
  const campaignId = newId(at)
  await sql`insert into campaigns values
    (${campaignId}, ${at}, 'cli:sato', ${noticeText(w.creditor)}, '1', 1, 1, 0, ${at}, 'cli:sato')`.execute(db)
  await claimed(campaignId, answers, at)
  return campaignId
}

const claimed = async (campaignId: string, answers: readonly Answer[], at: Date): Promise<void> => {
  const notice = { class: 'notice' as const, campaignId, phoneValue: Buffer.alloc(1), sender: 'x', partCount: 1 }
  const notices = answers.map(() => ({ ...notice, customerId: newId(at) }))
  const ids = await inTransaction(db, (tx) => queueNotices(tx, notices, at))
  for (const [index, id] of ids.entries()) {
    const { state, blame } = answers[index] ?? taken
    for (const line of [{ state: 'sending' }, { state, blame }])
      await sql`insert into message_events (message_id, state, blame, gateway, at)
        values (${id}, ${line.state}, ${line.blame ?? null}, 'carrier', ${at})`.execute(db)
  }
  for (let from = 0; from < ids.length; from += 10)
    await sql`insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, at)
      select ${campaignId}::uuid, '', coalesce(max(number), 0) + 1, 0, ${campaignId}::uuid, 's',
        ${ids.slice(from, from + 10)}::uuid[], ${at}
      from claims where queue_id = ${campaignId}`.execute(db)
}

test.each<[string, readonly Answer[], boolean]>([
  ['that goes well', times(80, taken), false],
  ['with a few dead numbers', [...times(70, taken), ...times(10, refused)], false],
  ['of which a fifth is refused', [...times(48, taken), ...times(12, refused)], true],
  ['of which a fifth comes back as failed', [...times(48, taken), ...times(12, failed)], true],
  ['too young to say', times(10, refused), false],
  ['whose account is refused', times(20, gatewayRefused), true],
  ['whose account was refused and works again', [...times(19, gatewayRefused), ...times(5, taken)], false],
  ['whose trouble drowned in two hundred good answers', [...times(60, refused), ...times(200, taken)], false],
])('a campaign %s', async (_, answers, pauses) => {
  const campaignId = await campaignAnswered(answers)
  expect(await pauseFailingCampaigns(w, ten)).toBe(pauses ? 1 : 0)
  expect((await findControl(db, campaignId))?.act).toBe(pauses ? 'paused' : undefined)
  expect(await pauseFailingCampaigns(w, ten)).toBe(0)
})

test('a pause by itself says why, and stands in the audit', async () => {
  const campaignId = await campaignAnswered([...times(48, taken), ...times(12, refused)])
  await pauseFailingCampaigns(w, ten)
  expect(await findControl(db, campaignId)).toMatchObject({
    by: 'system',
    because: 'too-many-failures: 12 of the last 60',
  })
  const lines = await db.selectFrom('audit_lines').select(['act', 'facts']).execute()
  expect(lines).toEqual([
    { act: 'campaign.paused', facts: expect.objectContaining({ campaign: campaignId, failed: 12 }) },
  ])
})

test('a campaign that somebody resumed is judged by what follows', async () => {
  const campaignId = await campaignAnswered([...times(48, taken), ...times(12, refused)])
  await pauseFailingCampaigns(w, ten)
  const later = new Date(ten.getTime() + 60_000)
  await controlQueue(db, campaignId, { act: 'resumed', by: 'cli:sato', now: later })
  expect(await pauseFailingCampaigns(w, later)).toBe(0)
  await claimed(campaignId, times(20, gatewayRefused), later)
  expect(await pauseFailingCampaigns(w, later)).toBe(1)
})
