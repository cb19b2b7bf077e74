import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day } from '#values/day'
import { type Account, bankNoticeByHand, type Money } from '../../test/deposits-by-hand.ts'
import { mutantOf } from '../../test/mutants.ts'
import { fieldText } from './zengin.format.ts'
import { layout01, layout01B } from './zengin-01.format.ts'
import { readDeposits01 } from './zengin-01-reader.format.ts'
import { sayProblem } from './zengin-problem.format.ts'

const account: Account = { bank: '0000', branch: '001', number: '1234567' }

const someMoney: readonly Money[] = [
  { inquiry: '000001', amount: 12_300, payer: 'ﾔﾏﾀﾞ ﾀﾛｳ', payerCode: '0012345678' },
  { inquiry: '000002', amount: 5_000, payer: 'ｻﾄｳ ﾊﾅｺ', day: '081121', valueDay: '081119' },
  { inquiry: '000002', amount: 5_000, payer: 'ｻﾄｳ ﾊﾅｺ', day: '081123', valueDay: '081119', reversal: true },
]

const file = (money = someMoney, form: 'A' | 'B' = 'A', separator = '') =>
  bankNoticeByHand(form, [{ account, money }], { separator })

const { data } = layout01

const read = (bytes: Buffer, chunkSize = 65_536) => {
  const lines: unknown[] = []
  const reader = readDeposits01(day('2026-11-24'), ({ bytes, at, record, header, amount, isReversal, onDay }) => {
    const [code, payer] = [data.payerCode, data.payerName].map((field) => fieldText(bytes, at, field).trim())
    lines.push({ record, account: header.account, amount, isReversal, onDay, code, payer })
  })
  for (let at = 0; at < bytes.length; at += chunkSize) reader.push(bytes.subarray(at, at + chunkSize))
  return { ...reader.end(), lines }
}

const kindsOf = (bytes: Buffer): readonly string[] => {
  const outcome = read(bytes)
  return outcome.kind === 'refused' ? outcome.problems.map(({ kind }) => kind) : [outcome.kind]
}

const problems = (bytes: Buffer): readonly string[] => {
  const outcome = read(bytes)
  return outcome.kind === 'refused' ? outcome.problems.map(sayProblem) : []
}

/** The same file with `text` written over what stands at that place of that record. */
const changed = (record: number, position: number, text: string, bytes = file()) => {
  const copy = Buffer.from(bytes)
  copy.write(text, (record - 1) * 200 + position - 1, 'latin1')
  return copy
}

test.each(['A', 'B'] as const)('form %s is read line by line', (form) => {
  const outcome = read(file(someMoney, form, '\r\n'), 97)
  expect(outcome).toMatchObject({ kind: 'read', recordCount: 6, dataCount: 3, stride: 202, notTaken: [] })
  expect(outcome.kind === 'read' && outcome.headers).toEqual([
    {
      number: 1,
      typeCode: '01',
      bankCode: '0000',
      branchCode: '001',
      accountType: '普通',
      accountNumber: '1234567',
      account: '0000-001-1234567',
      from: '2026-11-01',
      to: '2026-11-24',
    },
  ])
  const common = { account: '0000-001-1234567', isReversal: false }
  expect(outcome.lines).toEqual([
    { ...common, record: 2, amount: 12_300, onDay: '2026-11-20', code: '0012345678', payer: 'ﾔﾏﾀﾞ ﾀﾛｳ' },
    { ...common, record: 3, amount: 5_000, onDay: '2026-11-19', code: '', payer: 'ｻﾄｳ ﾊﾅｺ' },
    { ...common, record: 4, amount: 5_000, isReversal: true, onDay: '2026-11-19', code: '', payer: 'ｻﾄｳ ﾊﾅｺ' },
  ])
})

test('form B holds amounts that form A has no room for', () => {
  const bytes = bankNoticeByHand('B', [{ account, money: [{ amount: 123_456_789_012 }] }], { secondAmounts: true })
  expect(read(bytes).lines).toMatchObject([{ amount: 123_456_789_012 }])
})

test('a file in which both amounts, or none, are given is refused', () => {
  const bytes = file(someMoney, 'B')
  expect(kindsOf(changed(2, 129, '000000012300', bytes))).toContain('two-amounts')
  expect(kindsOf(changed(2, 20, '0000000000', bytes))).toContain('no-amount')
  expect(kindsOf(changed(2, 20, '0000000000'))).toContain('no-amount')
})

test('text of form A that looks like amounts of form B is not taken for either', () => {
  expect(kindsOf(changed(3, 129, '0'.repeat(24)))).toContain('mixed-forms')
  expect(kindsOf(changed(3, 129, ' '.repeat(24), file(someMoney, 'B')))).toContain('mixed-forms')
  expect(kindsOf(changed(3, 129, '01234567890123456789'))).toEqual(['read'])
})

test('a blank 起算日 is the 勘定日', () => {
  expect(read(changed(3, 14, '      ')).lines).toMatchObject([{}, { onDay: '2026-11-21' }, {}])
  expect(read(changed(3, 14, '000000')).lines).toMatchObject([{}, { onDay: '2026-11-21' }, {}])
})

test('what banks leave blank does not matter', () => {
  const blank = [
    [5, 6, 1],
    [2, 6, 2],
    [30, 10, 2],
    [40, 10, 2],
  ] as const
  const bytes = blank.reduce((base, [at, length, record]) => changed(record, at, ' '.repeat(length), base), file())
  expect(kindsOf(bytes)).toEqual(['read'])
})

test.each([
  [2, 8, '081131', 'no-such-day', '勘定日 (bytes 8-13), offset 207: there is no such day; found "######"'],
  [2, 8, '261120', 'no-such-day', '勘定日 (bytes 8-13)'],
  [2, 14, '081125', 'no-such-day', '起算日 (bytes 14-19)'],
  [2, 8, '081031', 'outside-period', 'found 2026-10-31; expected 2026-11-01 to 2026-11-24'],
  [1, 11, '081131', 'no-such-day', '勘定日(自) (bytes 11-16)'],
  [1, 17, '081031', 'outside-period', '勘定日(至) (bytes 17-22)'],
  [1, 17, '990101', 'no-such-day', '勘定日(至) (bytes 17-22)'],
  [2, 20, '00000X2300', 'not-digits', 'found "#####A####"'],
  [2, 128, '2', 'not-allowed', '取消区分 (bytes 128-128), offset 327'],
  [1, 4, '1', 'ebcdic', 'EBCDIC'],
  [1, 4, '7', 'not-allowed', 'コード区分 (bytes 4-4)'],
  [5, 2, '000003', 'trailer-mismatch', '振込合計件数 (bytes 2-7), offset 801'],
  [5, 8, '000000017301', 'trailer-mismatch', 'found 17301; expected 17300'],
  [5, 20, '000000', 'trailer-mismatch', '取消合計件数'],
  [5, 26, '000000005001', 'trailer-mismatch', '取消合計金額'],
] as const)('record %i, byte %i: %j is refused as %s', (record, position, text, kind, said) => {
  const bytes = changed(record, position, text)
  expect(kindsOf(bytes)).toContain(kind)
  expect(problems(bytes).join('\n')).toContain(said)
})

test('every error is collected, and none of them shows what stood there', () => {
  const bytes = changed(3, 20, 'X', changed(2, 20, 'X', changed(2, 50, '\x07')))
  expect(kindsOf(bytes)).toEqual(['not-digits', 'not-single-byte', 'not-digits'])
  expect(problems(bytes).join('\n')).not.toMatch(/ﾔﾏ|ｻﾄｳ|12300/)
})

test.each([
  ['91', 'found 91 (預金口座振替); expected 01 (振込入金通知)'],
  ['03', 'found 03 (入出金取引明細)'],
  ['77', 'found 77; expected'],
])('a file of the kind %s is called by its name', (code, said) => {
  const bytes = changed(1, 2, code)
  expect(kindsOf(bytes)).toEqual(['other-format'])
  expect(problems(bytes)[0]).toContain(said)
})

test('another kind of file behind the first account is refused', () => {
  const two = bankNoticeByHand(
    'A',
    [
      { account, money: someMoney },
      { account, money: someMoney },
    ],
    { separator: '' },
  )
  expect(kindsOf(two)).toEqual(['read'])
  expect(kindsOf(changed(6, 2, '03', two))).toEqual(['other-format'])
})

test('UTF-8 counted in characters is refused and called by its name', () => {
  for (const separator of ['', '\r\n']) {
    const text = [...file(someMoney, 'A', separator)]
      .map((byte) => String.fromCharCode(byte > 0x7f ? byte - 0xa1 + 0xff61 : byte))
      .join('')
    expect(kindsOf(Buffer.from(text))).toEqual(['utf-8'])
    expect(problems(Buffer.from(text))[0]).toContain('counted in characters')
  }
})

test('separators and 0x1A do not change what a file is', () => {
  const hashes = ['', '\r\n', '\n', '\r'].flatMap((separator) => {
    const bytes = file(someMoney, 'A', separator)
    return [bytes, Buffer.concat([bytes, Buffer.from([0x1a])])].map((variant) => {
      const outcome = read(variant)
      return outcome.kind === 'read' ? outcome.contentHash.toString('hex') : outcome.problems.map(sayProblem).join()
    })
  })
  expect(new Set(hashes).size).toBe(1)
})

const anyMoney: fc.Arbitrary<Money> = fc.record({
  inquiry: fc.stringMatching(/^[0-9]{6}$/),
  day: fc.constantFrom('081101', '081115', '081124'),
  amount: fc.integer({ min: 1, max: 9_999_999_999 }),
  payerCode: fc.stringMatching(/^[0-9]{0,10}$/),
  payer: fc.stringMatching(/^[ｱ-ﾝﾞﾟA-Z0-9().-][ｱ-ﾝﾞﾟA-Z0-9(). -]{0,40}[ｱ-ﾝ]$/),
  reversal: fc.boolean(),
})

test('what was written is read, in either form, whatever the separator and however the bytes arrive', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(anyMoney, { maxLength: 5 }), { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', '\r\n', '\n', '\r'),
      fc.constantFrom('A' as const, 'B' as const),
      fc.integer({ min: 1, max: 700 }),
      (parts, separator, form, chunkSize) => {
        const bytes = bankNoticeByHand(
          form,
          parts.map((money) => ({ account, money })),
          { separator },
        )
        const { kind, lines } = read(bytes, chunkSize)
        expect(kind).toBe('read')
        expect(lines).toMatchObject(
          parts.flat().map(({ amount, payer, payerCode, reversal }) => {
            return { amount, payer, code: payerCode, isReversal: reversal }
          }),
        )
      },
    ),
  )
})

const mutants = Number(process.env.ANNAI_MUTANTS ?? 2_000)

test.each(['A', 'B'] as const)(
  'mutated files of form %s never crash the reader, and a refusal says where',
  (form) => {
    const base = file(someMoney, form, '\r\n')
    for (let seed = 0; seed < mutants; seed++) {
      const outcome = read(mutantOf(base, seed, 1 + (seed % 4)), 509)
      if (outcome.kind === 'refused')
        expect(outcome.problems.map(sayProblem)[0]).toMatch(/^(line \d+|the file), .*offset \d+/)
    }
  },
  60_000,
)

/** 全国銀行協会, 振込入金通知: name, first byte (1-based), length, and whether it holds digits (N) or characters (C). */
const published: Readonly<Record<string, readonly string[]>> = {
  header: [
    'データ区分 1 1 N',
    '種別コード 2 2 N',
    'コード区分 4 1 N',
    '作成日 5 6 N',
    '勘定日(自) 11 6 N',
    '勘定日(至) 17 6 N',
    '銀行コード 23 4 N',
    '銀行名 27 15 C',
    '支店コード 42 3 N',
    '支店名 45 15 C',
    '預金種目 60 1 N',
    '口座番号 61 7 N',
    '口座名 68 40 C',
    'ダミー 108 93 C',
  ],
  data: [
    'データ区分 1 1 N',
    '照会番号 2 6 N',
    '勘定日 8 6 N',
    '起算日 14 6 N',
    '金額 20 10 N',
    'うち他店券金額 30 10 N',
    '振込依頼人コード 40 10 N',
    '振込依頼人名 50 48 C',
    '仕向銀行名 98 15 C',
    '仕向店名 113 15 C',
    '取消区分 128 1 N',
    'EDI情報 129 20 C',
    'ダミー 149 52 C',
  ],
  trailer: [
    'データ区分 1 1 N',
    '振込合計件数 2 6 N',
    '振込合計金額 8 12 N',
    '取消合計件数 20 6 N',
    '取消合計金額 26 12 N',
    'ダミー 38 163 C',
  ],
  end: ['データ区分 1 1 N', 'ダミー 2 199 C'],
}

const placesOf = (fields: Readonly<Record<string, { name: string; at: number; length: number; type: string }>>) =>
  Object.values(fields).map(({ name, at, length, type }) => `${name} ${at} ${length} ${type === 'C' ? 'C' : 'N'}`)

test.each(Object.entries(layout01))('the layout of the %s record is the published one', (record, fields) => {
  expect(placesOf(fields)).toEqual(published[record])
})

test('form B differs behind byte 128', () => {
  expect(placesOf(layout01B.data)).toEqual([
    ...(published.data ?? []).slice(0, 11).map((place) => place.replace(/金額(?= )/, '金額(1)')),
    '金額(2) 129 12 N',
    'うち他店券金額(2) 141 12 N',
    'EDI情報 153 20 C',
    'ダミー 173 28 C',
  ])
})
