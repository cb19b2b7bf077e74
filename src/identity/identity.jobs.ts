import { codeText, codeTextProblem, queueMessage, splitIntoParts } from '#messages'
import { inTransaction, type Transaction } from '#platform/database/database'
import { assert } from '#values/assert'
import { countForService } from './breaker.ts'
import { codePlace, type DueSend, markExpired, takeDueSends } from './challenge.store.ts'
import { deleteCountersBefore } from './counter.store.ts'
import { deleteOldHolders } from './holder.store.ts'
import { wrongRunStart } from './limits.rules.ts'
import { deleteOldSubmissions } from './submission.store.ts'
import { endOverdueVisits } from './visit.ts'
import type { IdentityWorld } from './world.ts'

/** As many as one transaction takes in hand; the next follows at once. */
const dueSendsMax = 50

/**
 * Puts the codes that were asked for into the outbox, each once: the request is taken and the message written in one
 * transaction. A decoy's request is taken too and leads to nothing. Answers how many SMS were queued.
 */
export async function queueDueCodes(world: IdentityWorld, now: Date): Promise<number> {
  let queued = 0
  for (;;) {
    const batch = await inTransaction(world.db, (tx) => queueBatch(tx, world, now))
    queued += batch.queued
    if (batch.taken < dueSendsMax) return queued
  }
}

/** Erases codes that have expired and what was typed, ends visits, and forgets what no limit asks for any more. */
export async function sweepIdentity(world: Omit<IdentityWorld, 'chance'>, now: Date): Promise<void> {
  const { db } = world
  await markExpired(db, now)
  await deleteOldHolders(db, now)
  await endOverdueVisits(world, now)
  await deleteCountersBefore(db, wrongRunStart(now))
  await deleteOldSubmissions(db, now)
}

async function queueBatch(
  tx: Transaction,
  world: IdentityWorld,
  now: Date,
): Promise<{ readonly taken: number; readonly queued: number }> {
  const due = await takeDueSends(tx, now, dueSendsMax)
  const sent = { codes: 0, sms: 0, wrong: 0 }
  for (const send of due) {
    if (!(await queueCode(tx, world, send, now))) continue
    sent.sms += 1
    sent.codes += send.isFirst ? 1 : 0
  }
  if (sent.sms > 0) await countForService(tx, world.creditor.policies, sent, now)
  return { taken: due.length, queued: sent.sms }
}

async function queueCode(
  tx: Transaction,
  { vault, creditor }: IdentityWorld,
  send: DueSend,
  now: Date,
): Promise<boolean> {
  const { challengeId, customerId, phoneValue, codeSealed, expiresAt } = send
  if (!send.isLive || customerId === null || phoneValue === null || codeSealed === null) return false
  const code = vault.open(codePlace(challengeId), codeSealed).toString()
  const text = codeText(creditor, code)
  assert(codeTextProblem(creditor, text) === undefined, 'the code text was checked when the configuration was read')
  const partCount = splitIntoParts(text).length
  const { sms: sender } = creditor.sender
  await queueMessage(
    tx,
    vault,
    { customerId, class: 'code', text, phoneValue, sender, partCount, validUntil: expiresAt },
    now,
  )
  return true
}
