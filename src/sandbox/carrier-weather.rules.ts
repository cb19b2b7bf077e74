import { type Delay, type Draws, delayOf, drawsOf, pickOf } from './carrier-draws.rules.ts'

/**
 * What a carrier on a bad day does to its customers, as shares (0 to 1) of the submits, and delays. Plain data, so
 * that a test can write it down and another process can be told it. What is not named is fair weather.
 */
export type Weather = {
  /** Every draw depends on it. */
  readonly seed: string
  /** From taking a message to answering that it did; real time. */
  readonly answerAfterMs: Delay
  /** From taking it to the phone, by the carrier's clock. Absent: as the carrier does it anyhow. */
  readonly deliveryMs?: Delay
  /** What the contract allows each account. Above it the answer is ESME_RTHROTTLED, whatever is drawn. */
  readonly ratePerSecond?: number
  /** What becomes of a submit; the shares add up to 1 at most, the rest is taken and answered. */
  readonly submits: Shares<Exclude<SubmitFate, 'answered'>>
  /** What becomes of a message that was taken; the rest is delivered. */
  readonly ends: Shares<'undeliverable' | 'expired'>
  /** When and how often its receipt comes; the rest comes once, when the message has ended. */
  readonly receipts: Shares<Exclude<ReceiptTiming, 'on-time'>>
  /** How long after the end a receipt comes that is `late`, and the second of those that come `twice`. */
  readonly receiptLateByMs: Delay
  /** `overtaken` receipts wait that long, so that those of later messages come first. */
  readonly receiptOvertakenByMs: Delay
  /** Share of messages after whose receipt another says ENROUTE, as if they had been delivered backwards. */
  readonly backwards: number
  /** Share of messages whose end also brings a receipt for an id that nobody was given. */
  readonly strays: number
  /** Share of deliver_sm that break off in the middle, with their connection. They come again. */
  readonly tornReceipts: number
}

type Shares<Outcome extends string> = Partial<Readonly<Record<Outcome, number>>>

/**
 * - `throttled`, `queue-full`, `system-error`: refused for now.
 * - `refused`: never to be taken (ESME_RINVDSTADR).
 * - `lost`: neither taken nor answered.
 * - `cut-before`, `cut-after`: the connection ends before or after taking it, without an answer.
 * - `unanswered`: taken, and nobody says so.
 * - `torn`: taken, and the connection ends in the middle of the answer.
 */
export type SubmitFate =
  | 'answered'
  | 'throttled'
  | 'queue-full'
  | 'system-error'
  | 'refused'
  | 'lost'
  | 'cut-before'
  | 'cut-after'
  | 'unanswered'
  | 'torn'

/** What becomes of a submit that is taken. */
export type TakenAnswer = Extract<SubmitFate, 'answered' | 'cut-after' | 'unanswered' | 'torn'>

/** `early` is before the response to the submit. */
export type ReceiptTiming = 'on-time' | 'early' | 'late' | 'overtaken' | 'twice' | 'none'

export const fairWeather: Weather = {
  seed: '',
  answerAfterMs: 0,
  submits: {},
  ends: {},
  receipts: {},
  receiptLateByMs: { fromMs: 1_000, toMs: 10_000 },
  receiptOvertakenByMs: { fromMs: 50, toMs: 500 },
  backwards: 0,
  strays: 0,
  tornReceipts: 0,
}

/**
 * Everything that will happen to one submit. Its key says which submit it is, not when it came: what else is under
 * way changes nothing.
 */
export function forecast(weather: Weather, key: string): Forecast {
  const draws = drawsOf(weather.seed, key)
  return {
    key,
    submit: drawOf<SubmitFate>(draws, 'submit', weather.submits, 'answered'),
    answerAfterMs: delayOf(weather.answerAfterMs, draws('answer')),
    end: drawOf<Forecast['end']>(draws, 'end', weather.ends, 'delivered'),
    deliveryMs: weather.deliveryMs === undefined ? undefined : delayOf(weather.deliveryMs, draws('delivery')),
    receipt: drawOf<ReceiptTiming>(draws, 'receipt', weather.receipts, 'on-time'),
    receiptLateByMs: delayOf(weather.receiptLateByMs, draws('late')),
    receiptOvertakenByMs: delayOf(weather.receiptOvertakenByMs, draws('overtaken')),
    isBackwards: draws('backwards') < weather.backwards,
    hasStray: draws('stray') < weather.strays,
    tornAt: draws('torn-at'),
  }
}

export type Forecast = {
  readonly key: string
  readonly submit: SubmitFate
  readonly answerAfterMs: number
  readonly end: 'delivered' | 'undeliverable' | 'expired'
  readonly deliveryMs: number | undefined
  readonly receipt: ReceiptTiming
  readonly receiptLateByMs: number
  readonly receiptOvertakenByMs: number
  readonly isBackwards: boolean
  readonly hasStray: boolean
  /** Which share of the answer leaves, if it is torn. */
  readonly tornAt: number
}

/** Which share of a deliver_sm leaves before its connection ends; nothing if it leaves whole. */
export function tearOf({ seed, tornReceipts }: Weather, key: string): number | undefined {
  const draws = drawsOf(seed, key)
  return draws('torn-receipt') < tornReceipts ? draws('torn-at') : undefined
}

/** Shares between 0 and 1 that add up to 1 at most: what is wrong with this weather, nothing if it is possible. */
export function impossibleIn(weather: Weather): string | undefined {
  const groups = { submits: weather.submits, ends: weather.ends, receipts: weather.receipts }
  for (const [group, shares] of Object.entries(groups)) {
    const values = Object.values(shares)
    if (!values.every(isShare) || values.reduce((sum, share) => sum + share, 0) > 1 + 1e-9)
      return `${group}: shares are between 0 and 1 and add up to 1 at most`
  }
  for (const single of ['backwards', 'strays', 'tornReceipts'] as const)
    if (!isShare(weather[single])) return `${single}: a share is between 0 and 1`
  return undefined
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1
}

/** Shares are laid out in the order of their names, so that the order in which they are written means nothing. */
function drawOf<Outcome extends string>(
  draws: Draws,
  name: string,
  shares: Partial<Readonly<Record<Outcome, number>>>,
  otherwise: Outcome,
): Outcome {
  const named = (Object.keys(shares) as Outcome[]).toSorted()
  return pickOf(
    draws(name),
    named.map((outcome) => [outcome, shares[outcome] ?? 0] as const),
    otherwise,
  )
}
