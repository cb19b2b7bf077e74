import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '#platform/database/database'
import { type TestDatabase, testDatabase } from '../database.ts'
import { bankNoticeByHand } from '../deposits-by-hand.ts'
import { numbersFrom } from '../mutants.ts'

/** kill −9 of the import of a file of money at points drawn from a seed: it is taken in whole or not at all. */
const rounds = Number(process.env.ANNAI_KILLS ?? 4)
const seed = Number(process.env.ANNAI_KILL_SEED ?? 20261124)
const lines = 4_000

let it: TestDatabase
let folder: string
let file: string
beforeAll(async () => {
  it = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'annai-kill-'))
  file = join(folder, 'money.txt')
  const money = Array.from({ length: lines }, (_, n) => ({
    inquiry: String(n + 1).padStart(6, '0'),
    amount: 1_000 + n,
    payer: 'ﾔﾏﾀﾞ ﾀﾛｳ',
  }))
  const account = { bank: '0000', branch: '001', number: '1234567' }
  await writeFile(file, bankNoticeByHand('A', [{ account, money }]))
})
afterAll(async () => {
  await it.drop()
  await rm(folder, { recursive: true })
})

test(`an import that is killed leaves nothing, ${rounds} times (seed ${seed})`, async () => {
  const drawn = numbersFrom(seed)
  const whole = await run(undefined)
  expect(whole.said).toContain('imported')
  expect(await stored()).toEqual({ imports: 1, deposits: lines, headers: 1, copies: 1 })
  let cutOff = 0
  for (let round = 0; round < rounds; round++) {
    await empty()
    await run(drawn(Math.max(1, whole.tookMs)))
    await settled()
    const found = await stored()
    if (found.imports === 0) cutOff++
    // A copy whose import never came to be is swept by the next one.
    expect(found).toMatchObject(found.imports === 1 ? { deposits: lines, headers: 1 } : { deposits: 0, headers: 0 })
  }
  expect(cutOff).toBeGreaterThan(0)
  await run(undefined)
  expect(await stored()).toEqual({ imports: 1, deposits: lines, headers: 1, copies: 1 })
}, 600_000)

/** Runs the import, and kills it so long after it has begun. */
const run = async (killAfterMs: number | undefined) => {
  const args = [join(import.meta.dirname, '../import-deposits.child.ts'), it.url, file]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const said: string[] = []
  const begun = new Promise<number>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said.push(chunk.toString())
      if (said.join('').includes('begins')) resolve(performance.now())
    })
  })
  const ended = once(child, 'exit')
  const beganAt = await Promise.race([begun, ended.then(() => performance.now())])
  if (killAfterMs !== undefined) await sleepUnlessEnded(child, killAfterMs)
  await ended
  return { said: said.join(''), tookMs: performance.now() - beganAt }
}

const sleepUnlessEnded = async (child: ChildProcess, ms: number) => {
  await sleep(ms)
  if (child.exitCode === null) child.kill('SIGKILL')
}

/** The server notices the death of its client only when it next talks to it. */
const settled = async () => {
  for (;;) {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        and state <> 'idle'`.execute(it.db)
    if (rows.length === 0) return
    await sleep(20)
  }
}

const stored = async () => {
  const { rows } = await sql<Readonly<Record<'imports' | 'deposits' | 'headers' | 'copies', number>>>`
    select (select count(*)::int from imports) as imports, (select count(*)::int from deposits) as deposits,
      (select count(*)::int from deposit_headers) as headers,
      (select count(distinct import_id)::int from import_chunks) as copies`.execute(it.db)
  return rows[0] ?? { imports: 0, deposits: 0, headers: 0, copies: 0 }
}

/** As it was before, save for copies without an import. */
const empty = () =>
  sql`truncate imports, deposits, deposit_headers, reversals, deposit_repeats cascade`.execute(it.ownerDb)
