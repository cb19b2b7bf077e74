import { createServer, type IncomingMessage } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { startCarrier } from '../src/sandbox/carrier.ts'
import type { CarrierMood } from '../src/sandbox/carrier-intake.ts'
import { fairWeather, impossibleIn, type Weather } from '../src/sandbox/carrier-weather.rules.ts'
import { openCarrierJournal } from './carrier-process.journal.ts'
import type { CarrierReport, CarrierSetup } from './carrier-process.ts'

/**
 * The carrier as a process of its own, told by its first argument (JSON) what to be and over HTTP on loopback what to
 * do. It says on its output where it listens, and ends with its input: nobody leaves it behind.
 */
const { journal: file, clockOffsetMs = 0, ...options } = JSON.parse(process.argv[2] ?? '{}') as CarrierSetup
/** The journal remembers everything; the phones need not. */
const messagesMax = 10_000
let offsetMs = clockOffsetMs
const now = () => new Date(Date.now() + offsetMs)
const journal = await openCarrierJournal(file)
const carrier = await startCarrier({ runId: `c${process.pid.toString(36)}-`, messagesMax, ...options, now, journal })
// A stall of this process makes submits arrive late and together: whoever judges a rate must know of it.
const stalls = monitorEventLoopDelay({ resolution: 5 })
stalls.enable()

const answers: Readonly<Record<string, (asked: unknown) => unknown>> = {
  'GET /counts': (): CarrierReport => ({ ...carrier.counts(), stallMaxMs: stalls.max / 1e6 }),
  'GET /arrivals': () =>
    carrier.arrivals().map((bind) => ({ ...bind, monotonicMs: [...bind.monotonicMs], atMs: [...bind.atMs] })),
  'GET /weather': () => carrier.weather,
  'POST /weather': (asked) => {
    const weather = asked as Partial<Weather>
    const because = impossibleIn({ ...fairWeather, ...weather })
    if (because !== undefined) throw new Error(because)
    carrier.setWeather(weather)
  },
  'POST /mood': (asked) => carrier.setMood((asked as { readonly mood: CarrierMood }).mood),
  'POST /cut': () => carrier.cutConnections(),
  'POST /clock': async (asked) => {
    offsetMs = new Date((asked as { readonly to: string }).to).getTime() - Date.now()
    await carrier.runDue(now())
  },
}

const control = createServer((request, response) => {
  answer(request).then(
    (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? null)),
    (error: unknown) => response.writeHead(400).end(String(error)),
  )
})
control.listen(0, '127.0.0.1', () => {
  const address = control.address()
  const controlPort = typeof address === 'object' && address !== null ? address.port : 0
  process.stdout.write(`${JSON.stringify({ port: carrier.port, controlPort })}\n`)
})

process.stdin.resume().once('end', () => void leave())

async function answer(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const act = answers[`${request.method} ${request.url}`]
  if (act === undefined) throw new Error(`there is no ${request.method} ${request.url}`)
  return act(chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString()))
}

async function leave(): Promise<void> {
  await carrier.close()
  await journal.close()
  process.exit(0)
}
