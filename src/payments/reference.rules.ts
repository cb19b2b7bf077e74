/**
 * From six signs on a number is somebody's on purpose; a shorter one is also the sender's own code or a number of days,
 * and counts only beside a name or an amount.
 */
export const strongReferenceMin = 6

/** Shorter ones fit too many by chance to be worth looking up. */
const referenceMin = 3

/** 振込依頼人コード has ten digits, filled with zeros: a number in the master may be written with any of them. */
const fieldLength = 10

/** The number that a reference is looked up by; undefined when it says nothing. */
export const bareReference = (reference: string): string | undefined => {
  const bare = reference.trim().replace(/^0+(?=.)/, '')
  return bare.length >= referenceMin ? bare : undefined
}

export const referenceStrength = (bare: string): 'strong' | 'weak' =>
  bare.length >= strongReferenceMin ? 'strong' : 'weak'

/** Every way to write it with leading zeros, for numbers that are kept only as they were written. */
export const writtenForms = (bare: string): readonly string[] =>
  Array.from({ length: Math.max(1, fieldLength - bare.length + 1) }, (_, zeros) => '0'.repeat(zeros) + bare)
