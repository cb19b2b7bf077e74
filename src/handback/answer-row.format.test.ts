import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textEncoder } from '#platform/text/encode'
import { answerFormat, type ExportedAnswer } from './answer-row.format.ts'

const { asCsvLine, asJsonLine, csvHeader } = answerFormat

const answer: ExportedAnswer = {
  answerId: '019ab000-0000-7000-8000-000000000001',
  version: 2,
  supersedes: 1,
  customerNumber: 'C0000001',
  contractNumbers: ['K-1', 'K-2'],
  kind: 'promise',
  promisedDay: '2026-11-26',
  answeredAt: '2026-11-25T10:00:00+09:00',
  receiptNumber: '482715306',
  cursor: 7,
}

test('a line of JSON has every key, empty ones as null', () => {
  expect(JSON.parse(asJsonLine({ ...answer, supersedes: null, promisedDay: null }))).toEqual({
    ...answer,
    supersedes: null,
    promisedDay: null,
  })
})

test('a line of CSV follows its header', () => {
  expect(csvHeader()).toBe(
    'answer_id,version,supersedes,customer_number,contract_numbers,kind,promised_day,answered_at,receipt_number,cursor\r\n',
  )
  expect(asCsvLine(answer)).toBe(
    '019ab000-0000-7000-8000-000000000001,2,1,C0000001,K-1 K-2,promise,2026-11-26,2026-11-25T10:00:00+09:00,482715306,7\r\n',
  )
})

test('no cell of any customer number is a formula in a spreadsheet', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom(...'=+-@\t\r\n＝＋－＠'), (rest, sign) => {
      const line = asCsvLine({ ...answer, customerNumber: `${sign}${rest}` })
      expect(line).toMatch(/,2,1,"?'[=+\-@\t\r\n＝＋－＠]/)
    }),
  )
})

test('quotes, commas and line breaks stay inside their cell', () => {
  expect(asCsvLine({ ...answer, customerNumber: 'a",\n' })).toContain(',"a"",\n",')
})

test.each([
  ['utf8-bom', [0xef, 0xbb, 0xbf, 0xe3, 0x81, 0x82]],
  ['utf8', [0xe3, 0x81, 0x82]],
  ['cp932', [0x82, 0xa0]],
] as const)('%s begins as Excel expects', (encoding, bytes) => {
  const encode = textEncoder(encoding)
  expect([...encode('あ')]).toEqual([...bytes])
  expect(encode('b').toString('latin1')).toBe('b')
})

test('the wave dash becomes the tilde that CP932 has', () => {
  expect([...textEncoder('cp932')('〜')]).toEqual([0x81, 0x60])
})
