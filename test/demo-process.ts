import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const annai = join(import.meta.dirname, '../bin/annai')

/** As the sandbox's JSON has it. */
export type SandboxSms = {
  readonly id: string
  readonly to: string
  readonly from: string
  readonly text: string
  readonly receivedAt: string
}

export type Ran = { readonly code: number; readonly out: string; readonly err: string }

/** A folder with a demo of its own, and the program running in it as a person would run it: another process. */
export type DemoFolder = {
  readonly folder: string
  readonly site: string
  readonly sandbox: string
  /** The environment of every command of this folder. */
  readonly env: NodeJS.ProcessEnv
  /** Starts the demo and resolves when it has printed its addresses. */
  start(): Promise<void>
  /** Ctrl-C; resolves when everything has ended. */
  stop(): Promise<void>
  /** kill −9, wherever it is. */
  kill(): Promise<void>
  /** Any command of the same folder. */
  run(...args: readonly string[]): Promise<Ran>
  messages(to?: string): Promise<readonly SandboxSms[]>
  moveClock(
    body: { readonly advance: string } | { readonly set: string } | { readonly nextBusinessMorning: true },
  ): Promise<Date>
  now(): Promise<Date>
  /** Ends what runs and removes the folder. */
  remove(): Promise<void>
}

export const demoFolder = async (creditorFile?: string): Promise<DemoFolder> => {
  const folder = await mkdtemp(join(tmpdir(), 'annai-demo-'))
  const [portal, sandboxPort, consolePort] = [await freePort(), await freePort(), await freePort()]
  const env = {
    ...process.env,
    ANNAI_DATA_DIR: join(folder, 'data'),
    ANNAI_PORTAL_PORT: String(portal),
    ANNAI_SANDBOX_PORT: String(sandboxPort),
    ANNAI_CONSOLE_PORT: String(consolePort),
    ANNAI_LOG_LEVEL: 'warn',
    DATABASE_URL: '',
    ...(creditorFile && { ANNAI_CREDITOR: creditorFile }),
  }
  const sandbox = `http://127.0.0.1:${sandboxPort}`
  let child: ChildProcess | undefined
  let said = ''

  const run = (...args: readonly string[]): Promise<Ran> =>
    new Promise((resolve) => {
      execFile(annai, [...args], { env, cwd: folder, maxBuffer: 1 << 26 }, (error, out, err) =>
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, out, err }),
      )
    })
  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const options = body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
    const answer = await fetch(`${sandbox}${path}`, options || {})
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }
  const end = async (signal: NodeJS.Signals) => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  return {
    folder,
    site: `http://localhost:${portal}/v`,
    sandbox,
    env,
    run,
    async start() {
      said = ''
      const started = spawn(annai, ['demo'], { env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
      child = started
      await new Promise<void>((resolve, reject) => {
        started.stderr.setEncoding('utf8').on('data', (text: string) => {
          said += text
          if (/Sandbox +http/.test(said)) resolve()
        })
        started.once('exit', (code) => reject(new Error(`the demo ended with ${code}: ${said}`)))
      })
    },
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    messages: async (to) =>
      (await ask(`/api/messages?limit=100000${to === undefined ? '' : `&to=${to}`}`)) as readonly SandboxSms[],
    moveClock: async (body) => new Date(((await ask('/api/clock', body)) as { now: string }).now),
    now: async () => new Date(((await ask('/api/clock')) as { now: string }).now),
    async remove() {
      await end('SIGINT')
      // A killed demo leaves its database server; the next command of the folder attaches to it and stops it.
      await run('doctor')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
