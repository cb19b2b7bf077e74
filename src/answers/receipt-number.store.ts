import type { Chance } from '#platform/chance'
import type { Db } from '#platform/database/database'
import { assert } from '#values/assert'
import { makeReceiptNumber, type ReceiptNumber } from '#values/receipt-number'

/** With nine of ten numbers given, all of a hundred tries miss once in forty thousand times. */
const triesMax = 100

/** Takes a number that was never given: eight digits of chance, so that nobody guesses another customer's, and their check digit. */
export const takeReceiptNumber = async (tx: Db, chance: Chance, now: Date): Promise<ReceiptNumber> => {
  for (let tries = 0; tries < triesMax; tries++) {
    const number = makeReceiptNumber(chance.digits(8))
    const taken = await tx
      .insertInto('receipt_numbers')
      .values({ number, given_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .returning('number')
      .executeTakeFirst()
    if (taken !== undefined) return number
  }
  assert(false, 'there are receipt numbers left')
}
