import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** The command line's own file, beside a node that only says how it was called. */
let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'annai-bin-'))
  await mkdir(join(root, 'bin'))
  await mkdir(join(root, 'node_modules', '.bin'), { recursive: true })
  await copyFile('bin/annai', join(root, 'bin', 'annai'))
  const node = join(root, 'node_modules', '.bin', 'node')
  await writeFile(node, '#!/bin/sh\nprintf "%s\\n" "$@"\n')
  await chmod(node, 0o755)
})
afterAll(() => rm(root, { recursive: true }))

const called = async (...words: readonly string[]): Promise<readonly string[]> => {
  const { stdout } = await promisify(execFile)('sh', [join(root, 'bin', 'annai'), ...words])
  return stdout.trimEnd().split('\n')
}

test('an import runs in a small heap, and nothing else does', async () => {
  const program = join(root, 'src/main/annai.ts')
  expect(await called('import', 'deposits', 'a file.txt')).toEqual([
    '--optimize-for-size',
    program,
    ...['import', 'deposits', 'a file.txt'],
  ])
  expect(await called('work')).toEqual([program, 'work'])
  expect(await called()).toEqual([program])
})
