import type { Clock } from '#platform/clock/clock'
import type { Gateway } from '#platform/gateways/gateway'
import type { Timers } from '#platform/gateways/timers'
import type { ClaimedMessage, Outbox } from './outbox.ts'
import type { Pace } from './pace.rules.ts'
import type { ReceiptKeeper } from './receipts.jobs.ts'

/** What the sender needs beside the bind that it sends over. */
export type SenderWorld = {
  readonly outbox: Outbox
  readonly receipts: ReceiptKeeper
  readonly clock: Clock
  readonly timers: Timers
  /** Which gateway tries next what this one was not ready for, by the class of the message. */
  readonly nextGateway: (message: ClaimedMessage, gateway: string) => NextGateway
  /** The last check on the final bytes of a code: its domain-bound line. */
  readonly checkFinalText: (message: Pick<ClaimedMessage, 'class'>, text: string) => string | undefined
}

/** Another gateway need not wait until the one that was not ready is. */
export type NextGateway = { readonly gateway: string; readonly isAtOnce: boolean }

/** A connection to a carrier that this worker may use while it holds the lease. */
export type Bind = {
  readonly worker: string
  readonly name: string
  readonly number: number
  readonly epoch: number
  readonly gateway: Gateway
  readonly pace: Pace
  /** Whether the lease is surely still ours, by our own monotonic clock. */
  mayAct(): boolean
  /** It is being given back: nothing new is claimed. */
  isLeaving(): boolean
}
