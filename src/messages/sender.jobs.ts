import type { Bind, SenderWorld } from './bind.ts'
import { afterSubmit, type Delay, type PartOutcome } from './message.rules.ts'
import type { Answer, Claim, Claimant, ClaimedMessage, Stream } from './outbox.ts'
import { submitParts } from './submit.jobs.ts'
import { textProblem } from './text.rules.ts'

export type Sending = {
  readonly slot: string
  /** At most so many at once: this bounds what a crash can leave doubtful. */
  readonly limit: number
  /** Asked after a full claim whether the stream's next messages are to follow; nothing follows unless told. */
  readonly goesOn?: () => boolean
}

/**
 * Sends what is due in one stream: takes up to `limit`, asks the rules, commits the intent, lets the bytes leave, records
 * the answers, and takes the next with them as long as there are more.
 * @returns how many messages were taken.
 */
export const sendDue = async (
  w: SenderWorld,
  bind: Bind,
  stream: Stream,
  { slot, limit, goesOn = () => false }: Sending,
): Promise<number> => {
  const { worker, name, number, epoch } = bind
  const by: Claimant = { worker, slot, gateway: name, bind: number, epoch }
  const begin = () => orPutBack(w, by, () => w.outbox.claim(stream, by, limit, w.clock.now()))
  let taken = 0
  for (let claim: Claim | undefined = await begin(); claim !== undefined; ) {
    taken += claim.taken
    const isFull = claim.taken >= limit
    if (claim.messages.length > 0) claim = await send(w, bind, claim, () => isFull && goesOn(), limit)
    else claim = isFull && goesOn() ? await begin() : undefined
  }
  return taken
}

/** @returns the next claim, if it goes on. */
const send = async (
  w: SenderWorld,
  bind: Bind,
  claim: Claim,
  goesOn: () => boolean,
  limit: number,
): Promise<Claim | undefined> => {
  const recorded = Promise.withResolvers<void>()
  const onSubmitted = (carrierId: string) => w.receipts.expect(bind.name, carrierId, recorded.promise)
  const answers = await Promise.all(claim.messages.map((message) => sendOne(w, bind, message, onSubmitted)))
  const record = () => keepTrying(w, () => w.outbox.record(claim, answers, w.clock.now()))
  try {
    if (!goesOn()) {
      await record()
      return undefined
    }
    return await orPutBack(
      w,
      claim.by,
      () => w.outbox.advance(claim, answers, limit, w.clock.now()),
      // First: what has left must not be put back with what has not.
      record,
    )
  } finally {
    recorded.resolve()
  }
}

/** A claim whose answer is lost may have been committed: no byte of it has left. */
const orPutBack = (
  w: SenderWorld,
  by: Claimant,
  claim: () => Promise<Claim>,
  before: () => Promise<void> = async () => {},
): Promise<Claim> =>
  claim().catch(async (error: unknown) => {
    await before()
    await keepTrying(w, () => w.outbox.putBack(by, w.clock.now()))
    throw error
  })

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
