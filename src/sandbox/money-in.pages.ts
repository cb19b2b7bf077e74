import { listOpenBills, totalOn } from '#bills'
import { findCustomerByNumber } from '#customers'
import { type IntakeWorld, importDeposits } from '#intake'
import { findTransferAccounts, readSlipBarcode } from '#payments'
import type { Clock } from '#platform/clock/clock'
import type { Reply, Route } from '#platform/http/http'
import { bytesSource } from '#platform/source'
import { textEncoder } from '#platform/text/encode'
import { dayInJst, timeInJst, toRfc3339Jst } from '#values/day'
import { bankNotice } from './bank-notice.format.ts'
import { fieldsOf, json, refused } from './replies.pages.ts'
import type { NamedPerson } from './sample.ts'
import { storeReport } from './store-report.format.ts'
import { listPayableSlips } from './till.store.ts'

export type MoneyInWorld = IntakeWorld & { readonly clock: Clock; readonly people: readonly NamedPerson[] }

/** The sandbox's convenience store and its bank: each payment is a file, taken in at once as an agent's or a bank's would be. */
export const moneyInRoutes = (w: MoneyInWorld): readonly Route[] => [
  { kind: 'program', method: 'GET', path: '/api/slips', who: 'demo', answer: () => listSlips(w) },
  { kind: 'program', method: 'POST', path: '/api/store', who: 'demo', answer: ({ body }) => payAtStore(w, body) },
  { kind: 'program', method: 'POST', path: '/api/transfer', who: 'demo', answer: ({ body }) => transfer(w, body) },
]

const slipsMax = 20

const listSlips = async ({ db, clock }: MoneyInWorld): Promise<Reply> =>
  json(await listPayableSlips(db, dayInJst(clock.now()), slipsMax))

/** The till reads a barcode; the agent's 速報 comes at once. */
const payAtStore = async (w: MoneyInWorld, body: unknown): Promise<Reply> => {
  const { barcode } = fieldsOf(body)
  const slip = typeof barcode === 'string' ? readSlipBarcode(barcode) : undefined
  if (slip === undefined) return refused('send { "barcode": the 44 digits }')
  const now = w.clock.now()
  if (slip.expiresOn !== null && slip.expiresOn < dayInJst(now)) return refused('this slip has expired')
  const file = storeReport([{ kind: '速報', at: now, slipNumber: slip.freePart, amount: slip.amount }])
  return takeIn(w, `store-${compact(now)}.csv`, file, now)
}

/** A transfer from the person's own bank to the account they are shown: what is owed today, or another amount. */
const transfer = async (w: MoneyInWorld, body: unknown): Promise<Reply> => {
  const { customerNumber, amount } = fieldsOf(body)
  const person = w.people.find((known) => known.customerNumber === customerNumber)
  const customer = person && (await findCustomerByNumber(w.db, person.customerNumber))
  if (person === undefined || customer === undefined) return refused('customerNumber must be that of a sample person')
  const now = w.clock.now()
  const today = dayInJst(now)
  const owed = totalOn(await listOpenBills(w.db, [customer.id], w.creditor.products), w.creditor.products, today)
  const yen = amount ?? owed
  if (typeof yen !== 'number' || !Number.isInteger(yen) || yen < 1 || yen > transferMaxYen)
    return refused(`amount must be 1 to ${transferMaxYen}; nothing is owed today`)
  const [pays] = await findTransferAccounts(w.db, w.creditor, [customer.id])
  const account = pays?.kind === 'own' ? pays.account : pays?.accounts[0]
  if (account === undefined) return refused('there is no account to pay to')
  const payer = `${person.family} ${person.given}`
  const file = bankNotice(account, [{ inquiryNumber: inquiryNumberAt(now), onDay: today, amount: yen, payer }])
  return takeIn(w, `bank-${compact(now)}.txt`, file, now)
}

const transferMaxYen = 9_999_999_999

const takeIn = async (w: MoneyInWorld, name: string, file: string, now: Date): Promise<Reply> => {
  const outcome = await importDeposits(w, bytesSource(name, textEncoder('cp932')(file)), {
    by: 'cli:sandbox',
    now,
    received: dayInJst(now),
  })
  return json({ file: name, outcome: outcome.kind })
}

/** A bank numbers what comes in; to have no two alike, a second of the day is told once. */
const inquiryNumberAt = (now: Date): number => {
  const { hour, minute, second } = timeInJst(now)
  return (hour * 60 + minute) * 60 + second
}

const compact = (now: Date): string => toRfc3339Jst(now).slice(0, 19).replace(/\D/g, '')
