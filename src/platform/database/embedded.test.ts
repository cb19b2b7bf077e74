import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chown, cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openKeys } from '#platform/vault/keys'
import { openDatabase } from './database.ts'
import { attachOrStart } from './embedded.ts'

/** Every step is a process or a disk that others keep busy too. */
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

/** Where nothing depends on what a crash leaves on the disk. */
const quick = { durable: false }

/** A database that was used and left, copied for the tests in which making one is not the question. */
let used: string
beforeAll(async () => {
  used = await mkdtemp(join(tmpdir(), 'annai-used-'))
  await (await attachOrStart(used, await openKeys({ dataDir: used, create: true }), quick)).close()
})
afterAll(() => rm(used, { recursive: true }))
const copyUsed = () => cp(used, dataDir, { recursive: true, preserveTimestamps: true })

/** Closed to everybody else, as `mktemp -d` makes it. */
let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'annai-embedded-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  const pid = await postmaster()
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
  await until(async () => (await processesIn(dataDir)) === 0)
  await rm(dataDir, { recursive: true })
})

test('two processes that start at once share one server, which the last to leave stops', async () => {
  const [one, other] = [start(dataDir), start(dataDir)]
  await Promise.all([one.hears('ready'), other.hears('ready')])
  const pid = await postmaster()
  one.say('insert 1')
  await one.hears('inserted 1')
  one.say('close')
  await one.hears('closed')
  expect(await postmaster()).toBe(pid)
  other.say('insert 2')
  await other.hears('inserted 2')
  other.say('close')
  await other.hears('closed')
  expect(await postmaster()).toBeUndefined()
  expect(await processesIn(dataDir)).toBe(0)
  expect(await ids()).toEqual([1, 2])
})

test('a server whose starter was killed is taken over with its rows, and stopped by who took it', async () => {
  await copyUsed()
  const first = start(dataDir)
  await first.hears('ready')
  first.say('insert 1')
  await first.hears('inserted 1')
  const pid = await postmaster()
  first.child.kill('SIGKILL')
  const second = start(dataDir)
  await second.hears('ready')
  expect(await postmaster()).toBe(pid)
  second.say('insert 2')
  await second.hears('inserted 2')
  second.say('close')
  await second.hears('closed')
  expect(await processesIn(dataDir)).toBe(0)
  expect(await ids()).toEqual([1, 2])
})

test('a server that is killed in the middle of its work comes back by itself with every row it acknowledged', async () => {
  await copyUsed()
  const child = start(dataDir)
  await child.hears('ready')
  for (let round = 0; round < 2; round += 1) {
    child.say(`insert-until-broken ${round * 1_000_000 + 1}`)
    await child.hears(`inserted ${round * 1_000_000 + 20}`)
    const pid = await postmaster()
    if (pid === undefined) throw new Error('There is no server to kill')
    process.kill(pid, 'SIGKILL')
    await until(async () => child.heard.filter((line) => line === 'broken').length === round + 1)
    await until(async () => ![undefined, pid].includes(await readyPostmaster()))
  }
  child.say('close')
  await child.hears('closed')
  const found = new Set(await ids())
  const acknowledged = child.heard.filter((line) => line.startsWith('inserted')).map((line) => Number(line.slice(9)))
  expect(acknowledged.length).toBeGreaterThanOrEqual(40)
  expect(acknowledged.filter((id) => !found.has(id))).toEqual([])
})

test('a server that was killed together with its users recovers for the next', async () => {
  await copyUsed()
  const child = start(dataDir)
  await child.hears('ready')
  child.say('insert 7')
  await child.hears('inserted 7')
  const pid = await postmaster()
  child.child.kill('SIGKILL')
  process.kill(pid ?? 0, 'SIGKILL')
  expect(await ids()).toEqual([7])
})

test('who attaches while the last is leaving ends up with a running server', async () => {
  await copyUsed()
  const keys = await openKeys({ dataDir, create: true })
  let last = await attachOrStart(dataDir, keys, quick)
  for (const delayMs of [0, 3, 10, 20, 40, 60]) {
    const leaving = last.close()
    await sleep(delayMs)
    last = await attachOrStart(dataDir, keys, quick)
    const db = openDatabase(last.appUrl)
    expect((await sql`select 1 as n`.execute(db)).rows).toEqual([{ n: 1 }])
    await leaving
    expect((await sql`select 2 as n`.execute(db)).rows).toEqual([{ n: 2 }])
    await db.destroy()
  }
  await Promise.all([last.close(), last.close()])
  expect(await processesIn(dataDir)).toBe(0)
})

test('two that leave at once leave no server behind', async () => {
  await copyUsed()
  const keys = await openKeys({ dataDir, create: true })
  for (let round = 0; round < 3; round += 1) {
    const users = [await attachOrStart(dataDir, keys, quick), await attachOrStart(dataDir, keys, quick)]
    await Promise.all(users.map((user) => user.close()))
    expect(await processesIn(dataDir)).toBe(0)
  }
})

test('what a crash leaves in the folder does not keep the server from starting', async () => {
  await mkdir(join(dataDir, 'postgres.new-0', 'base'), { recursive: true })
  await writeFile(join(dataDir, 'postgres.lock'), JSON.stringify({ pid: 2 ** 22 - 1, identity: 'x', nonce: 'y' }))
  const keys = await openKeys({ dataDir, create: true })
  await (await attachOrStart(dataDir, keys, quick)).close()
  // After a reboot the number of the old server often belongs to some other program; and where nobody reaps, a dead
  // server keeps its number as a zombie.
  const [stranger, zombie] = await strangerAndZombie()
  for (const pid of [stranger, zombie]) {
    const left = [pid, join(dataDir, 'postgres'), 1, 5432, '', '127.0.0.1', '1 1', 'ready', '']
    await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), left.join('\n'))
    await (await attachOrStart(dataDir, keys, quick)).close()
  }
  expect(await readdir(dataDir)).toEqual(['annai.key', 'postgres', 'postgres.log', 'postgres.port'])
})

test('another key file is refused, whether the server runs or not', async () => {
  await copyUsed()
  const keys = await openKeys({ dataDir, create: true })
  const other = await openKeys({ keyFile: join(dataDir, 'other.key'), create: true })
  const mismatch = expect.objectContaining({ code: 'embedded-key-mismatch' })
  const server = await attachOrStart(dataDir, keys, quick)
  await expect(attachOrStart(dataDir, other, quick)).rejects.toThrow(mismatch)
  await server.close()
  await expect(attachOrStart(dataDir, other, quick)).rejects.toThrow(mismatch)
  expect(await processesIn(dataDir)).toBe(0)
})

test('a server that cannot start says why and is not waited for', async () => {
  await copyUsed()
  const keys = await openKeys({ dataDir, create: true })
  await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '12\n')
  await expect(attachOrStart(dataDir, keys, quick)).rejects.toThrow(
    expect.objectContaining({ code: 'embedded-start-failed', message: expect.stringContaining('incompatible') }),
  )
})

test('the server keeps what it acknowledged, listens to this machine only and lets nobody in without password', async () => {
  const keys = await openKeys({ dataDir, create: true })
  const server = await attachOrStart(dataDir, keys)
  const db = openDatabase(server.ownerUrl)
  const { rows } = await sql<{ name: string; setting: string }>`select name, setting from pg_settings`.execute(db)
  const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
  expect(settings).toMatchObject({
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    listen_addresses: '127.0.0.1',
    password_encryption: 'scram-sha-256',
    server_encoding: 'UTF8',
    lc_messages: 'C',
    TimeZone: 'UTC',
    jit: 'off',
  })
  await db.destroy()

  await expect(new pg.Client(server.adminUrl.replace(/:[0-9a-f]{64}@/, ':guess@')).connect()).rejects.toMatchObject({
    code: '28P01',
  })

  // Neither a file nor a command line of the server holds a password; its files are for its user alone.
  const passwords = [server.adminUrl, server.ownerUrl, server.appUrl].map((url) => new URL(url).password)
  for (const path of await readdir(dataDir, { recursive: true })) {
    const file = join(dataDir, path)
    if (!(await stat(file)).isFile()) continue
    const content = await readFile(file)
    expect(
      passwords.filter((password) => content.includes(password)),
      path,
    ).toEqual([])
    expect((await stat(file)).mode & 0o077, path).toBe(0)
  }
  // A session of its own: field 6 of proc(5).
  const pid = await postmaster()
  const status = await readFile(`/proc/${pid}/stat`, 'utf8')
  expect(status.split(' ')[5]).toBe(String(pid))
  await server.close()
})

test('an ordinary user can do the same', async ({ skip }) => {
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const
  skip(process.getuid?.() !== 0, 'these tests run as an ordinary user already')
  const probe = [...nobody.slice(1), process.execPath, '-e', `require('fs').readFileSync(${JSON.stringify(childFile)})`]
  skip(spawnSync(nobody[0], probe).status !== 0, 'another user may not read this checkout')
  await chown(dataDir, 65534, 65534)
  const child = start(dataDir, nobody)
  await child.hears('ready')
  child.say('insert 1')
  await child.hears('inserted 1')
  expect((await stat(join(dataDir, 'postgres'))).uid).toBe(65534)
  child.say('close')
  await child.hears('closed')
  expect(await processesIn(dataDir)).toBe(0)
})

const childFile = join(import.meta.dirname, '../../../test/embedded.child.ts')
const children: ChildProcess[] = []

interface Child {
  readonly child: ChildProcess
  readonly heard: readonly string[]
  say(line: string): void
  hears(line: string): Promise<void>
}

function start(folder: string, before: readonly string[] = []): Child {
  const [program = '', ...args] = [...before, process.execPath, childFile, folder]
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const heard: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => heard.push(line))
  return {
    child,
    heard,
    say: (line) => child.stdin.write(`${line}\n`),
    hears: (line) => until(async () => heard.includes(line), `"${line}" after ${heard.at(-1)}`),
  }
}

/** A process that waits, and a child of its that has ended and that it never asks about. */
async function strangerAndZombie(): Promise<readonly [number, number]> {
  const script = 'cat <&3 >/dev/null & echo $!; exec sleep 120'
  const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] })
  children.push(parent)
  const pid = parent.pid ?? 0
  const [child] = (await once(createInterface({ input: parent.stdout as Readable }), 'line')) as [string]
  // Once the shell has become `sleep` nobody waits for the child any more; then its input ends, and it with that.
  await until(async () => (await readFile(`/proc/${pid}/comm`, 'utf8')).trim() === 'sleep', 'the shell')
  ;(parent.stdio[3] as Writable).end()
  await until(async () => (await readFile(`/proc/${child}/stat`, 'utf8')).includes(') Z '), 'a zombie')
  return [pid, Number(child)]
}

async function until(isSo: () => Promise<boolean>, what = 'it'): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Waited too long for ${what}`)
    await sleep(20)
  }
}

async function ids(): Promise<readonly number[]> {
  const server = await attachOrStart(dataDir, await openKeys({ dataDir, create: false }))
  const db = openDatabase(server.ownerUrl)
  const { rows } = await sql<{ id: number }>`select id from sample order by id`.execute(db)
  await db.destroy()
  await server.close()
  return rows.map(({ id }) => id)
}

async function pidFile(): Promise<readonly string[]> {
  return (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
}

async function postmaster(): Promise<number | undefined> {
  return pidIn(await pidFile())
}

/** Read once: between two reads a dead server's "ready" could meet the number of the next. */
async function readyPostmaster(): Promise<number | undefined> {
  const lines = await pidFile()
  return lines[7]?.trim() === 'ready' ? pidIn(lines) : undefined
}

function pidIn(lines: readonly string[]): number | undefined {
  const pid = Number(lines[0])
  return pid > 1 && pid !== process.pid ? pid : undefined
}

/** PostgreSQL's processes all work in its folder. */
async function processesIn(folder: string): Promise<number> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const places = await Promise.all(numbers.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')))
  return places.filter((place) => place.startsWith(folder)).length
}
