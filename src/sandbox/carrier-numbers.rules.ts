/**
 * The magic numbers of the demo's carrier: what it does with a message to each of them. Every other number gets its
 * messages after a short moment.
 */
export function conductFor(number: string): Conduct {
  return magic[number] ?? ordinary
}

export type Conduct = {
  /** The carrier's answers to the first tries; after them it takes the message. */
  readonly firstAnswers: readonly ('system-error' | 'throttled')[]
  readonly end: 'delivered' | 'undeliverable'
  readonly lateByMs: number
  readonly receipts: 'after' | 'none' | 'before-the-response' | 'twice'
}

const ordinary: Conduct = { firstAnswers: [], end: 'delivered', lateByMs: 0, receipts: 'after' }

const magic: Readonly<Record<string, Conduct>> = {
  '09000000000': ordinary,
  '09000000001': { ...ordinary, end: 'undeliverable' },
  '09000000002': { ...ordinary, firstAnswers: ['system-error'] },
  '09000000003': { ...ordinary, receipts: 'none' },
  '09000000004': { ...ordinary, receipts: 'before-the-response' },
  '09000000005': { ...ordinary, lateByMs: 6 * 60_000 },
  '09000000006': { ...ordinary, receipts: 'twice' },
  // Three times, as a carrier does whose second is full; then it goes through, for no message may be lost over it.
  '09000000008': { ...ordinary, firstAnswers: ['throttled', 'throttled', 'throttled'] },
}

/** Eleven digits, as people of this country write a mobile number; nothing if the address is no such number. */
export function domesticNumber(address: string): string | undefined {
  const digits = address.replace(/^\+?81(?=\d{9,10}$)/, '0')
  return /^0\d{10}$/.test(digits) ? digits : undefined
}
