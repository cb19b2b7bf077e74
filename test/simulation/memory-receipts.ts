import type { LogLine } from '../../src/messages/log.store.ts'
import type { KnownReceipt } from '../../src/messages/outbox.ts'
import type { MemoryLog } from './memory-log.ts'
import { type MessageState, stateOf } from './message-state.ts'
import { type LineRow, listOf, type MessageRow, type ReceiptRow, type Tables } from './tables.ts'

/** Receipts and doubtful notices in memory, as receipts.store.ts and doubtful.store.ts keep them in the database. */
export class MemoryReceipts {
  readonly tables: Tables
  readonly log: MemoryLog

  constructor(log: MemoryLog) {
    this.tables = log.tables
    this.log = log
  }

  keep(gateway: string, receipts: readonly KnownReceipt[], now: Date): void {
    const tied: ReceiptLine[] = []
    for (const receipt of receipts) {
      const submitted = this.submittedLine(gateway, receipt.carrierId)
      if (submitted === undefined) this.tables.receipts.push({ ...receipt, gateway, receivedAt: now })
      else tied.push(lineOf(submitted, gateway, receipt))
    }
    this.log.appendLines(tied, now)
  }

  submittedLine(gateway: string, carrierId: string): LineRow | undefined {
    return carrierId === '' ? undefined : listOf(this.tables.byCarrierId, `${gateway} ${carrierId}`).at(-1)
  }

  /** How many of those that wait found their message. */
  tie(now: Date): number {
    const before = this.tables.receipts
    if (before.length === 0) return 0
    const states = new Map<string, MessageState>()
    for (const message of this.tables.messages.values()) states.set(message.messageId, stateOf(this.tables, message))
    const tied = before.flatMap((receipt): readonly Tied[] => {
      const submitted = this.submittedLine(receipt.gateway, receipt.carrierId)
      if (submitted !== undefined) return [{ receipt, to: submitted, isAnswerLost: false }]
      const isByPhone = receipt.reference === undefined
      const candidates = this.perhapsOf(receipt, now).flatMap((to): readonly Candidate[] => {
        const state = states.get(to.messageId)
        const isInDoubt =
          state === 'unknown' || state === 'sending' || (receipt.carrierId === '' && state === 'submitted')
        return state !== undefined && (isInDoubt || isByPhone) ? [{ to, state }] : []
      })
      const [only, ...others] = candidates
      if (only === undefined || others.length > 0 || (only.state !== 'unknown' && only.state !== 'submitted')) return []
      return [{ receipt, to: { ...only.to, part: 1 }, isAnswerLost: only.state === 'unknown' }]
    })
    for (const { receipt, to, isAnswerLost } of tied) {
      const { gateway, carrierId, receivedAt } = receipt
      const { messageId } = to
      const named = carrierId === '' ? {} : { carrierId }
      const answer: LogLine = { messageId, state: 'submitted', gateway, because: 'receipt', ...named }
      this.log.appendLines([...(isAnswerLost ? [answer] : []), lineOf(to, gateway, receipt)], receivedAt)
    }
    const gone = new Set(tied.map(({ receipt }) => receipt))
    this.tables.receipts = before.filter((receipt) => !gone.has(receipt))
    return gone.size
  }

  perhapsOf({ gateway, reference, carrierId, to }: ReceiptRow, now: Date): readonly MessageRow[] {
    const since = now.getTime() - doubtfulLifeMs
    const phoneOf = ({ customerId }: MessageRow) => this.tables.customers.get(customerId)
    return [...this.tables.messages.values()].filter(
      (message) =>
        message.queuedAt.getTime() >= since &&
        listOf(this.tables.lines, message.messageId).some(
          (line) => line.state === 'sending' && line.gateway === gateway,
        ) &&
        (reference === undefined
          ? carrierId === '' && to !== undefined && phoneOf(message) === to
          : message.reference === reference && (to === undefined || phoneOf(message) === to)),
    )
  }

  /** Notices that became doubtful so long ago and were not repeated yet. */
  listDoubtful(range: { readonly before: Date; readonly notOlderThan: Date }): readonly MessageRow[] {
    const { before, notOlderThan } = range
    const repeated = new Set([...this.tables.messages.values()].map(({ repeats }) => repeats))
    return [...this.tables.messages.values()].filter(
      (message) =>
        message.class === 'notice' &&
        message.repeats === null &&
        !repeated.has(message.messageId) &&
        this.becameDoubtful(message, before, notOlderThan) &&
        stateOf(this.tables, message) === 'unknown',
    )
  }

  becameDoubtful({ messageId }: MessageRow, before: Date, notOlderThan: Date): boolean {
    return listOf(this.tables.lines, messageId).some(
      ({ state, at }) => state === 'unknown' && at <= before && at > notOlderThan,
    )
  }

  nameOfRepeat({ messageId, reference }: MessageRow): Pick<MessageRow, 'messageId' | 'reference'> {
    return { messageId: `${messageId}-again`, reference: reference ^ 0x8000 }
  }

  /** The same as `repeatDoubtfulNotices`. */
  repeatDoubtful(afterMinutes: number, now: Date): number {
    const doubtful = this.listDoubtful({
      before: new Date(now.getTime() - afterMinutes * 60_000),
      notOlderThan: new Date(now.getTime() - 24 * 3_600_000),
    })
    for (const message of doubtful) {
      const again = { ...message, ...this.nameOfRepeat(message), repeats: message.messageId, validUntil: null }
      this.log.queue({ ...again, queuedAt: now })
    }
    return doubtful.length
  }
}

/** 16 bits come round again. */
const doubtfulLifeMs = 86_400_000

type Candidate = { readonly to: MessageRow; readonly state: MessageState }

type Tied = {
  readonly receipt: ReceiptRow
  readonly to: Pick<LineRow, 'messageId' | 'part'>
  readonly isAnswerLost: boolean
}

type ReceiptLine = LogLine & { readonly raw: string }

const lineOf = (
  { messageId, part }: Pick<LineRow, 'messageId' | 'part'>,
  gateway: string,
  { state, errorCode, raw }: KnownReceipt,
): ReceiptLine => ({
  messageId,
  state: state === 'delivered' || state === 'failed' || state === 'expired' ? state : 'reported',
  part: part ?? 1,
  gateway,
  ...(errorCode !== undefined && { because: errorCode }),
  raw,
})
