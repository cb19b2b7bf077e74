import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { noticeText } from '#messages'
import { showCampaign } from '#outreach'
import { untilCalm } from './calm.ts'
import { type CarrierSeen, together } from './carrier-lives.ts'
import { readCarriers } from './carrier-of-run.ts'
import { codeEveryMs, customerNumberOf, queueCampaign } from './cast.ts'
import {
  type Comparison,
  compare,
  type FedCode,
  type Figures,
  type Line,
  type LoggedMessage,
  type Violation,
} from './compare.rules.ts'
import { startFeeder } from './feeder.ts'
import { readLog, readWaitingReceipts } from './log-of-run.ts'
import { carrierAt, isCarriers } from './mischief.rules.ts'
import { type Act, type Done, doMischief } from './mischief.ts'
import { binds, type ChaosOptions, carrierNames, windowMax } from './options.ts'
import { judgePromptness, type Promptness } from './prompt.rules.ts'
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
  const place = await openPlace(folder, options)
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
      const counts = await countsOf(stage)
      const record = await readRecord(stage, options, { campaignId, counts, ...rough })
      return {
        options,
        done: rough.done,
        counts,
        line: record.line,
        ...(record.promptness && { promptness: record.promptness }),
        ...withProcesses(
          { ...record.comparison, promptness: record.promptness },
          { workers: stage.workers, haveLeft, isCalm: calm.isCalm },
        ),
        queueingMs: queuedMs - startMs,
        roughMs: rough.tookMs,
        calmMs: performance.now() - queuedMs - rough.tookMs,
        networkEndings: stage.networks.reduce((sum, network) => sum + network.counts().endings, 0),
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
  readonly counts: CarrierSeen
  /** Where there are two carriers. */
  readonly promptness?: Promptness
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
): Promise<Rough & { readonly tookMs: number }> => {
  const { world, carriers, networks, workers, folder } = stage
  const startMs = performance.now()
  // Who asks for a code before anybody can send it waits for that.
  for (const worker of workers)
    for (let waitedMs = 0; !worker.isWorking() && waitedMs < 60_000; waitedMs += 100) await sleep(100)
  const absences: number[] = []
  const watch = setInterval(() => {
    if (workers.some((worker) => !worker.isWorking())) absences.push(world.clock.now().getTime())
  }, 250)
  const feeder = await startFeeder(world, { seed: options.seed, everyMs: codeEveryMs(options) })
  let done: Done | undefined
  const acts: Act[] = []
  const progress = setInterval(() => void sayProgress(), 2_000)
  const sayProgress = async () => {
    const { taken, receipts } = await countsOf(stage).catch(() => ({ taken: 0, receipts: undefined }))
    const kills = Object.entries(done ?? {}).map(([kind, count]) => `${kind} ${count}`)
    const seconds = Math.round((performance.now() - startMs) / 1_000)
    say(`${seconds} s · the carrier took ${taken} · receipts to come ${receipts?.toCome ?? '?'} · ${kills.join(', ')}`)
  }
  const { seed, kills, carriers: count } = options
  const plan = { seed, kills, forMs: options.minutes * 60_000, carriers: count }
  const perMischief = (options.messages / Math.max(options.kills, 1)) * 0.4
  try {
    done = await doMischief({ world, dataDir: folder, workers, carriers, networks, perMischief }, plan, {
      onAct: (act, now) => {
        acts.push(act)
        done = now
      },
    })
  } finally {
    clearInterval(progress)
    clearInterval(watch)
  }
  const codes = await feeder.stop()
  return { done, acts, absences, codes, tookMs: performance.now() - startMs }
}

type Rough = {
  readonly done: Done
  readonly acts: readonly Act[]
  /** Moments at which a worker was not there. */
  readonly absences: readonly number[]
  readonly codes: readonly FedCode[]
}

const countsOf = async ({ carriers }: Pick<Stage, 'carriers'>): Promise<CarrierSeen> =>
  together(...(await Promise.all(carriers.map((carrier) => carrier.counts()))))

const calmTime = async (stage: Stage, options: ChaosOptions, say: (text: string) => void) => {
  const { world, carriers, networks } = stage
  say('calm: fair weather, nobody is killed any more')
  for (const network of networks) {
    network.calm()
    // Connections that were made in bad weather keep it.
    network.cut()
  }
  for (const carrier of carriers) await carrier.setWeather(fairWeather(options))
  return untilCalm({ world, carriers, say, withinMs: 120_000 + options.minutes * 60_000 })
}

const readRecord = async (
  { world, carriers }: Stage,
  options: ChaosOptions,
  {
    campaignId,
    codes,
    counts,
    done,
    acts,
    absences,
  }: Rough & { readonly campaignId: string; readonly counts: CarrierSeen },
): Promise<{ readonly comparison: Comparison; readonly line: Line; readonly promptness?: Promptness }> => {
  const campaign = await showCampaign(world, campaignId)
  if (campaign === undefined) throw new Error('the campaign is gone')
  const log = await readLog(world)
  const comparison = compare({
    log,
    waitingReceipts: await readWaitingReceipts(world),
    carrier: await readCarriers(carriers.map(({ journal }) => journal)),
    noticeText: noticeText(world.creditor),
    planned: Array.from({ length: options.messages }, (_, at) => customerNumberOf(at + 1)),
    codes,
    line: campaign.count,
    receipts: done['kill-carrier'] > 0 ? 'off' : options.receipts,
    doubtfulMax: doubtfulMaxOf(done, counts),
  })
  if (options.carriers === 1) return { comparison, line: campaign.count }
  const [preferred = ''] = carrierNames(options)
  const promptness = promptnessOf({ log, codes, acts, absences, comparison, preferred })
  return { comparison, line: campaign.count, promptness }
}

const promptnessOf = ({
  log,
  codes,
  acts,
  absences,
  comparison: { takenOf },
  preferred,
}: Pick<Rough, 'codes' | 'acts' | 'absences'> & {
  readonly log: readonly LoggedMessage[]
  readonly comparison: Comparison
  readonly preferred: string
}): Promptness => {
  const firstTaken = [...takenOf].flatMap(([message, [taken]]) => (taken === undefined ? [] : [{ message, taken }]))
  const excusing = new Set(['unknown', 'refused', 'excluded'])
  return judgePromptness({
    codes: codes.flatMap(({ id, customer, committedAtMs }) =>
      committedAtMs === undefined ? [] : [{ id, customer, committedAtMs }],
    ),
    disturbedAtMs: [...absences, ...acts.filter(({ mischief }) => !isCarriers(mischief)).map(({ at }) => at.getTime())],
    troubles: acts.flatMap(({ mischief, at }) =>
      'lastsMs' in mischief && isCarriers(mischief)
        ? [{ fromMs: at.getTime(), untilMs: at.getTime() + mischief.lastsMs }]
        : [],
    ),
    hangs: acts.flatMap(({ mischief, at }) =>
      mischief.kind === 'hang-carrier'
        ? [{ isOther: carrierAt(mischief) === 1, fromMs: at.getTime(), untilMs: at.getTime() + mischief.lastsMs }]
        : [],
    ),
    takenAtMs: new Map(firstTaken.map(({ message, taken }) => [message, taken.atMs ?? 0])),
    takenByOther: new Set(
      firstTaken.flatMap(({ message, taken }) => (taken.id.startsWith(`${preferred}-`) ? [] : message)),
    ),
    excused: new Map(
      log.flatMap(({ id, lines }) => {
        const why = lines.find(({ state }) => excusing.has(state))
        return why === undefined ? [] : [[id, why.state] as const]
      }),
    ),
  })
}

/** Each kill and sleep of what all binds go through leaves a window per bind, each connection's end one window. */
const doubtfulMaxOf = (done: Done, { connectionsEver, submits }: CarrierSeen): number => {
  const allBinds = done['kill-worker'] + done['pause-worker'] + done['kill-database'] + done['kill-session']
  return (allBinds * binds + connectionsEver) * windowMax + submits.lost + submits.unanswered
}

const withProcesses = (
  {
    violations,
    figures,
    promptness,
  }: Pick<Comparison, 'violations' | 'figures'> & { readonly promptness: Promptness | undefined },
  {
    workers,
    haveLeft,
    isCalm,
  }: { readonly workers: readonly Supervised[]; readonly haveLeft: readonly boolean[]; readonly isCalm: boolean },
): Pick<ChaosReport, 'violations' | 'figures'> => ({
  figures,
  violations: [
    ...violations,
    ...(promptness?.violations ?? []),
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
