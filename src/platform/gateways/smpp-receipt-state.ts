import type { ReceiptState } from './gateway.ts'

/** What a carrier's word for the state of a message means. */
export function stateByWord(word: string | undefined): ReceiptState {
  const upper = (word ?? '').toUpperCase()
  return beginnings.find(([beginning]) => upper.startsWith(beginning))?.[1] ?? 'unknown'
}

/** message_state: SMPP 3.4, table 5-6 of section 5.2.28; 0 and 9 are version 5's. */
export function stateByNumber(state: number | undefined): ReceiptState | undefined {
  return state === undefined ? undefined : (byNumber[state] ?? 'unknown')
}

/**
 * An intermediate notification tells of a try (SMPP 3.4, 5.2.17): a failed one is not the end, for a receipt follows.
 * But a phone that has the message keeps it.
 */
export function intermediateState(state: ReceiptState): ReceiptState {
  return state === 'delivered' || state === 'accepted' ? state : 'enroute'
}

/**
 * By their beginnings, for carriers spell them in full, cut them at seven letters as appendix B of SMPP 3.4 wants,
 * or leave vowels out.
 */
const beginnings: readonly (readonly [string, ReceiptState])[] = [
  ['DELIV', 'delivered'],
  ['DLVRD', 'delivered'],
  ['EXPIR', 'expired'],
  ['DELET', 'failed'],
  ['UNDEL', 'failed'],
  ['REJ', 'failed'],
  ['FAIL', 'failed'],
  ['SKIP', 'failed'],
  ['ACCEP', 'accepted'],
  ['ENROU', 'enroute'],
  ['EN_ROU', 'enroute'],
  ['BUFF', 'enroute'],
  ['QUEUED', 'enroute'],
  ['PENDING', 'enroute'],
  ['SCHED', 'enroute'],
]

const byNumber: Readonly<Record<number, ReceiptState>> = {
  0: 'enroute',
  1: 'enroute',
  2: 'delivered',
  3: 'expired',
  4: 'failed',
  5: 'failed',
  6: 'accepted',
  7: 'unknown',
  8: 'failed',
  9: 'failed',
}
