import { typeCodeAtStart } from './zengin-frame.format.ts'

/** What a file of money is, by how it begins: names and endings of files say nothing. */
export type DepositFile =
  | { readonly kind: 'bank'; readonly typeCode: '01' | '03' }
  /** A Zengin file of another kind. */
  | { readonly kind: 'other-bank'; readonly typeCode: string }
  | { readonly kind: 'store' }

export function lookAtDeposits(start: Buffer): DepositFile {
  const typeCode = typeCodeAtStart(start) ?? ebcdicTypeCode(start) ?? typeCodeAtStart(withoutMark(start))
  if (typeCode === undefined) return { kind: 'store' }
  return typeCode === '01' || typeCode === '03' ? { kind: 'bank', typeCode } : { kind: 'other-bank', typeCode }
}

/** Digits are F0 to F9 there. Its reader says what is wrong with it. */
function ebcdicTypeCode(start: Buffer): string | undefined {
  const [first, ...digits] = start.subarray(0, 3)
  if (first !== 0xf1 || digits.length < 2 || digits.some((byte) => byte < 0xf0 || byte > 0xf9)) return undefined
  return digits.map((byte) => byte - 0xf0).join('')
}

/** A Zengin file with the mark of UTF-8 is none, but that has to be said by its name. */
function withoutMark(start: Buffer): Buffer {
  return start.indexOf('\ufeff') === 0 ? start.subarray(3) : start
}
