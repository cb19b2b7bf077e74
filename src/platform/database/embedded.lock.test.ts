import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withFileLock } from './embedded.lock.ts'
import { processIdentity } from './embedded.process.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'annai-lock-'))
  path = join(folder, 'lock')
})
afterEach(() => rm(folder, { recursive: true }))

/** Starts ten at once and tells how many were ever inside together. */
async function crowd(): Promise<{ readonly insideMax: number; readonly ran: number }> {
  let [inside, insideMax, ran] = [0, 0, 0]
  await Promise.all(
    Array.from({ length: 10 }, () =>
      withFileLock(path, 10_000, async () => {
        inside += 1
        insideMax = Math.max(insideMax, inside)
        await sleep(2)
        inside -= 1
        ran += 1
      }),
    ),
  )
  return { insideMax, ran }
}

test('one at a time, everybody in the end, and nothing is left', async () => {
  expect(await crowd()).toEqual({ insideMax: 1, ran: 10 })
  expect(await readdir(folder)).toEqual([])
})

test.each([
  ['a process that is gone', { pid: 2 ** 22 - 1, identity: 'before:1', nonce: 'a' }],
  ['an earlier process with a number that is in use again', { pid: process.pid, identity: 'before:1', nonce: 'b' }],
])('the lock of %s is removed once, not the one that follows it', async (_, holder) => {
  await writeFile(path, JSON.stringify(holder))
  expect(await crowd()).toEqual({ insideMax: 1, ran: 10 })
  expect(await readdir(folder)).toEqual([])
})

test('a lock that a power cut left empty is removed', async () => {
  await writeFile(path, '')
  expect(await crowd()).toEqual({ insideMax: 1, ran: 10 })
})

test('the lock of a living process is waited for and then named', async () => {
  const identity = await processIdentity(process.pid)
  await writeFile(path, JSON.stringify({ pid: process.pid, identity, nonce: 'c' }))
  const waiting = withFileLock(path, 60, async () => 'inside')
  await expect(waiting).rejects.toThrow(expect.objectContaining({ code: 'embedded-lock-timeout' }))
  await expect(waiting).rejects.toThrow(String(process.pid))
})

test('the lock is given back when the act fails', async () => {
  await expect(withFileLock(path, 1000, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await withFileLock(path, 1000, async () => 'inside')).toBe('inside')
})
