import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Contest } from './contest.ts'
import type { Step, Stepped } from './contestant.child.ts'

export type RunningContestant = {
  step(step: Step): Promise<Stepped>
  close(): Promise<void>
}

/** Starts a contestant's process; it is ready, connected and bound when this resolves. */
export async function startContestant(name: string, contest: Contest): Promise<RunningContestant> {
  const child = fork('bench/sms/contestant.child.ts', [name, JSON.stringify(contest)])
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} ended with ${code}`)
  })
  died.catch(() => {})
  await Promise.race([once(child, 'message'), died])
  const step = async (which: Step): Promise<Stepped> => {
    child.send(which)
    const [stepped] = (await Promise.race([once(child, 'message'), died])) as [Stepped]
    return stepped
  }
  return {
    step,
    async close() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      await step('close')
      await ended
    },
  }
}
