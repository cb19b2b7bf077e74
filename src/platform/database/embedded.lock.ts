import { randomBytes } from 'node:crypto'
import { link, readFile, unlink, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '#platform/fault'
import { processIdentity } from './embedded.process.ts'

/** Runs `act` while no other process of this machine runs one under the same path. A dead holder's lock is removed. */
export async function withFileLock<T>(path: string, waitMs: number, act: () => Promise<T>): Promise<T> {
  const release = await lockFile(path, performance.now() + waitMs)
  try {
    return await act()
  } finally {
    await release()
  }
}

interface Holder {
  readonly pid: number
  readonly identity: string
  /** Different for every lock ever taken, so that a lock that was looked at is recognised again. */
  readonly nonce: string
}

const pollMs = 50

async function lockFile(path: string, deadline: number): Promise<() => Promise<void>> {
  const nonce = randomBytes(8).toString('hex')
  const mine: Holder = { pid: process.pid, identity: (await processIdentity(process.pid)) ?? 'unknown', nonce }
  const draft = `${path}.${nonce}`
  // Written whole and then linked: nobody reads a lock without its holder, and a link never overwrites.
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600, flag: 'wx' })
  try {
    while (!(await linked(draft, path))) {
      const holder = await readHolder(path)
      if (holder !== undefined && (await isGone(holder))) {
        await removeStale(path, holder, deadline)
      } else {
        if (performance.now() > deadline) {
          throw new Fault('embedded-lock-timeout', `Process ${holder?.pid ?? 'unknown'} holds ${path} for too long.`)
        }
        await sleep(pollMs)
      }
    }
  } finally {
    await unlink(draft)
  }
  return () => unlink(path)
}

/**
 * Two processes may see the same dead holder; if both just deleted, the second would delete the lock of the first.
 * So the right to remove this one dead lock is itself a lock, named after it, and the holder is read again under it.
 */
async function removeStale(path: string, stale: Holder, deadline: number): Promise<void> {
  const release = await lockFile(`${path}.${stale.nonce}.stale`, deadline)
  try {
    if ((await readHolder(path))?.nonce === stale.nonce) await unlink(path)
  } finally {
    await release()
  }
}

async function isGone(holder: Holder): Promise<boolean> {
  return (await processIdentity(holder.pid)) !== holder.identity
}

async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as Holder
  } catch {
    // Locks are linked whole; only a power cut leaves an empty one, and nobody holds that.
    return { pid: 0, identity: 'lost', nonce: 'lost' }
  }
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
