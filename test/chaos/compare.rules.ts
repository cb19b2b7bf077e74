import { maskId } from '../../src/values/mask.ts'

/**
 * Do our log and the carrier agree, message by message? The carrier's record is the truth about what left; the log must
 * never claim more, and never know less than it was told.
 */
export const compare = (run: RunRecord): Comparison => {
  const ledger = matchUp(run)
  const violations = checks.flatMap(({ check, find }) => find(ledger).map((found) => ({ check, ...found })))
  return { violations, figures: figuresOf(ledger), takenOf: ledger.takenOf }
}

export type RunRecord = {
  readonly log: readonly LoggedMessage[]
  /** The ids of receipts that no message is known for. */
  readonly waitingReceipts: ReadonlySet<string>
  readonly carrier: CarrierRecord
  readonly noticeText: string
  /** Every customer of the campaign by number. */
  readonly planned: readonly string[]
  readonly codes: readonly FedCode[]
  /** 対象 = 送信 + 除外 + 失敗 + 未送信, as the program prints it. */
  readonly line: Line
  /** `off` also where a carrier that died took receipts with it. */
  readonly receipts: 'on' | 'off'
  /** How many messages all kills, cuts, sleeps and time-outs together may have left doubtful. */
  readonly doubtfulMax: number
}

export type LoggedMessage = {
  readonly id: string
  readonly class: 'notice' | 'code' | 'receipt'
  /** The customer's number; the run gives each a phone of their own. */
  readonly customer: string
  readonly repeats: string | null
  readonly state: string
  /** In the order of the log: those that say how it went. */
  readonly lines: readonly LoggedLine[]
}
export type LoggedLine = {
  readonly state: string
  readonly carrierId: string | null
  readonly because: string | null
}

export type CarrierRecord = {
  readonly taken: readonly Taken[]
  /** Receipts for ids that nobody was given, of which the carrier was told that they were received. */
  readonly acknowledgedStrays: ReadonlySet<string>
}
export type Taken = {
  readonly id: string
  readonly customer: string
  readonly text: string
  readonly reference?: number
  readonly fate: 'delivered' | 'undeliverable' | 'expired'
  readonly hasEnded: boolean
  /** By the run's clock. */
  readonly atMs?: number
  /** The carrier was told that a receipt of it was received. */
  readonly isAcknowledged: boolean
}

/** A code that somebody asked for; acknowledged if its transaction is known to have committed. */
export type FedCode = {
  readonly id: string
  readonly text: string
  readonly customer: string
  readonly isAcknowledged: boolean
  /** When that was known, by the run's clock. */
  readonly committedAtMs?: number
}

export type Line = {
  readonly target: number
  readonly sent: number
  readonly delivered: number
  readonly undelivered: number
  readonly unknown: number
  readonly excluded: number
  readonly failed: number
  readonly unsent: number
}

export type Violation = {
  readonly check: CheckName
  /** Ours, or the carrier's where we know none. */
  readonly id: string
  readonly detail: string
}
export type Comparison = {
  readonly violations: readonly Violation[]
  readonly figures: Figures
  /** What the carriers took of each of our messages. */
  readonly takenOf: ReadonlyMap<string, readonly Taken[]>
}

export type Figures = {
  readonly notices: number
  readonly codes: number
  /** Submits that the carrier took. */
  readonly taken: number
  readonly delivered: number
  readonly undelivered: number
  /** Still at the end. */
  readonly unknown: number
  readonly excluded: number
  readonly refused: number
  /** Messages that were doubtful at some time. */
  readonly doubtful: number
  readonly doubtfulBecause: Readonly<Record<string, number>>
  readonly repeated: number
  readonly duplicateNotices: number
  readonly duplicateCodes: number
  readonly lost: number
}

type Ledger = RunRecord & {
  readonly messages: ReadonlyMap<string, LoggedMessage>
  /** Notices of a customer: the first, and its repetition. */
  readonly noticesOf: ReadonlyMap<string, readonly LoggedMessage[]>
  readonly takenById: ReadonlyMap<string, Taken>
  readonly takenOf: ReadonlyMap<string, readonly Taken[]>
  readonly strangers: readonly Taken[]
}

/** Finds the message of ours that each of the carrier's is: by the id it was given, else by phone, text and reference. */
const matchUp = (run: RunRecord): Ledger => {
  const messages = new Map(run.log.map((message) => [message.id, message]))
  const noticesOf = Map.groupBy(
    run.log.filter((message) => message.class === 'notice'),
    ({ customer }) => customer,
  )
  const codeIds = new Map(run.codes.map(({ id, text, customer }) => [`${customer} ${text}`, id]))
  const takenOf = new Map<string, Taken[]>()
  const strangers: Taken[] = []
  for (const taken of run.carrier.taken) {
    const { customer, text } = taken
    const code = messages.get(codeIds.get(`${customer} ${text}`) ?? '')
    const message = text === run.noticeText ? ownerOf(taken, noticesOf.get(customer) ?? []) : code
    if (message === undefined) strangers.push(taken)
    else takenOf.set(message.id, [...(takenOf.get(message.id) ?? []), taken])
  }
  const takenById = new Map(run.carrier.taken.map((taken) => [taken.id, taken]))
  return { ...run, messages, noticesOf, takenById, takenOf, strangers }
}

const ownerOf = ({ id, reference }: Taken, notices: readonly LoggedMessage[]): LoggedMessage | undefined =>
  notices.find(({ lines }) => lines.some(({ carrierId }) => carrierId === id)) ??
  notices.find((message) => Number.parseInt(message.id.slice(-4), 16) === reference)

type Found = Omit<Violation, 'check'>
type Find = (ledger: Ledger) => readonly Found[]

const at = ({ id, customer }: { readonly id: string; readonly customer: string }, detail: string): Found => ({
  id,
  detail: `customer ${maskId(customer)}: ${detail}`,
})

const has = ({ lines }: LoggedMessage, state: string): boolean => lines.some((line) => line.state === state)

/** 送信, as the reconciliation line has it. */
const sentStates: ReadonlySet<string> = new Set(['delivered', 'failed', 'expired', 'submitted', 'unknown'])
const wordOf = { delivered: 'delivered', undeliverable: 'failed', expired: 'expired' } as const

const neverQueued: Find = ({ planned, noticesOf }) =>
  planned
    .filter((customer) => !noticesOf.has(customer))
    .map((customer) => at({ id: 'none', customer }, 'no notice in the log'))

const leftBehind: Find = ({ log }) =>
  log
    .filter(({ state }) => state === 'queued' || state === 'deferred' || state === 'sending')
    .map((message) => at(message, `still ${message.state} when all was calm`))

const withoutReason: Find = ({ log }) =>
  log
    .filter(({ state }) => state === 'unknown' || state === 'excluded' || state === 'refused')
    .filter(({ state, lines }) => !lines.some((line) => line.state === state && line.because !== null))
    .map((message) => at(message, `${message.state}, and the log does not say why`))

const submittedNotTaken: Find = ({ log, takenById }) =>
  log.flatMap((message) =>
    message.lines
      .filter(({ state, carrierId }) => state === 'submitted' && carrierId !== null)
      .filter(({ carrierId }) => takenById.get(carrierId ?? '')?.customer !== message.customer)
      .map(() => at(message, 'submitted, but the carrier has not taken it under that id')),
  )

const unknownToUs: Find = ({ strangers }) =>
  strangers.map((taken) => at(taken, 'the carrier took what is no message of ours'))

const calledUnsent: Find = ({ log, takenOf }) =>
  log
    .filter(({ id, state }) => takenOf.has(id) && !sentStates.has(state))
    .map((message) => at(message, `the carrier took it, and the log says ${message.state}`))

const sentTwice: Find = ({ log, takenOf }) =>
  log
    .filter((message) => message.class !== 'code' && (takenOf.get(message.id)?.length ?? 0) > 1)
    .map((message) => at(message, 'the same notice left twice'))

const duplicateCodes: Find = ({ log, takenOf }) =>
  log
    .filter((message) => message.class === 'code' && (takenOf.get(message.id)?.length ?? 0) > 1)
    .map((message) => at(message, 'the same code left twice'))

/** With receipts nobody gets two. Without, nobody can know, and one who may have got nothing is written to again. */
const duplicateNotices: Find = (ledger) =>
  [...ledger.noticesOf.values()]
    .filter((notices) => takenCount(ledger, notices) > 1)
    .filter(([first]) => ledger.receipts === 'on' || first === undefined || !has(first, 'unknown'))
    .flatMap(([first]) => (first === undefined ? [] : [at(first, 'a second notice, although the first was known')]))

const takenCount = ({ takenOf }: Ledger, messages: readonly LoggedMessage[]): number =>
  messages.reduce((sum, { id }) => sum + (takenOf.get(id)?.length ?? 0), 0)

const wrongRepeats: Find = ({ log, messages }) => {
  const repeated = new Set<string>()
  return log.flatMap((message) => {
    if (message.repeats === null) return []
    const root = messages.get(message.repeats)
    const isSecond = repeated.has(message.repeats)
    repeated.add(message.repeats)
    if (message.class === 'code') return [at(message, 'a code was repeated')]
    if (root === undefined || root.repeats !== null) return [at(message, 'repeats what is no first notice')]
    if (!has(root, 'unknown')) return [at(message, 'repeats a notice that was never doubtful')]
    return isSecond ? [at(message, 'repeats what was repeated before')] : []
  })
}

const wrongEnds: Find = ({ log, takenOf }) =>
  log
    .filter(({ state }) => state === 'delivered' || state === 'failed' || state === 'expired')
    .filter(({ id, state, lines }) => {
      const ends = takenOf.get(id) ?? []
      if (ends.some(({ fate, hasEnded }) => hasEnded && wordOf[fate] === state)) return false
      // The carrier's refusal came after the time-out: failed, and never taken.
      return !(state === 'failed' && ends.length === 0 && lines.some((line) => isLateRefusal(line)))
    })
    .map((message) => at(message, `${message.state}, which the carrier never said`))

const isLateRefusal = ({ state, because }: LoggedLine): boolean =>
  state === 'failed' && because !== null && because.startsWith('ESME_')

const lostReceipts: Find = ({ log, takenOf, waitingReceipts, carrier }) => [
  ...log.flatMap((message) =>
    (takenOf.get(message.id) ?? [])
      .filter((taken) => taken.isAcknowledged && wordOf[taken.fate] !== message.state)
      .filter(({ id }) => !waitingReceipts.has(id))
      .map(({ fate }) => at(message, `we took the receipt that it is ${wordOf[fate]}, and say ${message.state}`)),
  ),
  ...[...carrier.acknowledgedStrays]
    .filter((id) => !waitingReceipts.has(id))
    .map((id) => ({ id, detail: 'we took a receipt of an unknown id and have not kept it' })),
]

const lostWrites: Find = ({ codes, messages }) =>
  codes
    .filter(({ id, isAcknowledged }) => isAcknowledged && !messages.has(id))
    .map((code) => at(code, 'was committed before a crash and is gone'))

const wrongLine: Find = (ledger) => {
  const { line } = ledger
  const ours = lineOf(ledger)
  const sum = line.sent + line.excluded + line.failed + line.unsent
  const found: Found[] = []
  if (line.target !== sum) found.push({ id: 'campaign', detail: `対象 ${line.target} is not the sum ${sum}` })
  for (const name of Object.keys(ours) as (keyof Line)[])
    if (line[name] !== ours[name])
      found.push({ id: 'campaign', detail: `${name} is ${line[name]}, its messages make ${ours[name]}` })
  return found
}

/** The best known of a notice and its repetition counts. */
const precedence = [
  'delivered',
  'failed',
  'expired',
  'submitted',
  'unknown',
  'sending',
  'refused',
  'deferred',
  'queued',
  'excluded',
]

const lineOf = ({ noticesOf, planned }: Ledger): Line => {
  const outcomes = [...noticesOf.values()].map((notices) =>
    precedence.find((state) => notices.some((notice) => notice.state === state)),
  )
  const count = (...states: readonly string[]) => outcomes.filter((state) => states.includes(state ?? '')).length
  return {
    target: planned.length,
    sent: count('delivered', 'failed', 'expired', 'submitted', 'unknown', 'sending'),
    delivered: count('delivered'),
    undelivered: count('failed', 'expired'),
    unknown: count('unknown', 'sending'),
    excluded: count('excluded'),
    failed: count('refused'),
    unsent: count('queued', 'deferred'),
  }
}

const tooDoubtful: Find = ({ log, doubtfulMax }) => {
  const doubtful = log.filter((message) => has(message, 'unknown')).length
  if (doubtful <= doubtfulMax) return []
  return [{ id: 'campaign', detail: `${doubtful} doubtful, and all that happened explains ${doubtfulMax}` }]
}

export const checks = [
  { check: 'never-queued', find: neverQueued },
  { check: 'left-behind', find: leftBehind },
  { check: 'without-reason', find: withoutReason },
  { check: 'submitted-not-taken', find: submittedNotTaken },
  { check: 'unknown-to-us', find: unknownToUs },
  { check: 'called-unsent', find: calledUnsent },
  { check: 'sent-twice', find: sentTwice },
  { check: 'duplicate-code', find: duplicateCodes },
  { check: 'duplicate-notice', find: duplicateNotices },
  { check: 'wrong-repeat', find: wrongRepeats },
  { check: 'wrong-end', find: wrongEnds },
  { check: 'lost-receipt', find: lostReceipts },
  { check: 'lost-write', find: lostWrites },
  { check: 'wrong-line', find: wrongLine },
  { check: 'too-doubtful', find: tooDoubtful },
] as const satisfies readonly { readonly check: string; readonly find: Find }[]

export type CheckName = (typeof checks)[number]['check']

const figuresOf = (ledger: Ledger): Figures => {
  const { log, carrier, noticesOf, takenOf } = ledger
  const count = (...states: readonly string[]) => log.filter(({ state }) => states.includes(state)).length
  const extra = (messages: readonly LoggedMessage[]) => Math.max(0, takenCount(ledger, messages) - 1)
  const codes = log.filter((message) => message.class === 'code')
  const doubtfulBecause: Record<string, number> = {}
  for (const { state, because } of log.flatMap(({ lines }) => lines))
    if (state === 'unknown') doubtfulBecause[because ?? ''] = (doubtfulBecause[because ?? ''] ?? 0) + 1
  return {
    notices: noticesOf.size,
    codes: codes.length,
    taken: carrier.taken.length,
    delivered: count('delivered'),
    undelivered: count('failed', 'expired'),
    unknown: count('unknown'),
    excluded: count('excluded'),
    refused: count('refused'),
    doubtful: log.filter((message) => has(message, 'unknown')).length,
    doubtfulBecause,
    repeated: log.filter(({ repeats }) => repeats !== null).length,
    duplicateNotices: [...noticesOf.values()].reduce((sum, notices) => sum + extra(notices), 0),
    duplicateCodes: codes.reduce((sum, { id }) => sum + Math.max(0, (takenOf.get(id)?.length ?? 0) - 1), 0),
    lost: neverQueued(ledger).length + leftBehind(ledger).length + submittedNotTaken(ledger).length,
  }
}
