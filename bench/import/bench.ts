import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { type Database, openDatabase, sql } from '#platform/database/database'
import { attachOrStart } from '#platform/database/embedded'
import { migrate } from '#platform/database/migrate'
import { openKeys } from '#platform/vault/keys'
import { fillMaster, masterImport, type Size, writeFiles } from './data.ts'

const run = promisify(execFile)

/**
 * `npm run bench:import -- --records 1000000 --failed 10 --runs 5`: the same file against the same master, in turns, with
 * the tables emptied in between. Prints a table for docs/benchmarks.md.
 */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    failed: { type: 'string', default: '10' },
    runs: { type: 'string', default: '5' },
  },
})
const size: Size = { records: Number(values.records), failedPercent: Number(values.failed) }

const names = ['limit', 'python', 'annai'] as const
type Name = (typeof names)[number]
interface Measured {
  readonly ms: number
  readonly peakMb: number
}

const folder = await mkdtemp(join(tmpdir(), 'annai-bench-'))
const keys = await openKeys({ dataDir: folder, create: true })
const server = await attachOrStart(folder, keys)
try {
  await migrate({ ownerUrl: server.ownerUrl, appUrl: server.appUrl, now: new Date() })
  const owner = openDatabase(server.ownerUrl, { poolMax: 1 })
  const admin = openDatabase(server.adminUrl, { poolMax: 1 })
  const measured = await compare(owner, admin).finally(() => Promise.all([owner.destroy(), admin.destroy()]))
  process.stdout.write(await asTable(measured))
} finally {
  await server.close()
  await rm(folder, { recursive: true })
}

async function compare(owner: Database, admin: Database): Promise<ReadonlyMap<Name, readonly Measured[]>> {
  say('filling the master')
  await fillMaster(owner, size)
  const { file, rows } = await writeFiles(folder, size)
  const measured = new Map<Name, Measured[]>(names.map((name) => [name, []]))
  const results = new Set<string>()
  for (let round = 0; round < Number(values.runs); round++) {
    // Nobody always runs after the same other.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      await empty(owner)
      await sql`checkpoint`.execute(admin)
      const { stdout } = await run(process.execPath, ['bench/import/contestant.ts', name, server.appUrl, file, rows])
      const one = JSON.parse(stdout) as Measured
      measured.get(name)?.push(one)
      results.add(await resultOf(owner))
      say(`round ${round + 1}, ${name}: ${(one.ms / 1000).toFixed(2)} s, ${one.peakMb.toFixed(0)} MB`)
    }
  }
  if (results.size !== 1) throw new Error(`The contestants did not do the same: ${[...results].join(' / ')}`)
  say(`each left: ${[...results].join()}`)
  return measured
}

async function empty(owner: Database): Promise<void> {
  await sql`truncate debits, debit_headers, import_chunks, bill_endings, bills, cases, audit_unsealed cascade`.execute(
    owner,
  )
  await sql`delete from imports where id <> ${masterImport}`.execute(owner)
}

async function resultOf(owner: Database): Promise<string> {
  const { rows } = await sql<{ line: string }>`
    select concat_ws(' ', outcome, count(*), sum(amount), count(customer_id), count(contract_id)) as line
    from debits group by outcome
    union all
    select concat_ws(' ', 'bills', count(*), sum(principal), count(contract_id), count(distinct case_id)) from bills
    order by line`.execute(owner)
  return rows.map(({ line }) => line).join(', ')
}

async function asTable(measured: ReadonlyMap<Name, readonly Measured[]>): Promise<string> {
  const seconds = (name: Name) => median((measured.get(name) ?? []).map(({ ms }) => ms)) / 1000
  const peak = Math.max(...(measured.get('annai') ?? []).map(({ peakMb }) => peakMb))
  const all = (name: Name) => (measured.get(name) ?? []).map(({ ms }) => (ms / 1000).toFixed(1)).join(' · ')
  const ratio = (name: Name) => (seconds('annai') / seconds(name)).toFixed(2)
  const { stdout: commit } = await run('git', ['rev-parse', '--short', 'HEAD'])
  const records = size.records.toLocaleString('en')
  return [
    `${records} records against ${records} customers, ${size.failedPercent} % failed, ${values.runs} runs each in turns.`,
    `Commit ${commit.trim()}, Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, embedded PostgreSQL with durable settings.`,
    '',
    '| | median | each run (s) | Annai against it | goal |',
    '|---|---|---|---|---|',
    `| hand-written COPY and INSERT … SELECT, the same sealed copy and audit line | ${seconds('limit').toFixed(2)} s | ${all('limit')} | ${ratio('limit')} × | ≤ 1.15 × |`,
    `| Python slicer piped into COPY, the same SQL, sealed copy and audit line | ${seconds('python').toFixed(2)} s | ${all('python')} | ${ratio('python')} × | ≤ 0.8 × |`,
    `| Annai, checked, matched, reported | ${seconds('annai').toFixed(2)} s | ${all('annai')} | | |`,
    '',
    `Peak memory of the importing process: ${peak.toFixed(0)} MB (goal ≤ 200 MB).`,
    '',
  ].join('\n')
}

function median(of: readonly number[]): number {
  const sorted = of.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
