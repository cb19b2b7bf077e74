import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Kannel itself, from Debian's package: bearerbox and smsbox on loopback, in front of one SMPP carrier. */
export type Kannel = {
  /** Where messages are submitted. */
  readonly url: string
  close(): Promise<void>
}

export type KannelSetup = {
  readonly carrierPort: number
  readonly username: string
  readonly password: string
}

const [bearerbox, smsbox] = ['/usr/sbin/bearerbox', '/usr/sbin/smsbox']

/**
 * @returns why there is no Kannel here, or nothing if there is. As root it is installed where apt-get can: on a fresh
 * machine nobody else does it.
 */
export function kannelIsMissing(): string | undefined {
  if (isThere()) return undefined
  if (process.getuid?.() === 0) install()
  return isThere() ? undefined : 'Kannel is not installed: apt-get install --no-install-recommends kannel'
}

const installer = 'apt-get'
const isThere = () => existsSync(bearerbox) && existsSync(smsbox)

function install(): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', 'kannel']])
    spawnSync(installer, words, { env, stdio: 'ignore', timeout: 90_000 })
}

export async function startKannel(setup: KannelSetup): Promise<Kannel> {
  const folder = mkdtempSync(join(tmpdir(), 'annai-kannel-'))
  const [admin, boxes, http] = [await freePort(), await freePort(), await freePort()]
  const file = join(folder, 'kannel.conf')
  writeFileSync(file, configuration(setup, { admin, boxes, http }))
  const started: ChildProcess[] = []
  const close = async () => {
    for (const child of started.reverse()) await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    started.push(spawn(bearerbox, ['-v', '4', file], { cwd: folder, stdio: 'ignore' }))
    await untilListening(boxes)
    started.push(spawn(smsbox, ['-v', '4', file], { cwd: folder, stdio: 'ignore' }))
    await untilListening(http)
  } catch (error) {
    await close()
    throw error
  }
  return { url: `http://127.0.0.1:${http}/cgi-bin/sendsms`, close }
}

type Ports = { readonly admin: number; readonly boxes: number; readonly http: number }

const configuration = ({ carrierPort, username, password }: KannelSetup, { admin, boxes, http }: Ports): string => `
group = core
admin-port = ${admin}
admin-interface = 127.0.0.1
admin-password = nobody-asks
smsbox-port = ${boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
box-deny-ip = "*.*.*.*"
dlr-storage = internal
sms-resend-freq = 1

group = smsc
smsc = smpp
smsc-id = sandbox
host = 127.0.0.1
port = ${carrierPort}
transceiver-mode = true
smsc-username = kannel
smsc-password = secret
system-type = ""
interface-version = 34
dest-addr-ton = 1
dest-addr-npi = 1
source-addr-autodetect = true
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${http}
sendsms-interface = 127.0.0.1
http-request-retry = 20
http-queue-delay = 1

group = sendsms-user
username = ${username}
password = ${password}
max-messages = 10
concatenation = true
`

/** Free a moment ago: Kannel does not take port 0. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await isListening(port)) return
    await pause(50)
  }
  throw new Error('Kannel does not listen.')
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** The process we started and no other; one that does not go by itself within five seconds is made to. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await gone
  clearTimeout(patience)
}
