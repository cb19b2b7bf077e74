import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Creditor } from '#creditor'
import type { DueMessage } from '#messages'
import { rebalance, settleImport } from '#payments'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { type Database, inTransaction, sql, type Transaction } from '#platform/database/database'
import { newId } from '#platform/ids'
import { creditorWith, openCase, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { putDeposit } from '../../test/money.ts'
import { approveCampaign } from './approve.ts'
import { planCampaign } from './plan.ts'
import { decideRelease } from './release.ts'

let it: TestDatabase
let db: Database
let creditor: Creditor
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
  creditor = await creditorWith()
})
afterAll(() => it.drop())

/** A customer whose notice is in the queue, and whose money has just come in with a file. */
const queuedAndPaid = async () => {
  const { customerId } = await openCase(db)
  const w = { db, creditor, holidays }
  const { campaign } = await planCampaign(w, { by: 'cli:sato', now: ten })
  await approveCampaign(w, { id: campaign.id, by: 'cli:sato', now: ten })
  const { rows } = await sql<DueMessage>`
    select id as "messageId", customer_id as "customerId", class, case_id as "caseId", campaign_id as "campaignId",
      phone_value as "phoneValue", sender, reference, part_count as "partCount", valid_until as "validUntil"
    from messages where customer_id = ${customerId}`.execute(db)
  const importId = newId(ten)
  await sql`insert into imports
      (id, kind, content_hash, file_name, byte_count, record_count, received_on, imported_at, imported_by, report)
    values (${importId}, 'deposits', ${Buffer.from(importId)}, 'f', 1, 1, '2026-11-24', ${ten}, 'cli:sato', '{}')`.execute(
    db,
  )
  await putDeposit(db, { customerId, amount: 12_319, importId })
  return { customerId, importId, messages: rows }
}

const claim = async (tx: Transaction, messages: readonly DueMessage[]) => [
  ...(await decideRelease(tx, { creditor, holidays }, messages, ten)).values(),
]

const ways: readonly [string, (tx: Transaction, of: { customerId: string; importId: string }) => Promise<object>][] = [
  ['a whole file', (tx, { importId }) => settleImport(tx, creditor, importId, ten)],
  ['one customer', (tx, { customerId }) => rebalance(tx, creditor, [customerId], ten)],
]

test.each(ways)(
  'payment and dunning racing: while %s is being settled its notice waits, and then never leaves',
  async (_what, settle) => {
    const queued = await queuedAndPaid()
    await inTransaction(db, async (tx) => {
      await settle(tx, queued)
      // Not committed yet, and already nobody may be written to.
      expect(await inTransaction(db, (other) => claim(other, queued.messages))).toMatchObject([
        { kind: 'defer', because: 'busy' },
      ])
    })
    expect(await inTransaction(db, (tx) => claim(tx, queued.messages))).toMatchObject([
      { kind: 'exclude', because: 'paid' },
    ])
  },
)

test.each(ways)(
  'payment and dunning racing: what was claimed before %s is on its way; the money waits for it',
  async (_what, settle) => {
    const queued = await queuedAndPaid()
    let isSettled = false
    const settling = Promise.withResolvers<object>()
    await inTransaction(db, async (tx) => {
      expect(await claim(tx, queued.messages)).toMatchObject([{ kind: 'send' }])
      inTransaction(db, (other) => settle(other, queued)).then((settled) => {
        isSettled = true
        settling.resolve(settled)
      }, settling.reject)
      await isWaiting()
      expect(isSettled).toBe(false)
    })
    expect(await settling.promise).toMatchObject({ settled: 1 })
    expect(await inTransaction(db, (tx) => claim(tx, queued.messages))).toMatchObject([
      { kind: 'exclude', because: 'paid' },
    ])
  },
)

/** Until somebody waits for a lock of somebody else. */
const isWaiting = async (): Promise<void> => {
  for (;;) {
    const { rows } = await sql`
      select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(db)
    if (rows.length > 0) return
    await new Promise((done) => setTimeout(done, 20))
  }
}
