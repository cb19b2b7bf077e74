import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTransaction, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { openCase } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { controlQueue, findMessage, listMessages, queueNotices } from './messages.ts'

let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.drop())

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 24, 1, minute))

const noticeTo = async (customerId: string, now: Date): Promise<string> => {
  const campaignId = newId(now)
  await sql`insert into campaigns values (${campaignId}, ${now}, 'test', 'text', '1', 1, 1, 0, ${now}, 'test')`.execute(
    base.db,
  )
  const notice = { customerId, class: 'notice' as const, caseId: newId(now), campaignId, sender: 'x', partCount: 1 }
  const [id = ''] = await inTransaction(base.db, (tx) =>
    queueNotices(tx, [{ ...notice, phoneValue: Buffer.alloc(32) }], now),
  )
  return id
}

const tell = (id: string, state: string, because: string | null = null) =>
  sql`insert into message_events (message_id, state, because, at)
    values (${id}, ${state}, ${because}, ${at(59)})`.execute(base.db)

test('a customer’s messages come the newest first, each with its state and the last reason for it', async () => {
  const { customerId, customerNumber } = await openCase(base.db)
  const stranger = await openCase(base.db)
  await noticeTo(stranger.customerId, at(0))
  const [sent, excluded, cancelled, queued] = [
    await noticeTo(customerId, at(1)),
    await noticeTo(customerId, at(2)),
    await noticeTo(customerId, at(3)),
    await noticeTo(customerId, at(4)),
  ]
  await tell(sent, 'sending')
  await tell(sent, 'submitted')
  await tell(excluded, 'deferred', 'hours')
  await tell(excluded, 'excluded', 'live-promise')
  const cancel = await findMessage(base.db, cancelled)
  await controlQueue(base.db, cancel?.campaignId ?? '', { act: 'cancelled', by: 'cli:sato', now: at(5) })

  const listed = await listMessages(base.db, customerId, 10)
  expect(listed.map(({ id, state, because }) => ({ id, state, because }))).toEqual([
    { id: queued, state: 'queued', because: null },
    { id: cancelled, state: 'excluded', because: 'cancelled' },
    { id: excluded, state: 'excluded', because: 'live-promise' },
    { id: sent, state: 'submitted', because: null },
  ])
  expect(listed[0]).toMatchObject({ customerNumber, class: 'notice', repeats: null, queuedAt: at(4) })
  expect(await listMessages(base.db, customerId, 2)).toHaveLength(2)
  expect(await findMessage(base.db, newId(at(6)))).toBeUndefined()
})
