import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day } from '#values/day'
import { type Account, bankNoticeByHand, type Money, statementByHand } from '../../test/deposits-by-hand.ts'
import { depositRows } from './deposit-row.format.ts'
import { layout01 } from './zengin-01.format.ts'
import { readDeposits01 } from './zengin-01-reader.format.ts'
import { layout03 } from './zengin-03.format.ts'
import { readDeposits03 } from './zengin-03-reader.format.ts'

const account: Account = { bank: '0000', branch: '001', number: '1234567' }
const received = day('2026-11-24')

const rowsOf = (money: readonly Money[], as: Account = account) => {
  const rows = depositRows(layout01.data)
  const reader = readDeposits01(received, rows.add)
  reader.push(bankNoticeByHand('A', [{ account: as, money }]))
  expect(reader.end().kind).toBe('read')
  const lines = rows.take().toString('utf8').split('\n').slice(0, -1)
  return { rows: lines.map((line) => line.split('\t')), mayRepeat: rows.mayRepeat() }
}

const keyOf = (money: Money, as: Account = account) => rowsOf([money], as).rows[0]?.[8]

test('a line is a row of the table for arriving deposits', () => {
  const money = { inquiry: '000042', amount: 12_300, payer: ' ﾔﾏﾀﾞ\\ ﾀﾛｳ', payerCode: ' 1001' }
  const [row] = rowsOf([money]).rows
  expect(row?.slice(0, 8)).toEqual([
    '2',
    'transfer',
    'arrival',
    '12300',
    '2026-11-20',
    '0000-001-1234567',
    '1001',
    'ﾔﾏﾀﾞ\\\\ ﾀﾛｳ',
  ])
  expect(row?.[8]).toMatch(/^t[0-9a-z]+\.[0-9a-z]{3}\.000042\.9ho\.[0-9a-z]+$/)
  expect(row?.[9]).toBe('\\N')
})

test('what is blank is nothing', () => {
  expect(rowsOf([{ amount: 1 }]).rows[0]?.slice(6, 8)).toEqual(['\\N', '\\N'])
})

test('a reversal has a key of its own, and names the one of what it takes back', () => {
  const money: Money = { inquiry: '000042', amount: 12_300, payer: 'ﾔﾏﾀﾞ ﾀﾛｳ', day: '081119' }
  const reversal: Money = { ...money, reversal: true, day: '081123', valueDay: '081119' }
  const [arrived, reversed] = rowsOf([money, reversal]).rows
  expect(reversed?.[2]).toBe('reversal')
  expect(reversed?.[9]).toBe(arrived?.[8])
  expect(reversed?.[8]).toBe(`${arrived?.[8]}r`)
})

const one: Money = { inquiry: '000042', amount: 12_300, payer: 'ﾔﾏﾀﾞ ﾀﾛｳ', payerCode: '1001' }

test.each<[string, Money, Account?]>([
  ['照会番号', { ...one, inquiry: '000043' }],
  ['起算日', { ...one, valueDay: '081119' }],
  ['amount', { ...one, amount: 12_301 }],
  ['payer', { ...one, payer: 'ﾔﾏﾀﾞ ｼﾞﾛｳ' }],
  ['振込依頼人コード', { ...one, payerCode: '1002' }],
  ['account', one, { ...account, number: '1234568' }],
  ['branch', one, { ...account, branch: '002' }],
])('lines that differ in %s have different keys', (_, other, as) => {
  expect(keyOf(other, as)).not.toBe(keyOf(one))
})

test('the same line has the same key wherever it stands', () => {
  const { rows } = rowsOf([{ amount: 5, inquiry: '000001' }, one, { amount: 9, inquiry: '000043' }])
  expect(rows[1]?.[8]).toBe(keyOf(one, { ...account, from: '081115', to: '081120' }))
})

test('keys are short, and grow with 照会番号', () => {
  const largest = { inquiry: '999999', amount: 9_999_999_999, payer: 'X'.repeat(48), payerCode: '9999999999' }
  expect(keyOf(largest, { bank: '9999', branch: '999', number: '9999999' })?.length).toBeLessThanOrEqual(40)
  const keys = rowsOf(
    Array.from({ length: 500 }, (_, n) => ({
      inquiry: String(n + 1).padStart(6, '0'),
      amount: 1 + ((n * 7919) % 977),
    })),
  ).rows.map((row) => row[8])
  expect(keys).toEqual([...keys].sort())
})

test('lines that may be equal are noticed, and only then is anything looked for', () => {
  expect(rowsOf([one, { ...one, inquiry: '000043' }]).mayRepeat).toBe(false)
  expect(rowsOf([one, { ...one, day: '081119' }]).mayRepeat).toBe(false)
  expect(rowsOf([one, { ...one, day: '081119' }, one]).mayRepeat).toBe(true)
  expect(rowsOf([one, one]).mayRepeat).toBe(true)
  expect(
    rowsOf([
      { ...one, inquiry: '      ' },
      { ...one, inquiry: '      ' },
    ]).mayRepeat,
  ).toBe(true)
  expect(rowsOf([{ ...one, reversal: true }]).mayRepeat).toBe(true)
})

test('equal keys are always noticed, whatever the lines', () => {
  const anyMoney = fc.record({
    inquiry: fc.constantFrom('000001', '000002', '000010', '100000', 'ABCDEF'),
    amount: fc.constantFrom(1, 2),
    day: fc.constantFrom('081119', '081120'),
  })
  fc.assert(
    fc.property(fc.array(anyMoney, { maxLength: 12 }), (money) => {
      const { rows, mayRepeat } = rowsOf(money)
      const keys = rows.map((row) => row[8])
      if (new Set(keys).size < keys.length) expect(mayRepeat).toBe(true)
    }),
  )
})

test('a statement’s lines have their texts elsewhere', () => {
  const rows = depositRows(layout03.data)
  const reader = readDeposits03(received, rows.add)
  reader.push(statementByHand([{ account, money: [{ amount: 700, payer: 'ｻﾄｳ', payerCode: '77' }] }]))
  expect(reader.end().kind).toBe('read')
  const row = rows.take().toString().trimEnd().split('\t')
  expect(row.slice(3, 8)).toEqual(['700', '2026-11-20', '0000-001-1234567', '77', 'ｻﾄｳ'])
})
