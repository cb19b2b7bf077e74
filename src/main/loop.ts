import type { Log } from '#platform/log'

export type Loop = {
  /** Runs the work now, after a run under way; tells how much it did. */
  once(): Promise<number>
  /** Asks for a run soon. */
  wake(): void
  /** Resolves when the run under way has ended. */
  stop(): Promise<void>
}

/** How long a failing work rests, at most: a database that restarts is back by then. */
const usualRestMaxMs = 10_000

/** Does `work` again and again: at once while there is something to do, else every `everyMs` or when woken. */
export const keepDoing = (
  name: string,
  work: () => Promise<number>,
  {
    everyMs,
    log,
    restMaxMs = usualRestMaxMs,
  }: { readonly everyMs: number; readonly log: Log; readonly restMaxMs?: number },
): Loop => {
  let running: Promise<unknown> = Promise.resolve()
  let wakeUp = () => {}
  let isAwake = false
  let isStopped = false
  let failures = 0

  const once = (): Promise<number> => {
    const run = running.then(work)
    running = run.catch(() => 0)
    return run
  }
  const turn = async (): Promise<number> => {
    isAwake = false
    try {
      const count = await once()
      failures = 0
      return count > 0 ? 0 : everyMs
    } catch (error) {
      failures += 1
      log.error({ work: name, failures, err: error }, 'work failed; it is tried again')
      return Math.min(restMaxMs, everyMs * 2 ** failures)
    }
  }
  const ended = (async () => {
    while (!isStopped) {
      const restMs = await turn()
      if (restMs > 0 && !isAwake && !isStopped)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, restMs)
          wakeUp = () => {
            clearTimeout(timer)
            resolve()
          }
        })
    }
  })()

  return {
    once,
    wake() {
      isAwake = true
      wakeUp()
    },
    async stop() {
      isStopped = true
      wakeUp()
      await ended
      await running
    },
  }
}
