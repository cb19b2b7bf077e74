import { getAnswerFacts, type HoldReason, type KeptPromise, listHolds, listPromisesOf, pendingPromises } from '#answers'
import { amountOn, type OpenBill } from '#bills'
import {
  getCustomerKey,
  type KnownCustomer,
  listContracts,
  listCustomersByPhoneValue,
  listKnownCustomers,
} from '#customers'
import { type ScreenNow, screenNow } from '#guidance'
import { getIdentityStanding, type IdentityStanding } from '#identity'
import { type KeptHold, listKeptHolds, type NextContact, nextContact } from '#outreach'
import {
  type AccountsToPay,
  findTransferAccounts,
  listRedebitFacts,
  type PlannedRedebit,
  plannedRedebit,
} from '#payments'
import type { CustomerKey } from '#platform/vault/vault'
import { type Day, dayInJst } from '#values/day'
import { sumYen, type Yen } from '#values/yen'
import { type CaseNote, listNotes } from './case-note.store.ts'
import type { ContactWish } from './contact-wish.rules.ts'
import { findWish } from './contact-wish.store.ts'
import { type CaseHead, findLatestCase, listDebitResults, type RedebitResult } from './customer-file.store.ts'
import type { ConsoleWorld } from './desk.ts'
import { type Contradiction, contradictions } from './note-days.rules.ts'
import type { Operator } from './operator.ts'
import type { RevealField } from './reveal.rules.ts'
import { findReveals } from './reveal.store.ts'
import { findLastNotice, type LastNotice } from './timeline.store.ts'

/** Who a page is about, and what of them this operator may see in clear. */
export type Somebody = {
  readonly customer: KnownCustomer
  readonly contractNumbers: readonly string[]
  readonly revealed: ReadonlySet<RevealField>
}

export type ShownBill = {
  readonly bill: OpenBill
  readonly product: string
  readonly today: ReturnType<typeof amountOn>
  /** When it is paid by the promised day. */
  readonly byPromise: Yen | undefined
}

/** Everything that has to be in sight while somebody is on the line. */
export type CustomerFile = Somebody & {
  readonly key: CustomerKey
  readonly latestCase: CaseHead | undefined
  readonly holds: readonly HoldReason[]
  readonly keptHolds: readonly KeptHold[]
  readonly pendingPromise: KeptPromise | undefined
  readonly promises: readonly KeptPromise[]
  readonly bills: readonly ShownBill[]
  readonly totalToday: Yen
  readonly totalByPromise: Yen | undefined
  readonly contact: NextContact | undefined
  readonly account: AccountsToPay | undefined
  readonly redebits: readonly PlannedRedebit[]
  readonly debitResults: readonly RedebitResult[]
  readonly screen: ScreenNow
  readonly wish: ContactWish | undefined
  readonly identity: IdentityStanding
  readonly lastNotice: LastNotice | undefined
  readonly notes: readonly CaseNote[]
  /** What notes say of another day than the promised one. */
  readonly contradictions: readonly (Contradiction & { readonly note: CaseNote })[]
  /** Other customers with the same number: one person, a family, or a number that changed hands. */
  readonly sharers: readonly KnownCustomer[]
}

type Asking = { readonly operator: Pick<Operator, 'sessionId'>; readonly now: Date }

/** Undefined when there is no such customer. */
export const findSomebody = async (
  { db, vault }: Pick<ConsoleWorld, 'db' | 'vault'>,
  customerId: string,
  { operator, now }: Asking,
): Promise<Somebody | undefined> => {
  const [customer] = await listKnownCustomers(db, vault, [customerId])
  if (customer === undefined) return undefined
  const contracts = await listContracts(db, [customerId])
  return {
    customer,
    contractNumbers: contracts.map(({ contractNumber }) => contractNumber),
    revealed: await findReveals(db, { customerId, sessionId: operator.sessionId }, now),
  }
}

/** Everything of a customer that stands on their page. */
export const openFile = async (w: ConsoleWorld, somebody: Somebody, now: Date): Promise<CustomerFile> => {
  const { db, vault, creditor, holidays } = w
  const { customer } = somebody
  const { id } = customer
  const today = dayInJst(now)
  const key = await getCustomerKey(db, vault, id)
  const facts = await getAnswerFacts(db, [id], creditor.products)
  const latestCase = await findLatestCase(db, id)
  const promises = await listPromisesOf(db, id)
  const pendingDay = pendingPromises(facts)[0]?.day
  const pendingPromise = promises.find(({ state, day }) => state === 'pending' && day === pendingDay)
  const bills = facts.bills.map((bill): ShownBill => shownBill(bill, w, today, pendingPromise?.day))
  const redebitFacts = await listRedebitFacts(db, [id], creditor)
  const notes = await listNotes(db, key, id)
  const sharerIds = (await listCustomersByPhoneValue(db, customer.phoneValue)).filter((other) => other !== id)
  return {
    ...somebody,
    key,
    latestCase,
    holds: (await listHolds(db, [id])).map(({ reason }) => reason),
    keptHolds: await listKeptHolds(db, id, key),
    pendingPromise,
    promises,
    bills,
    totalToday: sumYen(bills.map((bill) => bill.today.total)),
    totalByPromise: pendingPromise && sumYen(bills.map((bill) => bill.byPromise ?? bill.today.total)),
    contact:
      latestCase?.closedAt === null
        ? await nextContact(db, w, { customerId: id, caseId: latestCase.id, phoneValue: customer.phoneValue }, now)
        : undefined,
    account: (await findTransferAccounts(db, creditor, [id]))[0],
    redebits: redebitFacts.flatMap((bill) => plannedRedebit(bill, creditor, holidays, today) ?? []),
    debitResults: await listDebitResults(db, id),
    screen: await screenNow(w, id, now),
    wish: await findWish(db, id),
    identity: await getIdentityStanding(db, w, customer, now),
    lastNotice: await findLastNotice(db, id),
    notes,
    contradictions: contradictionsIn(notes, pendingPromise),
    sharers: await listKnownCustomers(db, vault, sharerIds),
  }
}

const shownBill = (
  bill: OpenBill,
  { creditor }: Pick<ConsoleWorld, 'creditor'>,
  today: Day,
  promisedDay: Day | undefined,
): ShownBill => ({
  bill,
  product: creditor.products[bill.product ?? '']?.name ?? '（契約不明）',
  today: amountOn(bill, creditor.products, today),
  byPromise: promisedDay && amountOn(bill, creditor.products, promisedDay > today ? promisedDay : today).total,
})

const contradictionsIn = (notes: readonly CaseNote[], promise: KeptPromise | undefined) =>
  notes.flatMap((note) =>
    contradictions(
      { text: note.text, writtenOn: dayInJst(note.writtenAt) },
      promise && { day: promise.day, promisedOn: dayInJst(promise.promisedAt) },
    ).map((found) => ({ ...found, note })),
  )
