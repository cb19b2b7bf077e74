import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { GatewayKind } from './gateways-schema.ts'

/** Texts that may stand elsewhere: `{ file: PATH }` or `{ env: NAME }` instead of the text itself. */
const elsewhere: Readonly<Record<GatewayKind, readonly string[]>> = {
  smpp: ['password', 'tls.ca'],
  twilio: ['authToken', 'apiKey.secret', 'ca'],
  aws: ['credentials.accessKeyId', 'credentials.secretAccessKey', 'credentials.sessionToken', 'ca'],
  vonage: ['privateKey', 'signatureSecret', 'ca'],
  kannel: ['password', 'callbackSecret', 'ca'],
}

const isPublic = (key: string): boolean => /(^|\.)ca$/.test(key)

export type Readers = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where relative paths begin. */
  readonly folder: string
  /** Other users of the machine can read the gateways' file. */
  readonly isOpenToOthers: boolean
}

type Problem = { readonly key: string; readonly message: string }
type Fields = Readonly<Record<string, unknown>>

/** The gateway's settings with every such text read. Problems name keys and sources, never what was read. */
export const readSecrets = async (
  kind: GatewayKind,
  gateway: Fields,
  readers: Readers,
): Promise<{ readonly value: Fields; readonly problems: readonly Problem[] }> => {
  let value = gateway
  const problems: Problem[] = []
  for (const key of elsewhere[kind]) {
    const names = key.split('.')
    const written = valueAt(value, names)
    if (written === undefined) continue
    const found = await readText(written, readers)
    if (found.problem !== undefined) problems.push({ key, message: found.problem })
    else if (typeof written === 'string' && readers.isOpenToOthers && !isPublic(key))
      problems.push({
        key,
        message: 'is readable by other users of the machine: chmod 600, or { file: … } or { env: … }',
      })
    value = withValueAt(value, names, found.text)
  }
  return { value, problems }
}

export const isOpenToOthers = async (path: string): Promise<boolean> => ((await stat(path)).mode & 0o077) !== 0

type Found = { readonly text?: string; readonly problem?: string }

const readText = async (written: unknown, { env, folder }: Readers): Promise<Found> => {
  if (typeof written === 'string') return { text: written }
  const [source, ...more] = isFields(written) ? Object.entries(written) : []
  const [way, place] = source ?? []
  if (more.length > 0 || typeof place !== 'string' || (way !== 'file' && way !== 'env'))
    return { problem: 'must be a text (in quotes where it looks like a number), { file: PATH } or { env: NAME }' }
  if (way === 'env') {
    // Somebody may have written the secret itself here: then it must not be told.
    if (!/^[A-Z][A-Z0-9_]*$/.test(place)) return { problem: 'must name a variable of the environment, in capitals' }
    const text = env[place] ?? ''
    return text === '' ? { problem: `names ${place}, which the environment does not have` } : { text }
  }
  try {
    // What an editor or `echo` leaves at the end is no part of a password.
    const text = (await readFile(resolve(folder, place), 'utf8')).replace(/[\r\n]+$/, '')
    return text === '' ? { problem: `names ${place}, which is empty` } : { text }
  } catch (error) {
    return { problem: `names ${place}, which cannot be read (${codeOf(error)})` }
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown reason'

const valueAt = (fields: unknown, [name = '', ...rest]: readonly string[]): unknown => {
  const value = isFields(fields) && Object.hasOwn(fields, name) ? fields[name] : undefined
  return rest.length === 0 ? value : valueAt(value, rest)
}

/** Without a text the key goes, so that nothing more is said about it than why it could not be read. */
const withValueAt = (fields: Fields, [name = '', ...rest]: readonly string[], text: string | undefined): Fields => {
  const below = fields[name]
  return { ...fields, [name]: rest.length > 0 && isFields(below) ? withValueAt(below, rest, text) : text }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
