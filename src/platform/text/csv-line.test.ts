import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCsv } from './csv.ts'
import { csvLine } from './csv-line.ts'

async function* one(text: string) {
  yield text
}

const read = async (text: string) => {
  const records: (readonly string[])[] = []
  for await (const { cells } of readCsv(one(text))) records.push(cells)
  return records
}

test.each([
  ['=1+1', "'=1+1"],
  ['+81', "'+81"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  ['＝1', "'＝1"],
  ['＋1', "'＋1"],
  ['－1', "'－1"],
  ['＠x', "'＠x"],
  ['a=1', 'a=1'],
  ['say "a"', '"say ""a"""'],
  ['a,b', '"a,b"'],
])('the text %j is written %j', (text, written) => {
  expect(csvLine([text])).toBe(`${written}\r\n`)
})

test('numbers are numbers, also below zero; nothing is an empty cell; several are one', () => {
  expect(csvLine([-5, null, undefined, ['K-1', 'K-2'], ''])).toBe('-5,,,K-1 K-2,\r\n')
})

test('whatever stands in a cell is read back as it was, but for the apostrophe, and is never a formula', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 5 }), async (cells) => {
      fc.pre(cells.some((cell) => cell !== ''))
      const [record = []] = await read(csvLine(cells))
      expect(record.map((cell, n) => (cell === cells[n] ? cell : cell.slice(1)))).toEqual(cells)
      for (const cell of record) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
    }),
    { numRuns: 50 },
  )
})
