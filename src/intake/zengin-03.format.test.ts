import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day } from '#values/day'
import { type Account, type Money, statementByHand } from '../../test/deposits-by-hand.ts'
import { mutantOf } from '../../test/mutants.ts'
import { fieldText } from './zengin.format.ts'
import { layout03 } from './zengin-03.format.ts'
import { readDeposits03 } from './zengin-03-reader.format.ts'
import { sayProblem } from './zengin-problem.format.ts'

const account: Account = { bank: '0000', branch: '001', number: '1234567' }

const someMoney: readonly Money[] = [
  { inquiry: '1', amount: 12_300, payer: 'ﾔﾏﾀﾞ ﾀﾛｳ' },
  { inquiry: '2', amount: 900, direction: '2', kind: '14' },
  { inquiry: '3', amount: 7_000, kind: '10' },
  { inquiry: '4', amount: 5_000, kind: '14', day: '081121', valueDay: '081119' },
  { inquiry: '5', amount: 80, kind: '19' },
]

const file = (money = someMoney, separator = '') => statementByHand([{ account, money }], { separator })

const read = (bytes: Buffer, chunkSize = 65_536) => {
  const lines: unknown[] = []
  const reader = readDeposits03(day('2026-11-24'), ({ bytes, at, record, header, amount, onDay }) => {
    const payer = fieldText(bytes, at, layout03.data.payerName).trim()
    lines.push({ record, account: header.account, amount, onDay, payer })
  })
  for (let at = 0; at < bytes.length; at += chunkSize) reader.push(bytes.subarray(at, at + chunkSize))
  return { ...reader.end(), lines }
}

const problems = (bytes: Buffer) => {
  const outcome = read(bytes)
  return outcome.kind === 'refused' ? outcome.problems : []
}

const changed = (record: number, position: number, text: string, bytes = file()) => {
  const copy = Buffer.from(bytes)
  copy.write(text, (record - 1) * 200 + position - 1, 'latin1')
  return copy
}

test('of a statement only 振込 and 振替 that came in are taken, and the rest is counted', () => {
  const outcome = read(file(someMoney, '\r\n'), 97)
  expect(outcome).toMatchObject({
    kind: 'read',
    dataCount: 5,
    headers: [{ typeCode: '03', account: '0000-001-1234567', from: '2026-11-01', to: '2026-11-24' }],
    notTaken: [
      { because: 'withdrawal', count: 1, amount: 900 },
      { because: 'other-kind', count: 2, amount: 7_080 },
    ],
  })
  expect(outcome.lines).toEqual([
    { record: 2, account: '0000-001-1234567', amount: 12_300, onDay: '2026-11-20', payer: 'ﾔﾏﾀﾞ ﾀﾛｳ' },
    { record: 5, account: '0000-001-1234567', amount: 5_000, onDay: '2026-11-19', payer: '' },
  ])
})

test('an account number that has more than seven digits is no account of ours', () => {
  const outcome = read(changed(1, 64, '1231234567'))
  expect(outcome.kind === 'read' && outcome.headers[0]?.account).toBe('0000-001-1231234567')
})

test.each([
  [2, 22, '3', 'not-allowed', '入払区分 (bytes 22-22), offset 221'],
  [2, 25, '000000000000', 'no-amount', '取引金額 (bytes 25-36)'],
  [2, 10, '081131', 'no-such-day', '勘定日 (bytes 10-15)'],
  [2, 16, '081125', 'no-such-day', '預入・払出日 (bytes 16-21)'],
  [7, 2, '000005', 'trailer-mismatch', '入金件数'],
  [7, 8, '0000000024381', 'trailer-mismatch', 'found 24381; expected 24380'],
  [7, 21, '000000', 'trailer-mismatch', '出金件数'],
  [7, 27, '0000000000901', 'trailer-mismatch', '出金額合計'],
  [7, 55, '0000004', 'trailer-mismatch', 'データ・レコード件数'],
  [8, 2, '0000000009', 'trailer-mismatch', 'エンドレコード, レコード総件数 (bytes 2-11), offset 1401'],
  [8, 12, '00002', 'trailer-mismatch', '口座数'],
  [1, 2, '01', 'other-format', 'found 01 (振込入金通知); expected 03 (入出金取引明細)'],
  [1, 2, '91', 'other-format', 'found 91 (預金口座振替)'],
] as const)('record %i, byte %i: %j is refused as %s', (record, position, text, kind, said) => {
  const found = problems(changed(record, position, text))
  expect(found.map((problem) => problem.kind)).toContain(kind)
  expect(found.map(sayProblem).join('\n')).toContain(said)
})

test.each(['0000000008', '0000000007', '0000000005'])('レコード総件数 may be counted as %s', (count) => {
  expect(read(changed(8, 2, count)).kind).toBe('read')
})

test('nobody’s money is needed for a file to be good', () => {
  expect(read(file([]))).toMatchObject({ kind: 'read', lines: [], notTaken: [] })
})

const anyMoney: fc.Arbitrary<Money> = fc.record({
  inquiry: fc.stringMatching(/^[0-9]{8}$/),
  amount: fc.integer({ min: 1, max: 999_999_999 }),
  payer: fc.stringMatching(/^[ｱ-ﾝA-Z][ｱ-ﾝﾞﾟA-Z0-9(). -]{0,40}[ｱ-ﾝ]$/),
  direction: fc.constantFrom('1' as const, '2' as const),
  kind: fc.constantFrom('10', '11', '12', '13', '14', '15', '18', '19'),
})

test('what was written is read, whatever the separator and however the bytes arrive', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(anyMoney, { maxLength: 6 }), { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', '\r\n', '\n', '\r'),
      fc.integer({ min: 1, max: 700 }),
      (parts, separator, chunkSize) => {
        const bytes = statementByHand(
          parts.map((money) => ({ account, money })),
          { separator },
        )
        const outcome = read(bytes, chunkSize)
        const taken = parts.flat().filter(({ direction, kind }) => direction === '1' && /^1[14]$/.test(kind ?? ''))
        expect(outcome.kind).toBe('read')
        expect(outcome.lines).toMatchObject(taken.map(({ amount, payer }) => ({ amount, payer })))
        const passed = outcome.kind === 'read' ? outcome.notTaken.reduce((sum, { count }) => sum + count, 0) : 0
        expect(passed + taken.length).toBe(parts.flat().length)
      },
    ),
  )
})

const mutants = Number(process.env.ANNAI_MUTANTS ?? 2_000)

test('mutated files never crash the reader, and a refusal says where', () => {
  const base = file(someMoney, '\r\n')
  for (let seed = 0; seed < mutants; seed++) {
    const found = problems(mutantOf(base, seed, 1 + (seed % 4))).map(sayProblem)
    if (found.length > 0) expect(found[0]).toMatch(/^(line \d+|the file), .*offset \d+/)
  }
}, 60_000)

/** 全国銀行協会, 入出金取引明細 of 普通, 当座 and 貯蓄 accounts: name, first byte (1-based), length, N or C. */
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
    'ダミー 60 3 N',
    '預金種目 63 1 N',
    '口座番号 64 10 N',
    '口座名 74 40 C',
    '貸越区分 114 1 N',
    '通帳・証書区分 115 1 N',
    '取引前残高 116 14 N',
    'ダミー 130 71 C',
  ],
  data: [
    'データ区分 1 1 N',
    '照会番号 2 8 N',
    '勘定日 10 6 N',
    '預入・払出日 16 6 N',
    '入払区分 22 1 N',
    '取引区分 23 2 N',
    '取引金額 25 12 N',
    'うち他店券金額 37 12 N',
    '交換呈示日 49 6 N',
    '不渡返還日 55 6 N',
    '手形・小切手区分 61 1 N',
    '手形・小切手番号 62 7 N',
    '僚店番号 69 3 N',
    '振込依頼人コード 72 10 N',
    '振込依頼人名・契約者番号 82 48 C',
    '仕向銀行名 130 15 C',
    '仕向店名 145 15 C',
    '摘要内容 160 20 C',
    'EDI情報 180 20 C',
    'ダミー 200 1 C',
  ],
  trailer: [
    'データ区分 1 1 N',
    '入金件数 2 6 N',
    '入金額合計 8 13 N',
    '出金件数 21 6 N',
    '出金額合計 27 13 N',
    '貸越区分 40 1 N',
    '取引後残高 41 14 N',
    'データ・レコード件数 55 7 N',
    'ダミー 62 139 C',
  ],
  end: ['データ区分 1 1 N', 'レコード総件数 2 10 N', '口座数 12 5 N', 'ダミー 17 184 C'],
}

test.each(Object.entries(layout03))('the layout of the %s record is the published one', (record, fields) => {
  const ours = Object.values(fields).map(
    ({ name, at, length, type }) => `${name} ${at} ${length} ${type === 'C' ? 'C' : 'N'}`,
  )
  expect(ours).toEqual(published[record])
})
