import type { Gateway, OutgoingPart, SubmitOutcome } from '#platform/gateways/gateway'
import type { Phone } from '#values/phone'
import type { PartOutcome } from './message.rules.ts'
import { encodeUcs2, splitIntoParts } from './text.rules.ts'

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
  const texts = splitIntoParts(message.text)
  const outcomes: PartOutcome[] = []
  for (const [index, text] of texts.entries()) {
    const part: OutgoingPart = {
      to: message.to,
      from: message.sender,
      ucs2: encodeUcs2(text),
      reference: message.reference,
      ...(texts.length > 1 && {
        concatenation: { reference: message.reference & 0xff, part: index + 1, parts: texts.length },
      }),
      ...(message.validUntil && { validUntil: message.validUntil }),
    }
    let outcome = await gateway.submit(part)
    for (let tries = 0; index > 0 && isNotReady(outcome) && tries < partPause.tries; tries++) {
      await new Promise((resolve) => setTimeout(resolve, partPause.ms))
      outcome = await gateway.submit(part)
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
