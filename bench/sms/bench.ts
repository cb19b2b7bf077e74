import { parseArgs } from 'node:util'
import { measureLatency } from './latency.ts'
import { measureRates } from './rate.ts'
import { machine, type Options } from './report.ts'
import { measureWithSnapshot } from './snapshot.ts'
import { openStage, type Stage } from './stage.ts'
import { compareThroughput, contestants } from './throughput.ts'

/**
 * Each prints a table for docs/benchmarks.md.
 * - `npm run bench:sms -- --messages 50000 --window 100 --rounds 5 --kannel-messages 5000`: everybody sends the same
 *   messages to the same carrier on the same PostgreSQL, in turns.
 * - `npm run bench:sms -- latency --messages 200000 --codes 1000`: a code, idle and during a campaign that lasts longer.
 * - `npm run bench:sms -- rate --seconds 60`: two nodes share a contracted rate.
 * - `npm run bench:sms -- snapshot --messages 5000000 --minutes 10`: a campaign under an old snapshot.
 */
const modes: Readonly<Record<string, (stage: Stage, options: Options) => Promise<string>>> = {
  throughput: compareThroughput,
  latency: measureLatency,
  rate: measureRates,
  snapshot: measureWithSnapshot,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    messages: { type: 'string', default: '50000' },
    window: { type: 'string', default: '100' },
    chunk: { type: 'string' },
    claims: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    minutes: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '60' },
    codes: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '1000000' },
    'kannel-messages': { type: 'string' },
    only: { type: 'string', default: contestants.join() },
    'receipt-window': { type: 'string', default: '200' },
  },
})
const window = Number(values.window)
const options: Options = {
  messages: Number(values.messages),
  window,
  chunk: Number(values.chunk ?? window / Number(values.claims)),
  claims: Number(values.claims),
  rounds: Number(values.rounds),
  minutes: Number(values.minutes),
  seconds: Number(values.seconds),
  codes: Number(values.codes),
  ratePerSecond: Number(values.rate),
  kannelMessages: Number(values['kannel-messages'] ?? values.messages),
  only: values.only.split(','),
}
const mode = modes[positionals[0] ?? 'throughput']
if (mode === undefined) throw new Error(`There are: ${Object.keys(modes).join(', ')}`)

const stage = await openStage({ receiptWindow: Number(values['receipt-window']) })
// Ctrl-C leaves neither a server nor a folder behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stage.close().finally(() => process.exit(1)))
try {
  process.stdout.write(`${await machine()} Window ${window}.\n`)
  process.stdout.write(await mode(stage, options))
} finally {
  await stage.close()
}
