import type { Bind, SenderWorld } from './bind.ts'
import type { Lane } from './message.rules.ts'
import type { Stream } from './outbox.ts'
import { sendDue } from './sender.jobs.ts'

export type TurnWorld = SenderWorld & {
  /** Whether notices may leave at this moment at all; the rules are asked again about each. */
  readonly campaignsMayLeave: (now: Date) => boolean
  /** Whether this gateway is to take from this stream, as things stand. */
  readonly mayTake: (gateway: string, stream: Stream) => boolean
}

/** A bind takes this much of a second's rate into its hand: what is in hand is on its way when somebody says pause. */
const inHandSeconds = 0.25

/** Places in a bind's window that a campaign leaves free, so that a code never waits for a campaign's answers. */
const reservedForCodes = (windowMax: number): number => Math.max(1, Math.min(Math.floor(windowMax / 5), 50))

type Window = { readonly windowMax: number }

/** So many claims of a campaign are under way at once: while one waits for the carrier, another is being written. */
export const campaignSlots = ({ windowMax }: Window): number => Math.min(2, windowMax - reservedForCodes(windowMax))

/** How many messages one claim of this lane takes: what a crash can leave doubtful is never more than the window. */
export const claimMax = (window: Window, lane: Lane, perSecond: number): number => {
  const codes = reservedForCodes(window.windowMax)
  const most = lane === 'code' ? codes : Math.floor((window.windowMax - codes) / campaignSlots(window))
  return Math.max(1, Math.min(most, Math.ceil(perSecond * inHandSeconds)))
}

/** One turn of a bind in one lane: everything that is due to it, once around. Answers with how many were taken. */
export const takeTurn = async (w: TurnWorld, bind: Bind, lane: Lane, slot: string): Promise<number> => {
  const now = w.clock.now()
  if (!bind.mayAct() || bind.gateway.health().state !== 'bound') return 0
  if (lane === 'campaign' && !w.campaignsMayLeave(now)) return 0
  const streams = (await w.outbox.listDue(lane, now)).filter((stream) => w.mayTake(bind.name, stream))
  const limit = claimMax(bind.gateway, lane, bind.pace.perSecondNow(lane))
  let taken = 0
  for (const stream of streams) if (!bind.isLeaving()) taken += await takeFrom(w, bind, stream, { slot, limit })
  return taken
}

/** Looking where something is due costs as much as a claim: a stream that is full is taken from some more, in fairness. */
const claimsInARow = 8

const takeFrom = (
  w: TurnWorld,
  bind: Bind,
  stream: Stream,
  how: { readonly slot: string; readonly limit: number },
): Promise<number> => {
  let claims = 1
  const goesOn = () =>
    claims++ < claimsInARow && !bind.isLeaving() && (stream.lane === 'code' || w.campaignsMayLeave(w.clock.now()))
  return sendDue(w, bind, stream, { ...how, goesOn })
}
