import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '#platform/fault'
import type { Keys } from '#platform/vault/keys'
import { type Binaries, findBinaries } from './embedded.binaries.ts'
import { processIdentity, worksIn } from './embedded.process.ts'

/** The places of one embedded database, all inside its data folder. */
export interface Cluster {
  readonly dataDir: string
  /** PostgreSQL's own folder. */
  readonly folder: string
  readonly log: string
  /** The port it had last, wanted again so that connection pools find a restarted server where it was. */
  readonly portFile: string
}

export function clusterIn(dataDir: string): Cluster {
  return {
    dataDir,
    folder: join(dataDir, 'postgres'),
    log: join(dataDir, 'postgres.log'),
    portFile: join(dataDir, 'postgres.port'),
  }
}

export type Role = 'annai_admin' | 'annai_owner' | 'annai_app'

/** Derived, not stored: every process that can read the key file can compute it, and no password lies in a file. */
export function passwordOf(role: Role, keys: Keys): string {
  return keys.derive(`postgres ${role}`).toString('hex')
}

export type Found =
  | { readonly kind: 'ready'; readonly pid: number; readonly port: number }
  | { readonly kind: 'not-ready' }
  | { readonly kind: 'none' }

/** The server that runs on this folder now, as its postmaster.pid tells (storage-file-layout of the manual). */
export async function findServer(cluster: Cluster): Promise<Found> {
  const lines = await readPidFile(cluster)
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  if (!isPid(pid) || !(await worksIn(pid, cluster.folder))) return { kind: 'none' }
  return lines[7]?.trim() === 'ready' && port > 0 ? { kind: 'ready', pid, port } : { kind: 'not-ready' }
}

export interface StartOptions {
  readonly keys: Keys
  readonly durable: boolean
  readonly mayCreate: boolean
  /** In milliseconds of `performance.now()`. */
  readonly deadline: number
}

/** Starts the server, after creating the database if there is none. Only for the holder of the start lock. */
export async function startServer(
  cluster: Cluster,
  { keys, durable, mayCreate, deadline }: StartOptions,
): Promise<void> {
  const binaries = await findBinaries()
  if (!(await exists(cluster.folder))) {
    if (!mayCreate) throw new Fault('embedded-start-failed', `${cluster.folder} is not there any more.`)
    await createCluster(cluster, keys, binaries, durable)
  }
  await checkKeys(cluster, keys)
  await keepLogSmall(cluster.log)
  for (;;) {
    await removeForeignPidFile(cluster)
    const outcome = await launch(cluster, binaries, durable, deadline)
    if (outcome.kind === 'ready') return
    // The processes of a server that was killed need a moment to notice, and a free port may be taken meanwhile.
    if (!passing.test(outcome.said) || performance.now() > deadline) {
      throw new Fault(
        'embedded-start-failed',
        `PostgreSQL did not start: ${lastComplaint(outcome.said)} (${cluster.log})`,
      )
    }
    await sleep(250)
  }
}

/** Fast shutdown: sessions are cut, everything is on disk, and the process is gone when this resolves. */
export async function stopServer(cluster: Cluster, pid: number): Promise<void> {
  const identity = await processIdentity(pid)
  if (identity === undefined || !(await worksIn(pid, cluster.folder))) return
  process.kill(pid, 'SIGINT')
  const deadline = performance.now() + stopTimeoutMs
  while ((await processIdentity(pid)) === identity) {
    if (performance.now() > deadline) {
      throw new Fault('embedded-stop-timeout', `PostgreSQL (process ${pid}) is still writing to disk.`)
    }
    await sleep(20)
  }
}

/** A fast shutdown writes at most shared_buffers and one checkpoint; a slow disk needs seconds for that. */
const stopTimeoutMs = 60_000

const passing = /pre-existing shared memory block|lock file ".*" already exists|could not bind|could not create any TCP/

async function createCluster(cluster: Cluster, keys: Keys, { initdb, postgres }: Binaries, durable: boolean) {
  // Complete or not there: it is built beside its place and renamed, so an interrupted first start leaves nothing that
  // counts. The name is new each time, for the initdb of a starter that was killed may still be writing.
  const draft = `${cluster.folder}.new-${randomBytes(4).toString('hex')}`
  for (const name of await readdir(cluster.dataDir)) {
    if (!name.startsWith('postgres.new-')) continue
    await rm(join(cluster.dataDir, name), { recursive: true, force: true }).catch(() => undefined)
  }
  const options = ['--auth=scram-sha-256', '--username=annai_admin', '--encoding=UTF8', '--locale=C', '--lc-messages=C']
  const sync = durable ? [] : ['--no-sync']
  // The password goes through a pipe, for a password file could be left behind. Node's own pipes are sockets, which
  // initdb cannot open by name, hence `cat`.
  await run(
    ['sh', '-c', 'cat | "$@" --pwfile=/dev/stdin', 'sh', ...initdb, `--pgdata=${draft}`, ...options, ...sync],
    `${passwordOf('annai_admin', keys)}\n`,
  )
  await run(
    [
      ...postgres,
      '--single',
      '-D',
      draft,
      ...settings({ exit_on_error: 'on', fsync: durable ? 'on' : 'off' }),
      'postgres',
    ],
    [
      `create role annai_owner login password '${passwordOf('annai_owner', keys)}';`,
      `create role annai_app login password '${passwordOf('annai_app', keys)}';`,
      'create database annai owner annai_owner;',
      '',
    ].join('\n'),
  )
  await writeFile(join(draft, keyCheckFile), keyCheck(keys), { mode: 0o600 })
  await rename(draft, cluster.folder)
}

/** Said before the server is started: with other keys nobody could log in to stop it. */
async function checkKeys(cluster: Cluster, keys: Keys): Promise<void> {
  const expected = await readFile(join(cluster.folder, keyCheckFile), 'utf8').catch(() => undefined)
  if (expected === undefined || expected === keyCheck(keys)) return
  throw new Fault('embedded-key-mismatch', `The key file is not the one ${cluster.folder} was made with.`)
}

const keyCheckFile = 'annai.key-check'

function keyCheck(keys: Keys): string {
  return `${keys.derive('postgres key check').toString('hex')}\n`
}

async function launch(cluster: Cluster, { postgres }: Binaries, durable: boolean, deadline: number) {
  const port = await choosePort(cluster.portFile)
  const [program, ...args] = postgres
  const log = await open(cluster.log, 'a', 0o600)
  const saidBefore = (await log.stat()).size
  let child: ChildProcess
  try {
    child = spawn(
      program,
      [...args, '-D', cluster.folder, ...settings({ ...always, ...(durable ? safe : fast), port: String(port) })],
      // Detached: a Ctrl-C in the terminal must reach the program, which stops the server after its own work is done.
      { detached: true, stdio: ['ignore', log.fd, log.fd], env: quietEnvironment, cwd: cluster.dataDir },
    )
  } finally {
    await log.close()
  }
  child.unref()
  const ended = new Promise<true>((done) => {
    child.on('exit', () => done(true))
    child.on('error', () => done(true))
  })
  for (;;) {
    const found = await findServer(cluster)
    if (found.kind === 'ready' && found.pid === child.pid) {
      await writeFile(cluster.portFile, `${port}\n`, { mode: 0o600 })
      return { kind: 'ready' } as const
    }
    if (await Promise.race([ended, sleep(25, false)])) {
      return { kind: 'ended', said: await readFrom(cluster.log, saidBefore) } as const
    }
    if (performance.now() > deadline) {
      throw new Fault('embedded-start-timeout', `PostgreSQL is not ready yet. It may be recovering: see ${cluster.log}`)
    }
  }
}

/** For a small machine that has other things to do; `wal_compression` needs lz4, which these binaries lack. */
const always = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  huge_pages: 'off',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  work_mem: '16MB',
  random_page_cost: '1.1',
  // Nothing is replicated from here, and without that a bulk load writes less.
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Statements and the details of errors hold what people typed: personal data stays out of the log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length_on_error: '0',
  log_checkpoints: 'off',
} as const

const safe = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '256MB',
  maintenance_work_mem: '128MB',
} as const

/** For test databases, which nobody misses after a power cut. */
const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '96MB' } as const

function settings(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** Variables such as PGPORT or PGOPTIONS would change the server; secrets in the environment are none of its business. */
const quietEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const

async function run([program = '', ...args]: readonly string[], input: string): Promise<void> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: quietEnvironment })
  const ended = new Promise<string | undefined>((done) => {
    child.on('error', (error) => done(error.message))
    child.on('close', (code) => done(code === 0 ? undefined : `exit code ${code}`))
  })
  child.stdin.on('error', () => {
    // A program that ends early closes its input; its exit code tells what happened.
  })
  child.stdin.end(input)
  const [problem, said, complaints] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  if (problem === undefined) return
  throw new Fault(
    'embedded-create-failed',
    `The database cannot be created: ${lastComplaint(said + complaints)} (${problem})`,
  )
}

/**
 * A pid file whose number belongs to some other program by now (after a reboot that is common in containers) or to a
 * dead process that nobody reaps would keep PostgreSQL from starting for ever. One that is merely dead it clears itself.
 */
async function removeForeignPidFile(cluster: Cluster): Promise<void> {
  const pid = Number((await readPidFile(cluster))[0])
  if (!isPid(pid) || !answers(pid) || (await worksIn(pid, cluster.folder))) return
  await unlink(join(cluster.folder, 'postmaster.pid')).catch(() => undefined)
}

function answers(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function readPidFile(cluster: Cluster): Promise<readonly string[]> {
  const content = await readFile(join(cluster.folder, 'postmaster.pid'), 'utf8').catch(() => '')
  return content.split('\n')
}

function isPid(value: number): boolean {
  return Number.isInteger(value) && value > 1
}

async function choosePort(portFile: string): Promise<number> {
  const last = Number((await readFile(portFile, 'utf8').catch(() => '')).trim())
  const isPort = Number.isInteger(last) && last > 1023 && last < 65_536
  const deadline = performance.now() + portWaitMs
  while (isPort && performance.now() < deadline) {
    if (await isFree(last)) return last
    await sleep(50)
  }
  return await freePort()
}

/** What is left of a server that was killed lets go of its port within a moment; a stranger on it never does. */
const portWaitMs = 2000

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer()
    probe.once('error', () => done(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)))
  })
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer()
    probe.once('error', failed)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** One old log is kept beside the new one; neither outgrows this by much, for the server says little. */
const logBytesMax = 8 * 1024 * 1024

async function keepLogSmall(log: string): Promise<void> {
  const found = await stat(log).catch(() => undefined)
  if (found !== undefined && found.size > logBytesMax) await rename(log, `${log}.1`)
}

async function readFrom(path: string, position: number): Promise<string> {
  return (await readFile(path)).subarray(position).toString('utf8')
}

function lastComplaint(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '')
  const complaint = lines.findLast((line) => /FATAL|PANIC|ERROR|error:/.test(line)) ?? lines.at(-1)
  return complaint?.replace(/^.*?(?=FATAL|PANIC|ERROR|error:)/, '').trim() ?? 'it gave no reason'
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

/** Makes the data folder, closed to everybody else. */
export async function prepareFolder(cluster: Cluster): Promise<void> {
  await mkdir(cluster.dataDir, { recursive: true, mode: 0o700 })
}
