import assert from 'node:assert/strict'
import { hkdfSync, randomBytes } from 'node:crypto'
import { link, mkdir, open, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Fault } from '#platform/fault'

/** The keys of one installation. The master key itself never leaves this file. */
export interface Keys {
  /** 32 bytes of their own for every label, by HKDF-SHA-256 (RFC 5869). */
  derive(label: string): Buffer
}

export interface KeysPlace {
  /** Folder that holds `annai.key` when no key file is named. */
  readonly dataDir?: string | undefined
  readonly keyFile?: string | undefined
  /** Only for the embedded database: elsewhere a second node would invent keys that open nothing. */
  readonly create: boolean
}

/** The keys in the key file, which is made first when that is allowed. */
export async function openKeys(place: KeysPlace): Promise<Keys> {
  const path = keyPath(place)
  const found = await readMasterKey(path)
  if (found !== undefined) return keysFrom(found)
  if (!place.create) {
    throw new Fault(
      'keys-missing',
      `There is no key file ${path}. Copy it from the first node, or run: annai keys init`,
    )
  }
  await writeMasterKey(path)
  const made = await readMasterKey(path)
  assert(made, 'The key file was just made')
  return keysFrom(made)
}

/** Makes a key file and refuses to overwrite one. Answers with its path. */
export async function initKeys(path: string): Promise<string> {
  const whole = resolve(path)
  if ((await writeMasterKey(whole)) === 'there-already') {
    throw new Fault('keys-exist', `${whole} is there already. What was encrypted with it opens with nothing else.`)
  }
  return whole
}

const heading = 'annai-master-key-1'

function keyPath({ dataDir, keyFile }: KeysPlace): string {
  if (keyFile !== undefined) return resolve(keyFile)
  assert(dataDir !== undefined, 'A key file or a data folder has to be named')
  return resolve(join(dataDir, 'annai.key'))
}

function keysFrom(master: Buffer): Keys {
  return {
    derive(label) {
      assert(label !== '', 'A key needs a label')
      return Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), label, 32))
    },
  }
}

async function readMasterKey(path: string): Promise<Buffer | undefined> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new Fault('keys-missing', `The key file ${path} cannot be opened (${error.code ?? 'unknown reason'}).`, {
      cause: error,
    })
  })
  if (file === undefined) return undefined
  try {
    // The mode of the open file, not of the path: nobody can swap it in between.
    const { mode } = await file.stat()
    if ((mode & 0o077) !== 0) {
      throw new Fault('keys-readable-by-others', `Other users can read ${path}. Run: chmod 600 ${path}`)
    }
    return parseMasterKey(await file.readFile('utf8'), path)
  } finally {
    await file.close()
  }
}

function parseMasterKey(text: string, path: string): Buffer {
  const hex = new RegExp(`^${heading}:([0-9a-f]{64})\\n?$`).exec(text)?.[1]
  if (hex === undefined) throw new Fault('keys-malformed', `${path} is not a key file of this program.`)
  return Buffer.from(hex, 'hex')
}

/**
 * Written whole beside its place and then linked there: a link never overwrites, so of two processes that start at
 * once one wins, and nobody ever reads half a key.
 */
async function writeMasterKey(path: string): Promise<'made' | 'there-already'> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(8).toString('hex')}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${heading}:${randomBytes(32).toString('hex')}\n`)
    await file.sync()
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'there-already'
    throw error
  } finally {
    await file.close()
    await unlink(draft)
  }
  await syncFolder(folder)
  return 'made'
}

/** A new name in a folder survives a power cut only once the folder itself is on disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
