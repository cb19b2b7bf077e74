import { Logger, makeWorkerUtils, type Runner, run } from 'graphile-worker'
import pg from 'pg'
import type { Contest, Contestant, OpenContestant } from './contest.ts'
import { phoneOf, pieces } from './data.ts'
import { createReceipts, recordReceipt } from './plain-receipts.ts'
import { recordReceipts } from './recorder.ts'
import { openWire } from './wire.ts'

/**
 * graphile-worker with a job for each message, done when the carrier has answered; receipts go into a table beside it.
 * As many jobs at once as the window takes, handed out by its local queue, completed in batches. That queue holds five
 * windows more: when its process dies, six windows are locked of which nobody knows what has left.
 */
export const openGraphileWorker: OpenContestant = (contest) =>
  open(contest, { concurrency: contest.window, waiting: 5 * contest.window })

/** The same under the rule of the others: locked are no more than the window, half of it at the carrier, half waiting. */
export const openGraphileWorkerWithin: OpenContestant = (contest) =>
  open(contest, { concurrency: contest.window / 2, waiting: contest.window / 2 })

const open = async (
  { databaseUrl, sinkPort, window, messages }: Contest,
  { concurrency, waiting }: { readonly concurrency: number; readonly waiting: number },
): Promise<Contestant> => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 })
  const utils = await makeWorkerUtils({ pgPool: pool, logger: silent })
  await utils.migrate()
  const receipts = new pg.Client({ connectionString: databaseUrl })
  await receipts.connect()
  await createReceipts(receipts)
  const wire = await openWire(sinkPort, window)
  let runner: Runner | undefined
  let sent = 0

  return {
    async queue() {
      for (const numbers of pieces(messages, 5_000))
        await receipts.query(
          `select count(*) from graphile_worker.add_jobs(
            array(select row('send', json_build_object('n', n, 'phone', phone), null, null, null, null, null, null)::graphile_worker.job_spec
              from unnest($1::int[], $2::text[]) as q (n, phone)))`,
          [numbers, numbers.map(phoneOf)],
        )
      await receipts.query('vacuum analyze')
    },
    async drain() {
      const recorded = recordReceipts(wire, messages, (batch) => recordReceipt(receipts, batch))
      runner = await run({
        preset: { worker: { completeJobBatchDelay: 0, localQueue: { size: waiting } } },
        pgPool: pool,
        concurrency,
        logger: silent,
        noHandleSignals: true,
        taskList: {
          send: (payload) =>
            new Promise<void>((resolve) => {
              const { n, phone } = payload as { readonly n: number; readonly phone: string }
              wire.submit(n, phone, () => {
                sent++
                resolve()
              })
            }),
        },
      })
      await recorded
      // Done means that the last job is gone, too.
      while ((await countJobs(receipts)) > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    },
    async countDelivered() {
      const { rows } = await receipts.query('select count(*)::int as count from receipts')
      return Math.min(sent, Number(rows[0]?.count)) - (await countJobs(receipts))
    },
    async close() {
      await runner?.stop()
      wire.close()
      await utils.release()
      await Promise.all([pool.end(), receipts.end()])
    },
  }
}

async function countJobs(client: pg.Client): Promise<number> {
  const { rows } = await client.query('select count(*)::int as count from graphile_worker._private_jobs')
  return Number(rows[0]?.count)
}

const silent = new Logger(() => () => {})
