import { createHmac, timingSafeEqual } from 'node:crypto'

/** A line as the database prints it, so that nothing is lost on the way: microseconds, exact numbers, one order of keys. */
export type LineText = {
  readonly id: string
  readonly at: string
  readonly actor: string
  readonly act: string
  readonly customerId: string | null
  readonly facts: string
}

/** What the first line is linked to. */
export const firstLink: Buffer = Buffer.alloc(32)

/**
 * Seals a line at its place: HMAC-SHA-256, under a key outside the database, over the seal before and the position with
 * the line. The seal before has a fixed length and JSON separates the rest, so no two lines have the same bytes.
 */
export const sealOf = (key: Buffer, position: number, line: LineText, sealBefore: Buffer): Buffer => {
  const { id, at, actor, act, customerId, facts } = line
  const canonical = JSON.stringify([position, id, at, actor, act, customerId, facts])
  return createHmac('sha256', key).update(sealBefore).update(canonical, 'utf8').digest()
}

export const isSameSeal = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)
