import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { initKeys, openKeys } from './keys.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'annai-keys-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

const fault = (code: string) => expect.objectContaining({ name: 'Fault', code })
const keyFile = () => join(dataDir, 'annai.key')

test('the key file is made once, for nobody else to read, and its keys stay the same', async () => {
  const made = await openKeys({ dataDir, create: true })
  expect((await stat(keyFile())).mode & 0o777).toBe(0o600)
  expect(await readdir(dataDir)).toEqual(['annai.key'])
  const again = await openKeys({ dataDir, create: false })
  expect(again.derive('phone')).toEqual(made.derive('phone'))
  expect(made.derive('phone')).toHaveLength(32)
})

test('every label has a key of its own, and none of them is what the file holds', async () => {
  const keys = await openKeys({ dataDir, create: true })
  const master = (await readFile(keyFile(), 'utf8')).trim().split(':')[1]
  const derived = ['a', 'b', 'a b', 'ab'].map((label) => keys.derive(label).toString('hex'))
  expect(new Set([...derived, master]).size).toBe(5)
  expect(JSON.stringify(keys)).toBe('{}')
})

test('the keys are those of HKDF-SHA-256 without salt, so that another program can make them', async () => {
  await writeFile(keyFile(), `annai-master-key-1:${'0b'.repeat(32)}\n`, { mode: 0o600 })
  const keys = await openKeys({ dataDir, create: false })
  // From two HMACs in Python's hashlib, by RFC 5869.
  expect(keys.derive('test').toString('hex')).toBe('e481ed9e03428c99ce5508306f5d8c6492b145ee2d60b438dbad8018e1ccbebb')
})

test('without permission to make one a missing key file is a fault that says what to do', async () => {
  await expect(openKeys({ dataDir, create: false })).rejects.toThrow(fault('keys-missing'))
  await expect(openKeys({ dataDir, create: false })).rejects.toThrow('annai keys init')
  expect(await readdir(dataDir)).toEqual([])
})

test.each([0o640, 0o604, 0o666, 0o620])('a key file with mode %o is refused', async (mode) => {
  await openKeys({ dataDir, create: true })
  await chmod(keyFile(), mode)
  await expect(openKeys({ dataDir, create: true })).rejects.toThrow(fault('keys-readable-by-others'))
})

test.each(['', 'annai-master-key-1:00', 'x'.repeat(83), `annai-master-key-2:${'0b'.repeat(32)}\n`])(
  'a file that holds "%s" is refused and left as it is',
  async (content) => {
    await writeFile(keyFile(), content, { mode: 0o600 })
    await expect(openKeys({ dataDir, create: true })).rejects.toThrow(fault('keys-malformed'))
    expect(await readFile(keyFile(), 'utf8')).toBe(content)
  },
)

test('init makes a key file and never overwrites one', async () => {
  const path = join(dataDir, 'keys', 'annai.key')
  expect(await initKeys(path)).toBe(path)
  const before = await readFile(path, 'utf8')
  await expect(initKeys(path)).rejects.toThrow(fault('keys-exist'))
  expect(await readFile(path, 'utf8')).toBe(before)
  const keys = await openKeys({ keyFile: path, create: false })
  expect(keys.derive('phone')).toHaveLength(32)
})

test('processes that start at once end up with the same key', async () => {
  const program = `
    const { openKeys } = await import(${JSON.stringify(join(import.meta.dirname, 'keys.ts'))})
    const keys = await openKeys({ dataDir: ${JSON.stringify(dataDir)}, create: true })
    process.stdout.write(keys.derive('race').toString('hex'))`
  const derived = await Promise.all(
    Array.from({ length: 4 }, () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      return text(child.stdout)
    }),
  )
  expect(derived[0]).toMatch(/^[0-9a-f]{64}$/)
  expect(new Set(derived).size).toBe(1)
  expect(await readdir(dataDir)).toEqual(['annai.key'])
})
