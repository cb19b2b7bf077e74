import { timingSafeEqual } from 'node:crypto'
import type { Chance } from '#platform/chance'

/** Signs under a key of its own, and seals; the vault does both. */
export type FormKeys = {
  hash(label: 'form', bytes: Uint8Array): Buffer
}

export type FormIdFacts = {
  readonly path: string
  readonly cookie: string | undefined
  readonly now: Date
}

const label = 'form'
const randomLength = 16
const timeLength = 6
const signatureLength = 16

/** Longer than any visit, shorter than what is remembered of sent forms: a replay always meets its memory. */
const lifeMs = 12 * 3_600_000

/**
 * Made when the form is shown and stored only when it is sent: random bytes and the time, signed together with the path
 * it will be sent to and the cookie of the browser it is shown to.
 */
export function makeFormId(keys: FormKeys, chance: Chance, facts: FormIdFacts): string {
  const time = Buffer.alloc(timeLength)
  time.writeUIntBE(facts.now.getTime(), 0, timeLength)
  const id = Buffer.concat([chance.bytes(randomLength), time])
  return Buffer.concat([id, sign(keys, id, facts)]).toString('base64url')
}

/** The id to remember the form by; undefined when it is not ours, not for this path or browser, or too old. */
export function readFormId(keys: FormKeys, text: string | undefined, facts: FormIdFacts): Buffer | undefined {
  const bytes = Buffer.from(text ?? '', 'base64url')
  if (bytes.length !== randomLength + timeLength + signatureLength) return undefined
  const id = bytes.subarray(0, randomLength + timeLength)
  if (!timingSafeEqual(sign(keys, id, facts), bytes.subarray(id.length))) return undefined
  const ageMs = facts.now.getTime() - id.readUIntBE(randomLength, timeLength)
  return ageMs <= lifeMs ? id : undefined
}

function sign(keys: FormKeys, id: Buffer, { path, cookie }: FormIdFacts): Buffer {
  const signed = Buffer.concat([id, Buffer.from(`${path}\n${cookie ?? ''}`)])
  return keys.hash(label, signed).subarray(0, signatureLength)
}
