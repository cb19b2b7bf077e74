import type { Conduct } from './carrier-numbers.rules.ts'
import type { WrittenPart } from './carrier-reading.ts'
import type { TakenAnswer } from './carrier-weather.rules.ts'

/** A message that the carrier has taken and must bring to its end. */
export type TakenMessage = WrittenPart & {
  readonly id: string
  /** Which submit this is, whatever else is under way: what the weather goes by. */
  readonly key: string
  /** The system id of who submitted it, and hears its receipts. */
  readonly account: string
  readonly submittedAt: Date
  readonly conduct: Conduct
  /** What the submitter hears of it. */
  readonly answer: TakenAnswer
  readonly fate: 'delivered' | 'expired' | 'undeliverable'
  /** When it comes to its end, by the demo's clock. */
  readonly dueAt: Date
}

/** Where the carrier writes down what it has promised, before it says so. */
export type CarrierJournal = {
  /** Resolves when the message is safe, and only then the sender is told that it was taken. */
  taken(message: TakenMessage): Promise<void>
  /** It has come to its end: on the phone, or not. */
  ended(id: string, at: Date): Promise<void>
  /** Its receipt was heard; once for every copy. */
  acknowledged(id: string, at: Date): Promise<void>
}

export type JournalEntry = {
  readonly message: TakenMessage
  readonly endedAt?: Date
  readonly isAcknowledged: boolean
}

/** A carrier that forgets everything when it stops. */
export const noJournal: CarrierJournal = { taken: async () => {}, ended: async () => {}, acknowledged: async () => {} }
