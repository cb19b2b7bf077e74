import { phoneValue } from '#customers'
import {
  type Database,
  type Db,
  inPipeline,
  inTransaction,
  type Pipeline,
  takingLock,
  withAdvisoryLock,
} from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import type { Phone } from '#values/phone'
import { appendRetries, claiming, ending, type Outcome, type Retry } from './claim.store.ts'
import { keepNoticeTexts, listTexts, listTries, type NoticeTexts, purgeBodies } from './content.store.ts'
import { endOpenClaims } from './doubtful.store.ts'
import { lockFor, readDue } from './due.store.ts'
import { bindLock, queueLock } from './lock-names.ts'
import { appendLines, type LogLine } from './log.store.ts'
import { deferralOf, delaysMs } from './message.rules.ts'
import type { Answer, Claim, Claimant, ClaimedMessage, DueMessage, Outbox, Release, Stream } from './outbox.ts'
import { insertReceipts } from './receipts.store.ts'
import { listDueStreams, streamName } from './stream.store.ts'
import { keepTakenIds, type TakenIds, takenWhole } from './taken-ids.ts'

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
export const openOutbox = (w: OutboxWorld): Outbox => outboxOver(w, keepNoticeTexts(), keepTakenIds())

const outboxOver = (w: OutboxWorld, notices: NoticeTexts, taken: TakenIds): Outbox => ({
  listDue: (lane, now) => listDueStreams(w.db, { lane, gateways: w.gateways }, now),

  claim: async (stream, by, limit, now) =>
    opened(
      await inPipeline(w.db, (pipeline) => {
        pipeline.send(lockFor(stream, by))
        return takeLocked(w, notices, pipeline, { stream, by, limit, now })
      }),
    ),

  async advance(claim, answers, limit, now) {
    const { stream, by } = claim
    const next = await inPipeline(w.db, async (pipeline) => {
      pipeline.send(lockFor(stream, by))
      pipeline.send(ending(claim, by.gateway, outcomeOf(claim, answers, now), now))
      return takeLocked(w, notices, pipeline, { stream, by, limit, now })
    })
    taken.remember(claim, answers)
    return opened(next)
  },

  putBack: (by, now) =>
    inTransaction(w.db, async (tx) => {
      // A claim that is still being committed shares this lock: we come after it.
      await withAdvisoryLock(tx, bindLock(by.gateway, by.bind))
      const open = await endOpenClaims(tx, by)
      const because = 'claim-unanswered'
      await appendLines(
        tx,
        open.map(({ messageId }) => ({ messageId, state: 'requeued', gateway: by.gateway, because })),
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
    const outcome = outcomeOf(claim, answers, now)
    const statement = ending(claim, claim.by.gateway, outcome, now)
    if (outcome.retries.length === 0) await statement.execute(w.db)
    else
      await inPipeline(w.db, async ({ last }) => {
        // The order of retries is the queue's.
        last(takingLock(queueLock(claim.stream.queueId)))
        last(statement)
      })
    taken.remember(claim, answers)
  },

  ...openReceiptStore(w, taken),
})

/** What a process needs that only takes in receipts. */
export const openReceiptStore = (
  { db, vault }: Pick<OutboxWorld, 'db' | 'vault'>,
  taken?: TakenIds,
): Pick<Outbox, 'keepReceipts'> => ({
  async keepReceipts(gateway, receipts, now) {
    const withPhones = receipts.map(({ to, ...receipt }) => ({
      ...receipt,
      get phoneValue() {
        return to && phoneValue(vault, to)
      },
    }))
    await insertReceipts(db, gateway, withPhones, now, (carrierId) => taken?.find(gateway, carrierId))
  },
})

type Taking = { readonly stream: Stream; readonly by: Claimant; readonly limit: number; readonly now: Date }

/** With the locks in hand. */
const takeLocked = async (
  w: OutboxWorld,
  notices: NoticeTexts,
  pipeline: Pipeline,
  { stream, by, limit, now }: Taking,
): Promise<Taken> => {
  const due = await readDue(pipeline, stream, by, { limit, now })
  const nothing = { stream, by, number: 0, taken: 0, isFenced: due === 'fenced', contents: Promise.resolve([]) }
  if (due === 'fenced') return nothing
  const { number, toPosition } = due
  if (due.messages.length === 0) return { ...nothing, number }
  const { toSend, facts, lines, retries, purge } = await decide(pipeline.tx, w, due.messages, now)
  if (purge.length > 0) await purgeBodies(pipeline.tx, purge)
  const sent = toSend.map(({ messageId }, at) => ({ messageId, ...(facts[at] && { facts: facts[at] }) }))
  pipeline.last(claiming(stream, by, { number, toPosition, sent, lines, retries }, now))
  // Not waited for here, so that the questions leave together with the commit.
  const contents = withContents(w, notices, pipeline.tx, toSend, stream.retry !== undefined)
  contents.catch(() => {})
  return { ...nothing, number, taken: due.messages.length, contents }
}

type Taken = Omit<Claim, 'messages'> & { readonly contents: Promise<readonly ClaimedMessage[]> }

const opened = async ({ contents, ...claim }: Taken): Promise<Claim> => ({ ...claim, messages: await contents })

const decide = async (tx: Db, w: OutboxWorld, due: readonly DueMessage[], now: Date) => {
  const alive = due.filter(({ validUntil }) => validUntil === null || validUntil > now)
  const releases = alive.length > 0 ? await w.decideRelease(tx, alive, now) : new Map<string, Release>()
  const toSend: DueMessage[] = []
  const facts: (object | undefined)[] = []
  const lines: LogLine[] = []
  const retries: Retry[] = []
  const purge: string[] = []
  for (const message of due) {
    const { messageId } = message
    const release = releases.get(messageId) ?? { kind: 'exclude', because: 'expired-before-sending', facts: {} }
    switch (release.kind) {
      case 'send': {
        const { validUntil = message.validUntil } = release
        toSend.push(validUntil === message.validUntil ? message : { ...message, validUntil })
        facts.push(release.facts)
        break
      }
      case 'defer': {
        const { until, because } = release
        retries.push({
          stream: streamName({ retry: { deferral: deferralOf(until, now) } }),
          messageId,
          notBefore: until,
        })
        lines.push({ messageId, state: 'deferred', because, facts: release.facts })
        break
      }
      case 'exclude':
        if (message.campaignId === null) purge.push(messageId)
        lines.push({ messageId, state: 'excluded', because: release.because, facts: release.facts })
        break
    }
  }
  return { toSend, facts, lines, retries, purge }
}

const withContents = async (
  { vault, listPhones }: OutboxWorld,
  notices: NoticeTexts,
  db: Db,
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
    isRetry ? listTries(db, ids) : noTries,
  ])
  return messages.map((message) => ({
    ...message,
    to: phones.get(message.customerId),
    text: texts.get(message.messageId),
    tries: tries.get(message.messageId) ?? [],
  }))
}

const noTries: ReadonlyMap<string, readonly string[]> = new Map()

/** What is written down of these answers. */
const outcomeOf = ({ by: { gateway }, stream, messages }: Claim, answers: readonly Answer[], now: Date): Outcome => {
  const taken = new Map<string, string>()
  const lines: LogLine[] = []
  const ownLines: LogLine[] = []
  const retries: Retry[] = []
  const purge: string[] = []
  for (const answer of answers) {
    const { message, next } = answer
    const { messageId } = message
    const carrierId = stream.retry === undefined ? takenWhole(answer) : undefined
    if (carrierId !== undefined) taken.set(messageId, carrierId)
    else (next.kind === 'again' ? ownLines : lines).push(...linesOf(gateway, answer))
    if (next.kind === 'again') {
      const notBefore = new Date(now.getTime() + delaysMs[next.delay])
      retries.push({ stream: streamName({ retry: next }), messageId, notBefore })
    } else if (message.campaignId === null) purge.push(messageId)
  }
  const carrierIds = messages.map(({ messageId }) => taken.get(messageId) ?? null)
  return { carrierIds, lines, ownLines, retries, purge }
}

const linesOf = (gateway: string, { message: { messageId }, outcomes, parts, next }: Answer): readonly LogLine[] => {
  const lines: LogLine[] = outcomes.flatMap((outcome, index) =>
    outcome.kind === 'submitted'
      ? [{ messageId, state: 'submitted', part: index + 1, parts, gateway, ...idOf(outcome) }]
      : [],
  )
  const { because, blame } = next
  const state = next.kind === 'again' ? 'requeued' : next.state
  if (state !== 'submitted')
    lines.push({ messageId, state, gateway, ...(because && { because }), ...(blame && { blame }) })
  return lines
}

/** A carrier may give no id; receipts then name our reference. */
const idOf = ({ carrierId }: { readonly carrierId: string }): { readonly carrierId?: string } =>
  carrierId === '' ? {} : { carrierId }
