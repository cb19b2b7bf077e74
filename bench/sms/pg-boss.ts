import pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { Contestant, OpenContestant } from './contest.ts'
import { phoneOf, pieces } from './data.ts'
import { createReceipts, recordReceipt } from './plain-receipts.ts'
import { recordReceipts } from './recorder.ts'
import { openWire } from './wire.ts'

/**
 * pg-boss with a job for each message, done when the carrier has answered; receipts go into a table beside it. Jobs are
 * fetched and completed by the batch in a loop of our own: its `work` rests between batches.
 */
export const openPgBoss: OpenContestant = async (contest): Promise<Contestant> => {
  const { databaseUrl, sinkPort, window, messages, chunk, claims } = contest
  const boss = new PgBoss({ connectionString: databaseUrl, supervise: false, schedule: false, max: claims + 2 })
  await boss.start()
  await boss.createQueue(queue)
  const receipts = new pg.Client({ connectionString: databaseUrl })
  await receipts.connect()
  await createReceipts(receipts)
  const wire = await openWire(sinkPort, window)

  const sendBatches = async () => {
    for (;;) {
      const jobs = await boss.fetch<Job>(queue, { batchSize: chunk })
      if (jobs.length === 0) return
      let open = jobs.length
      await new Promise<void>((resolve) => {
        for (const { data } of jobs)
          wire.submit(data.n, data.phone, () => {
            if (--open === 0) resolve()
          })
      })
      await boss.complete(
        queue,
        jobs.map(({ id }) => id),
      )
    }
  }

  return {
    async queue() {
      for (const numbers of pieces(messages, 5_000))
        await boss.insert(
          queue,
          numbers.map((n) => ({ data: { n, phone: phoneOf(n) } })),
        )
      await receipts.query('vacuum analyze')
    },
    async drain() {
      const recorded = recordReceipts(wire, messages, (batch) => recordReceipt(receipts, batch))
      await Promise.all(Array.from({ length: claims }, sendBatches))
      await recorded
    },
    async countDelivered() {
      const { rows } = await receipts.query(
        `select least((select count(*) from pgboss.job where state = 'completed'), (select count(*) from receipts))::int as count`,
      )
      return Number(rows[0]?.count)
    },
    async close() {
      wire.close()
      await boss.stop({ graceful: false })
      await receipts.end()
    },
  }
}

const queue = 'sms'
type Job = { readonly n: number; readonly phone: string }
