import type { Clock } from '#platform/clock/clock'
import { type Database, type Db, inTransaction } from '#platform/database/database'
import type { Gateway } from '#platform/gateways/gateway'
import type { Vault } from '#platform/vault/vault'
import type { Phone } from '#values/phone'
import { type AfterSubmit, afterSubmit, type Lane, type PartOutcome } from './message.rules.ts'
import {
  appendEvents,
  countRequeued,
  type DueMessage,
  listTexts,
  type MessageEvent,
  markSending,
  markSent,
  purgeBodies,
  putBack,
  type ReleasedMessage,
  takeDue,
} from './outbox.store.ts'
import { bodyPlace } from './queue.store.ts'
import { submitParts } from './submit.jobs.ts'
import { textProblem } from './text.rules.ts'

/** What the rules say at the moment of sending. */
export type Release =
  | { readonly kind: 'send'; readonly validUntil?: Date; readonly facts?: object }
  | { readonly kind: 'defer'; readonly until: Date; readonly because: string; readonly facts: object }
  | { readonly kind: 'exclude'; readonly because: string; readonly facts: object }

/** Asked again in the transaction that takes the messages, so that nothing can change between the answer and the intent. */
export type DecideRelease = (tx: Db, due: readonly DueMessage[], now: Date) => Promise<ReadonlyMap<string, Release>>

export type SenderWorld = {
  readonly db: Database
  readonly vault: Vault
  readonly clock: Clock
  readonly gateway: Gateway
  readonly gatewayName: string
  /** This process's name in the log; a lock under it is held while the process lives. */
  readonly worker: string
  readonly decideRelease: DecideRelease
  readonly listPhones: (db: Db, vault: Vault, customerIds: readonly string[]) => Promise<ReadonlyMap<string, Phone>>
  /** The last check on the final bytes of a code: its domain-bound line. */
  readonly checkFinalText: (message: Pick<DueMessage, 'class'>, text: string) => string | undefined
}

/**
 * Sends what is due in one lane: takes up to `limit`, asks the rules, commits the intent, lets the bytes leave, records
 * the answers. `limit` bounds what a crash can leave doubtful.
 * @returns how many messages were taken.
 */
export const sendDue = async (w: SenderWorld, lane: Lane, limit: number): Promise<number> => {
  const taken = await inTransaction(w.db, (tx) => takeAndDecide(tx, w, lane, limit))
  if (taken.toSend.length > 0) {
    const [phones, texts, tries] = await Promise.all([
      w.listPhones(
        w.db,
        w.vault,
        taken.toSend.map(({ customerId }) => customerId),
      ),
      listTexts(w.db, taken.toSend),
      countRequeued(
        w.db,
        taken.toSend.map(({ messageId }) => messageId),
      ),
    ])
    const answers = await Promise.all(
      taken.toSend.map(async (message) => {
        const found = texts.get(message.messageId)
        const text =
          found &&
          ('text' in found ? found.text : w.vault.open(bodyPlace(message.messageId), found.sealed).toString('utf8'))
        const phone = phones.get(message.customerId)
        const outcomes = await submitMessage(w, message, phone, text)
        return { message, outcomes, after: afterSubmit(outcomes, { tries: tries.get(message.messageId) ?? 0 }) }
      }),
    )
    await inTransaction(w.db, (tx) => recordAnswers(tx, w, lane, answers))
  }
  return taken.count
}

const takeAndDecide = async (tx: Db, w: SenderWorld, lane: Lane, limit: number) => {
  const now = w.clock.now()
  const due = await takeDue(tx, lane, limit, now)
  const alive = due.filter(({ validUntil }) => validUntil === null || validUntil > now)
  const releases = alive.length > 0 ? await w.decideRelease(tx, alive, now) : new Map<string, Release>()
  const toSend: ReleasedMessage[] = []
  const events: MessageEvent[] = []
  for (const message of due) {
    const { messageId, customerId } = message
    const release = releases.get(messageId) ?? { kind: 'exclude', because: 'expired-before-sending', facts: {} }
    switch (release.kind) {
      case 'send':
        toSend.push({
          ...message,
          validUntil: release.validUntil ?? message.validUntil,
          reasons: release.facts ?? null,
        })
        break
      case 'defer':
        await putBack(tx, lane, message, release.until)
        events.push({ messageId, customerId, state: 'deferred', because: release.because, facts: release.facts })
        break
      case 'exclude':
        await purgeBodies(tx, [messageId])
        events.push({ messageId, customerId, state: 'excluded', because: release.because, facts: release.facts })
        break
    }
  }
  await appendEvents(tx, events, now)
  await markSending(tx, toSend, { worker: w.worker, gateway: w.gatewayName }, now)
  return { count: due.length, toSend }
}

const submitMessage = async (
  w: SenderWorld,
  message: DueMessage,
  phone: Phone | undefined,
  text: string | undefined,
): Promise<readonly PartOutcome[]> => {
  if (phone === undefined || text === undefined)
    return [{ kind: 'refused', retry: 'never', because: phone === undefined ? 'no-phone' : 'no-text' }]
  const problem = textProblem(text) ?? w.checkFinalText(message, text)
  if (problem !== undefined) return [{ kind: 'refused', retry: 'never', because: problem }]
  return submitParts(w.gateway, { ...message, to: phone, text })
}

type Answer = { readonly message: DueMessage; readonly outcomes: readonly PartOutcome[]; readonly after: AfterSubmit }

const recordAnswers = async (tx: Db, w: SenderWorld, lane: Lane, answers: readonly Answer[]): Promise<void> => {
  const now = w.clock.now()
  const finished: string[] = []
  const events: MessageEvent[] = []
  for (const { message, outcomes, after } of answers) {
    const { messageId, customerId } = message
    for (const [index, outcome] of outcomes.entries())
      if (outcome.kind === 'submitted')
        events.push({
          messageId,
          customerId,
          state: 'submitted',
          part: index + 1,
          gateway: w.gatewayName,
          carrierId: outcome.carrierId,
        })
    if (after.kind === 'again') {
      events.push({ messageId, customerId, state: 'requeued', because: after.because })
      await putBack(tx, lane, message, new Date(now.getTime() + after.afterMs))
    } else {
      finished.push(messageId)
      if (after.state !== 'submitted')
        events.push({ messageId, customerId, state: after.state, ...(after.because ? { because: after.because } : {}) })
    }
  }
  await appendEvents(tx, events, now)
  await markSent(
    tx,
    answers.map(({ message }) => message.messageId),
  )
  if (finished.length > 0) await purgeBodies(tx, finished)
}
