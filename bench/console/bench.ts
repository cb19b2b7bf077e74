import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { urls } from '#console'
import { type Database, openDatabase, sql } from '#platform/database/database'
import { attachOrStart } from '#platform/database/embedded'
import { migrate } from '#platform/database/migrate'
import { openKeys } from '#platform/vault/keys'
import { type DemoPerson, openConsole, plainOperator } from '../../test/console.ts'
import { fillTown, type Town } from '../../test/journeys/console-town.ts'
import type { PlainBrowser } from '../../test/plain-browser.ts'
import { fillHistory, oldCampaignId } from './history.ts'

/**
 * `npm run bench:console -- --cases 1000,100000,1000000`: the pages that people wait for, each after a history of so many
 * cases, with the same thousand people of today on top. Time is the median of the runs; buffers are pages of 8 KB that
 * PostgreSQL touched for one showing. Prints a table for docs/benchmarks.md.
 */
const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000,100000,1000000' },
    people: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '15' },
  },
})
const sizes = values.cases.split(',').map(Number)
const runs = Number(values.runs)

/** A small table is read quickest as a whole. */
const manyRows = 2_000

type Measured = { readonly ms: number; readonly buffers: number }
type Page = {
  readonly name: string
  readonly as: DemoPerson
  show(browser: PlainBrowser, town: Town): Promise<unknown>
}

const at =
  (path: (town: Town) => string): Page['show'] =>
  async (browser, town) => {
    const { status } = await browser.open(path(town))
    if (status !== 200) throw new Error(`${path(town)} answered ${status}`)
  }

const searching =
  (q: string): Page['show'] =>
  async (browser) => {
    await browser.open(urls.cases)
    const { status } = await browser.send(urls.search, { q })
    if (status !== 200) throw new Error(`The search answered ${status}`)
  }

const pages: readonly Page[] = [
  { name: 'search by phone, to the case', as: 'agent', show: searching('0900 1000003') },
  { name: 'search by family name, one of 67', as: 'agent', show: searching('サトウ') },
  { name: 'search by the last four of a phone', as: 'agent', show: searching('0003') },
  { name: 'case', as: 'agent', show: at(({ promised }) => urls.case(promised)) },
  { name: 'answers', as: 'agent', show: at(() => urls.answers) },
  { name: 'promises', as: 'agent', show: at(() => urls.promises) },
  { name: 'consultations', as: 'agent', show: at(() => urls.consultations) },
  { name: 'unmatched deposits', as: 'agent', show: at(() => urls.deposits) },
  { name: 'campaigns', as: 'approver', show: at(() => urls.campaigns) },
  { name: 'campaign of today', as: 'approver', show: at(({ campaignId }) => urls.campaign(campaignId)) },
  { name: 'campaign of everybody', as: 'approver', show: at(() => urls.campaign(oldCampaignId)) },
  { name: 'home', as: 'chief', show: at(() => urls.home) },
  { name: 'imports', as: 'author', show: at(() => urls.imports) },
  { name: 'audit log', as: 'auditor', show: at(() => urls.audit) },
]

const results: ReadonlyMap<string, Measured>[] = []
for (const cases of sizes) results.push(await measure(cases))
process.stdout.write(asTable())

async function measure(cases: number): Promise<ReadonlyMap<string, Measured>> {
  const folder = await mkdtemp(join(tmpdir(), 'annai-bench-console-'))
  const keys = await openKeys({ dataDir: folder, create: true })
  const server = await attachOrStart(folder, keys)
  try {
    await migrate({ ownerUrl: server.ownerUrl, appUrl: server.appUrl, now: new Date() })
    const [db, ownerDb, admin] = [server.appUrl, server.ownerUrl, server.adminUrl].map((url) => openDatabase(url)) as [
      Database,
      Database,
      Database,
    ]
    try {
      // What cleans up by itself would be counted with the pages.
      await sql`alter system set autovacuum = off`.execute(admin)
      await sql`alter system set shared_buffers = '512MB'`.execute(admin)
      await sql`select pg_reload_conf()`.execute(admin)
      const site = await openConsole(db)
      const started = performance.now()
      await fillHistory(ownerDb, site.world, cases)
      await sql`vacuum analyze`.execute(ownerDb)
      const database = { db, ownerDb, url: server.appUrl, ownerUrl: server.ownerUrl, drop: async () => {} }
      const town = await fillTown(database, site, Number(values.people))
      await sql`vacuum analyze`.execute(admin)
      await sql`vacuum analyze`.execute(ownerDb)
      say(`${cases} cases are there after ${Math.round((performance.now() - started) / 1_000)} s`)
      const measured = new Map<string, Measured>()
      for (const page of pages) {
        const one = await measurePage(ownerDb, page, await plainOperator(site, page.as), town)
        measured.set(page.name, one)
        say(`${cases}: ${page.name}: ${one.ms.toFixed(1)} ms, ${one.buffers} buffers`)
      }
      await site.close()
      return measured
    } finally {
      await Promise.all([db, ownerDb, admin].map((database) => database.destroy()))
    }
  } finally {
    await server.close()
    await rm(folder, { recursive: true })
  }
}

async function measurePage(owner: Database, page: Page, browser: PlainBrowser, town: Town): Promise<Measured> {
  for (let run = 0; run < 3; run++) await page.show(browser, town)
  const before = await buffersTouched(owner)
  const rowsBefore = await rowsReadWhole(owner)
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const started = performance.now()
    await page.show(browser, town)
    times.push(performance.now() - started)
  }
  const buffers = Math.round(((await buffersTouched(owner)) - before) / runs)
  for (const [table, rows] of await rowsReadWhole(owner)) {
    const each = Math.round((rows - (rowsBefore.get(table) ?? 0)) / runs)
    if (each > manyRows) say(`  ${page.name} reads ${table} whole: ${each} rows each time`)
  }
  return { ms: times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0, buffers }
}

async function rowsReadWhole(owner: Database): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ table: string; read: number }>`
    select relname as table, seq_tup_read as read from pg_stat_user_tables`.execute(owner)
  return new Map(rows.map(({ table, read }) => [table, Number(read)]))
}

/** Sessions tell what they have touched when they rest. */
async function buffersTouched(owner: Database): Promise<number> {
  await wait(1_500)
  const { rows } = await sql<{ touched: number }>`
    select (blks_hit + blks_read)::bigint as touched from pg_stat_database where datname = current_database()`.execute(
    owner,
  )
  return Number(rows[0]?.touched ?? 0)
}

function asTable(): string {
  const header = `| page | ${sizes.map((cases) => `${count(cases)} cases | buffers`).join(' | ')} | time, last ÷ first | buffers, last ÷ first |`
  const rule = `|---|${sizes.map(() => '---|---|').join('')}---|---|`
  const lines = pages.map(({ name }) => {
    const cells = results.map((measured) => measured.get(name) ?? { ms: 0, buffers: 0 })
    const [first, last] = [cells[0], cells.at(-1)]
    const ratio = (of: keyof Measured) => (first && last ? (last[of] / first[of]).toFixed(2) : '')
    return `| ${name} | ${cells.map(({ ms, buffers }) => `${ms.toFixed(1)} ms | ${buffers}`).join(' | ')} | ${ratio('ms')} | ${ratio('buffers')} |`
  })
  return `${[header, rule, ...lines].join('\n')}\n`
}

function count(cases: number): string {
  return String(cases).replace(/\B(?=(\d{3})+$)/g, ',')
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
