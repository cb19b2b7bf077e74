import type { PduFields } from '#platform/gateways/smpp-pdu'
import { status } from '#platform/gateways/smpp-status'
import { SlidingSecond } from './carrier-arrivals.ts'
import { endOf } from './carrier-ends.rules.ts'
import type { TakenMessage } from './carrier-journal.ts'
import { type Conduct, conductFor, isMagic } from './carrier-numbers.rules.ts'
import { Occurrences } from './carrier-occurrences.ts'
import { readSubmit, type WrittenPart } from './carrier-reading.ts'
import { type Forecast, forecast, type SubmitFate, type TakenAnswer, type Weather } from './carrier-weather.rules.ts'

/** Decides about every submit_sm: refuse it, lose it, or take it and answer so or so. */
export class Intake {
  readonly #options: IntakeOptions
  readonly #seconds = new Map<string, SlidingSecond>()
  readonly #submits = new Occurrences(submitsMax)
  readonly #refusals = new Occurrences(refusalsMax)
  #taken = 0

  constructor(options: IntakeOptions) {
    this.#options = options
  }

  decide(account: string, fields: PduFields, day: Day): Decision {
    if (day.mood === 'throttled') return refuse(status.throttled, 'throttled', this.#answerMs(day, 0))
    const part = readSubmit(fields, { now: day.now, isGsm7Packed: this.#options.isGsm7Packed })
    if (typeof part === 'number') return refuse(part, 'unreadable', this.#answerMs(day, 0))
    const ahead = forecast(day.weather, this.#keyOf(part))
    const afterMs = this.#answerMs(day, ahead.answerAfterMs)
    if (!this.#isWithinRate(account, day)) return refuse(status.throttled, 'over-rate', afterMs)
    const conduct = conductFor(part.to, ahead)
    const fate = isMagic(part.to) ? this.#nextAnswer(part, conduct) : ahead.submit
    if (isRefusal(fate)) return refuse(statusOf[fate], fate, afterMs)
    if (fate === 'lost' || fate === 'cut-before') return { kind: fate }
    const answer = day.mood === 'silent' ? 'unanswered' : fate
    const message = this.#take(part, { account, conduct, answer, ahead, day })
    return { kind: 'taken', message, afterMs, tornAt: ahead.tornAt }
  }

  /** The how-manieth submit of this part to this phone: the same in every run, however the others come between. */
  #keyOf({ to, concatenation }: WrittenPart): string {
    const part = concatenation === undefined ? to : `${to} ${concatenation.part}/${concatenation.parts}`
    return `${part} #${this.#submits.see(part)}`
  }

  /** The carrier's own books: what it took within the last second. What it throttled costs the account nothing. */
  #isWithinRate(account: string, { weather, monotonicMs }: Day): boolean {
    const second = this.#seconds.get(account) ?? new SlidingSecond()
    this.#seconds.set(account, second)
    if (weather.ratePerSecond !== undefined && second.countAt(monotonicMs) >= weather.ratePerSecond) return false
    second.add(monotonicMs)
    return true
  }

  /** Each message is refused anew; its parts, which share their reference, are refused once for all. */
  #nextAnswer({ to, reference }: WrittenPart, { firstAnswers }: Conduct): Refusal | 'answered' {
    if (firstAnswers.length === 0) return 'answered'
    return firstAnswers[this.#refusals.see(`${to} ${reference ?? ''}`)] ?? 'answered'
  }

  #take(part: WrittenPart, { account, conduct, answer, ahead, day }: Taking): TakenMessage {
    this.#taken += 1
    const submittedAt = day.now
    const takesMs = day.mood === 'slow' ? this.#options.slowDeliveryMs : (ahead.deliveryMs ?? this.#options.deliveryMs)
    return {
      ...part,
      id: `${this.#options.runId}${this.#taken.toString(36)}`,
      key: ahead.key,
      account,
      submittedAt,
      conduct,
      answer,
      ...endOf({ conduct, submittedAt, validUntil: part.validUntil, takesMs }),
    }
  }

  #answerMs({ mood }: Day, drawnMs: number): number {
    return mood === 'slow' ? this.#options.slowAnswerMs : drawnMs
  }
}

/**
 * - `slow`: answers and deliveries take longer.
 * - `throttled`: every message is answered with "too fast".
 * - `silent`: takes and delivers messages, but never answers that it did.
 * - `down`: no connection holds.
 */
export type CarrierMood = 'normal' | 'slow' | 'throttled' | 'silent' | 'down'

export type IntakeOptions = {
  /** Begins every message id. Must differ from run to run: ids of an earlier run are still in the database. */
  readonly runId: string
  readonly isGsm7Packed: boolean
  readonly deliveryMs: number
  readonly slowAnswerMs: number
  readonly slowDeliveryMs: number
}

/** What a decision depends on besides the submit itself. */
export type Day = {
  readonly mood: CarrierMood
  readonly weather: Weather
  readonly now: Date
  readonly monotonicMs: number
}

export type Decision =
  | { readonly kind: 'refused'; readonly status: number; readonly because: RefusalReason; readonly afterMs: number }
  | { readonly kind: 'lost' | 'cut-before' }
  | { readonly kind: 'taken'; readonly message: TakenMessage; readonly afterMs: number; readonly tornAt: number }

/** `over-rate`: more than the contract allows; `unreadable`: no phone number or no text could be found in it. */
export type RefusalReason = Refusal | 'over-rate' | 'unreadable'

type Refusal = keyof typeof statusOf

type Taking = {
  readonly account: string
  readonly conduct: Conduct
  readonly answer: TakenAnswer
  readonly ahead: Forecast
  readonly day: Day
}

/** Every phone of a large campaign, several parts and tries each: 200 MB at most. */
const submitsMax = 2_000_000
/** Nobody sends that many messages to the magic numbers; a limit all the same. */
const refusalsMax = 10_000

const statusOf = {
  throttled: status.throttled,
  'queue-full': status.queueFull,
  'system-error': status.systemError,
  refused: status.invalidDestination,
} as const

function isRefusal(fate: SubmitFate): fate is Refusal {
  return fate in statusOf
}

function refuse(answer: number, because: RefusalReason, afterMs: number): Decision {
  return { kind: 'refused', status: answer, because, afterMs }
}
