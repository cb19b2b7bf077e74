/** The passing of time as an argument, so that a test can make it pass. */
export type Timers = {
  after(ms: number, run: () => void): Timer
}

export type Timer = { cancel(): void }

export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return { cancel: () => clearTimeout(timer) }
  },
}
