import type { Timer, Timers } from '#platform/gateways/timers'
import type { Draws } from './draws.ts'
import type { VirtualTime } from './virtual-time.ts'

/**
 * A process as the world treats it: its monotonic clock runs a little fast or slow, it may stand still and go on as if
 * nothing had happened, and when it is killed nothing of it goes on.
 */
export type Computer = {
  readonly name: string
  monotonicMs(): number
  readonly timers: Timers
  /** Something comes in from outside: at once, after the standstill, or never. */
  receive(run: () => void): void
  /** Stands still for so long. */
  pause(ms: number): void
  kill(): void
  isAlive(): boolean
  isPaused(): boolean
}

export const startComputer = (
  name: string,
  w: { readonly time: VirtualTime; readonly draws: Draws; readonly clockSpeed: number },
): Computer => {
  const { time, draws, clockSpeed } = w
  const bootedMs = draws.between(0, 1_000_000)
  let isAlive = true
  let pausedUntilMs = 0
  let firedLate: (() => void)[] = []
  let cameIn: (() => void)[] = []

  const isPaused = () => time.nowMs() < pausedUntilMs
  const happen = (backlog: (() => void)[], run: () => void): void => {
    if (!isAlive) return
    if (isPaused()) backlog.push(run)
    else run()
  }
  /** Node looks at its timers first, then at its sockets; each callback's continuations run before the next. */
  const goOn = (): void => {
    if (!isAlive || isPaused()) return
    const next = firedLate.shift() ?? cameIn.shift()
    if (next === undefined) return
    next()
    time.after(0, goOn)
  }

  return {
    name,
    monotonicMs: () => bootedMs + time.nowMs() * clockSpeed,
    timers: {
      after(ms, run): Timer {
        let isCancelled = false
        const lateMs = draws.fraction() * 1.5
        const planned = time.after(Math.max(1, ms) / clockSpeed + lateMs, () =>
          happen(firedLate, () => {
            if (!isCancelled) run()
          }),
        )
        return {
          cancel() {
            isCancelled = true
            planned.cancel()
          },
        }
      },
    },
    receive: (run) => {
      // What came in during a standstill is not overtaken.
      if (cameIn.length > 0 || firedLate.length > 0) cameIn.push(run)
      else happen(cameIn, run)
    },
    pause(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, time.nowMs() + ms)
      time.at(pausedUntilMs, goOn)
    },
    kill() {
      isAlive = false
      firedLate = []
      cameIn = []
    },
    isAlive: () => isAlive,
    isPaused,
  }
}
