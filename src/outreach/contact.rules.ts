import type { HoldReason } from '#answers'
import { type Creditor, meaningOfResult } from '#creditor'
import type { NoticesSent } from '#messages'
import { plannedRedebit, type RedebitFacts, redebitUnderWay } from '#payments'
import type { HolidayCalendar } from '#values/business-day'
import { type Day, dayInJst } from '#values/day'
import {
  type ContactHours,
  closedDay,
  closingOf,
  contactHours,
  nextAllowedInstant,
  timeOf,
} from './contact-time.rules.ts'

/** One of the case's bills, ended ones included. */
export type BillFacts = {
  readonly product: string | null
  /** 住宅ローン, 和解契約, or not to be told from one. */
  readonly isOutsideService: boolean
  readonly resultCode: string
  readonly ended: 'settled' | 'withdrawn' | null
}

export type ContactFacts = {
  readonly bills: readonly BillFacts[]
  readonly holds: readonly HoldReason[]
  /** Until this day has passed a promise is live, whichever bill it is for; a broken one is until then too. */
  readonly promiseQuietUntil: Day | null
  readonly told: { readonly kind: 'already-paid' | 'consultation'; readonly quietUntil: Day } | null
  /** The case's open bills, as the rules of re-debits ask about them; none when no re-debit is planned. */
  readonly redebits: readonly RedebitFacts[]
  readonly sent: NoticesSent
  /** What is wrong with the text that would leave. */
  readonly textProblems: readonly string[]
}

export type ContactRule =
  | 'paid'
  | 'product-excluded'
  | 'result-code'
  | 'legal-hold'
  | 'hold'
  | 'live-promise'
  | 'told-us'
  | 'redebit-planned'
  | 'cap-per-day'
  | 'cap-in-7-days'
  | 'cap-per-case'
  | 'text'
  | 'days'
  | 'hours'

/** A rule that was asked, what it saw, and what it rests on. */
export type Reason = {
  readonly rule: ContactRule
  readonly verdict: 'pass' | 'exclude' | 'defer'
  readonly facts: object
  readonly basis: string
}

export type ContactDecision =
  /** `validUntil`: a phone that is off is not rung after that day's closing hour. */
  | { readonly kind: 'send'; readonly validUntil: Date; readonly chain: readonly Reason[] }
  | { readonly kind: 'defer'; readonly until: Date; readonly because: ContactRule; readonly chain: readonly Reason[] }
  | { readonly kind: 'exclude'; readonly because: string; readonly chain: readonly Reason[] }

export type ContactPolicy = Pick<Creditor, 'policies' | 'products' | 'redebits'>

/**
 * May this customer be sent a notice now? Rules are asked in order, and asking ends with the first that excludes; the
 * hour and the day only defer.
 */
export const decideContact = (
  facts: ContactFacts,
  policy: ContactPolicy,
  calendar: HolidayCalendar,
  now: Date,
): ContactDecision => {
  const asked = { facts, policy, calendar, today: dayInJst(now), inService: billsInService(facts) }
  const chain: Reason[] = []
  const basisOf = bases(
    asked.inService.some(({ product }) => product !== null && policy.products[product]?.loan === true),
  )
  for (const [rule, ask] of rules) {
    const { because, seen } = ask(asked)
    chain.push({ rule, verdict: because === undefined ? 'pass' : 'exclude', facts: seen, basis: basisOf[rule] })
    if (because !== undefined) return { kind: 'exclude', because, chain }
  }
  return decideTime(chain, basisOf, contactHours(policy.policies), policy, calendar, now)
}

const decideTime = (
  before: readonly Reason[],
  basisOf: Readonly<Record<ContactRule, string>>,
  hours: ContactHours,
  { policies }: ContactPolicy,
  calendar: HolidayCalendar,
  now: Date,
): ContactDecision => {
  const today = dayInJst(now)
  const time = timeOf(now)
  const closed = closedDay(today, policies, calendar)
  const isOpen = hours.opens <= time && time < hours.closes
  const reason = (rule: ContactRule, passes: boolean, facts: object): Reason => ({
    rule,
    verdict: passes ? 'pass' : 'defer',
    facts,
    basis: basisOf[rule],
  })
  const chain = [
    ...before,
    reason('days', closed === undefined, { day: today, closed }),
    reason('hours', isOpen, { time: time.slice(0, 5), ...hours }),
  ]
  const deferring = chain.find(({ verdict }) => verdict === 'defer')
  if (deferring === undefined) return { kind: 'send', validUntil: closingOf(today, hours), chain }
  const until = nextAllowedInstant(now, policies, calendar)
  if (until === undefined) return { kind: 'exclude', because: deferring.rule, chain }
  return { kind: 'defer', until, because: deferring.rule, chain }
}

type Asked = {
  readonly facts: ContactFacts
  readonly policy: ContactPolicy
  readonly calendar: HolidayCalendar
  readonly today: Day
  readonly inService: readonly BillFacts[]
}

type Ask = (asked: Asked) => { readonly because?: string | undefined; readonly seen: object }

const billsInService = ({ bills }: ContactFacts) =>
  bills.filter((bill) => bill.ended === null && !bill.isOutsideService)

const rules: readonly (readonly [ContactRule, Ask])[] = [
  [
    'paid',
    ({ facts: { bills } }) => {
      const open = bills.filter(({ ended }) => ended === null).length
      const settled = bills.filter(({ ended }) => ended === 'settled').length
      return { because: open > 0 ? undefined : settled > 0 ? 'paid' : 'withdrawn', seen: { open, settled } }
    },
  ],
  [
    'product-excluded',
    ({ facts: { bills }, inService }) => ({
      because: inService.length > 0 ? undefined : 'product-excluded',
      seen: { products: [...new Set(bills.filter(({ ended }) => ended === null).map(({ product }) => product))] },
    }),
  ],
  [
    'result-code',
    ({ policy, inService }) => {
      const codes = [...new Set(inService.map(({ resultCode }) => resultCode))]
      const starts = codes.some((code) => meaningOfResult(policy.policies, code) === 'bill')
      return { because: starts ? undefined : 'result-code', seen: { codes } }
    },
  ],
  [
    'legal-hold',
    ({ facts: { holds } }) => ({
      because: holds.includes('legal') ? 'legal-hold' : undefined,
      seen: { isHeld: holds.includes('legal') },
    }),
  ],
  ['hold', ({ facts: { holds } }) => ({ because: holds[0] && `hold-${holds[0]}`, seen: { holds } })],
  [
    'live-promise',
    ({ facts: { promiseQuietUntil }, today }) => ({
      because: isQuiet(promiseQuietUntil, today) ? 'live-promise' : undefined,
      seen: { quietUntil: promiseQuietUntil },
    }),
  ],
  [
    'told-us',
    ({ facts: { told }, today }) => ({
      because: told && isQuiet(told.quietUntil, today) ? `told-${told.kind}` : undefined,
      seen: { told },
    }),
  ],
  [
    'redebit-planned',
    ({ facts: { redebits }, policy, calendar, today }) => {
      const under = redebits.flatMap((bill) => redebitUnderWay(bill, policy, calendar, today) ?? [])[0]
      const planned = redebits.flatMap((bill) => plannedRedebit(bill, policy, calendar, today) ?? [])[0]
      return { because: under && 'redebit-planned', seen: { redebit: under ?? planned ?? null } }
    },
  ],
  [
    'cap-per-day',
    ({ facts: { sent }, policy }) =>
      cap('cap-per-day', sent.today, sent.todayOnPhone, policy.policies.contact.noticesPerDay),
  ],
  [
    'cap-in-7-days',
    ({ facts: { sent }, policy }) =>
      cap('cap-in-7-days', sent.in7Days, sent.in7DaysOnPhone, policy.policies.contact.noticesIn7Days),
  ],
  [
    'cap-per-case',
    ({ facts: { sent }, policy }) => cap('cap-per-case', sent.inCase, 0, policy.policies.contact.noticesPerCase),
  ],
  [
    'text',
    ({ facts: { textProblems } }) => ({
      because: textProblems.length > 0 ? 'text' : undefined,
      seen: { problems: textProblems },
    }),
  ],
]

/** The day itself is quiet; the next one is not. */
const isQuiet = (until: Day | null, today: Day): boolean => until !== null && today <= until

/** Doubtful sends are among those sent, so a lost answer of a carrier never makes one too many. */
const cap = (rule: ContactRule, sent: number, sentToPhone: number, max: number) => ({
  because: Math.max(sent, sentToPhone) >= max ? rule : undefined,
  seen: { sent, sentToPhone, max },
})

/** The Money Lending Business Act binds loans. For sales credit the same rules are the company's own. */
const bases = (isLoan: boolean): Readonly<Record<ContactRule, string>> => {
  const act = (article: string) => (isLoan ? `貸金業法${article}` : `社内規則（貸金業法${article}に準拠）`)
  return {
    paid: '社内規則（ご入金後のご案内の停止）',
    'product-excluded': '社内規則（サービス対象外のご契約）',
    'result-code': '全銀協 振替結果コード',
    'legal-hold': act('21条1項9号'),
    hold: '社内規則（連絡停止）',
    'live-promise': act('21条1項2号'),
    'told-us': '社内規則（お客様のお申し出）',
    'redebit-planned': '社内規則（再振替との二重払いの防止）',
    'cap-per-day': '社内規則（配信回数の上限）',
    'cap-in-7-days': '社内規則（配信回数の上限）',
    'cap-per-case': '社内規則（配信回数の上限）',
    text: `${act('21条1項5号・2項')}、通信事業者の要請`,
    days: '社内規則（配信しない日）',
    hours: act('21条1項1号'),
  }
}

/** A code was asked for by the customer: only these stop it. */
export const decideCode = (
  facts: Pick<ContactFacts, 'bills' | 'holds'>,
): { readonly kind: 'send' } | { readonly kind: 'exclude'; readonly because: string } => {
  const silencing = facts.holds.find((reason) => reason === 'legal' || reason === 'death' || reason === 'wrong-number')
  if (silencing !== undefined)
    return { kind: 'exclude', because: silencing === 'legal' ? 'legal-hold' : `hold-${silencing}` }
  const hasShown = facts.bills.some(({ ended, isOutsideService }) => ended !== 'withdrawn' && !isOutsideService)
  return hasShown ? { kind: 'send' } : { kind: 'exclude', because: 'product-excluded' }
}
