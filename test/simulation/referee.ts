import type { HeldBind } from '#messages'
import type { OutgoingPart } from '#platform/gateways/gateway'
import { codeQueue } from '../../src/messages/message.rules.ts'
import type { Claim } from '../../src/messages/outbox.ts'
import type { Accepted, Carrier } from './carrier.ts'
import { countStates, type MessageState, stateOf } from './message-state.ts'
import { type LineRow, listOf, type MessageRow, placeOf, type Tables } from './tables.ts'
import type { GatewayPlan } from './worker.ts'

/** What must hold in every history, by the name that a failure has. */
export type Invariant =
  | 'nothing is lost'
  | 'no message is accepted twice'
  | 'a notice is repeated only when doubtful'
  | 'doubt has a cause'
  | 'every receipt is kept'
  | 'log and carrier agree'
  | 'one worker on a bind'
  | 'the rate holds'
  | 'a pause holds'
  | 'nothing leaves too late'
  | 'a state never goes back'
  | 'the line adds up'
  | 'intent comes before bytes'
  | 'no bug shows'

export type Violation = { readonly invariant: Invariant; readonly sentence: string }

/** Watches everything from outside, sees all clocks and the database at once, and stops the history at the first wrong. */
export type Referee = {
  violation(): Violation | undefined
  violate(invariant: Invariant, sentence: string): void
  /** Bytes leave a node at this moment. */
  departed(held: HeldBind, part: OutgoingPart, nodeNow: Date): void
  /** The database has given a worker messages into its hand. */
  claimed(claim: Claim): void
  /** The database has committed something. */
  committed(): void
  /** Something happened that can leave this many binds' windows doubtful. */
  disturbed(binds: number): void
  /** Whether every message has come to its end. */
  isStill(): boolean
  /** What is not at its end, and why. */
  unfinished(): readonly string[]
  judgeTheEnd(): void
}

export const openReferee = (w: {
  readonly tables: Tables
  readonly carriers: readonly Carrier[]
  readonly gateways: readonly GatewayPlan[]
  readonly windowMax: number
  readonly nowMs: () => number
  /** A second by the fastest of the clocks. */
  readonly secondMs: number
}): Referee => {
  const { tables, carriers, windowMax } = w
  let violation: Violation | undefined
  let disturbances = 0
  let read = 0
  let controls = 0
  const states = new Map<string, MessageState>()
  /** Until when each may leave, as it was said when it was taken. */
  const times = new Map<string, Date | null>()
  const departures = new Map<string, number[]>()

  const violate = (invariant: Invariant, sentence: string): void => {
    violation ??= { invariant, sentence }
  }
  const messages = () => [...tables.messages.values()]
  const linesOf = (messageId: string): readonly LineRow[] => listOf(tables.lines, messageId)

  const lookAt = (message: MessageRow): void => {
    const before = states.get(message.messageId) ?? 'queued'
    const after = stateOf(tables, message)
    if (before === after) return
    states.set(message.messageId, after)
    if (!mayFollow[before].includes(after))
      violate('a state never goes back', `${message.messageId} went from ${before} to ${after}`)
  }

  const countInWindow = (gateway: string): number => {
    const times = departures.get(gateway) ?? []
    departures.set(gateway, times)
    const now = w.nowMs()
    times.push(now)
    while ((times[0] ?? now) <= now - w.secondMs) times.shift()
    return times.length
  }

  const accepted = (): readonly Accepted[] => carriers.flatMap((carrier) => carrier.accepted())

  const judgeReceipts = (): void => {
    const waiting = new Set(tables.receipts.map(({ raw }) => raw))
    const lines = new Map<string, LineRow>()
    for (const line of tables.written) if (line.raw !== undefined) lines.set(line.raw, line)
    for (const { receipt, of, isAcknowledged } of carriers.flatMap((carrier) => carrier.receipts())) {
      const line = lines.get(receipt.raw)
      if (isAcknowledged && line === undefined && !waiting.has(receipt.raw))
        violate('every receipt is kept', `"${receipt.raw}" was acknowledged and is nowhere`)
      if (line !== undefined && (of === undefined || line.messageId !== of.messageId))
        violate(
          'log and carrier agree',
          `"${receipt.raw}" speaks of ${of?.messageId} and is a line of ${line.messageId}`,
        )
      if (of === undefined || !isAcknowledged) continue
      const isKnown = linesOf(of.messageId).some(
        ({ state, carrierId, gateway }) =>
          state === 'submitted' && of.carrierId !== '' && carrierId === of.carrierId && gateway === of.gateway,
      )
      if (isKnown && line === undefined)
        violate('every receipt is kept', `"${receipt.raw}" never became a line of ${of.messageId}`)
    }
  }

  const judgeMessage = (message: MessageRow, parts: readonly Accepted[]): void => {
    const { messageId, repeats } = message
    const state = stateOf(tables, message)
    const lines = linesOf(messageId)
    if (parts.length > 0 && ['queued', 'deferred', 'excluded', 'refused'].includes(state))
      violate('log and carrier agree', `${messageId} is ${state}, and a carrier accepted it`)
    for (const line of lines) {
      if (line.state !== 'submitted' || line.because === 'receipt') continue
      if (!parts.some(({ carrierId, gateway }) => carrierId === (line.carrierId ?? '') && gateway === line.gateway))
        violate('log and carrier agree', `${messageId} is submitted, and ${line.gateway} never accepted it`)
    }
    if (repeats !== null) judgeRepeat(message, repeats)
  }

  const judgeRepeat = (message: MessageRow, repeats: string): void => {
    const doubtfulSince = linesOf(repeats)
      .find(({ state }) => state === 'unknown')
      ?.at.getTime()
    const waited = doubtfulSince !== undefined && message.queuedAt.getTime() - doubtfulSince >= repeatAfterMs
    const repeatsOfIt = messages().filter((other) => other.repeats === repeats)
    if (message.class !== 'notice' || !waited || repeatsOfIt.length > 1)
      violate('a notice is repeated only when doubtful', `${message.messageId} was queued although it must not`)
  }

  return {
    violation: () => violation,
    violate,
    departed(held, part, nodeNow) {
      const { messageId = '' } = part
      const validUntil = times.get(messageId)
      const lease = tables.leases.get(placeOf(held))
      if (lease?.worker !== held.worker || lease.epoch !== held.epoch)
        violate(
          'one worker on a bind',
          `${messageId} left over ${placeOf(held)} under epoch ${held.epoch} of ${lease?.epoch}`,
        )
      const plan = w.gateways.find(({ name }) => name === held.gateway)
      const count = countInWindow(held.gateway)
      if (count > (plan?.ratePerSecond ?? 0))
        violate('the rate holds', `${count} parts left to ${held.gateway} in a second`)
      if (validUntil && validUntil <= nodeNow) violate('nothing leaves too late', `${messageId} left after its time`)
      const claimed = linesOf(messageId).findLast(({ state }) => state === 'sending' || state === 'requeued')
      if (claimed?.state !== 'sending') violate('intent comes before bytes', `${messageId} left without an intent`)
    },
    claimed({ by, messages: taken }) {
      const lease = tables.leases.get(placeOf(by))
      if (taken.length > 0 && (lease?.worker !== by.worker || lease.epoch !== by.epoch))
        violate('one worker on a bind', `${taken[0]?.messageId} was taken under a lease that somebody else has`)
      for (const { messageId, validUntil } of taken) times.set(messageId, validUntil)
    },
    committed() {
      const controlled = [...tables.controls.values()].reduce((sum, acts) => sum + acts.length, 0)
      if (read === tables.written.length && controls === controlled) return
      controls = controlled
      for (; read < tables.written.length; read++) {
        const line = tables.written[read]
        const message = tables.messages.get(line?.messageId ?? '')
        if (line === undefined || message === undefined) continue
        lookAt(message)
        const control = listOf(tables.controls, message.queueId).at(-1) ?? 'resumed'
        if (line.state === 'sending' && control !== 'resumed')
          violate('a pause holds', `${line.messageId} was taken from a queue that is ${control}`)
      }
      for (const campaignId of tables.campaigns.keys()) {
        const { target, sent, excluded, failed, unsent } = countStates(tables, campaignId)
        if (target !== sent + excluded + failed + unsent)
          violate('the line adds up', `${target} ≠ ${sent} + ${excluded} + ${failed} + ${unsent} in ${campaignId}`)
      }
    },
    disturbed(binds) {
      disturbances += binds
    },
    isStill: () => messages().every((message) => isAtItsEnd(stateOf(tables, message))),
    unfinished: () =>
      messages()
        .filter((message) => !isAtItsEnd(stateOf(tables, message)))
        .map((message) => `${message.messageId} is ${stateOf(tables, message)}`),
    judgeTheEnd() {
      const byMessage = Map.groupBy(accepted(), ({ messageId }) => messageId)
      for (const [messageId, parts] of byMessage)
        if (new Set(parts.map(({ part }) => part)).size < parts.length)
          violate('no message is accepted twice', `${messageId} was accepted ${parts.length} times`)
      for (const message of messages()) judgeMessage(message, byMessage.get(message.messageId) ?? [])
      judgeReceipts()
      const doubtful = new Set(
        tables.written.flatMap(({ state, because, messageId }) =>
          state === 'unknown' && because !== 'partly-sent' ? [messageId] : [],
        ),
      )
      if (doubtful.size > disturbances * windowMax)
        violate('doubt has a cause', `${doubtful.size} are doubtful after ${disturbances} windows' worth of trouble`)
      const codes = listOf(tables.queues, codeQueue)
      if (codes.some(({ repeats }) => repeats !== null))
        violate('a notice is repeated only when doubtful', 'a code was repeated')
    },
  }
}

const repeatAfterMs = 15 * 60_000

const isAtItsEnd = (state: MessageState): boolean => state !== 'queued' && state !== 'deferred' && state !== 'sending'

/** A carrier may correct itself, and a late answer may settle a doubt; what is known is never forgotten. */
const mayFollow: Readonly<Record<MessageState, readonly MessageState[]>> = {
  queued: ['deferred', 'excluded', 'sending'],
  deferred: ['queued', 'excluded', 'sending'],
  sending: ['queued', 'deferred', 'excluded', 'submitted', 'refused', 'unknown', 'delivered', 'failed', 'expired'],
  unknown: ['submitted', 'refused', 'delivered', 'failed', 'expired'],
  submitted: ['delivered', 'failed', 'expired'],
  failed: ['delivered'],
  expired: ['delivered', 'failed'],
  refused: [],
  delivered: [],
  excluded: [],
}
