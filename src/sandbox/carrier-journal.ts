import type { Concatenation } from '#platform/gateways/smpp-concatenation'
import type { Conduct } from './carrier-numbers.rules.ts'
import type { CarrierReceipt } from './carrier-receipts.ts'

/** A message that the carrier has taken and must bring to its end. */
export type TakenMessage = {
  readonly id: string
  readonly to: string
  readonly from: string
  readonly body: Buffer
  readonly isUcs2: boolean
  readonly concatenation: Concatenation | undefined
  readonly reference: number | undefined
  readonly registeredDelivery: number
  readonly submittedAt: Date
  readonly conduct: Conduct
  readonly fate: CarrierReceipt['state']
  /** When it comes to its end, by the demo's clock. */
  readonly dueAt: Date
}

/** Where the carrier writes down what it has promised, before it says so. */
export type CarrierJournal = {
  /** Resolves when the message is safe, and only then the sender is told that it was taken. */
  taken(message: TakenMessage): Promise<void>
  /** It has come to its end: on the phone, or not. */
  ended(id: string, at: Date): Promise<void>
  /** Its receipt was heard. */
  acknowledged(id: string): Promise<void>
}

export type JournalEntry = {
  readonly message: TakenMessage
  readonly endedAt?: Date
  readonly isAcknowledged: boolean
}

/** A carrier that forgets everything when it stops. */
export const noJournal: CarrierJournal = { taken: async () => {}, ended: async () => {}, acknowledged: async () => {} }
