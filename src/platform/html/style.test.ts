import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readStyle } from './style.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'style-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const styled = (css: string) => {
  const path = join(folder, 'a.css')
  writeFileSync(path, css)
  return readStyle(pathToFileURL(path))
}

test('A stylesheet is made small, and design tokens are put in by their values', () => {
  const css =
    '/* a: b; */\n:root {\n  --key: var(--color-primitive-blue-900);\n}\na:hover,\nb {\n  color: var(--key);\n}\n'
  expect(styled(css)).toBe(':root{--key:#0017c1}a:hover,b{color:var(--key)}')
})

test('A token that does not exist stops the program', () => {
  expect(() => styled('a { color: var(--color-primitive-mauve-900) }')).toThrow('mauve-900')
})
