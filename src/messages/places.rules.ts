import { assert } from '#values/assert'

/**
 * Which places of a second are taken, as the carrier counts? A part takes one when it leaves, and gives it back a second
 * after its answer came: the carrier has read the part by then, however long bytes lay on the way or in a carrier that was
 * busy. So of two parts that had the same place, the carrier reads the second at least a second after the first, whatever
 * its delays: no clock but ours is needed.
 *
 * The way there and back costs that much of the rate. What even the quickest answers need may be left out of the count:
 * the next part needs it again before it is read. `#floorMs` is that time, as the last answers have shown it. Where answers
 * take now short, now long, we cannot see which part of it was the way there; then the slowest are counted whole, and of the
 * others so much is left out that no more than `budgetMs` of a second is lost.
 */
export class Places {
  readonly #budgetMs: number
  #taken = 0
  /** When places become free, the first first; those of parts without an answer are not in it. */
  #freeAtMs: number[] = []
  #head = 0
  #floorMs = 0
  #lostMs = 0
  #seen: Seen | undefined

  constructor(budgetMs: number) {
    this.#budgetMs = budgetMs
  }

  /** Taken at this moment. */
  takenAt(nowMs: number): number {
    for (; (this.#freeAtMs[this.#head] ?? Number.POSITIVE_INFINITY) <= nowMs; this.#head++) this.#taken -= 1
    if (this.#head >= 4_096 || this.#head === this.#freeAtMs.length) {
      this.#freeAtMs.splice(0, this.#head)
      this.#head = 0
    }
    return this.#taken
  }

  /** When the next one becomes free that is taken; never, while none of them has its answer. */
  nextFreeMs(): number {
    return this.#freeAtMs[this.#head] ?? Number.POSITIVE_INFINITY
  }

  /** How much longer than a second a place is taken, on average. */
  lostMs(): number {
    return this.#lostMs
  }

  take(): void {
    this.#taken += 1
  }

  /** Every place that was taken is given back once. */
  giveBack(takenAtMs: number, answeredAtMs: number): void {
    assert(this.#taken > this.#freeAtMs.length - this.#head, 'only a place that is taken is given back')
    const answerMs = answeredAtMs - takenAtMs
    const freeAtMs = takenAtMs + secondMs + Math.max(0, answerMs - this.#floorMs)
    // Answers come in about the order of the parts: the place of this one is at the end, or nearly.
    let at = this.#freeAtMs.length
    while (at > this.#head && (this.#freeAtMs[at - 1] ?? 0) > freeAtMs) at -= 1
    this.#freeAtMs.splice(at, 0, freeAtMs)
    this.#learn(answerMs, answeredAtMs)
  }

  #learn(answerMs: number, nowMs: number): void {
    this.#seen ??= { endsAtMs: nowMs + learnMs, count: 0, overMs: 0, minMs: answerMs, maxMs: answerMs }
    const seen = this.#seen
    seen.count += 1
    // One carrier that stands still for ten seconds says little of its way.
    seen.overMs += Math.min(overMaxMs, Math.max(0, answerMs - this.#floorMs))
    seen.minMs = Math.min(seen.minMs, answerMs)
    seen.maxMs = Math.max(seen.maxMs, answerMs)
    if (nowMs < seen.endsAtMs) return
    this.#lostMs = seen.overMs / seen.count
    // What is lost falls by at most what the floor rises by, so that this comes near the budget from above and stays there.
    const next = Math.min(seen.maxMs, this.#floorMs + this.#lostMs - this.#budgetMs)
    this.#floorMs = Math.max(0, seen.minMs - this.#budgetMs, next)
    this.#lostMs = Math.min(this.#lostMs, this.#budgetMs)
    this.#seen = undefined
  }
}

/** And a millisecond, for a carrier's clock that runs a thousandth faster than ours. */
export const secondMs = 1_001

const learnMs = 5_000
const overMaxMs = 50

type Seen = { readonly endsAtMs: number; count: number; overMs: number; minMs: number; maxMs: number }
