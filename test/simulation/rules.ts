import type { DueMessage, Release } from '../../src/messages/outbox.ts'
import type { DecideRelease } from './memory-log.ts'
import type { Plan } from './weather.ts'

/** What the rules say at the moment of sending, and how it changes meanwhile. */
export type Rules = {
  readonly decideRelease: DecideRelease
  set(customerId: string, rule: Exclude<Release, { kind: 'send' }>): void
  /** Whether notices may leave now at all. */
  mayLeave(now: Date): boolean
}

export const openRules = ({ closed }: Plan, bootMs: number): Rules => {
  const rules = new Map<string, Exclude<Release, { kind: 'send' }>>()
  const closesAt = new Date(bootMs + closed.fromMs)
  const opensAt = new Date(bootMs + closed.untilMs)
  const closesNext = new Date(bootMs + dayMs)
  const mayLeave = (now: Date) => now < closesAt || now >= opensAt

  const releaseOf = (message: DueMessage, now: Date): Release => {
    if (message.class !== 'notice') return { kind: 'send' }
    const rule = rules.get(message.customerId)
    if (rule?.kind === 'exclude' || (rule?.kind === 'defer' && rule.until > now)) return rule
    if (!mayLeave(now)) return { kind: 'defer', until: opensAt, because: 'hours', facts: {} }
    return { kind: 'send', validUntil: now < closesAt ? closesAt : closesNext }
  }
  return {
    decideRelease: (due, now) => new Map(due.map((message) => [message.messageId, releaseOf(message, now)])),
    set: (customerId, rule) => void rules.set(customerId, rule),
    mayLeave,
  }
}

const dayMs = 86_400_000
