import type { Phone } from '#values/phone'

/**
 * What every way to a carrier looks like to the sender: submit one part, learn what became of it, hear receipts.
 *
 * An outcome says exactly how sure we are. `not-sent` means that no byte left, so the part may be submitted again
 * at once; `doubtful` means that bytes may have reached the carrier, so it must never be sent again blindly.
 */
export type Gateway = {
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

/** One short message of at most 140 octets, user data header included. */
export type OutgoingPart = {
  readonly to: Phone
  /** The sender shown on the phone: digits, or letters where the carrier allows them. */
  readonly from: string
  /** The text of this part alone, in UCS-2 big-endian, without any header. */
  readonly ucs2: Buffer
  /** Our own 16-bit reference; a carrier may return it in receipts, which then match without its id. */
  readonly reference: number
  /** Which part of a longer text this is; absent for a text of one part. */
  readonly concatenation?: Concatenation
  /** The carrier must not deliver it after this moment: a code's expiry, a notice's closing hour. */
  readonly validUntil?: Date
}

export type Concatenation = {
  /** 8 bits: the header with a 16-bit reference would leave 66 units of text a part instead of 67. */
  readonly reference: number
  /** Counts from 1. */
  readonly part: number
  readonly parts: number
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
 * `accepted` if the carrier took the part, `failed` if not, with our reference.
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
  /** Why the last connection ended or could not be made. */
  readonly lastProblem?: string
}
