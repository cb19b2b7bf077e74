/**
 * When every submit_sm arrived: the carrier's own measure of whether a contract's rate was kept. Moments are
 * monotonic milliseconds, because a clock that is set would bend the rate.
 */
export class Arrivals {
  readonly #momentsMax: number
  readonly #binds = new Map<number, Bind>()
  readonly #seconds = new Map<string, SlidingSecond>()

  /** @param momentsMax of one bind: two million are 32 MB. Beyond it the older half is forgotten. */
  constructor(momentsMax = 2_000_000) {
    this.#momentsMax = momentsMax
  }

  note(bind: number, account: string, monotonicMs: number, at: Date): void {
    const known = this.#binds.get(bind) ?? { bind, account, moments: new Moments(this.#momentsMax) }
    this.#binds.set(bind, known)
    known.moments.add(monotonicMs, at.getTime())
    this.#secondOf(account).add(monotonicMs)
  }

  /** How many came in each account's busiest second; a second may begin at any moment. */
  busiestSeconds(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#seconds].map(([account, second]) => [account, second.peak]))
  }

  list(): readonly BindArrivals[] {
    return [...this.#binds.values()].map(({ bind, account, moments }) => ({ bind, account, ...moments.read() }))
  }

  #secondOf(account: string): SlidingSecond {
    const second = this.#seconds.get(account) ?? new SlidingSecond()
    this.#seconds.set(account, second)
    return second
  }
}

export type BindArrivals = {
  /** Counts connections from 1. */
  readonly bind: number
  readonly account: string
  /** In order of arrival; `atMs` is the same by the carrier's clock. */
  readonly monotonicMs: Float64Array
  readonly atMs: Float64Array
  /** Older ones that were forgotten for want of room. */
  readonly forgotten: number
}

type Bind = { readonly bind: number; readonly account: string; readonly moments: Moments }

/** How many happened within the last second, and the most there ever were: every window of one second, half open. */
export class SlidingSecond {
  #times: number[] = []
  #first = 0
  #peak = 0

  get peak(): number {
    return this.#peak
  }

  add(atMs: number): void {
    this.#times.push(atMs)
    this.#peak = Math.max(this.#peak, this.countAt(atMs))
  }

  countAt(nowMs: number): number {
    while ((this.#times[this.#first] ?? Number.POSITIVE_INFINITY) <= nowMs - 1_000) this.#first += 1
    // Cutting off the past now and then keeps both memory and cost small.
    if (this.#first > 1_000 && this.#first * 2 > this.#times.length) {
      this.#times = this.#times.slice(this.#first)
      this.#first = 0
    }
    return this.#times.length - this.#first
  }
}

class Moments {
  readonly #max: number
  #monotonicMs = new Float64Array(256)
  #atMs = new Float64Array(256)
  #length = 0
  #forgotten = 0

  constructor(max: number) {
    this.#max = max
  }

  add(monotonicMs: number, atMs: number): void {
    if (this.#length === this.#monotonicMs.length) this.#makeRoom()
    this.#monotonicMs[this.#length] = monotonicMs
    this.#atMs[this.#length] = atMs
    this.#length += 1
  }

  read() {
    return {
      monotonicMs: this.#monotonicMs.slice(0, this.#length),
      atMs: this.#atMs.slice(0, this.#length),
      forgotten: this.#forgotten,
    }
  }

  #makeRoom(): void {
    if (this.#length < this.#max) {
      this.#monotonicMs = grown(this.#monotonicMs, this.#max)
      this.#atMs = grown(this.#atMs, this.#max)
      return
    }
    const half = this.#length >> 1
    this.#monotonicMs.copyWithin(0, half)
    this.#atMs.copyWithin(0, half)
    this.#length -= half
    this.#forgotten += half
  }
}

function grown(values: Float64Array<ArrayBuffer>, max: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.min(values.length * 2, max))
  larger.set(values)
  return larger
}
