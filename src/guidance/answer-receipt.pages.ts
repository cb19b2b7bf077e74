import { getPhone, phoneValue } from '#customers'
import { queueMessage, receiptText, splitIntoParts } from '#messages'
import type { Transaction } from '#platform/database/database'
import { assert } from '#values/assert'
import type { GuidanceWorld } from './world.ts'

/** A receipt that comes later only puzzles: the customer is looking at it on the screen. */
const receiptLifeMinutes = 10

/** Queues the SMS of an answer's number, where the creditor has it switched on: at once, at the customer's own act. */
export const queueReceipt = async (
  tx: Transaction,
  { vault, creditor }: GuidanceWorld,
  customerIds: readonly string[],
  receiptNumber: string,
  now: Date,
): Promise<void> => {
  const [customerId] = customerIds
  assert(customerId !== undefined, 'a visit is somebody’s')
  const phone = await getPhone(tx, vault, customerId)
  const text = receiptText(creditor, receiptNumber.replace(/^(\d{3})(\d{3})(\d{3})$/, '$1-$2-$3'))
  await queueMessage(
    tx,
    vault,
    {
      customerId,
      class: 'receipt',
      text,
      phoneValue: phoneValue(vault, phone),
      sender: creditor.sender.sms,
      partCount: splitIntoParts(text).length,
      validUntil: new Date(now.getTime() + receiptLifeMinutes * 60_000),
    },
    now,
  )
}
