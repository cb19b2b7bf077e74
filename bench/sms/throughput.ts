import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from '#platform/database/database'
import { startContestant } from './contestant.ts'
import { whyNoKannel } from './kannel.ts'
import { databaseCpuMs } from './processor.ts'
import { median, type Options, say, table } from './report.ts'
import type { Stage } from './stage.ts'

type Measured = {
  readonly perSecond: number
  readonly ownUs: number
  readonly databaseUs: number
  readonly peakMb: number
}

const rows: Readonly<Record<string, { readonly label: string; readonly goal: string }>> = {
  wire: { label: 'raw sender, no database (the wire’s limit)', goal: '' },
  sql: { label: 'hand-written batch SQL on one table (the limit)', goal: '≥ 0.6 ×' },
  annai: { label: 'Annai’s sender (log, leases, numbers unsealed), every message let go', goal: '' },
  'annai-rules': { label: 'Annai as it runs: the contact rules asked of every notice', goal: '' },
  'pg-boss': { label: 'pg-boss 12, fewer steps', goal: '≥ 1 ×' },
  'graphile-worker-within': { label: 'graphile-worker 0.18, fewer steps, in hand at most the window', goal: '≥ 1 ×' },
  'graphile-worker': { label: 'graphile-worker 0.18, fewer steps, in hand six windows', goal: '≥ 1 ×' },
  kannel: { label: 'Kannel 1.4.5, file store, receipts in PostgreSQL', goal: '≥ 15 ×' },
}
export const contestants = Object.keys(rows)

/** From queued to receipt durably recorded: everybody in turns, each with a database and a process of its own. */
export async function compareThroughput(stage: Stage, asked: Options): Promise<string> {
  const options = { ...asked, only: asked.only.filter((name) => name !== 'kannel' || isKannelHere()) }
  const measured = new Map<string, Measured[]>(options.only.map((name) => [name, []]))
  for (let round = 0; round < options.rounds; round++) {
    // Nobody always runs after the same other.
    for (const name of round % 2 === 0 ? options.only : options.only.toReversed()) {
      const one = await runOne(stage, options, name)
      measured.get(name)?.push(one)
      say(
        `round ${round + 1}, ${name}: ${one.perSecond.toFixed(0)} a second, ${one.ownUs.toFixed(0)} + ${one.databaseUs.toFixed(0)} µs of processor a message (own, database), ${one.peakMb.toFixed(0)} MB`,
      )
    }
  }
  const speed = (name: string) => median((measured.get(name) ?? []).map(({ perSecond }) => perSecond))
  const middle = (name: string, of: 'ownUs' | 'databaseUs') =>
    median((measured.get(name) ?? []).map((one) => one[of])).toFixed(0)
  const ratio = (of: number, to: number) => (of > 0 && to > 0 ? (of / to).toFixed(2) : '')
  const { messages, kannelMessages, chunk, claims, rounds } = options
  const fewer = messages === kannelMessages ? '' : ` (Kannel ${kannelMessages.toLocaleString('en')})`
  return `${messages.toLocaleString('en')} messages${fewer}, ${claims} × ${chunk} claimed at most, ${rounds} rounds in turns.\n\n${table(
    [
      '',
      'messages/s, median',
      'each run',
      'processor time a message, own + database',
      'against the SQL limit',
      'Annai against it',
      'goal',
    ],
    options.only.map((name) => [
      rows[name]?.label ?? name,
      speed(name).toFixed(0),
      (measured.get(name) ?? []).map(({ perSecond }) => perSecond.toFixed(0)).join(' · '),
      `${middle(name, 'ownUs')} + ${middle(name, 'databaseUs')} µs`,
      ratio(speed(name), speed('sql')),
      name.startsWith('annai') ? '' : ratio(speed('annai'), speed(name)),
      rows[name]?.goal ?? '',
    ]),
  )}`
}

function isKannelHere(): boolean {
  const because = whyNoKannel()
  if (because !== undefined) say(because)
  return because === undefined
}

async function runOne(stage: Stage, given: Options, name: string): Promise<Measured> {
  const options = name === 'kannel' ? { ...given, messages: given.kannelMessages } : given
  const database = await stage.newDatabase(name.startsWith('annai') ? 'migrated' : 'empty')
  const folder = join(stage.folder, `${name}-${Date.now()}`)
  await mkdir(folder)
  await stage.sink.reset()
  const contestant = await startContestant(name, {
    ...options,
    databaseUrl: database.url,
    adminUrl: database.adminUrl,
    sinkPort: stage.sink.port,
    binds: 1,
    folder,
    tenMs: stage.tenMs,
  })
  try {
    // Kannel sends what it gets at once: to queue, its carrier must turn it away.
    await stage.sink.gate(name !== 'kannel')
    await contestant.step('queue')
    await sql`checkpoint`.execute(stage.admin)
    const databaseBefore = await databaseCpuMs(stage.folder)
    await stage.sink.gate(true)
    const drained = await contestant.step('drain')
    await stage.sink.reach({ acked: options.messages })
    const databaseMs = (await databaseCpuMs(stage.folder)) - databaseBefore
    const counted = await contestant.step('count')
    const { submits, acked, refused, firstMs, lastMs } = await stage.sink.tally()
    const came = [counted.delivered, submits, acked]
    if (refused > 0 || came.some((count) => count !== options.messages))
      throw new Error(`${name} recorded, submitted, acknowledged ${came.join(', ')} and refused ${refused}`)
    const perMessageUs = (ms: number) => (ms / options.messages) * 1_000
    return {
      perSecond: (options.messages / (Math.max(lastMs, drained.endedMs) - firstMs)) * 1_000,
      ownUs: perMessageUs(counted.cpuBeforeMs - drained.cpuBeforeMs),
      databaseUs: perMessageUs(databaseMs),
      peakMb: counted.peakMb,
    }
  } finally {
    await contestant.close()
    await stage.drop(database.url)
  }
}
