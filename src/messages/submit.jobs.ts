import type { OutgoingPart, Part, SubmitOutcome } from '#platform/gateways/gateway'
import type { Phone } from '#values/phone'
import type { Bind, SenderWorld } from './bind.ts'
import { laneOf, type PartOutcome } from './message.rules.ts'
import type { ClaimedMessage } from './outbox.ts'
import { codePatienceMs } from './route.rules.ts'

/** A later part waits this long, this often, when the carrier is not ready: half a message is worse than a late one. */
const partPause = { tries: 10, ms: 300 } as const

/** Hands a message over part by part and stops at the first part that was not taken. */
export const submitParts = async (
  w: Pick<SenderWorld, 'clock' | 'timers' | 'nextGateway'>,
  bind: Bind,
  message: ClaimedMessage & { readonly to: Phone; readonly parts: readonly Part[] },
  onSubmitted: (carrierId: string) => void,
): Promise<readonly PartOutcome[]> => {
  const outcomes: PartOutcome[] = []
  for (const [index, part] of message.parts.entries()) {
    const outgoing: OutgoingPart = {
      to: message.to,
      from: message.sender,
      part,
      reference: message.reference,
      messageId: message.messageId,
      ...(message.validUntil && { validUntil: message.validUntil }),
    }
    let outcome = await submitPart(w, bind, message, outgoing)
    for (let tries = 0; index > 0 && isNotReady(outcome) && tries < partPause.tries; tries++) {
      await new Promise<void>((resolve) => void w.timers.after(partPause.ms, resolve))
      outcome = await submitPart(w, bind, message, outgoing)
    }
    if (outcome.kind === 'submitted') onSubmitted(outcome.carrierId)
    outcomes.push(outcome)
    if (outcome.kind !== 'submitted') break
  }
  return outcomes
}

/** The last look before bytes leave: our turn, our lease, still within the message's time. */
const submitPart = async (
  { clock, nextGateway }: Pick<SenderWorld, 'clock' | 'nextGateway'>,
  { name, gateway, pace, mayAct }: Bind,
  message: ClaimedMessage,
  part: OutgoingPart,
): Promise<PartOutcome> => {
  const lane = laneOf(message.class)
  const leave = async (): Promise<PartOutcome> => {
    if (!mayAct()) return { kind: 'not-sent', because: 'lease-lost' }
    if (message.validUntil !== null && message.validUntil <= clock.now())
      return { kind: 'not-sent', because: 'its-time-has-passed' }
    return inOurWords(await gateway.submit(part))
  }
  // Somebody waits for a code: where another gateway has room, it does not wait for a place here.
  const isOver = () => nextGateway(message, name).isAtOnce
  const patience = lane === 'code' && part.part.number === 1 ? { ms: codePatienceMs, isOver } : undefined
  const outcome = await pace.take(lane, leave, patience)
  if (outcome === 'closed') return { kind: 'not-sent', because: 'closing' }
  if (outcome === 'gave-up') return { kind: 'not-sent', because: 'no-place' }
  if (outcome.kind === 'submitted') pace.wentWell()
  if (outcome.kind !== 'throttled') return outcome
  pace.throttled()
  return pace.isStuck() ? { ...outcome, blame: 'gateway' } : outcome
}

const isNotReady = ({ kind }: PartOutcome): boolean => kind === 'throttled' || kind === 'not-sent'

const inOurWords = (outcome: SubmitOutcome): PartOutcome => {
  switch (outcome.kind) {
    case 'submitted':
    case 'doubtful':
    case 'not-sent':
      return outcome
    case 'throttled':
      return { kind: 'throttled', because: outcome.status }
    case 'refused':
      return { kind: 'refused', retry: outcome.retry, because: outcome.status, blame: outcome.blame }
  }
}
