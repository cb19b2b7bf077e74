import { type Actor, writeAudit } from '#audit'
import type { Chance } from '#platform/chance'
import type { Transaction } from '#platform/database/database'
import type { ReceiptNumber } from '#values/receipt-number'
import type { RecordedOutcome } from './answer.rules.ts'
import { upsertLivePromise } from './promise.store.ts'
import { takeReceiptNumber } from './receipt-number.store.ts'
import { getAnswerId, insertVersion } from './version.store.ts'
import { insertWorkItems } from './work-item.store.ts'

/**
 * Writes down what was decided on facts that were locked in this transaction (`lockAnswerFacts`): a version in each
 * case, all under one receipt number.
 */
export const recordAnswer = async (
  tx: Transaction,
  {
    outcome,
    visitId,
    answeredBy,
    now,
    chance,
  }: {
    readonly outcome: RecordedOutcome
    readonly visitId?: string
    readonly answeredBy: Actor
    readonly now: Date
    readonly chance: Chance
  },
): Promise<{ readonly receiptNumber: ReceiptNumber }> => {
  const receiptNumber = await takeReceiptNumber(tx, chance, now)
  const { answer, promisedDay, quietUntil, details } = outcome
  for (const { customerId, caseId, lastOfferedDay, bills } of outcome.cases) {
    const answerId = await getAnswerId(tx, { customerId, caseId }, now)
    const of = { customerId, answerId, promisedDay, lastOfferedDay, quietUntil, details, receiptNumber, bills }
    const version = await insertVersion(tx, { ...of, kind: answer }, answeredBy, now)
    if (answer === 'promise' && quietUntil !== null)
      await upsertLivePromise(tx, { customerId, answerId, version, quietUntil })
    if (answer === 'consultation')
      await insertWorkItems(
        tx,
        [{ customerId, caseId, kind: 'consultation', details: { ...details, receiptNumber } }],
        now,
      )
    await writeAudit(tx, {
      at: now,
      actor: answeredBy,
      act: 'answer.recorded',
      customerId,
      facts: { answerId, version, kind: answer, promisedDay, receiptNumber, visitId },
    })
  }
  return { receiptNumber }
}
