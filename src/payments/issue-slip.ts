import { lockOpenCases } from '#answers'
import { writeAudit } from '#audit'
import { listOpenBills, type OpenBill } from '#bills'
import type { Creditor } from '#creditor'
import type { Chance } from '#platform/chance'
import type { Db, Transaction } from '#platform/database/database'
import { newId } from '#platform/ids'
import { assert } from '#values/assert'
import { type Day, dayInJst } from '#values/day'
import { sumYen } from '#values/yen'
import { type ConvenienceStoreOffer, convenienceStoreOffer } from './convenience-store.rules.ts'
import { type Slip, type SlipStanding, slipBillsOf, slipStanding } from './slip.rules.ts'
import { findLatestSlip, insertSlip } from './slip.store.ts'
import { writeSlipBarcode } from './slip-barcode.format.ts'
import { drawSlipNumber } from './slip-number.rules.ts'

export type IssueSlipOutcome =
  | { readonly kind: 'issued'; readonly slip: Slip }
  /** Nothing has changed since it was issued. */
  | { readonly kind: 'same'; readonly slip: Slip }
  | Exclude<ConvenienceStoreOffer, { readonly kind: 'offered' }>

export type IssuingSlip = {
  readonly customerId: string
  readonly chance: Chance
  readonly now: Date
  /** The last day on which money may come this way: a re-debit's cut-off. */
  readonly lastDay?: Day | undefined
}

/**
 * One slip for everything this customer owes today. Its amount is fixed from now on, and it is the same slip again until
 * it expires or something has been paid or billed: the fewer are out, the fewer are paid twice.
 */
export const issueSlip = async (
  tx: Transaction,
  creditor: Creditor,
  { customerId, chance, now, lastDay }: IssuingSlip,
): Promise<IssueSlipOutcome> => {
  await lockOpenCases(tx, [customerId])
  const { products } = creditor
  const today = dayInJst(now)
  const bills = await listOpenBills(tx, [customerId], products)
  const standing = slipStanding(await findLatestSlip(tx, customerId), bills, { products, today, lastDay })
  const owed = slipBillsOf(bills, products, today)
  const total = standing.kind === 'current' ? standing.slip.amount : sumYen(owed.map(({ amount }) => amount))
  const offer = convenienceStoreOffer(creditor, { total, today, lastDay })
  if (offer.kind !== 'offered') return offer
  if (standing.kind === 'current') return { kind: 'same', slip: standing.slip }
  const plan = { customerId, bills: owed, amount: total, chargeDay: today, expiresOn: offer.expiresOn, issuedAt: now }
  return { kind: 'issued', slip: await insertWithNumber(tx, creditor, plan, chance) }
}

/** The customer's latest slip and what it is worth now, for a page that only shows. `bills` may hold others' too. */
export const findSlip = async (
  db: Db,
  { products }: Creditor,
  customerId: string,
  bills: readonly OpenBill[],
  { now, lastDay }: { readonly now: Date; readonly lastDay?: Day | undefined },
): Promise<SlipStanding> => {
  const own = bills.filter((bill) => bill.customerId === customerId)
  return slipStanding(await findLatestSlip(db, customerId), own, { products, today: dayInJst(now), lastDay })
}

/** Two draws alike are rarer than anything else that can happen here; three in a row are a broken generator. */
const drawsMax = 3

const insertWithNumber = async (
  tx: Transaction,
  { convenienceStore }: Creditor,
  plan: Omit<Slip, 'id' | 'number' | 'barcode'>,
  chance: Chance,
): Promise<Slip> => {
  assert(convenienceStore !== undefined, 'a slip is issued where convenience stores take money')
  const { makerCode, padding, stampFromYen } = convenienceStore
  const { amount, expiresOn, customerId, chargeDay, issuedAt: now } = plan
  for (let draw = 0; draw < drawsMax; draw++) {
    const number = drawSlipNumber(chance, padding)
    const needsStamp = amount >= stampFromYen
    const barcode = writeSlipBarcode({ makerCode, freePart: number, reissue: 0, expiresOn, needsStamp, amount })
    const slip = { ...plan, id: newId(now), number, barcode }
    if (!(await insertSlip(tx, slip))) continue
    const facts = { slip: slip.id, amount, bills: slip.bills.length, chargeDay, expiresOn }
    await writeAudit(tx, { at: now, actor: 'customer', act: 'slip.issued', customerId, facts })
    return slip
  }
  assert(false, 'a slip finds a number that was never given')
}
