import type { Timer, Timers } from '#platform/gateways/timers'
import { assert } from '#values/assert'
import type { Lane } from './message.rules.ts'

/**
 * When may the next part leave over this bind? Never more than `perSecond` in one second, a code before every campaign.
 *
 * The times of the last takes are kept and counted exactly: an average or a bucket would let twice the rate through
 * around the turn of a second, and carriers count.
 */
export const openPace = (options: PaceOptions): Pace => new BindPace(options)

export type Pace = {
  /** Resolves when this lane's turn has come: first come, first served within a lane. The part must leave at once. */
  take(lane: Lane): Promise<'go' | 'closed'>
  /** The carrier asked for less: half of what is left, at most once a second, never below one a second. */
  throttled(): void
  /** The carrier took a part: a second of such answers gives back a tenth of the contract. */
  wentWell(): void
  /** The contract changed; 0 stops the bind. */
  setPerSecond(perSecond: number): void
  /** Whole parts a second, throttling counted in. */
  perSecondNow(): number
  /** Sends everybody away who waits, and everybody who comes. */
  close(): void
}

export type PaceOptions = {
  /** This bind's share of the contracted rate: a whole number. */
  readonly perSecond: number
  readonly monotonicMs: () => number
  readonly timers: Timers
  /**
   * Nothing leaves before: whoever held the bind before may have used up its second until the moment the lease ended.
   * `paceWindowMs` after a takeover or a release; nothing for a bind that is new.
   */
  readonly startAfterMs?: number
  /** Longer where the way to the carrier shakes more than 6 ms. */
  readonly windowMs?: number
}

/**
 * A second, and 6 ms because the carrier counts when parts arrive: of two parts a second apart the earlier may have been
 * on its way a little longer. It costs 0.6 % of the rate.
 */
export const paceWindowMs = 1_006

/**
 * Timers of Node fire up to 2 ms late. Places that much further apart keep a late part from holding up the one that
 * follows a window later, whose own timer is late as well: otherwise the lateness would add up. It costs 0.2 %.
 */
const lateMs = 2

/** What a busy moment or a gap between two batches cost is made up for up to this; more would be a burst. */
const catchUpMs = 50

const throttledEveryMs = 1_000
const regainedPerSecond = 0.1

class BindPace implements Pace {
  readonly #monotonicMs: () => number
  readonly #timers: Timers
  readonly #windowMs: number
  readonly #startAtMs: number
  readonly #lines: Readonly<Record<Lane, Line>> = { code: new Line(), campaign: new Line() }
  #contract: number
  #perSecond: number
  /** The times of the last takes, as a ring: take number i at i % length. */
  #takenAtMs: Float64Array
  #taken = 0
  /** A campaign's next place: a window's takes are spread over the window. */
  #nextPlaceMs = Number.NEGATIVE_INFINITY
  #halvedAtMs = Number.NEGATIVE_INFINITY
  #wentWellAtMs = Number.NEGATIVE_INFINITY
  #timer: { readonly atMs: number; readonly timer: Timer } | undefined
  #isClosed = false

  constructor({ perSecond, monotonicMs, timers, startAfterMs = 0, windowMs = paceWindowMs }: PaceOptions) {
    assertRate(perSecond)
    this.#monotonicMs = monotonicMs
    this.#timers = timers
    this.#windowMs = windowMs
    this.#startAtMs = monotonicMs() + startAfterMs
    this.#contract = perSecond
    this.#perSecond = perSecond
    this.#takenAtMs = new Float64Array(Math.max(1, perSecond))
  }

  take(lane: Lane): Promise<'go' | 'closed'> {
    if (this.#isClosed) return Promise.resolve('closed')
    this.#beginAfterSilence()
    const turn = new Promise<'go' | 'closed'>((resolve) => this.#lines[lane].join(resolve))
    this.#serve()
    return turn
  }

  throttled(): void {
    const now = this.#monotonicMs()
    if (now - this.#halvedAtMs < throttledEveryMs) return
    this.#halvedAtMs = now
    this.#wentWellAtMs = now
    this.#perSecond = Math.min(this.#contract, Math.max(1, this.#perSecond / 2))
  }

  wentWell(): void {
    if (this.#perSecond >= this.#contract) return
    const now = this.#monotonicMs()
    // Counted in time and not in answers: a fast bind would otherwise be back at once.
    const goodMs = Math.min(now - this.#wentWellAtMs, 1_000)
    this.#wentWellAtMs = now
    this.#change(Math.min(this.#contract, this.#perSecond + (this.#contract * regainedPerSecond * goodMs) / 1_000))
  }

  setPerSecond(perSecond: number): void {
    assertRate(perSecond)
    const isThrottled = this.#perSecond < this.#contract
    this.#contract = perSecond
    if (perSecond > this.#takenAtMs.length) this.#remember(perSecond)
    this.#change(isThrottled ? Math.min(Math.max(1, this.#perSecond), perSecond) : perSecond)
  }

  perSecondNow(): number {
    return Math.floor(this.#perSecond)
  }

  close(): void {
    this.#isClosed = true
    this.#timer?.timer.cancel()
    this.#timer = undefined
    for (const line of [this.#lines.code, this.#lines.campaign])
      for (let next = line.leave(); next !== undefined; next = line.leave()) next('closed')
  }

  #change(perSecond: number): void {
    const before = this.perSecondNow()
    this.#perSecond = perSecond
    if (this.perSecondNow() <= before) return
    this.#nextPlaceMs = Math.min(this.#nextPlaceMs, this.#monotonicMs() + this.#apartMs())
    this.#serve()
  }

  #serve(): void {
    const now = this.#monotonicMs()
    while (!this.#isClosed) {
      const lane = this.#laneToServe()
      if (lane === undefined) return
      const atMs = this.#freeAtMs(lane)
      if (atMs > now) {
        this.#wakeAt(atMs, now)
        return
      }
      this.#note(now)
      this.#lines[lane].leave()?.('go')
    }
  }

  #laneToServe(): Lane | undefined {
    if (!this.#lines.code.isEmpty()) return 'code'
    return this.#lines.campaign.isEmpty() ? undefined : 'campaign'
  }

  /** A code takes any place of the window that is free; a campaign keeps to places of its own, spread over it. */
  #freeAtMs(lane: Lane): number {
    const most = this.perSecondNow()
    if (most === 0) return Number.POSITIVE_INFINITY
    const ring = this.#takenAtMs
    const oldest = this.#taken < most ? Number.NEGATIVE_INFINITY : (ring[(this.#taken - most) % ring.length] ?? 0)
    const freeMs = Math.max(this.#startAtMs, oldest + this.#windowMs)
    return lane === 'code' ? freeMs : Math.max(freeMs, this.#nextPlaceMs)
  }

  /** Places that nobody wanted are gone; a gap between two batches is not silence. */
  #beginAfterSilence(): void {
    if (this.#laneToServe() !== undefined) return
    const now = this.#monotonicMs()
    if (this.#nextPlaceMs < now - catchUpMs) this.#nextPlaceMs = now
  }

  #note(now: number): void {
    this.#takenAtMs[this.#taken % this.#takenAtMs.length] = now
    this.#taken += 1
    this.#nextPlaceMs = Math.max(this.#nextPlaceMs, now - catchUpMs) + this.#apartMs()
  }

  #apartMs(): number {
    return (this.#windowMs + lateMs) / Math.max(1, this.perSecondNow())
  }

  #wakeAt(atMs: number, now: number): void {
    if (atMs === Number.POSITIVE_INFINITY || (this.#timer !== undefined && this.#timer.atMs <= atMs)) return
    this.#timer?.timer.cancel()
    const timer = this.#timers.after(Math.max(1, Math.ceil(atMs - now)), () => {
      this.#timer = undefined
      this.#serve()
    })
    this.#timer = { atMs, timer }
  }

  /** Before the oldest time in the ring nothing was taken that the smaller rate had not let go a window earlier. */
  #remember(perSecond: number): void {
    const before = this.#takenAtMs
    const ring = new Float64Array(perSecond).fill(Number.NEGATIVE_INFINITY)
    for (let i = Math.max(0, this.#taken - before.length); i < this.#taken; i++)
      ring[i % ring.length] = before[i % before.length] ?? 0
    this.#takenAtMs = ring
  }
}

type Waiter = (turn: 'go' | 'closed') => void

/** An array is slow at its head: the head moves on, and what is behind it is cut off in large pieces. */
class Line {
  #waiters: (Waiter | undefined)[] = []
  #head = 0

  join(waiter: Waiter): void {
    this.#waiters.push(waiter)
  }

  leave(): Waiter | undefined {
    const first = this.#waiters[this.#head]
    if (first === undefined) return undefined
    this.#waiters[this.#head] = undefined
    this.#head += 1
    if (this.#head === this.#waiters.length || this.#head >= 4_096) {
      this.#waiters = this.#waiters.slice(this.#head)
      this.#head = 0
    }
    return first
  }

  isEmpty(): boolean {
    return this.#head === this.#waiters.length
  }
}

const assertRate = (perSecond: number): void =>
  assert(Number.isInteger(perSecond) && perSecond >= 0, 'a rate is a whole number of parts a second')
