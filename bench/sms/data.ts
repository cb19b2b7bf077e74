/** What everybody sends: one short message of Japanese text, to a number that nobody has. */
export const text = '株式会社ジャックスからお支払いのご案内です。URLからご確認ください。 https://mobile.jaccs.co.jp/v'
export const sender = '0570055877'

/** 090 0nnn nnnn is assigned to nobody. */
export function phoneOf(n: number): string {
  return `81900${String(n).padStart(7, '0')}`
}

export function referenceOf(n: number): number {
  return n & 0xffff
}

/** The numbers 1 to `count` in pieces. */
export function* pieces(count: number, size: number): Iterable<readonly number[]> {
  for (let from = 1; from <= count; from += size)
    yield Array.from({ length: Math.min(size, count - from + 1) }, (_, index) => from + index)
}
