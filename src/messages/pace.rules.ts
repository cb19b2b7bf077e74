import type { Timer, Timers } from '#platform/gateways/timers'
import { assert } from '#values/assert'
import type { Lane } from './message.rules.ts'
import { Places, secondMs } from './places.rules.ts'

/**
 * When may the next part leave over this bind? So that the carrier never reads more than `perSecond` in one second, a code
 * before every campaign.
 *
 * The places of the last second are counted exactly: an average or a bucket would let twice the rate through around the
 * turn of a second, and carriers count. When a place is free again is said in `places.rules.ts`.
 */
export const openPace = (options: PaceOptions): Pace => new BindPace(options)

export type Pace = {
  /**
   * Calls `leave` when this lane's turn has come: first come, first served within a lane. The part leaves at once, and
   * what is returned has come when the carrier has answered, or nobody waits for its answer any more.
   */
  take<T>(lane: Lane, leave: () => Promise<T>, patience?: Patience): Promise<T | 'closed' | 'gave-up'>
  /** The carrier asked for less: half of what is left, at most once a second, never below one a second. */
  throttled(): void
  /** The carrier took a part: a second of such answers gives back a tenth of the contract. */
  wentWell(): void
  /** Slowed down to one a second, and nothing has been taken for ten seconds: this is not our pace, but the carrier's trouble. */
  isStuck(): boolean
  /** The contract changed; 0 stops the bind. */
  setPerSecond(perSecond: number): void
  /** Of the contract, what campaigns may use: codes take what there is. */
  setCampaignShare(share: number): void
  /** Whole parts a second, throttling counted in. */
  perSecondNow(lane?: Lane): number
  /** Sends everybody away who waits, and everybody who comes. */
  close(): void
}

/** Asked again and again after so long a wait: whether to go where there is more room. */
export type Patience = { readonly ms: number; readonly isOver: () => boolean }

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
}

/** A second, and what the last part of whoever died may have needed to be read: its answer is not known. */
export const paceWindowMs = 1_050

/** What the unsteady way to the carrier may cost: 0.5 % of the rate. */
const wayBudgetMs = 5

/**
 * Timers of Node fire up to 2 ms late. Places that much further apart keep a late part from holding up the one that
 * follows a second later, whose own timer is late as well: otherwise the lateness would add up. It costs 0.2 %.
 */
const lateMs = 2

/** What a busy moment or a gap between two batches cost is made up for up to this; more would be a burst. */
const catchUpMs = 200

const throttledEveryMs = 1_000
const stuckAfterMs = 10_000
const regainedPerSecond = 0.1

class BindPace implements Pace {
  readonly #monotonicMs: () => number
  readonly #timers: Timers
  readonly #startAtMs: number
  readonly #lines: Readonly<Record<Lane, Line>> = { code: new Line(), campaign: new Line() }
  readonly #places = new Places(wayBudgetMs)
  #contract: number
  #perSecond: number
  #campaignShare = 1
  /** When a campaign's next part is due: those of a second are spread over the second. */
  #nextDueMs = Number.NEGATIVE_INFINITY
  #halvedAtMs = Number.NEGATIVE_INFINITY
  #wentWellAtMs = Number.NEGATIVE_INFINITY
  /** Since when the carrier has only asked for less. */
  #turnedAwaySinceMs: number | undefined
  #timer: { readonly atMs: number; readonly timer: Timer } | undefined
  #isClosed = false

  constructor({ perSecond, monotonicMs, timers, startAfterMs = 0 }: PaceOptions) {
    assertRate(perSecond)
    this.#monotonicMs = monotonicMs
    this.#timers = timers
    this.#startAtMs = monotonicMs() + startAfterMs
    this.#contract = perSecond
    this.#perSecond = perSecond
  }

  take<T>(lane: Lane, leave: () => Promise<T>, patience?: Patience): Promise<T | 'closed' | 'gave-up'> {
    if (this.#isClosed) return Promise.resolve('closed')
    this.#beginAfterSilence()
    const line = this.#lines[lane]
    const left = new Promise<T | 'closed' | 'gave-up'>((resolve, reject) => {
      let timer: Timer | undefined
      const waiter: Waiter = (turn) => {
        timer?.cancel()
        if (turn === 'go') this.#occupyWhile(leave).then(resolve, reject)
        else resolve(turn)
      }
      const wait = ({ ms, isOver }: Patience) => {
        timer = this.#timers.after(ms, () => {
          if (!isOver()) wait({ ms, isOver })
          else if (line.remove(waiter)) waiter('gave-up')
        })
      }
      line.join(waiter)
      if (patience !== undefined) wait(patience)
    })
    this.#serve()
    return left
  }

  throttled(): void {
    const now = this.#monotonicMs()
    this.#turnedAwaySinceMs ??= now
    if (now - this.#halvedAtMs < throttledEveryMs) return
    this.#halvedAtMs = now
    this.#wentWellAtMs = now
    this.#perSecond = Math.min(this.#contract, Math.max(1, this.#perSecond / 2))
  }

  wentWell(): void {
    this.#turnedAwaySinceMs = undefined
    if (this.#perSecond >= this.#contract) return
    const now = this.#monotonicMs()
    // Counted in time and not in answers: a fast bind would otherwise be back at once.
    const goodMs = Math.min(now - this.#wentWellAtMs, 1_000)
    this.#wentWellAtMs = now
    this.#change(Math.min(this.#contract, this.#perSecond + (this.#contract * regainedPerSecond * goodMs) / 1_000))
  }

  isStuck(): boolean {
    const sinceMs = this.#turnedAwaySinceMs
    return this.perSecondNow() <= 1 && sinceMs !== undefined && this.#monotonicMs() - sinceMs >= stuckAfterMs
  }

  setPerSecond(perSecond: number): void {
    assertRate(perSecond)
    const isThrottled = this.#perSecond < this.#contract
    this.#contract = perSecond
    this.#change(isThrottled ? Math.min(Math.max(1, this.#perSecond), perSecond) : perSecond)
  }

  setCampaignShare(share: number): void {
    const before = this.perSecondNow('campaign')
    this.#campaignShare = share
    this.#goFasterThan(before)
  }

  perSecondNow(lane: Lane = 'code'): number {
    const most = Math.floor(this.#perSecond)
    return lane === 'code' ? most : Math.min(most, Math.max(1, Math.round(most * this.#campaignShare)))
  }

  close(): void {
    this.#isClosed = true
    this.#timer?.timer.cancel()
    this.#timer = undefined
    for (const line of [this.#lines.code, this.#lines.campaign])
      for (let next = line.leave(); next !== undefined; next = line.leave()) next('closed')
  }

  #change(perSecond: number): void {
    const before = this.perSecondNow('campaign')
    this.#perSecond = perSecond
    this.#goFasterThan(before)
  }

  #goFasterThan(before: number): void {
    if (this.perSecondNow('campaign') <= before) return
    this.#nextDueMs = Math.min(this.#nextDueMs, this.#monotonicMs() + this.#apartMs())
    this.#serve()
  }

  async #occupyWhile<T>(leave: () => Promise<T>): Promise<T> {
    const takenAtMs = this.#monotonicMs()
    this.#places.take()
    this.#nextDueMs = Math.max(this.#nextDueMs, takenAtMs - catchUpMs) + this.#apartMs()
    try {
      return await leave()
    } finally {
      this.#places.giveBack(takenAtMs, this.#monotonicMs())
      this.#serve()
    }
  }

  #serve(): void {
    while (!this.#isClosed) {
      const lane = this.#laneToServe()
      if (lane === undefined) return
      const now = this.#monotonicMs()
      const atMs = this.#freeAtMs(lane, now)
      if (atMs > now) {
        this.#wakeAt(atMs, now)
        return
      }
      this.#lines[lane].leave()?.('go')
    }
  }

  #laneToServe(): Lane | undefined {
    if (!this.#lines.code.isEmpty()) return 'code'
    return this.#lines.campaign.isEmpty() ? undefined : 'campaign'
  }

  /** A code takes any place of the second that is free; a campaign's parts keep their distance. */
  #freeAtMs(lane: Lane, now: number): number {
    const isFree = this.#places.takenAt(now) < this.perSecondNow(lane)
    const freeMs = Math.max(this.#startAtMs, isFree ? now : this.#places.nextFreeMs())
    return lane === 'code' ? freeMs : Math.max(freeMs, this.#nextDueMs)
  }

  /** What nobody wanted is gone; a gap between two batches is not silence. */
  #beginAfterSilence(): void {
    if (this.#laneToServe() !== undefined) return
    const now = this.#monotonicMs()
    if (this.#nextDueMs < now - catchUpMs) this.#nextDueMs = now
  }

  #apartMs(): number {
    return (secondMs + lateMs + this.#places.lostMs()) / Math.max(1, this.perSecondNow('campaign'))
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
}

type Waiter = (turn: 'go' | 'closed' | 'gave-up') => void

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

  /** False if it has left already. */
  remove(waiter: Waiter): boolean {
    const at = this.#waiters.indexOf(waiter, this.#head)
    if (at !== -1) this.#waiters.splice(at, 1)
    return at !== -1
  }

  isEmpty(): boolean {
    return this.#head === this.#waiters.length
  }
}

const assertRate = (perSecond: number): void =>
  assert(Number.isInteger(perSecond) && perSecond >= 0, 'a rate is a whole number of parts a second')
