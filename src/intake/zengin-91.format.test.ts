import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day } from '#values/day'
import { bankNoticeByHand } from '../../test/deposits-by-hand.ts'
import { mutantOf } from '../../test/mutants.ts'
import { fieldText, type RecordLayout } from './zengin.format.ts'
import { type Debit91, type Group91, layout91, recordLength91, type Writing91, write91 } from './zengin-91.format.ts'
import { type DebitsRead, readDebits } from './zengin-91-reader.format.ts'
import { problemsMax, sayProblem } from './zengin-problem.format.ts'

const received = day('2026-11-26')

const header = {
  originatorCode: '1234567890',
  originatorName: 'ﾐﾎﾝｼﾝﾊﾟﾝ',
  debitDay: '1124',
  bankCode: '0001',
  bankName: 'ﾐﾎﾝ',
  branchCode: '101',
  branchName: 'ﾎﾝﾃﾝ',
  accountType: '1',
  accountNumber: '7654321',
}

const debit = (facts: Debit91): Debit91 => ({
  bankCode: '0005',
  branchCode: '222',
  accountType: '1',
  accountNumber: '1112223',
  payerName: 'ﾔﾏﾀﾞ ﾀﾛｳ',
  amount: '12300',
  newCode: '0',
  customerNumber: '00000000000000001001',
  resultCode: '1',
  ...facts,
})

const someDebits = [
  debit({}),
  debit({ customerNumber: '00000000000000001002', amount: '5000', resultCode: '0' }),
  debit({ customerNumber: 'A-1003', amount: '0', resultCode: 'E' }),
]

const file = (groups: readonly Group91[] = [{ header, debits: someDebits }], writing?: Writing91): Buffer =>
  Buffer.concat([...write91(groups, writing)])

const read = (bytes: Buffer, chunkSize = 65_536): DebitsRead & { readonly debits: readonly Debit91[] } => {
  const debits: Debit91[] = []
  const reader = readDebits(received, (from, at) => debits.push(valuesOf(layout91.data, from, at)))
  for (let at = 0; at < bytes.length; at += chunkSize) reader.push(bytes.subarray(at, at + chunkSize))
  return { ...reader.end(), debits }
}

const valuesOf = (layout: RecordLayout, bytes: Buffer, at: number) =>
  Object.fromEntries(Object.entries(layout).map(([key, field]) => [key, fieldText(bytes, at, field)]))

const problems = (bytes: Buffer): readonly string[] => {
  const outcome = read(bytes)
  return outcome.kind === 'refused' ? outcome.problems.map(sayProblem) : []
}

const kindsOf = (bytes: Buffer): readonly string[] => {
  const outcome = read(bytes)
  return outcome.kind === 'refused' ? outcome.problems.map(({ kind }) => kind) : [outcome.kind]
}

/** The same file with `text` written over what stands at that place of that record. */
const changed = (
  record: number,
  position: number,
  text: string | Buffer,
  bytes = file(undefined, { separator: '' }),
) => {
  const copy = Buffer.from(bytes)
  Buffer.from(text as string).copy(copy, (record - 1) * recordLength91 + position - 1)
  return copy
}

test('a result file is read record by record', () => {
  const outcome = read(file())
  expect(outcome).toMatchObject({ kind: 'read', recordCount: 6, debitCount: 3, stride: 122 })
  expect(outcome.kind === 'read' && outcome.headers).toEqual([
    {
      number: 1,
      originatorCode: '1234567890',
      bankCode: '0001',
      branchCode: '101',
      accountType: '1',
      accountNumber: '7654321',
      day: '2026-11-24',
    },
  ])
  expect(outcome.debits.map(({ customerNumber, amount, resultCode }) => [customerNumber, amount, resultCode])).toEqual([
    ['00000000000000001001', '0000012300', '1'],
    ['00000000000000001002', '0000005000', '0'],
    ['A-1003              ', '0000000000', 'E'],
  ])
})

const kana = fc.stringMatching(/^[ｱ-ﾝﾞﾟA-Z0-9()./-]{0,12}$/)
const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`))
const anyDebit: fc.Arbitrary<Debit91> = fc.record({
  bankCode: digits(4),
  branchCode: digits(3),
  accountNumber: digits(7),
  payerName: kana,
  amount: digits(8),
  customerNumber: fc.oneof(digits(20), fc.stringMatching(/^[A-Z0-9-]{1,20}$/)),
  resultCode: fc.constantFrom('0', '1', '2', '3', '4', '8', '9', 'N', 'E'),
})
const anyGroup = fc.record({ header: fc.constant(header), debits: fc.array(anyDebit, { maxLength: 6 }) })
// A file in which nothing failed and nothing was paid cannot be told from a request, so one failure is always there.
const anyFile = fc
  .array(anyGroup, { minLength: 1, maxLength: 3 })
  .map((groups) => groups.map((group) => ({ ...group, debits: [debit({}), ...group.debits] })))
const anySeparator = fc.constantFrom('' as const, '\r\n' as const, '\n' as const, '\r' as const)

test('what was written is read, whatever the separator and however the bytes arrive', () => {
  fc.assert(
    fc.property(anyFile, anySeparator, fc.integer({ min: 1, max: 400 }), (groups, separator, chunkSize) => {
      const bytes = file(groups, { separator })
      const outcome = read(bytes, chunkSize)
      expect(outcome.kind).toBe('read')
      const again = file(
        groups.map((group, index) => {
          const before = groups.slice(0, index).reduce((count, { debits }) => count + debits.length, 0)
          return { header: group.header, debits: outcome.debits.slice(before, before + group.debits.length) }
        }),
        { separator },
      )
      expect(again.equals(bytes)).toBe(true)
    }),
  )
})

test('separators, a missing last one and 0x1A do not change what a file is', () => {
  const hashes = ['', '\r\n', '\n', '\r'].flatMap((separator) => {
    const bytes = file(undefined, { separator: separator as '' })
    const bare = bytes.subarray(0, bytes.length - separator.length)
    const eof = Buffer.from([0x1a])
    return [bytes, bare, Buffer.concat([bytes, eof]), Buffer.concat([bare, eof])].map((variant) => {
      const outcome = read(variant)
      return outcome.kind === 'read' ? outcome.contentHash.toString('hex') : outcome.problems.map(sayProblem).join()
    })
  })
  expect(hashes).toHaveLength(16)
  expect(new Set(hashes).size).toBe(1)
  expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
})

test('the hash tells files apart that differ in one byte', () => {
  const [one, other] = [
    read(file()),
    read(file([{ header, debits: [debit({ newCode: '1' }), ...someDebits.slice(1)] }])),
  ]
  expect(one.kind === 'read' && other.kind === 'read' && one.contentHash.equals(other.contentHash)).toBe(false)
})

test.each([
  ['CRLF, then LF', '\r\n', 121 + 2 - 1, Buffer.from('\n'), 1],
  ['LF, then CR', '\n', 120 + 121, Buffer.from('\r'), 0],
])('mixed separators are refused with their offset: %s', (_, separator, offset, put, drop) => {
  const bytes = file(undefined, { separator: separator as '\n' })
  const second = separator === '\r\n' ? 122 + 120 : offset
  const mixed = Buffer.concat([bytes.subarray(0, second), put, bytes.subarray(second + 1 + drop)])
  expect(kindsOf(mixed)).toEqual(['mixed-separators'])
  expect(problems(mixed)[0]).toContain(`line 2, offset ${second}`)
})

test('a line break where the file had none so far is mixing as well', () => {
  const bytes = file(undefined, { separator: '' })
  const mixed = Buffer.concat([bytes.subarray(0, 240), Buffer.from('\n'), bytes.subarray(240)])
  expect(kindsOf(mixed)).toEqual(['mixed-separators'])
  expect(problems(mixed)[0]).toContain('offset 240')
})

test('a record that is too short or too long is named', () => {
  const bytes = file()
  const short = Buffer.concat([bytes.subarray(0, 200), bytes.subarray(205)])
  expect(problems(short)).toEqual([
    expect.stringMatching(/^line 2, offset 237: .*; found 115 bytes; expected 120 bytes$/),
  ])
  const long = Buffer.concat([bytes.subarray(0, 200), Buffer.from('     '), bytes.subarray(200)])
  expect(problems(long)).toEqual([
    expect.stringMatching(/^line 2, offset 242: .*; found more than 120 bytes; expected 120 bytes$/),
  ])
  expect(kindsOf(bytes.subarray(0, 300))).toEqual(['truncated'])
  expect(kindsOf(bytes.subarray(0, 244))).toEqual(['no-end'])
  expect(kindsOf(Buffer.alloc(0))).toEqual(['empty'])
})

test('UTF-8 counted in characters is refused and called by its name', () => {
  for (const separator of ['', '\r\n', '\n'] as const) {
    const lines = [...write91([{ header, debits: someDebits }], { separator })]
    const utf8 = lines.map((line) =>
      [...line].map((byte) => (byte > 0x7f ? String.fromCharCode(byte - 0xa1 + 0xff61) : String.fromCharCode(byte))),
    )
    const bytes = Buffer.from(utf8.flat().join(''))
    expect(kindsOf(bytes)).toEqual(['utf-8'])
    expect(problems(bytes)[0]).toContain('counted in characters')
    expect(kindsOf(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]))).toEqual(['utf-8'])
  }
})

test('UTF-8 that begins late in the file is found too', () => {
  const ascii = { ...header, originatorName: 'MIHON', bankName: 'MIHON', branchName: 'HONTEN' }
  const lines = [...write91([{ header: ascii, debits: [debit({ payerName: 'TARO' }), debit({})] }])]
  const text = lines.map((line) =>
    [...line].map((byte) => String.fromCharCode(byte > 0x7f ? byte - 0xa1 + 0xff61 : byte)).join(''),
  )
  expect(kindsOf(Buffer.from(text.join('')))).toEqual(['utf-8'])
})

test.each([
  ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.alloc(300, ' ')]), 'utf-16'],
  ['EBCDIC', Buffer.concat([Buffer.from([0xf1, 0xf9, 0xf1]), Buffer.alloc(300, 0x40)]), 'ebcdic'],
  ['コード区分 1', changed(1, 4, '1'), 'ebcdic'],
  ['another kind of file', changed(1, 2, '21'), 'other-format'],
])('%s is refused and called by its name', (_, bytes, kind) => {
  expect(kindsOf(bytes)).toEqual([kind])
})

test('a file of money is called by its name, though its records have another length', () => {
  const account = { bank: '0001', branch: '101', number: '7654321' }
  const bytes = bankNoticeByHand('A', [{ account, money: [{ amount: 100 }] }])
  expect(kindsOf(bytes)).toEqual(['other-format'])
  expect(problems(bytes)[0]).toContain('found 01 (振込入金通知); expected 91 (預金口座振替)')
})

test.each([
  [
    2,
    81,
    '1X',
    'line 2, データレコード, 引落金額 (bytes 81-90), offset 200: only digits are allowed here, zero-filled from the left; found "#A########"',
  ],
  [
    3,
    2,
    ' ',
    'line 3, データレコード, 引落銀行番号 (bytes 2-5), offset 241: only digits are allowed here, zero-filled from the left; found " ###"',
  ],
  [
    2,
    112,
    'n',
    'line 2, データレコード, 振替結果コード (bytes 112-112), offset 231: only one digit or capital letter is allowed here; found "A"',
  ],
  [
    2,
    51,
    Buffer.from([0x07]),
    'line 2, データレコード, 預金者名 (bytes 51-80), offset 170: only single-byte characters (JIS X 0201) are allowed here; found "?ｱｱｱ ｱｱｱ',
  ],
  [
    1,
    55,
    '1131',
    'line 1, ヘッダーレコード, 引落日 (bytes 55-58), offset 54: there is no such day; found "####"; expected MMDD',
  ],
  [2, 1, '7', 'line 2, データ区分 (bytes 1-1), offset 120: there is no such データ区分; found "#"'],
  [
    5,
    2,
    '000004',
    'line 5, トレーラーレコード, 合計件数 (bytes 2-7), offset 481: the trailer does not agree with the records; found 4; expected 3',
  ],
])('record %i, byte %i: the refusal names line, record, field and position', (record, position, text, said) => {
  expect(problems(changed(record, position, text))[0]?.startsWith(said)).toBe(true)
})

test('a refusal never shows what stood in the field', () => {
  const said = problems(changed(2, 92, Buffer.from([0x8a, 0xbf])))
    .concat(problems(changed(2, 44, '98x')))
    .join('\n')
  expect(said).toContain('顧客番号')
  expect(said).not.toMatch(/1001|98/)
})

test('every error is collected, and past the limit counted', () => {
  const bytes = changed(3, 81, 'X', changed(2, 81, 'X'))
  expect(kindsOf(bytes)).toEqual(['not-digits', 'not-digits'])
  const many = file([{ header, debits: Array.from({ length: problemsMax + 5 }, () => debit({ amount: '1' })) }], {
    separator: '',
  })
  for (let record = 2; record <= problemsMax + 6; record++) many.write('X', (record - 1) * recordLength91 + 80)
  const outcome = read(many)
  expect(outcome).toMatchObject({ kind: 'refused', furtherProblems: 5 })
  expect(outcome.kind === 'refused' && outcome.problems.length).toBe(problemsMax)
})

test.each([
  ['a count', 2, '000002'],
  ['a sum', 8, '000000017301'],
  ['the paid count', 20, '000002'],
  ['the paid sum', 26, '000000005001'],
  ['the failed count', 38, '000001'],
  ['the failed sum', 44, '000000012301'],
])('a trailer that does not add up refuses the file: %s', (_, position, text) => {
  expect(kindsOf(changed(5, position, text))).toEqual(['trailer-mismatch'])
})

test('a request is no result', () => {
  const asked = someDebits.map((one) => ({ ...one, resultCode: '0' }))
  expect(kindsOf(file([{ header, debits: asked }], { as: 'request' }))).toEqual(['request-file'])
  expect(kindsOf(file([{ header, debits: asked }], { as: 'result' }))).toEqual(['read'])
  const oneOfTwo = Buffer.concat([
    Buffer.concat([...write91([{ header, debits: someDebits }])]).subarray(0, -122),
    file([{ header, debits: asked }], { as: 'request' }),
  ])
  expect(kindsOf(oneOfTwo)).toEqual(['request-file'])
})

test.each([
  ['data first', [2], 'order'],
  ['a trailer after the header of the next account', [1, 2, 3, 4, 5, 1, 6], 'order'],
  ['a second header before the trailer', [1, 2, 1, 3, 4, 5, 6], 'order'],
  ['no end', [1, 2, 3, 4, 5], 'no-end'],
  ['something after the end', [1, 2, 3, 4, 5, 6, 1], 'after-end'],
])('records come as 1, 2…, 8, repeated, then one 9: %s', (_, order, kind) => {
  const bytes = file(undefined, { separator: '' })
  const records = order.map((record) => bytes.subarray((record - 1) * recordLength91, record * recordLength91))
  expect(kindsOf(Buffer.concat(records))).toContain(kind)
})

/** 全国銀行協会, 口座振替: name, first byte (1-based), length, and whether it holds digits (N) or characters (C). */
const published: Readonly<Record<string, readonly string[]>> = {
  header: [
    'データ区分 1 1 N',
    '種別コード 2 2 N',
    'コード区分 4 1 N',
    '委託者コード 5 10 N',
    '委託者名 15 40 C',
    '引落日 55 4 N',
    '取引銀行番号 59 4 N',
    '取引銀行名 63 15 C',
    '取引支店番号 78 3 N',
    '取引支店名 81 15 C',
    '預金種目 96 1 N',
    '口座番号 97 7 N',
    'ダミー 104 17 C',
  ],
  data: [
    'データ区分 1 1 N',
    '引落銀行番号 2 4 N',
    '引落銀行名 6 15 C',
    '引落支店番号 21 3 N',
    '引落支店名 24 15 C',
    'ダミー 39 4 C',
    '預金種目 43 1 N',
    '口座番号 44 7 N',
    '預金者名 51 30 C',
    '引落金額 81 10 N',
    '新規コード 91 1 N',
    '顧客番号 92 20 N',
    '振替結果コード 112 1 N',
    'ダミー 113 8 C',
  ],
  trailer: [
    'データ区分 1 1 N',
    '合計件数 2 6 N',
    '合計金額 8 12 N',
    '振替済件数 20 6 N',
    '振替済金額 26 12 N',
    '振替不能件数 38 6 N',
    '振替不能金額 44 12 N',
    'ダミー 56 65 C',
  ],
  end: ['データ区分 1 1 N', 'ダミー 2 119 C'],
}

test.each(Object.entries(layout91))('the layout of the %s record is the published one', (record, fields) => {
  const ours = Object.values(fields).map(
    ({ name, at, length, type }) => `${name} ${at} ${length} ${type === 'C' ? 'C' : 'N'}`,
  )
  expect(ours).toEqual(published[record])
})

test('mutated files never crash the reader, and a refusal always says where', () => {
  const base = file()
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 4 }), (seed, changes) => {
      const outcome = read(mutantOf(base, seed, changes), 97)
      if (outcome.kind === 'read') return
      expect(outcome.problems.length).toBeGreaterThan(0)
      for (const problem of outcome.problems) {
        expect(problem.offset).toBeGreaterThanOrEqual(0)
        expect(sayProblem(problem)).toMatch(/^(line \d+|the file), /)
      }
    }),
    { numRuns: 2_000 },
  )
})
