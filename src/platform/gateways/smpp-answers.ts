import type { Pdu } from './smpp-pdu.ts'
import type { Timer, Timers } from './timers.ts'

/**
 * Who still waits for an answer on a connection? Every request gets exactly one: the response, a time-out, or
 * "dropped". One timer looks at all of them, for a timer each would cost more than the rest of a submit: an answer is
 * overdue after the time-out and at most a tenth of it more.
 */
export type Answer =
  | { readonly kind: 'answered'; readonly response: Pdu }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'dropped' }

export class Answers {
  readonly #timers: Timers
  readonly #timeoutMs: number
  /** In the order of asking, which is the order of falling due. */
  readonly #waiting = new Map<number, Waiting>()
  readonly #late = new Map<number, Waiting['onLate']>()
  #sweeps = 0
  #timer: Timer | undefined

  constructor(timers: Timers, timeoutMs: number) {
    this.#timers = timers
    this.#timeoutMs = timeoutMs
  }

  /** @param onLate hears a response that came after its time-out. */
  expect(sequence: number, onAnswer: Waiting['onAnswer'], onLate: Waiting['onLate']): void {
    this.#waiting.set(sequence, { onAnswer, onLate, askedAt: this.#sweeps })
    this.#timer ??= this.#timers.after(this.#timeoutMs / sweepsPerTimeout, () => this.#sweep())
  }

  /** @returns whether anybody had asked. */
  receive(response: Pdu): boolean {
    const waiting = this.#waiting.get(response.sequence)
    const onLate = this.#late.get(response.sequence)
    this.#waiting.delete(response.sequence)
    this.#late.delete(response.sequence)
    if (waiting) waiting.onAnswer({ kind: 'answered', response })
    else onLate?.(response)
    return waiting !== undefined || onLate !== undefined
  }

  drop(): void {
    this.#timer?.cancel()
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    this.#late.clear()
    for (const { onAnswer } of waiting) onAnswer({ kind: 'dropped' })
  }

  #sweep(): void {
    this.#sweeps += 1
    this.#timer = undefined
    for (const [sequence, { onAnswer, onLate, askedAt }] of this.#waiting) {
      // The first sweep after the request came too early to count.
      if (this.#sweeps - askedAt <= sweepsPerTimeout) break
      this.#waiting.delete(sequence)
      this.#rememberLate(sequence, onLate)
      onAnswer({ kind: 'timeout' })
    }
    if (this.#waiting.size > 0)
      this.#timer ??= this.#timers.after(this.#timeoutMs / sweepsPerTimeout, () => this.#sweep())
  }

  #rememberLate(sequence: number, onLate: Waiting['onLate']): void {
    this.#late.set(sequence, onLate)
    const oldest = this.#late.keys().next().value
    if (this.#late.size > lateMax && oldest !== undefined) this.#late.delete(oldest)
  }
}

type Waiting = {
  readonly onAnswer: (answer: Answer) => void
  readonly onLate: (response: Pdu) => void
  /** The count of sweeps at that moment. */
  readonly askedAt: number
}

const sweepsPerTimeout = 10
/** Responses that are overdue are still recognised when they come, up to this many on one connection. */
const lateMax = 10_000
