import { phoneValue } from '#customers'
import { type Database, type Db, inTransaction, type Transaction, withAdvisoryLock } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import type { Phone } from '#values/phone'
import {
  appendRetries,
  endClaim,
  endClaimWith,
  insertClaim,
  listDueStreams,
  type Retry,
  readDue,
  streamName,
} from './claim.store.ts'
import { keepNoticeTexts, listTexts, listTries, type NoticeTexts, purgeBodies } from './content.store.ts'
import { endOpenClaims } from './doubtful.store.ts'
import { bindLock, queueLock } from './lock-names.ts'
import { appendLines, type LogLine } from './log.store.ts'
import { deferralOf, delaysMs } from './message.rules.ts'
import type { Answer, Claim, ClaimedMessage, DueMessage, Outbox, Release } from './outbox.ts'
import { insertReceipts } from './receipts.store.ts'

/** Asked again in the transaction that takes the messages, so that nothing can change between the answer and the intent. */
export type DecideRelease = (tx: Db, due: readonly DueMessage[], now: Date) => Promise<ReadonlyMap<string, Release>>

export type OutboxWorld = {
  readonly db: Database
  readonly vault: Vault
  /** All that are configured: their retries are looked for. */
  readonly gateways: readonly string[]
  readonly decideRelease: DecideRelease
  readonly listPhones: (db: Db, vault: Vault, customerIds: readonly string[]) => Promise<ReadonlyMap<string, Phone>>
}

/** The log of messages in the database. */
export const openOutbox = (w: OutboxWorld): Outbox => outboxOver(w, keepNoticeTexts())

const outboxOver = (w: OutboxWorld, notices: NoticeTexts): Outbox => ({
  listDue: (lane, now) => listDueStreams(w.db, { lane, gateways: w.gateways }, now),

  async claim(stream, by, limit, now) {
    const claimed = await inTransaction(w.db, async (tx) => {
      const due = await readDue(tx, stream, by, { limit, now })
      if (due === 'fenced') return { isFenced: true, number: 0, taken: 0, toSend: [] as readonly DueMessage[] }
      const { number, toPosition, messages } = due
      if (messages.length === 0) return { isFenced: false, number, taken: 0, toSend: messages }
      const { toSend, lines, retries } = await decide(tx, w, messages, by.gateway, now)
      const messageIds = toSend.map(({ messageId }) => messageId)
      await insertClaim(tx, stream, by, { number, toPosition, messageIds, lines, retries }, now)
      return { isFenced: false, number, taken: messages.length, toSend }
    })
    const { isFenced, number, taken, toSend } = claimed
    const messages = await withContents(w, notices, toSend, stream.retry !== undefined)
    return { stream, by, number, taken, messages, isFenced }
  },

  putBack: (by, now) =>
    inTransaction(w.db, async (tx) => {
      // A claim that is still being committed shares this lock: we come after it.
      await withAdvisoryLock(tx, bindLock(by.gateway, by.bind))
      const open = await endOpenClaims(tx, by)
      const because = 'claim-unanswered'
      await appendLines(
        tx,
        open.map((message) => ({ ...message, state: 'requeued', gateway: by.gateway, because })),
        now,
      )
      const stream = streamName({ retry: { gateway: by.gateway, delay: 'moved' } })
      for (const [queueId, messages] of Map.groupBy(open, (message) => message.queueId)) {
        await withAdvisoryLock(tx, queueLock(queueId))
        await appendRetries(
          tx,
          queueId,
          messages.map(({ messageId }) => ({ stream, messageId, notBefore: now })),
        )
      }
    }),

  async record(claim, answers, now) {
    const hasRetries = answers.some(({ next }) => next.kind === 'again')
    if (claim.stream.lane === 'campaign' && !hasRetries) return endClaimWith(w.db, claim, linesOf(claim, answers), now)
    await inTransaction(w.db, (tx) => recordOneByOne(tx, claim, answers, now))
  },

  ...openReceiptStore(w),
})

/** What a process needs that only takes in receipts. */
export const openReceiptStore = ({ db, vault }: Pick<OutboxWorld, 'db' | 'vault'>): Pick<Outbox, 'keepReceipts'> => ({
  async keepReceipts(gateway, receipts, now) {
    const withPhones = receipts.map(({ to, ...receipt }) => ({
      ...receipt,
      get phoneValue() {
        return to && phoneValue(vault, to)
      },
    }))
    await insertReceipts(db, gateway, withPhones, now)
  },
})

const decide = async (tx: Db, w: OutboxWorld, due: readonly DueMessage[], gateway: string, now: Date) => {
  const alive = due.filter(({ validUntil }) => validUntil === null || validUntil > now)
  const releases = alive.length > 0 ? await w.decideRelease(tx, alive, now) : new Map<string, Release>()
  const toSend: DueMessage[] = []
  const lines: LogLine[] = []
  const retries: Retry[] = []
  for (const message of due) {
    const { messageId, customerId } = message
    const release = releases.get(messageId) ?? { kind: 'exclude', because: 'expired-before-sending', facts: {} }
    switch (release.kind) {
      case 'send':
        toSend.push({ ...message, validUntil: release.validUntil ?? message.validUntil })
        lines.push({ messageId, customerId, state: 'sending', gateway, ...(release.facts && { facts: release.facts }) })
        break
      case 'defer': {
        const { until, because, facts } = release
        retries.push({
          stream: streamName({ retry: { deferral: deferralOf(until, now) } }),
          messageId,
          notBefore: until,
        })
        lines.push({ messageId, customerId, state: 'deferred', because, facts })
        break
      }
      case 'exclude':
        await purgeBodies(tx, [messageId])
        lines.push({ messageId, customerId, state: 'excluded', because: release.because, facts: release.facts })
        break
    }
  }
  return { toSend, lines, retries }
}

const withContents = async (
  { db, vault, listPhones }: OutboxWorld,
  notices: NoticeTexts,
  messages: readonly DueMessage[],
  isRetry: boolean,
): Promise<readonly ClaimedMessage[]> => {
  if (messages.length === 0) return []
  const ids = messages.map(({ messageId }) => messageId)
  const [phones, texts, tries] = await Promise.all([
    listPhones(
      db,
      vault,
      messages.map(({ customerId }) => customerId),
    ),
    listTexts(db, vault, notices, messages),
    isRetry ? listTries(db, ids) : new Map<string, readonly string[]>(),
  ])
  return messages.map((message) => ({
    ...message,
    to: phones.get(message.customerId),
    text: texts.get(message.messageId),
    tries: tries.get(message.messageId) ?? [],
  }))
}

/** The order of retries is the queue's. What others took for abandoned is doubtful and is not tried again. */
const recordOneByOne = async (tx: Transaction, claim: Claim, answers: readonly Answer[], now: Date): Promise<void> => {
  const { queueId } = claim.stream
  await withAdvisoryLock(tx, queueLock(queueId))
  const isOurs = await endClaim(tx, claim)
  // Told again, or too late: what waits may be in somebody's hand already, and must not look as if it were not.
  const told = isOurs ? answers : answers.filter(({ next }) => next.kind === 'record')
  await appendLines(tx, linesOf(claim, told), now)
  const retries: Retry[] = []
  const ended: string[] = []
  for (const { message, next } of answers) {
    const { messageId } = message
    if (next.kind === 'record') ended.push(messageId)
    else
      retries.push({
        stream: streamName({ retry: next }),
        messageId,
        notBefore: new Date(now.getTime() + delaysMs[next.delay]),
      })
  }
  if (isOurs) await appendRetries(tx, queueId, retries)
  if (ended.length > 0) await purgeBodies(tx, ended)
}

const linesOf = ({ by: { gateway } }: Claim, answers: readonly Answer[]): readonly LogLine[] =>
  answers.flatMap(({ message: { messageId, customerId }, outcomes, parts, next }) => {
    const lines: LogLine[] = outcomes.flatMap((outcome, index) =>
      outcome.kind === 'submitted'
        ? [{ messageId, customerId, state: 'submitted', part: index + 1, parts, gateway, ...idOf(outcome) }]
        : [],
    )
    const { because, blame } = next
    const state = next.kind === 'again' ? 'requeued' : next.state
    if (state !== 'submitted')
      lines.push({ messageId, customerId, state, gateway, ...(because && { because }), ...(blame && { blame }) })
    return lines
  })

/** A carrier may give no id; receipts then name our reference. */
const idOf = ({ carrierId }: { readonly carrierId: string }): { readonly carrierId?: string } =>
  carrierId === '' ? {} : { carrierId }
