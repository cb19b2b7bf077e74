import type { ConnectionOptions } from 'node:tls'
import { type Chance, systemChance } from '#platform/chance'
import type { ReceiptIds } from './smpp-ids.ts'
import type { Writing } from './smpp-user-data.ts'
import { systemTimers, type Timers } from './timers.ts'

/** What a carrier's manual says about its SMPP, and how patient we are with it. */
export type SmppOptions = SmppAccount & Partial<SmppSettings>

export type SmppAccount = {
  readonly host: string
  readonly port: number
  readonly systemId: string
  readonly password: string
  readonly systemType?: string
  /** Carriers that read only spans get the validity as one, which needs a clock. Absolute Japanese time otherwise. */
  readonly validityFrom?: () => Date
}

export type SmppSettings = Writing & {
  /**
   * One connection for both directions, or one to submit and one to hear receipts, for carriers without transceivers.
   * Such a pair is ready once both are bound; it goes on submitting while only the receiver is away, for the carrier
   * keeps receipts.
   */
  readonly bind: 'transceiver' | 'transmitter-and-receiver'
  /**
   * The certificate is always verified: against the authorities that Node knows, or against `ca` (PEM) alone. It must
   * name `servername`, or the host if that is absent.
   */
  readonly tls: boolean | TlsOptions
  /** How the ids of receipts become those of responses. */
  readonly receiptIds: ReceiptIds
  /** How many submits may wait for their answers at once. */
  readonly windowMax: number
  /**
   * Longer than carriers take on a bad day, short enough that a doubtful part is settled while it matters. An answer
   * may come up to a tenth of it later and still count.
   */
  readonly responseTimeoutMs: number
  /** Silence after which, at the latest, the other side is asked whether it lives: below the minute of most firewalls. */
  readonly enquireEveryMs: number
  readonly backOffMinMs: number
  readonly backOffMaxMs: number
  /** A bind that held this long ends a row of failures. */
  readonly stableAfterMs: number
  /** How long closing waits for answers under way. */
  readonly drainMs: number
  readonly chance: Pick<Chance, 'int'>
  readonly timers: Timers
}

export type TlsOptions = Pick<ConnectionOptions, 'ca' | 'servername'>

export const smppDefaults: SmppSettings = {
  bind: 'transceiver',
  tls: false,
  gsm7: 'unpacked',
  long: 'udh',
  receiptIds: 'as-is',
  windowMax: 10,
  responseTimeoutMs: 10_000,
  enquireEveryMs: 30_000,
  backOffMinMs: 500,
  backOffMaxMs: 30_000,
  stableAfterMs: 10_000,
  drainMs: 5_000,
  chance: systemChance,
  timers: systemTimers,
}
