import type { Phone } from '#values/phone'
import type { Alphabet } from '#values/short-message'

/**
 * What every way to a carrier looks like to the sender: cut a text into what it carries, submit one part, learn what
 * became of it, hear receipts. One gateway is one bind: one SMPP session, or one share of an HTTP interface.
 *
 * An outcome says exactly how sure we are. `not-sent` means that no byte left, so the part may be submitted again
 * at once; `doubtful` means that bytes may have reached the carrier, so it must never be sent again blindly.
 */
export type Gateway = {
  /** What this gateway submits for a text, in order. Only for a text that may be sent. */
  split(text: string): readonly Part[]
  /** Submits one part. Never rejects for anything the network or the carrier does; the outcome tells. */
  submit(part: OutgoingPart): Promise<SubmitOutcome>
  /**
   * Sets the one handler of receipts. The carrier is told "received" only after the handler resolved; if it throws,
   * the carrier is asked to send the receipt again, so the handler must bear the same receipt twice.
   */
  onReceipt(handler: ReceiptHandler): void
  health(): GatewayHealth
  /** Resolves as soon as parts can be submitted; rejects once the gateway is closed. */
  whenReady(): Promise<void>
  /** How many parts may be on their way at once; also the most that one crash or cut can leave doubtful. */
  readonly windowMax: number
  /** Takes no new parts, waits a while for answers under way, then leaves. What stays unanswered is `doubtful`. */
  close(): Promise<void>
}

export type Part = {
  readonly text: string
  /** The alphabet of the whole text: all its parts have the same. */
  readonly alphabet: Alphabet
  /** Counts from 1. */
  readonly number: number
  readonly of: number
}

export type OutgoingPart = {
  readonly to: Phone
  /** The sender shown on the phone: digits, or letters where the carrier allows them. */
  readonly from: string
  readonly part: Part
  /** Our own 16-bit reference, one for all parts of a text; a carrier may return it in receipts, which then match without its id. */
  readonly reference: number
  /** Our id of the message, for carriers that take a client's reference. */
  readonly messageId?: string
  /** The carrier must not deliver it after this moment: a code's expiry, a notice's closing hour. */
  readonly validUntil?: Date
}

export type SubmitOutcome =
  /** The carrier took it. The id may be empty if the carrier gives none; receipts then match by reference. */
  | { readonly kind: 'submitted'; readonly carrierId: string }
  /** The carrier said no. `blame` tells whether this message is wrong or the whole gateway is. */
  | {
      readonly kind: 'refused'
      readonly status: string
      readonly meaning: string
      readonly retry: 'never' | 'later'
      readonly blame: 'message' | 'gateway'
    }
  /** The carrier asks us to slow down; it did not take the part. */
  | { readonly kind: 'throttled'; readonly status: string }
  /** Surely no byte left. */
  | { readonly kind: 'not-sent'; readonly because: 'no-bind' | 'window-full' | 'link-in-doubt' | 'closing' }
  /** Bytes may have reached the carrier. */
  | { readonly kind: 'doubtful'; readonly because: 'timeout' | 'dropped' }

/**
 * What the carrier says later. An answer to submit that came after its time-out is handed on as a receipt too:
 * `accepted` if the carrier took the part, `failed` if it never will, with our reference. A late refusal that may pass is
 * no receipt: the part stays doubtful.
 */
export type Receipt = {
  /** Empty when the carrier names no id; then there is a reference. */
  readonly carrierId: string
  readonly state: ReceiptState
  /** As the carrier writes it; its meaning is the carrier's own. */
  readonly errorCode?: string
  readonly doneAt?: Date
  readonly reference?: number
  readonly to?: Phone
  /** As received, without the excerpt of the message that carriers append: it could hold a code. */
  readonly raw: string
}

export type ReceiptState = 'delivered' | 'failed' | 'expired' | 'accepted' | 'enroute' | 'unknown'

export type ReceiptHandler = (receipt: Receipt) => Promise<void>

export type GatewayHealth = {
  /** `in-doubt`: bound, but an answer is overdue and the link is being asked whether it lives. */
  readonly state: 'connecting' | 'bound' | 'in-doubt' | 'closing' | 'closed'
  /** Parts submitted and not answered yet. */
  readonly outstanding: number
  /** Connections lost or refused since the last one that held. */
  readonly failedTries: number
  /** It submits, but hears no receipts at the moment: they wait at the carrier. */
  readonly isDeaf?: boolean
  /** Why the last connection ended or could not be made. */
  readonly lastProblem?: string
}
