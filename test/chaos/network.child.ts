import { createInterface } from 'node:readline'
import { type ChaosProxyOptions, startChaosProxy } from '../chaos-proxy.ts'

/** The bad network as a process that can be killed. It says its port and counts on its output, and ends with its input. */
const proxy = await startChaosProxy(JSON.parse(process.argv[2] ?? '{}') as ChaosProxyOptions)
const say = () => process.stdout.write(`${JSON.stringify({ port: proxy.port, counts: proxy.counts })}\n`)
say()
setInterval(say, 200).unref()

for await (const word of createInterface({ input: process.stdin })) {
  if (word === 'cut') proxy.cutAll()
  if (word === 'calm') proxy.setChaos({})
}
say()
process.exit(0)
