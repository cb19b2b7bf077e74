import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { planNotices, queueNotices } from './campaign.ts'
import { startNodes } from './nodes.ts'
import { type Options, say, table } from './report.ts'
import type { Stage } from './stage.ts'

/** A campaign while somebody holds a snapshot from before it: is the last minute as fast as the first? */
export async function measureWithSnapshot(stage: Stage, options: Options): Promise<string> {
  const nodes = await startNodes(stage, options, { nodes: 1, binds: 1, ratePerSecond: options.ratePerSecond })
  const holder = new pg.Client({ connectionString: nodes.adminUrl })
  try {
    const campaign = await planNotices(nodes.world, options.messages)
    await holder.connect()
    await holder.query('vacuum analyze')
    await holder.query('begin isolation level repeatable read')
    await holder.query('select count(*) from messages')
    await queueNotices(nodes.world, campaign, options.messages)
    const speeds: number[] = []
    // The first seconds are those of a process that warms up.
    await sleep(5_000)
    for (let minute = 1, before = await stage.sink.glance(); minute <= options.minutes; minute++) {
      await sleep(60_000)
      const now = await stage.sink.glance()
      if (now.acked >= options.messages) {
        say(`The campaign ended in minute ${minute}; more --messages last longer`)
        break
      }
      speeds.push((now.acked - before.acked) / ((now.atMs - before.atMs) / 1_000))
      say(`minute ${minute}: ${speeds.at(-1)?.toFixed(0)} a second`)
      before = now
    }
    const { rows } = await holder.query('select count(*) from messages')
    await holder.query('commit')
    if (Number(rows[0]?.count) !== 0) throw new Error('The snapshot was not held')
    const ratio = ((speeds.at(-1) ?? 0) / (speeds[0] ?? 1)).toFixed(2)
    return table(
      ['minute', ...speeds.map((_, index) => String(index + 1)), 'last against first (goal ≥ 0.9 ×)'],
      [['messages/s', ...speeds.map((speed) => speed.toFixed(0)), `${ratio} ×`]],
    )
  } finally {
    await holder.end().catch(() => {})
    await nodes.close()
  }
}
