import { createHash } from 'node:crypto'
import { v7 } from 'uuid'
import { systemChance } from '#platform/chance'

/**
 * Ids of one millisecond step by 64, because the six lowest bits of their sequence lie within the last 48 bits, which
 * `idWithRecord` replaces: two imports of one millisecond shall not share what is left.
 */
const sequenceStep = 64

const sequenceEnd = 2 ** 32

let last = { msecs: 0, seq: 0 }

/**
 * A time-ordered UUID (version 7, RFC 9562 section 5.7) of that instant. Within a process each is greater than the one
 * before; when the clock falls back, ids go on from the latest instant seen.
 */
export function newId(now: Date): string {
  last = next(now.getTime())
  return v7({ ...last, random: nextRandom() })
}

/** Asking the system for every sixteen bytes costs more than all the rest of an id. */
const poolBytes = 4_096
let pool: Buffer = Buffer.alloc(0)

function nextRandom(): Buffer {
  if (pool.length < 16) pool = systemChance.bytes(poolBytes)
  const random = pool.subarray(0, 16)
  pool = pool.subarray(16)
  return random
}

function next(msecs: number): { readonly msecs: number; readonly seq: number } {
  if (msecs > last.msecs) return { msecs, seq: freshSequence() }
  const seq = last.seq + sequenceStep
  return seq < sequenceEnd ? { msecs: last.msecs, seq } : { msecs: last.msecs + 1, seq: freshSequence() }
}

/** The upper half stays free for the ids that follow in the same millisecond. */
function freshSequence(): number {
  return systemChance.int(sequenceEnd / 2)
}

/** The least id of that instant: what was made before it sorts below. For ranges over time-ordered ids. */
export function firstIdAt(instant: Date): string {
  const millis = instant.getTime().toString(16).padStart(12, '0')
  return `${millis.slice(0, 8)}-${millis.slice(8)}-0000-0000-000000000000`
}

/** The same text always has the same id: the first 128 bits of its SHA-256, written as a UUID. */
export function idOfContent(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
