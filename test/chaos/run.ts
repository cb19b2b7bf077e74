import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noticeText } from '#messages'
import { showCampaign } from '#outreach'
import type { CarrierReport } from '../carrier-process.ts'
import { untilCalm } from './calm.ts'
import { readCarrier } from './carrier-of-run.ts'
import { codeEveryMs, customerNumberOf, queueCampaign } from './cast.ts'
import { type Comparison, compare, type FedCode, type Figures, type Line, type Violation } from './compare.rules.ts'
import { startFeeder } from './feeder.ts'
import { readLog, readWaitingReceipts } from './log-of-run.ts'
import { type Done, doMischief } from './mischief.ts'
import { binds, type ChaosOptions, windowMax } from './options.ts'
import { fairWeather } from './rough-weather.rules.ts'
import { openPlace, type Stage, setUp, takeDown } from './stage.ts'
import type { Supervised } from './supervised.ts'

/**
 * A campaign through a misbehaving carrier and a bad network, sent by real `annai work` processes on a real PostgreSQL,
 * all of which are killed again and again; then calm; then the log and the carrier's record are compared.
 */
export const runChaos = async (
  options: ChaosOptions,
  { say, stopped }: { readonly say: (text: string) => void; readonly stopped?: Promise<never> },
): Promise<ChaosReport> => {
  const folder = await mkdtemp(join(tmpdir(), 'annai-chaos-'))
  const place = await openPlace(folder)
  const startMs = performance.now()
  try {
    say(`queueing ${options.messages} notices in ${folder}`)
    const campaignId = await queueCampaign(place.world, folder, options)
    const stage = await setUp(place, options)
    const whole = async (): Promise<ChaosReport> => {
      const queuedMs = performance.now()
      const rough = await roughTime(stage, options, say)
      const calm = await calmTime(stage, options, say)
      const haveLeft = await Promise.all(stage.workers.map((worker) => worker.leave()))
      const counts = await stage.carrier.counts()
      const record = await readRecord(stage, options, { campaignId, codes: rough.codes, counts, done: rough.done })
      return {
        options,
        done: rough.done,
        counts,
        line: record.line,
        ...withProcesses(record.comparison, { workers: stage.workers, haveLeft, isCalm: calm.isCalm }),
        queueingMs: queuedMs - startMs,
        roughMs: rough.tookMs,
        calmMs: performance.now() - queuedMs - rough.tookMs,
        networkEndings: stage.network.counts().endings,
        workerRestarts: stage.workers.reduce((sum, { ends }) => sum + ends.length, 0),
      }
    }
    try {
      return await (stopped === undefined ? whole() : Promise.race([whole(), stopped]))
    } finally {
      await takeDown(stage)
    }
  } finally {
    await place.world.close()
    if (process.env.ANNAI_CHAOS_KEEP === undefined) await rm(folder, { recursive: true, force: true })
  }
}

export type ChaosReport = {
  readonly options: ChaosOptions
  readonly done: Done
  readonly counts: CarrierReport
  readonly figures: Figures
  readonly line: Line
  readonly violations: readonly (Omit<Violation, 'check'> & { readonly check: string })[]
  readonly queueingMs: number
  readonly roughMs: number
  readonly calmMs: number
  /** Connections that came to a bad end in the network. */
  readonly networkEndings: number
  /** Workers that ended although nobody killed them: they found no database when they started. */
  readonly workerRestarts: number
}

const roughTime = async (
  stage: Stage,
  options: ChaosOptions,
  say: (text: string) => void,
): Promise<{ readonly done: Done; readonly codes: readonly FedCode[]; readonly tookMs: number }> => {
  const { world, carrier, network, workers, folder } = stage
  const startMs = performance.now()
  const feeder = await startFeeder(world, { seed: options.seed, everyMs: codeEveryMs(options) })
  let done: Done | undefined
  const progress = setInterval(() => void sayProgress(), 2_000)
  const sayProgress = async () => {
    const { taken, receipts } = await carrier.counts().catch(() => ({ taken: 0, receipts: undefined }))
    const kills = Object.entries(done ?? {}).map(([kind, count]) => `${kind} ${count}`)
    const seconds = Math.round((performance.now() - startMs) / 1_000)
    say(`${seconds} s · the carrier took ${taken} · receipts to come ${receipts?.toCome ?? '?'} · ${kills.join(', ')}`)
  }
  const plan = { seed: options.seed, kills: options.kills, forMs: options.minutes * 60_000 }
  const perMischief = (options.messages / Math.max(options.kills, 1)) * 0.4
  try {
    done = await doMischief({ world, dataDir: folder, workers, network, carrier, perMischief }, plan, {
      onDone: (now) => {
        done = now
      },
    })
  } finally {
    clearInterval(progress)
  }
  const codes = await feeder.stop()
  return { done, codes, tookMs: performance.now() - startMs }
}

const calmTime = async (stage: Stage, options: ChaosOptions, say: (text: string) => void) => {
  const { world, carrier, network } = stage
  say('calm: fair weather, nobody is killed any more')
  network.calm()
  // Connections that were made in bad weather keep it.
  network.cut()
  await carrier.setWeather(fairWeather(options))
  return untilCalm({ world, carrier, say, withinMs: 120_000 + options.minutes * 60_000 })
}

const readRecord = async (
  { world, carrier }: Stage,
  options: ChaosOptions,
  {
    campaignId,
    codes,
    counts,
    done,
  }: {
    readonly campaignId: string
    readonly codes: readonly FedCode[]
    readonly counts: CarrierReport
    readonly done: Done
  },
): Promise<{ readonly comparison: Comparison; readonly line: Line }> => {
  const campaign = await showCampaign(world, campaignId)
  if (campaign === undefined) throw new Error('the campaign is gone')
  const comparison = compare({
    log: await readLog(world),
    waitingReceipts: await readWaitingReceipts(world),
    carrier: await readCarrier(carrier.journal),
    noticeText: noticeText(world.creditor),
    planned: Array.from({ length: options.messages }, (_, at) => customerNumberOf(at + 1)),
    codes,
    line: campaign.count,
    receipts: options.receipts,
    doubtfulMax: doubtfulMaxOf(done, counts),
  })
  return { comparison, line: campaign.count }
}

/** Each kill and sleep of what all binds go through leaves a window per bind, each connection's end one window. */
const doubtfulMaxOf = (done: Done, { connections, submits }: CarrierReport): number => {
  const allBinds = done['kill-worker'] + done['pause-worker'] + done['kill-database'] + done['kill-session']
  return (allBinds * binds + connections.ever) * windowMax + submits.lost + submits.unanswered
}

const withProcesses = (
  { violations, figures }: Comparison,
  {
    workers,
    haveLeft,
    isCalm,
  }: { readonly workers: readonly Supervised[]; readonly haveLeft: readonly boolean[]; readonly isCalm: boolean },
): Pick<ChaosReport, 'violations' | 'figures'> => ({
  figures,
  violations: [
    ...violations,
    ...(isCalm
      ? []
      : [{ check: 'never-calm', id: 'run', detail: 'something still moved, or waited, when time was up' }]),
    ...workers.flatMap(({ name, ends }) =>
      ends
        .filter(({ wasWorking }) => wasWorking)
        .map(({ code }) => ({
          check: 'worker-fell',
          id: name,
          detail: `ended by itself with ${code} while it worked`,
        })),
    ),
    ...workers.flatMap(({ name }, index) =>
      haveLeft[index] ? [] : [{ check: 'worker-stayed', id: name, detail: 'did not leave when it was asked to' }],
    ),
  ],
})
