import type { ChildProcess } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process that is started again whenever it ends, as systemd would, until it is told to leave. */
export const supervise = (plan: SupervisedPlan): Supervised => {
  const ends: End[] = []
  let child: ChildProcess | undefined
  let isWorking = false
  let isKilled = false
  let isLeaving = false

  const start = (): void => {
    const started = plan.start()
    child = started
    isWorking = false
    isKilled = false
    for (const output of [started.stdout, started.stderr])
      output?.setEncoding('utf8').on('data', (said: string) => {
        if (plan.saysItWorks(said)) isWorking = true
        appendFileSync(plan.log, said)
      })
    // A write into the input of a process that was just killed must not end this one.
    started.stdin?.on('error', () => {})
    started.once('exit', (code) => {
      if (!isKilled && !isLeaving) ends.push({ code, wasWorking: isWorking })
      child = undefined
      if (!isLeaving) void sleep(plan.restMs()).then(() => (isLeaving ? undefined : start()))
    })
  }
  start()
  return {
    name: plan.name,
    ends,
    child: () => child,
    isWorking: () => child !== undefined && isWorking,
    kill() {
      if (child === undefined || isKilled) return false
      isKilled = true
      return child.kill('SIGKILL')
    },
    async leave() {
      isLeaving = true
      const leaving = child
      if (leaving === undefined) return true
      // One that only just starts has nothing in hand and does not listen yet: it may end as it likes.
      const hasToLeaveWell = isWorking
      const ended = new Promise<number | null>((resolve) => leaving.once('exit', resolve))
      // A paused one hears nothing.
      leaving.kill('SIGCONT')
      leaving.kill('SIGTERM')
      const patience = setTimeout(() => leaving.kill('SIGKILL'), leaveMaxMs)
      const code = await ended
      clearTimeout(patience)
      return code === 0 || !hasToLeaveWell
    },
  }
}

/** Longer than a worker waits for the answers of what it has in hand. */
const leaveMaxMs = 30_000

export type SupervisedPlan = {
  readonly name: string
  readonly start: () => ChildProcess
  readonly saysItWorks: (said: string) => boolean
  readonly restMs: () => number
  /** Its output is appended there. */
  readonly log: string
}

export type Supervised = {
  readonly name: string
  /** When it ended although nobody killed it. */
  readonly ends: readonly End[]
  child(): ChildProcess | undefined
  isWorking(): boolean
  /** kill −9; false if it was not there. */
  kill(): boolean
  /** Asks it to go and waits; whether it went as it should, if it worked. */
  leave(): Promise<boolean>
}

export type End = { readonly code: number | null; readonly wasWorking: boolean }
