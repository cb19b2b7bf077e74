import type { Bind, SenderWorld } from './bind.ts'
import { afterSubmit, type Delay, type PartOutcome } from './message.rules.ts'
import type { Answer, Claim, Claimant, ClaimedMessage, Stream } from './outbox.ts'
import { submitParts } from './submit.jobs.ts'
import { textProblem } from './text.rules.ts'

/**
 * Sends what is due in one stream: takes up to `limit`, asks the rules, commits the intent, lets the bytes leave, records
 * the answers. `limit` bounds what a crash can leave doubtful.
 * @returns how many messages were taken.
 */
export const sendDue = async (
  w: SenderWorld,
  bind: Bind,
  stream: Stream,
  { slot, limit }: { readonly slot: string; readonly limit: number },
): Promise<number> => {
  const { worker, name, number, epoch } = bind
  const by: Claimant = { worker, slot, gateway: name, bind: number, epoch }
  const claim = await w.outbox.claim(stream, by, limit, w.clock.now()).catch(async (error: unknown) => {
    await keepTrying(w, () => w.outbox.putBack(by, w.clock.now()))
    throw error
  })
  if (claim.messages.length > 0) await send(w, bind, claim)
  return claim.taken
}

const send = async (w: SenderWorld, bind: Bind, claim: Claim): Promise<void> => {
  const recorded = Promise.withResolvers<void>()
  const onSubmitted = (carrierId: string) => w.receipts.expect(bind.name, carrierId, recorded.promise)
  const answers = await Promise.all(claim.messages.map((message) => sendOne(w, bind, message, onSubmitted)))
  try {
    await keepTrying(w, () => w.outbox.record(claim, answers, w.clock.now()))
  } finally {
    recorded.resolve()
  }
}

const sendOne = async (
  w: SenderWorld,
  bind: Bind,
  message: ClaimedMessage,
  onSubmitted: (carrierId: string) => void,
): Promise<Answer> => {
  const parts = message.text === undefined ? [] : bind.gateway.split(message.text)
  const problem = problemOf(w, message)
  const outcomes: readonly PartOutcome[] =
    problem === undefined && message.to !== undefined
      ? await submitParts(w, bind, { ...message, to: message.to, parts }, onSubmitted)
      : [{ kind: 'refused', retry: 'never', because: problem ?? 'no-phone', blame: 'message' }]
  const after = afterSubmit(outcomes, { tries: message.tries.length })
  if (after.kind === 'record') return { message, outcomes, parts: parts.length, next: after }
  const { gateway, isAtOnce } = w.nextGateway(message, bind.name)
  return {
    message,
    outcomes,
    parts: parts.length,
    next: { ...after, gateway, delay: isAtOnce ? 'moved' : delayFor(message, after.delay) },
  }
}

const delayFor = ({ class: messageClass }: ClaimedMessage, delay: Delay): Delay =>
  delay === 'refused' && messageClass !== 'notice' ? 'refused-code' : delay

const problemOf = (w: SenderWorld, message: ClaimedMessage): string | undefined => {
  const { to, text } = message
  if (to === undefined) return 'no-phone'
  if (text === undefined) return 'no-text'
  return textProblem(text) ?? w.checkFinalText(message, text)
}

/** What the carrier said must not be lost to a database that restarts: ten minutes of tries. */
const triesMax = 60
const restMaxMs = 10_000

const keepTrying = async ({ timers }: SenderWorld, act: () => Promise<void>): Promise<void> => {
  for (let tries = 1; ; tries++) {
    try {
      return await act()
    } catch (error) {
      if (tries >= triesMax) throw error
      await new Promise<void>((resolve) => void timers.after(Math.min(restMaxMs, 100 * 2 ** tries), resolve))
    }
  }
}
