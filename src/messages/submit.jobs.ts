import type { Gateway, OutgoingPart, SubmitOutcome } from '#platform/gateways/gateway'
import type { Phone } from '#values/phone'
import type { PartOutcome } from './message.rules.ts'

export type OutgoingMessage = {
  readonly to: Phone
  readonly sender: string
  readonly text: string
  readonly reference: number
  readonly validUntil: Date | null
}

/** A later part waits this long, this often, when the carrier is not ready: half a message is worse than a late one. */
const partPause = { tries: 10, ms: 300 } as const

/** Hands a message over part by part and stops at the first part that was not taken. */
export const submitParts = async (gateway: Gateway, message: OutgoingMessage): Promise<readonly PartOutcome[]> => {
  const outcomes: PartOutcome[] = []
  for (const [index, part] of gateway.split(message.text).entries()) {
    const outgoing: OutgoingPart = {
      to: message.to,
      from: message.sender,
      part,
      reference: message.reference,
      ...(message.validUntil && { validUntil: message.validUntil }),
    }
    let outcome = await gateway.submit(outgoing)
    for (let tries = 0; index > 0 && isNotReady(outcome) && tries < partPause.tries; tries++) {
      await new Promise((resolve) => setTimeout(resolve, partPause.ms))
      outcome = await gateway.submit(outgoing)
    }
    outcomes.push(inOurWords(outcome))
    if (outcome.kind !== 'submitted') break
  }
  return outcomes
}

const isNotReady = ({ kind }: SubmitOutcome): boolean => kind === 'throttled' || kind === 'not-sent'

const inOurWords = (outcome: SubmitOutcome): PartOutcome => {
  switch (outcome.kind) {
    case 'submitted':
    case 'doubtful':
    case 'not-sent':
      return outcome
    case 'throttled':
      return { kind: 'throttled', because: outcome.status }
    case 'refused':
      return { kind: 'refused', retry: outcome.retry, because: outcome.status }
  }
}
