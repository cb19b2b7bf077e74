import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTransaction, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { insertCampaign } from '../../test/message-log.ts'
import { listLastAnswers } from './answers.store.ts'
import { autoPause } from './auto-pause.rules.ts'
import { appendRetries } from './claim.store.ts'
import { appendLines } from './log.store.ts'
import { queueNotices } from './queue.store.ts'

let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.drop())

const now = new Date('2026-11-24T01:00:00Z')

/** What one gateway said to a message: it took it, asked for less, or refused it for now; and where it is tried next. */
type Met = { readonly at: string; readonly said: 'took' | 'throttled' | 'refused'; readonly next?: string }

/** A campaign of which every message has met this, ten in each claim. */
const campaignThatMet = async (count: number, met: readonly Met[], blame: 'message' | 'gateway' = 'gateway') => {
  const id = newId(now)
  await insertCampaign(base.db, id, now)
  const notice = { class: 'notice', caseId: id, campaignId: id, phoneValue: Buffer.alloc(32) } as const
  const ids = await inTransaction(base.db, (tx) =>
    queueNotices(
      tx,
      Array.from({ length: count }, () => ({ ...notice, customerId: newId(now), sender: 'x', partCount: 1 })),
      now,
    ),
  )
  const claimed = async (stream: string) => {
    for (let from = 0; from < count; from += 10)
      await sql`
        insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, at)
        values (${id}, ${stream}, ${from / 10 + 1}, 0, ${id}, 's', ${ids.slice(from, from + 10)}::uuid[], ${now})`.execute(
        base.db,
      )
  }
  let stream = ''
  for (const { at, said, next } of met) {
    await claimed(stream)
    for (const messageId of ids) {
      await appendLines(base.db, [{ messageId, state: 'sending', gateway: at }], now)
      if (said === 'took') await appendLines(base.db, [{ messageId, state: 'submitted', gateway: at }], now)
      else
        await appendLines(
          base.db,
          [{ messageId, state: 'requeued', gateway: at, ...(said === 'refused' ? { blame } : {}) }],
          now,
        )
    }
    if (next === undefined) continue
    stream = `${said} ${next}`
    await inTransaction(base.db, (tx) =>
      appendRetries(
        tx,
        id,
        ids.map((messageId) => ({ stream, messageId, notBefore: now })),
      ),
    )
  }
  return id
}

const answersOf = async (campaignId: string) => {
  const answers = await listLastAnswers(base.db, { campaignId, runningSince: now }, 200)
  return { words: [...new Set(answers)], count: answers.length, outcome: autoPause(answers).kind }
}

const pauses = (word: string) => ({ words: [word], count: 60, outcome: 'pause' })
const goesOn = (...words: readonly string[]) => ({ words, count: words.length * 60, outcome: 'go-on' })

test.each<[string, readonly Met[], object]>([
  ['refused by the only gateway', [{ at: 'east', said: 'refused', next: 'east' }], pauses('gateway-refused')],
  ['refused by one, and on their way to another', [{ at: 'east', said: 'refused', next: 'west' }], goesOn()],
  [
    'refused by one, and taken by another',
    [
      { at: 'east', said: 'refused', next: 'west' },
      { at: 'west', said: 'took' },
    ],
    goesOn('taken'),
  ],
  [
    'refused by both',
    [
      { at: 'east', said: 'refused', next: 'west' },
      { at: 'west', said: 'refused', next: 'east' },
    ],
    pauses('gateway-refused'),
  ],
  [
    'refused by the one that is left, while the other is demoted',
    [{ at: 'west', said: 'refused', next: 'west' }],
    pauses('gateway-refused'),
  ],
  [
    'refused by one, while the other only asks for less',
    [
      { at: 'west', said: 'throttled', next: 'east' },
      { at: 'east', said: 'refused', next: 'east' },
    ],
    goesOn(),
  ],
  ['asked to come slower by the only gateway', [{ at: 'east', said: 'throttled', next: 'east' }], goesOn()],
])('messages that were %s', async (_, met, outcome) => {
  expect(await answersOf(await campaignThatMet(60, met))).toEqual(outcome)
})

test('refusals that blame the messages pause a campaign, too, where every way has refused them', async () => {
  const east = { at: 'east', said: 'refused', next: 'west' } as const
  const west = { at: 'west', said: 'refused', next: 'east' } as const
  expect(await answersOf(await campaignThatMet(60, [east], 'message'))).toEqual(goesOn())
  expect(await answersOf(await campaignThatMet(60, [east, west], 'message'))).toEqual(pauses('refused'))
})

test('a gateway that takes nothing however slowly it is asked is no reason to pause', async () => {
  const id = await campaignThatMet(60, [{ at: 'east', said: 'throttled', next: 'east' }])
  await sql`update message_events set blame = 'gateway' where state = 'requeued' and message_id in (
    select id from messages where campaign_id = ${id})`.execute(base.ownerDb)
  expect(await answersOf(id)).toEqual(goesOn())
})
