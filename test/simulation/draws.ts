/**
 * Chance of one history. A row of draws is named, so that leaving one fault out of a history, as shrinking does, does not
 * shuffle all the others.
 */
export type Draws = {
  /** At least 0 and less than 1. */
  fraction(): number
  /** 0 to max - 1. */
  int(max: number): number
  between(from: number, to: number): number
  happens(share: number): boolean
  pick<Choice>(choices: readonly [Choice, ...Choice[]]): Choice
  /** A row of its own. */
  row(name: string): Draws
}

export const drawsOf = (name: string): Draws => {
  const next = numbersOf(name)
  const int = (max: number): number => Math.floor(next() * max)
  return {
    fraction: next,
    int,
    between: (from, to) => from + next() * (to - from),
    happens: (share) => next() < share,
    pick: (choices) => choices[int(choices.length)] ?? choices[0],
    row: (inner) => drawsOf(`${name}/${inner}`),
  }
}

/** The name hashed (FNV-1a) and stepped by mulberry32: both public domain, 32 bits, the same on every machine. */
const numbersOf = (name: string): (() => number) => {
  let state = 0x811c9dc5
  for (let at = 0; at < name.length; at++) state = Math.imul(state ^ name.charCodeAt(at), 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
