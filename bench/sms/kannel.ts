import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, open, writeFile } from 'node:fs/promises'
import { Agent, createServer, get } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Contest, Contestant, OpenContestant } from './contest.ts'
import { phoneOf, sender, text } from './data.ts'

/**
 * Kannel as Debian packages it: bearerbox with its file store and receipts in PostgreSQL, one SMPP bind, smsbox in front.
 * Messages are queued over HTTP while the carrier turns it away; the clock runs from the first that leaves afterwards, so
 * that injection does not count. A message is done when its receipt has been called back.
 */
export const openKannel: OpenContestant = async (contest): Promise<Contestant> => {
  const database = new pg.Client({ connectionString: contest.databaseUrl })
  await database.connect()
  await database.query(schema)
  const ports = await freePorts(3)
  let calledBack = 0
  let allCalledBack = () => {}
  const callbacks = createServer((_, response) => {
    response.end('ok')
    if (++calledBack === contest.messages) allCalledBack()
  })
  callbacks.listen(0, '127.0.0.1')
  await once(callbacks, 'listening')
  const back = `http://127.0.0.1:${(callbacks.address() as AddressInfo).port}/?type=%d`

  await mkdir(`${contest.folder}/store`)
  const file = `${contest.folder}/kannel.conf`
  await writeFile(file, configuration(contest, ports), { mode: 0o600 })
  const bearerbox = await start(bearerboxProgram, file, contest.folder)
  await reachable(ports.smsbox)
  const smsbox = await start(smsboxProgram, file, contest.folder)
  await reachable(ports.sendsms)

  return {
    async queue() {
      const agent = new Agent({ keepAlive: true, maxSockets: 50 })
      let next = 1
      const inject = async () => {
        while (next <= contest.messages) await sendsms(agent, ports.sendsms, phoneOf(next++), back)
      }
      await Promise.all(Array.from({ length: 50 }, inject))
      agent.destroy()
    },
    drain: () =>
      new Promise((resolve) => {
        allCalledBack = resolve
      }),
    pids: [bearerbox, smsbox].flatMap(({ pid }) => pid ?? []),
    async countDelivered() {
      // Kannel deletes a receipt's row when it has come; what is left was never delivered.
      const { rows } = await database.query('select count(*) from dlr')
      return calledBack - Number(rows[0]?.count)
    },
    async close() {
      for (const box of [smsbox, bearerbox]) await end(box)
      callbacks.closeAllConnections()
      callbacks.close()
      await database.end()
    },
  }
}

const bearerboxProgram = '/usr/sbin/bearerbox'
const smsboxProgram = '/usr/sbin/smsbox'

/** Undefined if Kannel is here; otherwise what to do about it. */
export function whyNoKannel(): string | undefined {
  return existsSync(bearerboxProgram) && existsSync(smsboxProgram)
    ? undefined
    : 'Kannel is not installed here (apt-get install kannel); it is left out.'
}

/** Its index is what Kannel's manual advises; `oid` was a system column until PostgreSQL 12, and Kannel still asks for it. */
const schema = `
  create table dlr (
    oid bigserial primary key, smsc text, ts text, source text, destination text, service text, url text, mask integer,
    status integer, boxc text
  );
  create index dlr_ts on dlr (smsc, ts)`

type Ports = { readonly admin: number; readonly smsbox: number; readonly sendsms: number }

function configuration({ databaseUrl, window, folder, sinkPort }: Contest, ports: Ports): string {
  const database = new URL(databaseUrl)
  return `
group = core
admin-port = ${ports.admin}
admin-password = bench
admin-interface = 127.0.0.1
smsbox-port = ${ports.smsbox}
smsbox-interface = 127.0.0.1
log-file = ${folder}/bearerbox.log
log-level = 2
store-type = file
store-location = ${folder}/store/kannel.store
dlr-storage = pgsql

group = pgsql-connection
id = bench
host = ${database.hostname}
port = ${database.port}
username = ${database.username}
password = ${database.password}
database = ${database.pathname.slice(1)}
max-connections = 4

group = dlr-db
id = bench
table = dlr
field-smsc = smsc
field-timestamp = ts
field-source = source
field-destination = destination
field-service = service
field-url = url
field-mask = mask
field-status = status
field-boxc-id = boxc

group = smsc
smsc = smpp
smsc-id = sink
host = 127.0.0.1
port = ${sinkPort}
transceiver-mode = true
smsc-username = bench
smsc-password = bench
system-type = bench
max-pending-submits = ${window}
reconnect-delay = 1
source-addr-autodetect = true
dest-addr-ton = 1
dest-addr-npi = 1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = ${ports.smsbox}
sendsms-port = ${ports.sendsms}
sendsms-interface = 127.0.0.1
log-file = ${folder}/smsbox.log
log-level = 2

group = sendsms-user
username = bench
password = bench
default-sender = ${sender}
max-messages = 1

group = sms-service
keyword = default
text = none
`
}

function sendsms(agent: Agent, port: number, to: string, back: string): Promise<void> {
  const query = new URLSearchParams({
    username: 'bench',
    password: 'bench',
    from: sender,
    to: `+${to}`,
    charset: 'UTF-8',
    coding: '2',
    text,
    'dlr-mask': '1',
    'dlr-url': back,
  })
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, agent, path: `/cgi-bin/sendsms?${query}` }, (response) => {
      response.resume()
      response.on('end', () =>
        response.statusCode === 202 ? resolve() : reject(new Error(`sendsms said ${response.statusCode}`)),
      )
    })
    request.on('error', reject)
  })
}

async function freePorts(count: number): Promise<Ports> {
  const servers = Array.from({ length: count }, () => createTcpServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const [admin = 0, smsbox = 0, sendsms = 0] = servers.map((server) => (server.address() as AddressInfo).port)
  for (const server of servers) server.close()
  return { admin, smsbox, sendsms }
}

async function start(program: string, file: string, folder: string): Promise<ChildProcess> {
  const log = await open(`${folder}/boxes.log`, 'a')
  const child = spawn(program, ['-v', '4', file], { stdio: ['ignore', log.fd, log.fd], cwd: folder })
  await log.close()
  return child
}

async function reachable(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, '127.0.0.1')
    const isHere = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isHere) return
    await sleep(50)
  }
  throw new Error('Kannel does not come up; see boxes.log in its folder')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const killer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await ended
  clearTimeout(killer)
}
