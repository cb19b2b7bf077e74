import type { Forecast } from './carrier-weather.rules.ts'

/**
 * What the carrier does with a message to a number: what the number asks for, if it is one of the demo's magic
 * numbers, else what the weather brings.
 */
export function conductFor(number: string, forecast: Forecast): Conduct {
  return magic[number] ?? conductIn(forecast)
}

/** Weather spares the magic numbers: whoever writes to them wants to see just what they stand for. */
export function isMagic(number: string): boolean {
  return number in magic
}

export type Conduct = {
  /** The carrier's answers to the first tries; after them it takes the message. */
  readonly firstAnswers: readonly ('system-error' | 'throttled')[]
  readonly end: 'delivered' | 'undeliverable' | 'expired'
  /** Later than other messages come. */
  readonly lateByMs: number
  readonly receipts: 'after' | 'none' | 'before-the-response' | 'twice'
  /** How long the receipt waits after the end; of two, the second. */
  readonly receiptLateByMs: number
  /** A receipt that says ENROUTE comes after the one that says how it ended. */
  readonly isBackwards: boolean
  /** A receipt for an id that nobody was given comes too. */
  readonly hasStray: boolean
}

export const ordinary: Conduct = {
  firstAnswers: [],
  end: 'delivered',
  lateByMs: 0,
  receipts: 'after',
  receiptLateByMs: 0,
  isBackwards: false,
  hasStray: false,
}

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

function conductIn(forecast: Forecast): Conduct {
  const { end, isBackwards, hasStray } = forecast
  const conduct = { ...ordinary, end, isBackwards, hasStray }
  switch (forecast.receipt) {
    case 'on-time':
      return conduct
    case 'none':
      return { ...conduct, receipts: 'none' }
    case 'early':
      return { ...conduct, receipts: 'before-the-response' }
    case 'late':
      return { ...conduct, receiptLateByMs: forecast.receiptLateByMs }
    case 'overtaken':
      return { ...conduct, receiptLateByMs: forecast.receiptOvertakenByMs }
    case 'twice':
      return { ...conduct, receipts: 'twice', receiptLateByMs: forecast.receiptLateByMs }
  }
}

/** Eleven digits, as people of this country write a mobile number; nothing if the address is no such number. */
export function domesticNumber(address: string): string | undefined {
  const digits = address.replace(/^\+?81(?=\d{9,10}$)/, '0')
  return /^0\d{10}$/.test(digits) ? digits : undefined
}
