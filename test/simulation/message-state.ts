import { listOf, type MessageRow, type Tables } from './tables.ts'

export type MessageState =
  | 'queued'
  | 'deferred'
  | 'sending'
  | 'unknown'
  | 'submitted'
  | 'delivered'
  | 'failed'
  | 'expired'
  | 'excluded'
  | 'refused'

/** The same as the view message_states: the furthest that the lines say together. */
export const stateOf = (tables: Tables, message: MessageRow): MessageState => {
  const lines = listOf(tables.lines, message.messageId)
  const delivered = new Set<number>()
  const submitted = new Set<number>()
  const has = { failed: false, expired: false, refused: false, excluded: false, unknown: false, deferred: false }
  let inFlight = false
  let parts = 0
  for (const line of lines) {
    const part = line.part ?? 1
    if (line.parts !== undefined) parts = Math.max(parts, line.parts)
    switch (line.state) {
      case 'delivered':
        delivered.add(part)
        break
      case 'submitted':
        submitted.add(part)
        break
      case 'sending':
        inFlight = true
        break
      case 'requeued':
        inFlight = false
        break
      case 'reported':
        break
      default:
        has[line.state] = true
    }
  }
  const partCount = parts === 0 ? message.partCount : parts
  if (delivered.size >= partCount) return 'delivered'
  if (has.failed) return 'failed'
  if (has.expired) return 'expired'
  if (submitted.size >= partCount) return 'submitted'
  if (has.excluded) return 'excluded'
  if (has.refused) return 'refused'
  if (inFlight && !has.unknown && submitted.size === 0) return 'sending'
  if (inFlight || has.unknown || submitted.size > 0) return 'unknown'
  if (listOf(tables.controls, message.queueId).includes('cancelled')) return 'excluded'
  return has.deferred ? 'deferred' : 'queued'
}

/** As `countCampaign` tells it: a repeat counts with the message that it repeats. */
export const countStates = (tables: Tables, campaignId: string) => {
  const roots = new Map<string, MessageState>()
  for (const message of listOf(tables.queues, campaignId)) {
    const root = message.repeats ?? message.messageId
    const state = stateOf(tables, message)
    const before = roots.get(root)
    if (before === undefined || furthest.indexOf(state) < furthest.indexOf(before)) roots.set(root, state)
  }
  const count = (...states: readonly MessageState[]): number =>
    [...roots.values()].filter((state) => states.includes(state)).length
  const campaign = tables.campaigns.get(campaignId)
  const noticed = campaign?.noticed ?? 0
  const excluded = campaign?.excluded ?? 0
  return {
    target: noticed + excluded,
    sent: count('delivered', 'failed', 'expired', 'submitted', 'unknown', 'sending'),
    delivered: count('delivered'),
    undelivered: count('failed', 'expired'),
    unknown: count('unknown', 'sending'),
    excluded: excluded + count('excluded'),
    failed: count('refused'),
    unsent: count('queued', 'deferred') + Math.max(0, noticed - roots.size),
  }
}

const furthest: readonly MessageState[] = [
  'delivered',
  'failed',
  'expired',
  'submitted',
  'unknown',
  'sending',
  'refused',
  'deferred',
  'queued',
  'excluded',
]
