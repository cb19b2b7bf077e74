/** The bytes changed in `changes` places (overwritten, dropped, doubled or cut off), always the same way for a seed. */
export function mutantOf(base: Buffer, seed: number, changes: number): Buffer {
  const next = numbersFrom(seed)
  let bytes = Buffer.from(base)
  for (let change = 0; change < changes && bytes.length > 0; change++) {
    const at = next(bytes.length)
    const length = 1 + next(130)
    const ways = [
      () => bytes.fill(next(256), at, at + 1),
      () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
      () => Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]),
      () => bytes.subarray(0, at),
    ]
    bytes = ways[next(ways.length)]?.() ?? bytes
  }
  return bytes
}

/** Whole numbers below a limit, the same for the same seed (Mulberry32). */
export function numbersFrom(seed: number): (max: number) => number {
  let state = seed >>> 0
  return (max) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * max)
  }
}
