import type { HoldReason } from '#answers'
import { placeHold, releaseHold } from '#outreach'
import type { Day } from '#values/day'
import type { Settings } from '../settings.ts'
import { terminal } from '../terminal.ts'
import { actorOf, withWorld } from './with-world.ts'

type Options = {
  readonly reason: HoldReason
  readonly document?: Day
  readonly as?: string
  readonly json?: boolean
}

const refusals = {
  'no-such-customer': 'There is no such customer, or the number fits two.',
  'already-held': 'There is such a hold already. Nothing has changed.',
  'not-held': 'There is no such hold. Nothing has changed.',
} as const

export const addHoldCommand = (settings: Settings, options: Options, customerNumber: string): Promise<number> =>
  withWorld(settings, async (world) => {
    const outcome = await placeHold(world, requestOf(options, customerNumber, world.clock.now()))
    if (options.json) terminal.json(outcome)
    else if (outcome.kind === 'placed')
      terminal.say(
        `On hold (${options.reason}): no notices from now on; ${outcome.cancelledPromises} promises cancelled.`,
      )
    else terminal.say(refusals[outcome.because])
    return outcome.kind === 'placed' ? 0 : 1
  })

export const releaseHoldCommand = (settings: Settings, options: Options, customerNumber: string): Promise<number> =>
  withWorld(settings, async (world) => {
    const outcome = await releaseHold(world, requestOf(options, customerNumber, world.clock.now()))
    if (options.json) terminal.json(outcome)
    else
      terminal.say(
        outcome.kind === 'released' ? `The hold (${options.reason}) is released.` : refusals[outcome.because],
      )
    return outcome.kind === 'released' ? 0 : 1
  })

const requestOf = (options: Options, customerNumber: string, now: Date) => ({
  customerNumber,
  reason: options.reason,
  ...(options.document && { documentDay: options.document }),
  by: actorOf(options),
  now,
})
