import type { Phone } from '#values/phone'
import type { ControlAct } from '../../src/messages/control.store.ts'
import type { LeaseRow } from '../../src/messages/lease-book.ts'
import type { LogLine } from '../../src/messages/log.store.ts'
import type { DueMessage } from '../../src/messages/outbox.ts'

/** What the database keeps of messages, as far as sending needs it. */
export type Tables = {
  position: number
  serial: number
  readonly customers: Map<string, Phone>
  readonly campaigns: Map<string, Campaign>
  readonly messages: Map<string, MessageRow>
  readonly queues: Map<string, MessageRow[]>
  readonly texts: Map<string, string>
  readonly lines: Map<string, LineRow[]>
  /** All of them, in their order. */
  readonly written: LineRow[]
  /** Lines "submitted" by gateway and the carrier's id, in their order. */
  readonly byCarrierId: Map<string, LineRow[]>
  /** By queue and stream. */
  readonly retries: Map<string, RetryRow[]>
  readonly claims: Map<string, ClaimRow[]>
  readonly claimEnds: Set<string>
  /** The same by worker and slot. */
  readonly slots: Map<string, Map<string, ClaimRow[]>>
  readonly controls: Map<string, ControlAct[]>
  receipts: ReceiptRow[]
  readonly workers: Map<string, { beat: number; isEnded: boolean }>
  readonly leases: Map<string, { -readonly [Key in keyof LeaseRow]: LeaseRow[Key] }>
  /** Who holds the lock of this worker: a connection. */
  readonly locks: Map<string, object>
}

export type Campaign = {
  readonly text: string
  readonly approvedAt: Date
  readonly noticed: number
  readonly excluded: number
}

export type MessageRow = DueMessage & {
  readonly queueId: string
  readonly position: number
  readonly queuedAt: Date
  readonly repeats: string | null
}

export type LineRow = Omit<LogLine, 'facts'> & { readonly number: number; readonly at: Date; readonly raw?: string }

export type RetryRow = { readonly position: number; readonly messageId: string; readonly notBefore: Date }

export type ClaimRow = {
  readonly queueId: string
  readonly key: string
  readonly number: number
  readonly toPosition: number
  readonly worker: string
  readonly messageIds: readonly string[]
}

export type ReceiptRow = {
  readonly gateway: string
  readonly carrierId: string
  readonly state: string
  readonly errorCode?: string
  readonly reference?: number
  readonly to?: Phone
  readonly raw: string
  readonly receivedAt: Date
}

export const emptyTables = (): Tables => ({
  position: 0,
  serial: 0,
  customers: new Map(),
  campaigns: new Map(),
  messages: new Map(),
  queues: new Map(),
  texts: new Map(),
  lines: new Map(),
  written: [],
  byCarrierId: new Map(),
  retries: new Map(),
  claims: new Map(),
  claimEnds: new Set(),
  slots: new Map(),
  controls: new Map(),
  receipts: [],
  workers: new Map(),
  leases: new Map(),
  locks: new Map(),
})

/** What a list under a key holds; made when it is first asked for. */
export const listOf = <Row>(lists: Map<string, Row[]>, key: string): Row[] => {
  const known = lists.get(key)
  if (known !== undefined) return known
  const made: Row[] = []
  lists.set(key, made)
  return made
}

export const placeOf = ({ gateway, bind }: { readonly gateway: string; readonly bind: number }): string =>
  `${gateway}/${bind}`
