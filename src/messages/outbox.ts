import type { Phone } from '#values/phone'
import type { AfterSubmit, Deferral, Delay, Lane, MessageClass, PartOutcome } from './message.rules.ts'

/**
 * What the sender needs of the log of messages. The database's is `openOutbox`; a simulation brings its own, so that the
 * sender is tried against thousands of histories of crashes.
 */
export type Outbox = {
  /** Where something of this lane is due, and to which gateway it may go. */
  listDue(lane: Lane, now: Date): Promise<readonly Stream[]>
  /**
   * Takes the next messages of a stream, asks the rules about each, and commits the intent to send what they let go,
   * all in one transaction. After it and until `record`, those messages may have left.
   */
  claim(stream: Stream, by: Claimant, limit: number, now: Date): Promise<Claim>
  /**
   * After a claim whose answer was lost: if it was committed it is ended, and its messages wait again, for no byte of them
   * has left.
   */
  putBack(by: Claimant, now: Date): Promise<void>
  /** Appends the answers and ends the claim. A claim that others took for abandoned is only told about. */
  record(claim: Claim, answers: readonly Answer[], now: Date): Promise<void>
  /**
   * The same, and takes the next messages of the stream, in one transaction. If it fails, nobody knows which of both was
   * done: `record` and then `putBack` make sure.
   */
  advance(claim: Claim, answers: readonly Answer[], limit: number, now: Date): Promise<Claim>
  /** Keeps receipts, tied to their messages where these are known; afterwards the carrier may be told. */
  keepReceipts(gateway: string, receipts: readonly KnownReceipt[], now: Date): Promise<void>
}

/** A line in which messages wait, first in first out. */
export type Stream = {
  readonly queueId: string
  readonly lane: Lane
  /** What a gateway was not ready for waits for a gateway; what the rules put off, like what was never tried, for any. */
  readonly retry?: { readonly gateway: string; readonly delay: Delay } | { readonly deferral: Deferral }
}

/** Who claims: a bind that a worker holds by a lease. */
export type Claimant = {
  readonly worker: string
  /** A worker has one claim in hand per slot. */
  readonly slot: string
  readonly gateway: string
  readonly bind: number
  /** The fencing token: a claim under an older epoch than the lease's is refused. */
  readonly epoch: number
}

export type DueMessage = {
  readonly messageId: string
  readonly customerId: string
  readonly class: MessageClass
  readonly caseId: string | null
  readonly campaignId: string | null
  readonly phoneValue: Buffer
  readonly sender: string
  readonly reference: number
  readonly partCount: number
  readonly validUntil: Date | null
}

/** What the rules say at the moment of sending. */
export type Release =
  | { readonly kind: 'send'; readonly validUntil?: Date; readonly facts?: object }
  | { readonly kind: 'defer'; readonly until: Date; readonly because: string; readonly facts: object }
  | { readonly kind: 'exclude'; readonly because: string; readonly facts: object }

/** A message in hand: its intent is committed. */
export type ClaimedMessage = DueMessage & {
  /** Missing when the customer or the text is gone meanwhile. */
  readonly to: Phone | undefined
  readonly text: string | undefined
  /** The gateways that were not ready for it, in order. */
  readonly tries: readonly string[]
}

export type Claim = {
  readonly stream: Stream
  readonly by: Claimant
  readonly number: number
  /** How many were taken from the stream, those included that the rules held back. */
  readonly taken: number
  readonly messages: readonly ClaimedMessage[]
  /** The lease has another owner by now: nothing was taken, and nothing will be. */
  readonly isFenced: boolean
}

export type Answer = {
  readonly message: ClaimedMessage
  readonly outcomes: readonly PartOutcome[]
  /** Into how many parts the gateway cut it. */
  readonly parts: number
  /** What follows: an end, or one more try at that gateway. */
  readonly next:
    | Extract<AfterSubmit, { kind: 'record' }>
    | (Extract<AfterSubmit, { kind: 'again' }> & { readonly gateway: string })
}

export type KnownReceipt = {
  readonly carrierId: string
  readonly state: string
  readonly errorCode?: string
  readonly reference?: number
  readonly to?: Phone
  readonly raw: string
}
