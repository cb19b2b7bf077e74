import type { LeaseRow } from '../../src/messages/lease-book.ts'
import type { LogLine } from '../../src/messages/log.store.ts'
import type { Answer, Claim, Stream } from '../../src/messages/outbox.ts'
import { streamName } from '../../src/messages/stream.store.ts'
import type { Memory } from './client.ts'
import { MemoryLeases } from './memory-leases.ts'
import { linesOf, MemoryLog } from './memory-log.ts'
import { MemoryReceipts } from './memory-receipts.ts'
import { stateOf } from './message-state.ts'
import type { Invariant } from './referee.ts'
import { type LineRow, listOf, type MessageRow, placeOf } from './tables.ts'
import type { Fault, Plan } from './weather.ts'
import type { PlantedBug } from './world.ts'

export type NamedBug = {
  readonly name: string
  readonly caughtBy: Invariant
  readonly bug: () => PlantedBug
  /** What has to happen for it to show is rare: its histories have more of that. */
  readonly weather?: (plan: Plan) => Plan
}

/** Bugs that somebody could make, each with what notices it. */
export const bugs: readonly [NamedBug, ...NamedBug[]] = [
  {
    name: 'a claim moves the cursor in one transaction and writes its intent in the next',
    caughtBy: 'nothing is lost',
    bug: () => ({
      outbox: inTwoSteps((real, { call }, { log }) => ({
        ...real,
        async claim(stream, by, limit, now) {
          const due = await call(() => {
            if (!log.holdsLease(by)) return undefined
            const read = log.readDue(stream, limit, now)
            if (read.messages.length > 0)
              log.insertClaim(stream, by, { ...read, toSend: [], lines: [], retries: [] }, now)
            return read
          })
          const nothing: Claim = { stream, by, number: 0, taken: 0, messages: [], isFenced: due === undefined }
          if (due === undefined || due.messages.length === 0) return nothing
          return call(() => {
            const decided = log.decide(due.messages, by.gateway, now)
            const { number } = log.headOf(stream.queueId, streamName(stream))
            log.insertClaim(stream, by, { number: number + 1, toPosition: due.toPosition, ...decided }, now)
            const messages = log.withContents(decided.toSend)
            return { ...nothing, number: number + 1, taken: due.messages.length, messages }
          })
        },
      })),
    }),
  },
  {
    name: 'the intent is written after the bytes have left',
    caughtBy: 'intent comes before bytes',
    bug: () => ({
      outbox: inTwoSteps((real, { call }, { log }) => ({
        ...real,
        claim: (stream, by, limit, now) =>
          call(() => {
            const { number, messages } = log.readDue(stream, limit, now)
            return { stream, by, number, taken: messages.length, messages: log.withContents(messages), isFenced: false }
          }),
      })),
    }),
  },
  {
    name: 'what a dead worker had in hand is queued again',
    caughtBy: 'no message is accepted twice',
    bug: () =>
      withLog(
        class extends MemoryLog {
          override abandonClaims(worker: string, now: Date): number {
            const open = this.endOpenClaims(worker)
            for (const { queueId, messageIds } of open) putBackIn(this, queueId, messageIds, now)
            return open.length
          }
        },
      ),
  },
  {
    name: 'a receipt that comes before the answer is dropped',
    caughtBy: 'every receipt is kept',
    bug: () =>
      withReceipts(
        class extends MemoryReceipts {
          override keep(...[gateway, receipts, now]: Parameters<MemoryReceipts['keep']>): void {
            const known = receipts.filter(({ carrierId }) => this.submittedLine(gateway, carrierId) !== undefined)
            super.keep(gateway, known, now)
          }
        },
      ),
  },
  {
    name: 'a receipt is acknowledged before it is kept',
    caughtBy: 'every receipt is kept',
    bug: () => ({
      outbox: (real) => ({
        ...real,
        async keepReceipts(...args) {
          real.keepReceipts(...args).catch(() => {})
        },
      }),
    }),
  },
  {
    name: 'receipts are tied by the carrier’s id alone, whichever carrier it is',
    caughtBy: 'log and carrier agree',
    bug: () =>
      withReceipts(
        class extends MemoryReceipts {
          override submittedLine(gateway: string, carrierId: string): LineRow | undefined {
            const other = gateway === 'north' ? 'south' : 'north'
            return super.submittedLine(gateway, carrierId) ?? super.submittedLine(other, carrierId)
          }
        },
      ),
  },
  {
    name: 'a claim does not look at the epoch',
    caughtBy: 'one worker on a bind',
    bug: () =>
      withLog(
        class extends MemoryLog {
          override holdsLease(): boolean {
            return true
          }
        },
      ),
  },
  {
    name: 'nobody looks at his lease before he submits',
    caughtBy: 'one worker on a bind',
    bug: () => ({ bind: (bind) => ({ ...bind, mayAct: () => true }) }),
  },
  {
    name: 'a lease is taken although it has beaten since it was looked at',
    caughtBy: 'one worker on a bind',
    weather: withMore((node) => [
      { atMs: 4_000, kind: 'pause', node, forMs: 6_500, when: 'at once' },
      { atMs: 4_000, kind: 'pause', node: node + 1, forMs: 2_000, when: 'settle' },
    ]),
    bug: () =>
      withLeases(
        class extends MemoryLeases {
          override take(seen: Omit<LeaseRow, 'isBound'>, worker: string): number | undefined {
            const { beat = 0 } = this.tables.leases.get(placeOf(seen)) ?? {}
            return super.take({ ...seen, beat }, worker)
          }
        },
      ),
  },
  {
    name: 'a worker whose lock is free counts as dead at once',
    caughtBy: 'one worker on a bind',
    // Who is cut off can only send what he has in hand, and that must be much.
    weather: (plan) => ({
      ...withMore((node) =>
        [3_000, 8_000, 13_000, 18_000].map((atMs) => ({ atMs, kind: 'cut-off', node, forMs: 4_000, when: 'at once' })),
      )(plan),
      campaigns: plan.campaigns.map((campaign) => ({ ...campaign, notices: 30, parts: 2 })),
      windowMax: 12,
    }),
    bug: () => ({ isGone: (worker, { locks }) => !locks.has(worker) }),
  },
  {
    name: 'a claim that was ended by others is tried again all the same',
    caughtBy: 'no message is accepted twice',
    bug: () =>
      withLog(
        class extends MemoryLog {
          override endClaim(claim: Pick<Claim, 'stream' | 'number'>): boolean {
            super.endClaim(claim)
            return true
          }
        },
      ),
  },
  {
    name: 'an answer that is told twice puts its message back twice',
    caughtBy: 'a state never goes back',
    weather: withMore((node) =>
      [2_000, 6_000, 10_000, 14_000].flatMap((atMs): readonly Fault[] => [
        { atMs, kind: 'spell', gateway: 0, spell: 'throttling', forMs: 2_000 },
        { atMs, kind: 'cut-off', node, forMs: 3_000, when: 'record' },
      ]),
    ),
    bug: () =>
      withLog(
        class extends MemoryLog {
          override linesToRecord(claim: Claim, answers: readonly Answer[]): readonly LogLine[] {
            return linesOf(claim, answers)
          }
        },
      ),
  },
  {
    name: 'the end of a claim is forgotten',
    caughtBy: 'a state never goes back',
    bug: () =>
      withLog(
        class extends MemoryLog {
          override endClaim(): boolean {
            return true
          }
        },
      ),
  },
  {
    name: 'a claim whose answer was lost is left alone',
    caughtBy: 'nothing is lost',
    bug: () =>
      withLog(
        class extends MemoryLog {
          override putBack(): void {}
        },
      ),
  },
  {
    name: 'after a lost answer what was sent is put back with what was not',
    caughtBy: 'no message is accepted twice',
    bug: () => ({
      outbox: (real, _, { log }) => ({
        ...real,
        async advance(claim, answers, limit, now) {
          return real.advance(claim, answers, limit, now).catch((error: unknown) => {
            log.putBack(claim.by, now)
            throw error
          })
        },
      }),
    }),
  },
  {
    name: 'what a carrier was not ready for is not kept',
    caughtBy: 'nothing is lost',
    bug: () =>
      withLog(
        class extends MemoryLog {
          override appendRetries(): void {}
        },
      ),
  },
  {
    name: 'a doubtful code is repeated',
    caughtBy: 'a notice is repeated only when doubtful',
    bug: () =>
      withReceipts(
        class extends MemoryReceipts {
          override listDoubtful(since: { readonly before: Date; readonly notOlderThan: Date }): readonly MessageRow[] {
            const codes = [...this.tables.messages.values()].filter(
              (message) =>
                message.class === 'code' && message.repeats === null && stateOf(this.tables, message) === 'unknown',
            )
            return [...super.listDoubtful(since), ...codes.filter(({ messageId }) => !isRepeated(this, messageId))]
          }
        },
      ),
  },
  {
    name: 'a doubtful notice is repeated at once',
    caughtBy: 'a notice is repeated only when doubtful',
    bug: () =>
      withReceipts(
        class extends MemoryReceipts {
          override repeatDoubtful(_: number, now: Date): number {
            return super.repeatDoubtful(0, now)
          }
        },
      ),
  },
  {
    name: 'who takes a bind over begins its second anew',
    caughtBy: 'the rate holds',
    bug: () => ({ pace: (options) => ({ ...options, startAfterMs: 0 }) }),
  },
  {
    name: 'each bind uses the whole rate of its gateway',
    caughtBy: 'the rate holds',
    bug: () => ({ pace: (options, { ratePerSecond }) => ({ ...options, perSecond: ratePerSecond }) }),
  },
  {
    name: 'a pause is seen by who looks for work, not by who takes it',
    caughtBy: 'a pause holds',
    bug: () =>
      withLog(
        class extends MemoryLog {
          override readDue(stream: Stream, limit: number, now: Date) {
            const acts = listOf(this.tables.controls, stream.queueId)
            const said = acts.splice(0)
            const due = super.readDue(stream, limit, now)
            acts.push(...said)
            return due
          }
        },
      ),
  },
  {
    name: 'the end of a message’s time is forgotten on the way to the carrier',
    caughtBy: 'nothing leaves too late',
    bug: () => ({
      outbox: inTwoSteps((real) => ({
        ...real,
        async claim(...args) {
          const claim = await real.claim(...args)
          return { ...claim, messages: claim.messages.map((message) => ({ ...message, validUntil: null })) }
        },
      })),
    }),
  },
]

/** A claim that is faulty when it is the first of a stream is so when it follows another. */
function inTwoSteps(plant: NonNullable<PlantedBug['outbox']>): NonNullable<PlantedBug['outbox']> {
  return (...world) => {
    const faulty = plant(...world)
    return {
      ...faulty,
      async advance(claim, answers, limit, now) {
        await faulty.record(claim, answers, now)
        return faulty.claim(claim.stream, claim.by, limit, now)
      },
    }
  }
}

function withMore(faultsOf: (node: number) => readonly Fault[]): (plan: Plan) => Plan {
  return (plan) => {
    const more = faultsOf(plan.codes.length % plan.nodes.length)
    return { ...plan, faults: [...plan.faults, ...more].toSorted((one, other) => one.atMs - other.atMs) }
  }
}

const withLog = (Faulty: typeof MemoryLog): PlantedBug => ({
  memory({ log: { tables, gateways, decideRelease } }): Memory {
    const log = new Faulty(tables, gateways, decideRelease)
    return { log, leases: new MemoryLeases(log), receipts: new MemoryReceipts(log) }
  },
})

const withLeases = (Faulty: typeof MemoryLeases): PlantedBug => ({
  memory: (real) => ({ ...real, leases: new Faulty(real.log) }),
})

const withReceipts = (Faulty: typeof MemoryReceipts): PlantedBug => ({
  memory: (real) => ({ ...real, receipts: new Faulty(real.log) }),
})

const putBackIn = (log: MemoryLog, queueId: string, messageIds: readonly string[], now: Date): void => {
  const stream = streamName({ retry: { deferral: 'deferred-soon' } })
  log.appendLines(
    messageIds.map((messageId) => ({ messageId, state: 'requeued' })),
    now,
  )
  log.appendRetries(
    queueId,
    messageIds.map((messageId) => ({ stream, messageId, notBefore: now })),
  )
}

const isRepeated = ({ tables }: MemoryReceipts, messageId: string): boolean =>
  [...tables.messages.values()].some(({ repeats }) => repeats === messageId)
