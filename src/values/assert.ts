/**
 * Stops at a bug. The sentence says what should have held and never contains the value itself:
 * it ends in a log, and the value may be somebody's birth date.
 */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(`Bug: ${sentence}`)
}
