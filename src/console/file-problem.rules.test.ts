import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { UploadOutcome } from '#intake'
import { problemsOf } from './file-problem.rules.ts'

type Outcome = UploadOutcome['outcome']
const of = (outcome: Outcome) => problemsOf({ outcome })

test('a problem of a bank’s file is told at its line and field', () => {
  const customerNumber = { name: '顧客番号', at: 92, length: 20 }
  const problem = { record: 12, recordType: 'data', field: customerNumber, offset: 1_411 } as const
  expect(
    of({
      kind: 'malformed',
      problems: [{ ...problem, kind: 'not-single-byte', found: '"??##"' }],
      furtherProblems: 3,
    } as unknown as Outcome),
  ).toEqual({
    problems: [
      {
        line: 12,
        field: 'データレコード 顧客番号（92〜111桁目）',
        what: '1バイトの文字（JIS X 0201）だけが使えます',
        found: '"??##"',
        expected: '',
      },
    ],
    further: 3,
  })
})

test.each([
  ['01 or 03', '01（振込入金通知）、03（入出金取引明細）'],
  ['91', '91（預金口座振替）'],
])('the kind of a file is told by its name: %s', (expected, told) => {
  const problem = { kind: 'other-format', record: 1, offset: 1, found: '21', expected } as const
  const [found] = of({ kind: 'malformed', problems: [problem], furtherProblems: 0 })?.problems ?? []
  expect(found).toMatchObject({ found: '21（総合振込）', expected: told })
})

test.each([
  ['120 bytes', '120バイト'],
  ['no line breaks as after the first record', '改行なし（1件目と同じ）'],
  ['CRLF as after the first record', 'CRLF（1件目と同じ）'],
  ['the same as after the first record', '（1件目と同じ）'],
  ['data or trailer', 'データまたはトレーラー'],
  ['header or end', 'ヘッダーまたはエンド'],
  ['1 (取消), 0 or blank', '1 (取消)、0、空白'],
  ['2026-11-01 or later', '2026-11-01以後'],
])('what was expected is told in Japanese: %s', (expected, told) => {
  const problem = { kind: 'not-allowed', record: 1, offset: 1, expected } as const
  expect(of({ kind: 'malformed', problems: [problem], furtherProblems: 0 })?.problems[0]?.expected).toBe(told)
})

test('a wrong header names each column that is wrong', () => {
  const header = { missing: ['product (商品)'], unknown: ['phone'], doubled: ['顧客番号'] }
  expect(of({ kind: 'wrong-header', ...header })?.problems.map(({ field, what }) => `${field} ${what}`)).toEqual([
    'product (商品) 見出しにありません',
    'phone この種類のファイルにはない見出しです',
    '顧客番号 見出しに2回あります',
  ])
})

test('what is not the file’s fault has no table of problems', () => {
  for (const outcome of [
    { kind: 'already-imported', id: 'x' },
    { kind: 'failed' },
    { kind: 'no-convenience-store' },
  ] as const)
    expect(of(outcome)).toBeUndefined()
})

describe('whatever the readers say of a row is told in Japanese', () => {
  const sources = readdirSync('src/intake').filter((name) => /\.format\.ts$/.test(name))
  const said = sources.flatMap((name) =>
    [
      ...readFileSync(`src/intake/${name}`, 'utf8').matchAll(/(?:new WrongCell|row\.add)\(\s*(?:'([^']+)'|`([^`]+)`)/g),
    ].map((found) => (found[1] ?? found[2] ?? '').replaceAll(/\$\{[^}]*\}/g, '9')),
  )
  test('and they are found', () => expect(said.length).toBeGreaterThan(12))
  test.each([...new Set(said)])('%s', (because) => {
    const [told] = of({ kind: 'wrong-rows', problems: [{ line: 2, because }], furtherProblems: 0 })?.problems ?? []
    expect(told?.what.replace('virtualAccounts', '')).not.toMatch(/[a-z]{4,}/)
  })
})

describe('whatever the reader of CSV says is told in Japanese', () => {
  const source = readFileSync('src/platform/text/csv.ts', 'utf8')
  const said = [...source.matchAll(/CSV?_?[A-Z_]+: '([^']+)'|INVALID[A-Z_]+: '([^']+)'/g)].map(
    (m) => m[1] ?? m[2] ?? '',
  )
  test('and it is found', () => expect(said).toHaveLength(4))
  test.each(said)('%s', (because) => {
    const [told] = of({ kind: 'broken-csv', line: 4, because })?.problems ?? []
    expect(told).toMatchObject({ line: 4, what: expect.not.stringMatching(/^CSVとして読めません$/) })
  })
})
