import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { type Database, openDatabase, sql } from '#platform/database/database'
import { attachOrStart } from '#platform/database/embedded'
import { migrate } from '#platform/database/migrate'
import { openKeys } from '#platform/vault/keys'
import { openVault } from '#platform/vault/vault'
import { fillMaster, writeFiles } from './data.ts'

const run = promisify(execFile)

/**
 * `npm run bench:deposits -- --deposits 1000000 --runs 3`: the same file of money against the same open bills, in turns,
 * each time in a fresh copy of the database. Prints a table for docs/benchmarks.md.
 */
const { values } = parseArgs({
  options: { deposits: { type: 'string', default: '1000000' }, runs: { type: 'string', default: '3' } },
})
const count = Number(values.deposits)

/** As bin/annai starts an import. */
const flags = ['--optimize-for-size']
const names = ['limit', 'annai'] as const
type Name = (typeof names)[number]
interface Measured {
  readonly ms: number
  readonly peakMb: number
}

const folder = await mkdtemp(join(tmpdir(), 'annai-bench-'))
const keys = await openKeys({ dataDir: folder, create: true })
const server = await attachOrStart(folder, keys)
const withDatabase = (url: string, name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href
const admin = openDatabase(server.adminUrl, { poolMax: 1 })
try {
  process.stdout.write(await asTable(await compare()))
} finally {
  await admin.destroy()
  await server.close()
  await rm(folder, { recursive: true })
}

async function compare(): Promise<ReadonlyMap<Name, readonly Measured[]>> {
  say('filling the master')
  const { file, rows } = await prepare()
  const measured = new Map<Name, Measured[]>(names.map((name) => [name, []]))
  const results = new Set<string>()
  for (let round = 0; round < Number(values.runs); round++) {
    // Nobody always runs after the same other.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      await fresh('bench_run', 'bench_master')
      await sql`checkpoint`.execute(admin)
      const url = withDatabase(server.appUrl, 'bench_run')
      const { stdout } = await run(process.execPath, [...flags, 'bench/deposits/contestant.ts', name, url, file, rows])
      const one = JSON.parse(stdout) as Measured
      measured.get(name)?.push(one)
      results.add(await resultOf(withDatabase(server.ownerUrl, 'bench_run')))
      say(`round ${round + 1}, ${name}: ${(one.ms / 1000).toFixed(2)} s, ${one.peakMb.toFixed(0)} MB`)
    }
  }
  if (results.size !== 1) throw new Error(`The contestants did not do the same:\n${[...results].join('\n')}`)
  say(`each left: ${[...results].join()}`)
  return measured
}

async function prepare() {
  const vault = openVault({ derive: (label) => Buffer.alloc(32, label) })
  await fresh('bench_master')
  const [ownerUrl, appUrl] = [server.ownerUrl, server.appUrl].map((url) => withDatabase(url, 'bench_master'))
  await migrate({ ownerUrl: ownerUrl ?? '', appUrl: appUrl ?? '', now: new Date() })
  const owner = openDatabase(ownerUrl ?? '', { poolMax: 1 })
  await fillMaster(owner, vault, count).finally(() => owner.destroy())
  return writeFiles(folder, vault, count)
}

async function fresh(name: string, template = 'template1'): Promise<void> {
  await sql`drop database if exists ${sql.id(name)} with (force)`.execute(admin)
  const owner = new URL(server.ownerUrl).username
  await sql`create database ${sql.id(name)} template ${sql.id(template)} owner ${sql.id(owner)} strategy file_copy`.execute(
    admin,
  )
}

async function resultOf(url: string): Promise<string> {
  const owner: Database = openDatabase(url, { poolMax: 1 })
  const { rows } = await sql<{ line: string }>`
    select concat_ws(' ', coalesce(matched_how, unmatched_because), certainty, count(*), sum(amount), count(customer_id),
      count(distinct line_key)) as line
    from deposits group by matched_how, unmatched_because, certainty
    union all
    select concat_ws(' ', account, count(*), sum(late_charge), sum(principal), sum(amount)) from ledger_lines group by account
    union all select concat_ws(' ', 'for the feed', count(*)) from ledger_feed_waiting
    union all select concat_ws(' ', 'settled', count(*), min(on_day)) from bill_endings
    union all select concat_ws(' ', 'closed', count(*)) from cases where closed_because = 'settled'
    union all select concat_ws(' ', 'audit', count(*)) from audit_lines
    order by line`
    .execute(owner)
    .finally(() => owner.destroy())
  return rows.map(({ line }) => line).join(', ')
}

async function asTable(measured: ReadonlyMap<Name, readonly Measured[]>): Promise<string> {
  const seconds = (name: Name) => median((measured.get(name) ?? []).map(({ ms }) => ms)) / 1000
  const peak = Math.max(...(measured.get('annai') ?? []).map(({ peakMb }) => peakMb))
  const all = (name: Name) => (measured.get(name) ?? []).map(({ ms }) => (ms / 1000).toFixed(1)).join(' · ')
  const ratio = (seconds('annai') / seconds('limit')).toFixed(2)
  const { stdout: commit } = await run('git', ['rev-parse', '--short', 'HEAD'])
  const many = count.toLocaleString('en')
  return [
    `${many} deposits against ${many} open bills, ${values.runs} runs each in turns.`,
    `Commit ${commit.trim()}, Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, embedded PostgreSQL with durable settings.`,
    '',
    '| | median | each run (s) | Annai against it | goal |',
    '|---|---|---|---|---|',
    `| hand-written COPY and INSERT … SELECT, the same rows, sealed copy and audit lines | ${seconds('limit').toFixed(2)} s | ${all('limit')} | ${ratio} × | ≤ 1.2 × |`,
    `| Annai: read, checked, matched, settled, reported | ${seconds('annai').toFixed(2)} s | ${all('annai')} | | |`,
    '',
    `Peak memory of the importing process: ${peak.toFixed(0)} MB.`,
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
