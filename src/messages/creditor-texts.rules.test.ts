import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Creditor, readCreditor } from '#creditor'
import { codeText, codeTextProblem, noticeText, problemsOfTexts, receiptText } from './creditor-texts.rules.ts'
import { splitIntoParts } from './text.rules.ts'

const read = (file: string, siteAddress?: string): Promise<Creditor> =>
  readCreditor(join(import.meta.dirname, '../../creditor', file), { demo: true, ...(siteAddress && { siteAddress }) })

describe.each([
  ['demo.yaml', '1234'],
  ['neutral.yaml', '123456'],
])('%s', (file, code) => {
  test('has texts that may go out, each in one part', async () => {
    const creditor = await read(file)
    expect(problemsOfTexts(creditor)).toEqual([])
    for (const text of [noticeText(creditor), codeText(creditor, code), receiptText(creditor, '482-715-306')])
      expect(splitIntoParts(text)).toHaveLength(1)
  })

  test('binds its code to its own host, without a port', async () => {
    const creditor = await read(file, 'http://localhost:8080/v')
    const text = codeText(creditor, code)
    expect(text.split('\n').at(-1)).toBe(`@localhost #${code}`)
    expect(codeTextProblem(creditor, text)).toBeUndefined()
  })

  test.each([
    ['another host', (line: string) => line.replace('@localhost', '@1ocalhost')],
    ['a port', (line: string) => line.replace('@localhost', '@localhost:8080')],
    ['a code of another length', (line: string) => `${line}0`],
    ['something before the host', (line: string) => ` ${line}`],
    ['two spaces', (line: string) => line.replace(' #', '  #')],
    ['something after the code', (line: string) => `${line} ok`],
    ['a line break at the end', (line: string) => `${line}\n`],
    ['no line at all', () => ''],
  ])('refuses a code text with %s', async (_, change) => {
    const creditor = await read(file, 'http://localhost:8080/v')
    const lines = codeText(creditor, code).split('\n')
    const changed = [...lines.slice(0, -1), change(lines.at(-1) ?? '')].join('\n')
    expect(codeTextProblem(creditor, changed)).toBeDefined()
  })
})

test('a template that is too long for its parts is named by its key', async () => {
  const creditor = await read('demo.yaml')
  const texts = { ...creditor.texts, notice: `${creditor.texts.notice}${'ご確認ください。'.repeat(9)}` }
  expect(problemsOfTexts({ ...creditor, texts })).toMatchObject([
    { key: 'texts.notice', problem: { kind: 'too-many-parts' } },
  ])
})

test('the seed’s own code text, without a line for machines, goes out too', async () => {
  const demo = await read('demo.yaml')
  const code =
    '「{code}」\nお客様の認証番号です。\n認証番号は{minutes}分間有効です。\n他の方と共有することはお控えください。\n{company}'
  const creditor = { ...demo, texts: { ...demo.texts, code } }
  expect(problemsOfTexts(creditor)).toEqual([])
  expect(codeTextProblem(creditor, codeText(creditor, '0042'))).toBeUndefined()
})
