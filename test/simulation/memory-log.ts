import type { LogLine } from '../../src/messages/log.store.ts'
import { codeQueue, type Delay, deferralOf, delaysMs, type Lane } from '../../src/messages/message.rules.ts'
import type { Answer, Claim, Claimant, ClaimedMessage, DueMessage, Release, Stream } from '../../src/messages/outbox.ts'
import { streamName } from '../../src/messages/stream.store.ts'
import { type ClaimRow, type LineRow, listOf, type MessageRow, placeOf, type Tables } from './tables.ts'

export type DecideRelease = (due: readonly DueMessage[], now: Date) => ReadonlyMap<string, Release>

export type NewClaim = {
  readonly number: number
  readonly toPosition: number
  readonly toSend: readonly DueMessage[]
  readonly lines: readonly LogLine[]
  readonly retries: readonly NewRetry[]
}
type NewRetry = { readonly stream: string; readonly messageId: string; readonly notBefore: Date }

/**
 * The log of messages in memory: each call is a transaction, alone in the world. It says what the database's store says
 * (conformance.test.ts), in the same pieces, so that a faulty one can be made of it.
 */
export class MemoryLog {
  readonly tables: Tables
  readonly decideRelease: DecideRelease
  /** Of every queue, in the order in which they are looked at. */
  readonly streams: readonly Pick<Stream, 'retry'>[]
  readonly #keys = new Map<string, readonly { readonly key: string; readonly stream: Pick<Stream, 'retry'> }[]>()

  readonly gateways: readonly string[]

  constructor(tables: Tables, gateways: readonly string[], decideRelease: DecideRelease) {
    this.tables = tables
    this.gateways = gateways
    this.decideRelease = decideRelease
    this.streams = streamsOf(gateways)
  }

  listDue(lane: Lane, now: Date): readonly Stream[] {
    const queues = lane === 'code' ? [codeQueue] : [...this.tables.campaigns.keys()].filter((id) => !this.isResting(id))
    return queues.flatMap((queueId) =>
      this.#lookedAt(queueId).flatMap(({ key, stream }) =>
        this.#isDue(queueId, key, stream, now) ? [{ queueId, lane, ...stream }] : [],
      ),
    )
  }

  #isDue(queueId: string, key: string, { retry }: Pick<Stream, 'retry'>, now: Date): boolean {
    const waiting = retry === undefined ? this.tables.queues.get(queueId) : this.tables.retries.get(key)
    if (waiting === undefined) return false
    const head = this.tables.claims.get(key)?.at(-1)?.toPosition ?? 0
    const next = waiting.findLast(({ position }, at) => position > head && (waiting[at - 1]?.position ?? 0) <= head)
    return next !== undefined && (!('notBefore' in next) || next.notBefore <= now)
  }

  /** The names of a queue's streams are asked for all the time. */
  #lookedAt(queueId: string): readonly { readonly key: string; readonly stream: Pick<Stream, 'retry'> }[] {
    const known = this.#keys.get(queueId)
    if (known !== undefined) return known
    const made = this.streams.map((stream) => ({ key: keyOf(queueId, streamName(stream)), stream }))
    this.#keys.set(queueId, made)
    return made
  }

  claim(stream: Stream, by: Claimant, limit: number, now: Date): Claim {
    if (!this.holdsLease(by)) return { stream, by, number: 0, taken: 0, messages: [], isFenced: true }
    this.doubtOpenClaim(by, now)
    const { number, toPosition, messages } = this.readDue(stream, limit, now)
    if (messages.length === 0) return { stream, by, number, taken: 0, messages: [], isFenced: false }
    const decided = this.decide(messages, by.gateway, now)
    this.insertClaim(stream, by, { number, toPosition, ...decided }, now)
    const taken = messages.length
    return { stream, by, number, taken, messages: this.withContents(decided.toSend), isFenced: false }
  }

  holdsLease(by: Claimant): boolean {
    const lease = this.tables.leases.get(placeOf(by))
    return lease?.worker === by.worker && lease.epoch === by.epoch
  }

  readDue(stream: Stream, limit: number, now: Date) {
    const name = streamName(stream)
    const head = this.headOf(stream.queueId, name)
    const number = head.number + 1
    if (this.isResting(stream.queueId)) return { number, toPosition: head.toPosition, messages: [] }
    const rows = stream.retry
      ? this.readRetries(stream.queueId, name, head.toPosition, limit, now)
      : after(listOf(this.tables.queues, stream.queueId), head.toPosition, limit).map((message) => ({
          position: message.position,
          message,
        }))
    const toPosition = rows.at(-1)?.position ?? head.toPosition
    return { number, toPosition, messages: rows.map(({ message }) => message) }
  }

  headOf(queueId: string, stream: string): Pick<ClaimRow, 'number' | 'toPosition'> {
    return listOf(this.tables.claims, keyOf(queueId, stream)).at(-1) ?? { number: 0, toPosition: 0 }
  }

  isResting(queueId: string): boolean {
    return (listOf(this.tables.controls, queueId).at(-1) ?? 'resumed') !== 'resumed'
  }

  private readRetries(queueId: string, stream: string, from: number, limit: number, now: Date) {
    const rows = after(listOf(this.tables.retries, keyOf(queueId, stream)), from, limit)
    const notDue = rows.findIndex(({ notBefore }) => notBefore > now)
    return (notDue === -1 ? rows : rows.slice(0, notDue)).flatMap(({ position, messageId }) => {
      const message = this.tables.messages.get(messageId)
      return message === undefined ? [] : [{ position, message }]
    })
  }

  decide(due: readonly DueMessage[], gateway: string, now: Date): Omit<NewClaim, 'number' | 'toPosition'> {
    const alive = due.filter(({ validUntil }) => validUntil === null || validUntil > now)
    const releases = alive.length > 0 ? this.decideRelease(alive, now) : new Map<string, Release>()
    const toSend: DueMessage[] = []
    const lines: LogLine[] = []
    const retries: NewRetry[] = []
    for (const message of due) {
      const { messageId } = message
      const release = releases.get(messageId) ?? { kind: 'exclude', because: 'expired-before-sending', facts: {} }
      switch (release.kind) {
        case 'send':
          toSend.push({ ...message, validUntil: release.validUntil ?? message.validUntil })
          lines.push({ messageId, state: 'sending', gateway })
          break
        case 'defer':
          retries.push({ stream: deferralOf(release.until, now), messageId, notBefore: release.until })
          lines.push({ messageId, state: 'deferred', because: release.because })
          break
        case 'exclude':
          this.tables.texts.delete(messageId)
          lines.push({ messageId, state: 'excluded', because: release.because })
          break
      }
    }
    return { toSend, lines, retries }
  }

  insertClaim({ queueId, ...of }: Stream, { worker, slot }: Claimant, claim: NewClaim, now: Date): void {
    const stream = streamName(of)
    const key = keyOf(queueId, stream)
    const { number, toPosition } = claim
    const row: ClaimRow = {
      queueId,
      key,
      number,
      toPosition,
      worker,
      messageIds: claim.toSend.map(({ messageId }) => messageId),
    }
    listOf(this.tables.claims, key).push(row)
    const slots = this.tables.slots.get(worker) ?? new Map<string, ClaimRow[]>()
    this.tables.slots.set(worker, slots)
    listOf(slots, slot).push(row)
    if (claim.toSend.length === 0) this.tables.claimEnds.add(endOf(key, number))
    this.appendRetries(queueId, claim.retries)
    this.appendLines(claim.lines, now)
  }

  withContents(messages: readonly DueMessage[]): readonly ClaimedMessage[] {
    return messages.map((message) => {
      const { messageId, customerId, campaignId } = message
      const requeued = listOf(this.tables.lines, messageId).filter(({ state }) => state === 'requeued')
      return {
        ...message,
        to: this.tables.customers.get(customerId),
        text: campaignId === null ? this.tables.texts.get(messageId) : this.tables.campaigns.get(campaignId)?.text,
        tries: requeued.map(({ gateway = '' }) => gateway),
      }
    })
  }

  record(claim: Claim, answers: readonly Answer[], now: Date): void {
    const isOurs = this.endClaim(claim)
    this.appendLines(this.linesToRecord(claim, answers, isOurs), now)
    for (const { message, next } of answers) {
      const { messageId } = message
      if (next.kind === 'record') {
        if (message.campaignId === null) this.tables.texts.delete(messageId)
      } else if (isOurs) {
        const notBefore = new Date(now.getTime() + delaysMs[next.delay])
        this.appendRetries(claim.stream.queueId, [{ stream: streamName({ retry: next }), messageId, notBefore }])
      }
    }
  }

  advance(claim: Claim, answers: readonly Answer[], limit: number, now: Date): Claim {
    this.record(claim, answers, now)
    return this.claim(claim.stream, claim.by, limit, now)
  }

  /** Who was thought dead, or has said so before, tells what came of it; nothing is put back twice. */
  linesToRecord(claim: Claim, answers: readonly Answer[], isOurs: boolean): readonly LogLine[] {
    return linesOf(claim, isOurs ? answers : answers.filter(({ next }) => next.kind === 'record'))
  }

  /** Whether it was still open. */
  endClaim({ stream, number }: Pick<Claim, 'stream' | 'number'>): boolean {
    const end = endOf(keyOf(stream.queueId, streamName(stream)), number)
    const isOpen = !this.tables.claimEnds.has(end)
    this.tables.claimEnds.add(end)
    return isOpen
  }

  /** A claim of this slot that was never answered for: its messages may have left. */
  doubtOpenClaim({ worker, slot }: Claimant, now: Date): void {
    const last = this.tables.slots.get(worker)?.get(slot)?.at(-1)
    if (last !== undefined && !this.tables.claimEnds.has(endOf(last.key, last.number)))
      this.markDoubtful(this.endOpenClaims(worker, slot), 'answer-lost', now)
  }

  /** After a claim whose answer was lost: no byte has left, so its messages wait again. */
  putBack({ worker, slot, gateway }: Claimant, now: Date): void {
    const stream = streamName({ retry: { gateway, delay: 'moved' } })
    for (const { queueId, messageIds } of this.endOpenClaims(worker, slot)) {
      const because = 'claim-unanswered'
      this.appendLines(
        messageIds.map((messageId) => ({ messageId, state: 'requeued', gateway, because })),
        now,
      )
      this.appendRetries(
        queueId,
        messageIds.map((messageId) => ({ stream, messageId, notBefore: now })),
      )
    }
  }

  /** What a worker that is given up has in hand is doubtful. How many messages. */
  abandonClaims(worker: string, now: Date): number {
    return this.markDoubtful(this.endOpenClaims(worker), 'worker-died', now)
  }

  /** Ends what a worker, or a slot of it, has open. */
  endOpenClaims(worker: string, slot?: string): readonly ClaimRow[] {
    const ofSlots = [...(this.tables.slots.get(worker) ?? [])].filter(([name]) => slot === undefined || name === slot)
    const open = ofSlots.flatMap(([, rows]) =>
      rows.slice(-claimsLookedAt).filter(({ key, number }) => !this.tables.claimEnds.has(endOf(key, number))),
    )
    for (const { key, number } of open) this.tables.claimEnds.add(endOf(key, number))
    return open
  }

  private markDoubtful(claims: readonly ClaimRow[], because: string, now: Date): number {
    const messageIds = claims.flatMap((claim) => claim.messageIds)
    this.appendLines(
      messageIds.map((messageId) => ({ messageId, state: 'unknown', because })),
      now,
    )
    return messageIds.length
  }

  appendRetries(queueId: string, retries: readonly NewRetry[]): void {
    for (const { stream, ...row } of retries)
      listOf(this.tables.retries, keyOf(queueId, stream)).push({ ...row, position: ++this.tables.position })
  }

  appendLines(lines: readonly (LogLine & { readonly raw?: string })[], now: Date): void {
    for (const line of lines) {
      const row: LineRow = { ...line, number: ++this.tables.serial, at: now }
      this.tables.written.push(row)
      listOf(this.tables.lines, line.messageId).push(row)
      if (line.state === 'submitted' && line.carrierId !== undefined)
        listOf(this.tables.byCarrierId, `${line.gateway} ${line.carrierId}`).push(row)
    }
  }

  queue(message: Omit<MessageRow, 'position'>): void {
    const row = { ...message, position: ++this.tables.position }
    this.tables.messages.set(row.messageId, row)
    listOf(this.tables.queues, row.queueId).push(row)
  }
}

/** The newest of each slot; a commit whose answer was lost comes to light late. */
const claimsLookedAt = 3

const delays = Object.keys(delaysMs) as readonly Delay[]

const streamsOf = (gateways: readonly string[]): readonly Pick<Stream, 'retry'>[] => {
  const retries = gateways.flatMap((gateway) => delays.map((delay) => ({ retry: { gateway, delay } })))
  const deferrals = [{ retry: { deferral: 'deferred-soon' } }, { retry: { deferral: 'deferred' } }] as const
  return [...retries, ...deferrals, {}].sort((one, other) => (streamName(one) < streamName(other) ? 1 : -1))
}

const keyOf = (queueId: string, stream: string): string => `${queueId} ${stream}`
const endOf = (key: string, number: number): string => `${key} ${number}`

const after = <Row extends { readonly position: number }>(rows: readonly Row[], from: number, limit: number) => {
  const at = rows.findIndex(({ position }) => position > from)
  return at === -1 ? [] : rows.slice(at, at + limit)
}

export const linesOf = ({ by: { gateway } }: Claim, answers: readonly Answer[]): readonly LogLine[] =>
  answers.flatMap(({ message: { messageId }, outcomes, parts, next }) => {
    const lines: LogLine[] = outcomes.flatMap((outcome, index) =>
      outcome.kind === 'submitted'
        ? [{ messageId, state: 'submitted', part: index + 1, parts, gateway, ...idOf(outcome) }]
        : [],
    )
    const state = next.kind === 'again' ? 'requeued' : next.state
    const { because } = next
    if (state !== 'submitted') lines.push({ messageId, state, gateway, ...(because && { because }) })
    return lines
  })

const idOf = ({ carrierId }: { readonly carrierId: string }): { readonly carrierId?: string } =>
  carrierId === '' ? {} : { carrierId }
