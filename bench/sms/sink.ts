import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** What came, as the carrier saw it. Times are those of `nowMs()`. */
export type SinkTally = {
  readonly submits: number
  readonly acked: number
  /** Receipts that the contestant did not take. */
  readonly refused: number
  readonly binds: number
  readonly firstMs: number
  readonly lastMs: number
  /** When submits came, and how many in that moment. */
  readonly at: readonly number[]
  readonly count: readonly number[]
}

export type SinkGlance = {
  readonly acked: number
  readonly submits: number
  readonly binds: number
  readonly atMs: number
}

export type SinkCommand =
  | { readonly kind: 'tally' }
  | { readonly kind: 'glance' }
  | { readonly kind: 'reset' }
  /** Notes when messages to numbers that begin so arrive. */
  | { readonly kind: 'watch'; readonly prefix: string }
  | { readonly kind: 'watched' }
  /** A closed sink drops every connection. */
  | { readonly kind: 'gate'; readonly open: boolean }

export type SinkReply = { readonly number: number; readonly value: unknown }

export type Sink = {
  readonly port: number
  tally(): Promise<SinkTally>
  glance(): Promise<SinkGlance>
  /** Resolves when so many receipts are acknowledged, or so many binds made; throws when nothing moves any more. */
  reach(goal: { readonly acked: number } | { readonly binds: number }): Promise<void>
  reset(): Promise<void>
  watch(prefix: string): Promise<void>
  watched(): Promise<readonly { readonly to: string; readonly atMs: number }[]>
  gate(open: boolean): Promise<void>
  close(): Promise<void>
}

/** Longer than any pause of a contestant that is still at work. */
const stillMaxMs = 60_000

async function reach(glance: () => Promise<SinkGlance>, goal: Parameters<Sink['reach']>[0]): Promise<void> {
  let last: SinkGlance | undefined
  for (;;) {
    const now = await glance()
    if ('acked' in goal ? now.acked >= goal.acked : now.binds >= goal.binds) return
    if (last === undefined || now.acked + now.submits + now.binds > last.acked + last.submits + last.binds) last = now
    else if (now.atMs - last.atMs > stillMaxMs)
      throw new Error(`Nothing comes any more: ${JSON.stringify(now)} instead of ${JSON.stringify(goal)}`)
    await sleep(20)
  }
}

/** Starts the one carrier of all contestants. `receiptWindow` receipts may be unacknowledged at once. */
export async function startSink(receiptWindow: number): Promise<Sink> {
  const child = fork('bench/sms/sink.child.ts', [String(receiptWindow)])
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const waiting = new Map<number, (value: unknown) => void>()
  let number = 0
  child.on('message', (reply: SinkReply) => {
    waiting.get(reply.number)?.(reply.value)
    waiting.delete(reply.number)
  })
  const ask = (asked: SinkCommand): Promise<unknown> =>
    new Promise((resolve) => {
      waiting.set(++number, resolve)
      child.send({ ...asked, number })
    })
  const glance = async () => (await ask({ kind: 'glance' })) as SinkGlance
  return {
    port,
    tally: async () => (await ask({ kind: 'tally' })) as SinkTally,
    glance,
    reach: (goal) => reach(glance, goal),
    reset: async () => void (await ask({ kind: 'reset' })),
    watch: async (prefix) => void (await ask({ kind: 'watch', prefix })),
    watched: async () => (await ask({ kind: 'watched' })) as readonly { to: string; atMs: number }[],
    gate: async (open) => void (await ask({ kind: 'gate', open })),
    async close() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}
