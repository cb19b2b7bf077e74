import { setTimeout as sleep } from 'node:timers/promises'
import { planNotices, queueNotices } from './campaign.ts'
import { startNodes } from './nodes.ts'
import { type Options, say, table } from './report.ts'
import type { SinkTally } from './sink.ts'
import type { Stage } from './stage.ts'

const rates = [50, 100, 500] as const
const binds = 4

/**
 * Two nodes, one gateway of four binds: how much of the contracted rate is used while there is something to send, and
 * the most that the carrier ever saw in one second, wherever that second begins.
 */
export async function measureRates(stage: Stage, options: Options): Promise<string> {
  const lines = []
  for (const ratePerSecond of rates) {
    const nodes = await startNodes(stage, options, { nodes: 2, binds, ratePerSecond })
    try {
      const messages = ratePerSecond * options.seconds
      const campaign = await planNotices(nodes.world, messages)
      await queueNotices(nodes.world, campaign, messages)
      await stage.sink.reach({ acked: messages })
      // Both nodes may now hold binds that have nothing to do.
      await sleep(100)
      const tally = await stage.sink.tally()
      const { share, most } = judgeRate(tally, ratePerSecond)
      say(`${ratePerSecond} a second: ${(share * 100).toFixed(2)} % used, at most ${most} in a second`)
      lines.push([String(ratePerSecond), `${(share * 100).toFixed(2)} %`, String(most), `≥ 99 %, ≤ ${ratePerSecond}`])
    } finally {
      await nodes.close()
    }
  }
  return table(['contracted, messages/s', 'used', 'most in any one second', 'goal'], lines)
}

/** The share is that of the time from the first submit to the last, less the starting up of the first second. */
export function judgeRate({ at, count, submits }: Pick<SinkTally, 'at' | 'count' | 'submits'>, ratePerSecond: number) {
  let most = 0
  let inWindow = 0
  let from = 0
  for (const [index, atMs] of at.entries()) {
    inWindow += count[index] ?? 0
    for (; (at[from] ?? 0) <= atMs - 1_000; from++) inWindow -= count[from] ?? 0
    most = Math.max(most, inWindow)
  }
  const firstMs = at[0] ?? 0
  const untilMs = (at.at(-1) ?? 0) - 1_000
  let steady = 0
  for (const [index, atMs] of at.entries()) if (atMs >= firstMs + 1_000 && atMs < untilMs) steady += count[index] ?? 0
  return { most, share: steady / (((untilMs - firstMs - 1_000) / 1_000) * ratePerSecond), submits }
}
