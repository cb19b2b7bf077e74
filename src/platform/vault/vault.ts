import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { Fault } from '#platform/fault'
import { assert } from '#values/assert'
import type { Keys } from './keys.ts'

export { checkKeys } from './vault.check.ts'

/** Where a ciphertext stands. It opens nowhere else: the place is authenticated with it. */
export type Place = { readonly table: string; readonly column: string; readonly row: string }

/** AES-256-GCM under one key. Layout: key id (1 byte), nonce (12), ciphertext, tag (16). */
export type Sealer = {
  seal(place: Place, plain: Buffer | string): Buffer
  /** Fault `sealed-unreadable`: another key, another place, or changed bytes. */
  open(place: Place, sealed: Uint8Array): Buffer
}

/** What is sealed with it opens only while the customer's wrapped key exists: deleting that deletes the person. */
export type CustomerKey = Sealer

/** What a value is an index of. Every label has a key of its own, so equal texts under two labels cannot be linked. */
export type BlindLabel =
  | 'identity'
  | 'person'
  | 'phone'
  | 'client'
  | 'cookie'
  | 'visit'
  | 'form'
  | 'operator-session'
  | 'operator-sign-in'
  | `search.${'family' | 'given' | 'full-name' | 'phone' | 'phone-last4'}`

/** Master key → data key → one random key per customer, and keys for what is compared without being readable. */
export type Vault = Sealer & {
  newCustomerKey(customerId: string): { readonly wrapped: Buffer; readonly key: CustomerKey }
  customerKey(customerId: string, wrapped: Uint8Array): CustomerKey
  /** HMAC-SHA-256 under the label's own key, over the text's UTF-8. */
  blindIndex(label: BlindLabel, text: string): Buffer
  /** The same over bytes: what is kept of cookies and form ids. */
  hash(label: BlindLabel, bytes: Uint8Array): Buffer
  /** HMAC-SHA-256 under the pepper over challenge id and code: the database alone does not tell a 4-digit code. */
  codeHash(challengeId: string, code: string): Buffer
  /** In constant time. */
  sameHash(a: Uint8Array, b: Uint8Array): boolean
  /** A value of each key that tells nothing about it, to be recognised by (`vault.check.ts`). */
  checkValues(): ReadonlyMap<string, Buffer>
}

export function openVault(keys: Keys): Vault {
  const data = createSecretKey(keys.derive('vault.data.1'))
  const pepper = createSecretKey(keys.derive('vault.code-pepper.1'))
  const labels = new Map<BlindLabel, KeyObject>()
  const labelKey = (label: BlindLabel): KeyObject => {
    const known = labels.get(label)
    if (known) return known
    const made = createSecretKey(keys.derive(`vault.index.${label}.1`))
    labels.set(label, made)
    return made
  }
  const own = sealer(data, dataKeyId)
  return {
    ...own,
    newCustomerKey(customerId) {
      const secret = randomSlice(keyLength)
      const wrapped = own.seal(wrappedKeyPlace(customerId), secret)
      const key = sealer(createSecretKey(secret), customerKeyId)
      secret.fill(0)
      return { wrapped, key }
    },
    customerKey(customerId, wrapped) {
      const secret = own.open(wrappedKeyPlace(customerId), wrapped)
      const key = sealer(createSecretKey(secret), customerKeyId)
      secret.fill(0)
      return key
    },
    blindIndex: (label, text) => createHmac('sha256', labelKey(label)).update(text, 'utf8').digest(),
    hash: (label, bytes) => createHmac('sha256', labelKey(label)).update(bytes).digest(),
    codeHash: (challengeId, code) => createHmac('sha256', pepper).update(`${challengeId}|${code}`).digest(),
    sameHash: (a, b) => a.length === b.length && timingSafeEqual(a, b),
    checkValues: () =>
      new Map([
        ['data', keyCheck(data)],
        ['code-pepper', keyCheck(pepper)],
        ['index.identity', keyCheck(labelKey('identity'))],
      ]),
  }
}

/** Which key sealed a text: 1 and up are data keys, the customers' own keys have a number no data key gets. */
const dataKeyId = 1
const customerKeyId = 0xc1

const keyLength = 32
/** 96 bits, drawn at random: good for 2^32 texts under one key (NIST SP 800-38D, 8.3). */
const nonceLength = 12
const tagLength = 16
const headLength = 1 + nonceLength

function sealer(key: KeyObject, keyId: number): Sealer {
  return {
    seal(place, plain) {
      const nonce = randomSlice(nonceLength)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      cipher.setAAD(authenticated(keyId, place))
      const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain)
      cipher.final()
      const sealed = Buffer.allocUnsafe(headLength + body.length + tagLength)
      sealed[0] = keyId
      nonce.copy(sealed, 1)
      body.copy(sealed, headLength)
      cipher.getAuthTag().copy(sealed, headLength + body.length)
      return sealed
    },
    open(place, sealed) {
      const end = sealed.length - tagLength
      if (end < headLength || sealed[0] !== keyId) throw unreadable(place)
      const options = { authTagLength: tagLength }
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, headLength), options)
      decipher.setAAD(authenticated(keyId, place))
      decipher.setAuthTag(sealed.subarray(end))
      const plain = decipher.update(sealed.subarray(headLength, end))
      try {
        decipher.final()
      } catch (cause) {
        throw unreadable(place, cause)
      }
      return plain
    },
  }
}

/** NUL cannot stand in a name of PostgreSQL or in an id, so two places never read alike. */
function authenticated(keyId: number, { table, column, row }: Place): Buffer {
  return Buffer.from(`${keyId}\0${table}\0${column}\0${row}`)
}

function wrappedKeyPlace(customerId: string): Place {
  return { table: 'customers', column: 'data_key', row: customerId }
}

function unreadable({ table, column, row }: Place, cause?: unknown): Fault {
  return new Fault('sealed-unreadable', `${table}.${column} of row ${row} does not open with the keys in use`, {
    cause,
  })
}

function keyCheck(key: KeyObject): Buffer {
  return createHmac('sha256', key).update('annai key check').digest()
}

/** Asking the system for twelve bytes costs more than the encryption of a name, so it is asked for many at once. */
const drawnLength = 16_384
let drawn = Buffer.alloc(0)
let used = 0

/** Random bytes that nobody else gets. The caller may overwrite them. */
function randomSlice(length: number): Buffer {
  assert(length <= drawnLength, 'a draw is short')
  if (used + length > drawn.length) {
    drawn = randomBytes(drawnLength)
    used = 0
  }
  const slice = drawn.subarray(used, used + length)
  used += length
  return slice
}
