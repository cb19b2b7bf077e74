import { parseArgs } from 'node:util'
import { machine, type Options } from './report.ts'
import { openStage, type Stage } from './stage.ts'
import { compareThroughput, contestants } from './throughput.ts'

/**
 * `npm run bench:sms -- --messages 50000 --window 100 --rounds 5`: everybody sends the same messages to the same
 * carrier on the same PostgreSQL, in turns. Prints a table for docs/benchmarks.md.
 */
const modes: Readonly<Record<string, (stage: Stage, options: Options) => Promise<string>>> = {
  throughput: compareThroughput,
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
  only: values.only.split(','),
}
const mode = modes[positionals[0] ?? 'throughput']
if (mode === undefined) throw new Error(`There are: ${Object.keys(modes).join(', ')}`)

const stage = await openStage({ receiptWindow: Number(values['receipt-window']) })
try {
  const { messages, rounds, chunk, claims } = options
  process.stdout.write(
    `${messages.toLocaleString('en')} messages, window ${window}, ${claims} claims of ${chunk}, ${rounds} rounds in turns.\n${await machine()}\n\n`,
  )
  process.stdout.write(await mode(stage, options))
} finally {
  await stage.close()
}
