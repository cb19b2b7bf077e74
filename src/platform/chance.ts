import { randomBytes, randomInt } from 'node:crypto'

/** Where codes, keys and numbers nobody shall guess come from. An argument, so that a test can say what falls. */
export type Chance = {
  /** That many decimal digits, each equally likely, leading zeros kept. */
  digits(count: number): string
  bytes(count: number): Buffer
  /** 0 to max - 1, each equally likely. */
  int(max: number): number
}

/** The operating system's generator. */
export const systemChance: Chance = {
  digits: (count) => Array.from({ length: count }, () => randomInt(10)).join(''),
  bytes: (count) => randomBytes(count),
  int: (max) => randomInt(max),
}
