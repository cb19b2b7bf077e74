import type { Timers } from '#platform/gateways/timers'

export type Loop = {
  /** Asks for a run soon. */
  wake(): void
  /** Resolves when the run under way has ended. */
  stop(): Promise<void>
}

/** As the program's own loop, on virtual timers: again at once while there is something to do, and after a failure. */
export const keepDoing = (
  { timers, onFault }: { readonly timers: Timers; readonly onFault: (error: unknown) => void },
  work: () => Promise<number>,
  everyMs: number,
): Loop => {
  let wakeUp = () => {}
  let isAwake = false
  let isStopped = false
  let failures = 0

  const turn = async (): Promise<number> => {
    isAwake = false
    try {
      const count = await work()
      failures = 0
      return count > 0 ? 0 : everyMs
    } catch (error) {
      onFault(error)
      failures += 1
      return Math.min(restMaxMs, everyMs * 2 ** failures)
    }
  }
  const ended = (async () => {
    while (!isStopped) {
      const restMs = await turn()
      if (restMs === 0 || isAwake || isStopped) continue
      await new Promise<void>((resolve) => {
        const timer = timers.after(restMs, resolve)
        wakeUp = () => {
          timer.cancel()
          resolve()
        }
      })
    }
  })()
  return {
    wake() {
      isAwake = true
      wakeUp()
    },
    async stop() {
      isStopped = true
      wakeUp()
      await ended
    },
  }
}

const restMaxMs = 10_000
