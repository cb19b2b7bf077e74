import { expect, test } from 'vitest'
import { day } from '#values/day'
import { demoCreditor } from '../../test/intake-fixture.ts'
import { customerColumns, readCustomerHeader } from './customer-columns.format.ts'
import { readCustomerRow } from './customers.format.ts'

const english = Object.values(customerColumns).map((column) => column.english)
const japanese = Object.values(customerColumns).map((column) => column.japanese)
const context = { creditor: await demoCreditor(), today: day('2026-11-25') }
const needed = ['1001', 'ヤマダ', 'タロウ', '19800102', '09000000000', 'K-1', 'card', '0']
const good = [...needed, '', '', '', '', '', '', '', '', '', '']
/** Every column filled. */
const full = [...needed, '77', '101', '0000001', '2020-04-01', '500,000円', '18.0', '12345', '987654321', '111222', '7']

const read = (cells: readonly string[], header: readonly string[] = english) => {
  const columns = readCustomerHeader(header)
  if (columns.kind !== 'header') throw new Error(JSON.stringify(columns))
  return readCustomerRow(cells, columns, context)
}

test('a row is read by its header, English or Japanese, in any order', () => {
  const row = {
    customerNumber: '1001',
    family: 'ヤマダ',
    given: 'タロウ',
    birthDate: '1980-01-02',
    phone: '+819000000000',
    contractNumber: 'K-1',
    product: 'card',
    excluded: false,
  }
  expect(read(good)).toEqual({ kind: 'row', row })
  expect(read([...good].reverse(), [...japanese].reverse())).toEqual({ kind: 'row', row })
  expect(read(needed, english.slice(0, 8))).toEqual({ kind: 'row', row })
  expect(read([...good, '3', '理由'], [...english, '行', '理由'])).toEqual({ kind: 'row', row })
})

test('unknown, missing and double headers are named', () => {
  expect(readCustomerHeader(['customer_number', '顧客番号', 'コメント', ' Product '])).toEqual({
    kind: 'wrong-header',
    missing: [
      'kana_family_name (カナ姓)',
      'kana_given_name (カナ名)',
      'birth_date (生年月日)',
      'mobile_number (携帯電話番号)',
      'contract_number (契約番号)',
      'excluded (対象外)',
    ],
    unknown: ['コメント'],
    doubled: ['顧客番号'],
  })
})

test.each<[number, string, string | undefined]>([
  [0, '', '顧客番号：入力がありません'],
  [0, '１００１', '顧客番号：半角の文字で入力してください'],
  [0, '123456789012345678901', '顧客番号：20文字までです'],
  [1, '山田', 'カナ姓：カナではありません'],
  [2, '', 'カナ名：入力がありません'],
  [2, 'ア'.repeat(51), 'カナ名：50文字までです'],
  [3, '1980-13-01', '生年月日：実在する日付ではありません'],
  [3, '20261126', '生年月日：未来の日付です'],
  [3, '18000101', '生年月日：年が正しくありません'],
  [3, '', '生年月日：入力がありません'],
  [4, '0312345678', '携帯電話番号：携帯電話番号ではありません'],
  [4, '0901234567', '携帯電話番号：携帯電話番号ではありません'],
  [5, '', '契約番号：入力がありません'],
  [5, 'K\u00001', '契約番号：使えない文字があります'],
  [6, 'ゆめ', '商品：設定にない商品です'],
  [7, 'yes', '対象外：0か1を入力してください'],
  [7, '', '対象外：入力がありません'],
  [8, 'ー', '引落顧客番号：半角の文字で入力してください'],
  [9, '', '仮想口座支店：入力がありません'],
  [9, '１０１', undefined],
  [9, '1', '仮想口座支店：3桁の数字で入力してください'],
  [9, '102', '仮想口座支店：設定にない支店です'],
  [10, '', '仮想口座番号：入力がありません'],
  [10, '1234567', undefined],
  [10, '123456', '仮想口座番号：7桁の数字で入力してください'],
  [11, '', undefined],
  [11, '令和2年4月1日', undefined],
  [11, '2020-04-31', '契約日：実在する日付ではありません'],
  [11, '2026-11-26', '契約日：未来の日付です'],
  [12, '', undefined],
  [12, '500000', undefined],
  [12, '0', '貸付金額：1円以上の金額を数字で入力してください'],
  [12, '50,00', '貸付金額：1円以上の金額を数字で入力してください'],
  [12, '50万円', '貸付金額：1円以上の金額を数字で入力してください'],
  [12, '1000000000000', '貸付金額：1円以上の金額を数字で入力してください'],
  [13, '１８％', undefined],
  [13, '', undefined],
  [13, '年18', '利率：年率を18.0のように入力してください'],
  [13, '180', '利率：年率を18.0のように入力してください'],
  [14, '', '収納機関番号：入力がありません'],
  [14, '1234', '収納機関番号：5桁の数字で入力してください'],
  [15, '', 'お客様番号：入力がありません'],
  [15, '123456789012345678901', 'お客様番号：20桁までの数字で入力してください'],
  [15, 'A1', 'お客様番号：20桁までの数字で入力してください'],
  [16, '', '確認番号：入力がありません'],
  [16, '1234567', '確認番号：6桁までの数字で入力してください'],
  [17, '', undefined],
  [17, 'あ', '納付区分：10桁までの数字で入力してください'],
])('cell %i holding "%s": %s', (index, cell, reason) => {
  const expected = reason === undefined ? { kind: 'row' } : { kind: 'rejected', reasons: [reason] }
  expect(read(full.with(index, cell))).toMatchObject(expected)
})

test('what a loan and the ways to pay need is read', () => {
  expect(read(full)).toMatchObject({
    row: {
      account: { branchCode: '101', number: '0000001' },
      contractDay: '2020-04-01',
      loanAmount: 500_000,
      annualRatePercent: '18.0',
      payEasy: {
        institutionNumber: '12345',
        payerNumber: '987654321',
        confirmationNumber: '111222',
        category: '7',
      },
    },
  })
  const alone = read(good.with(17, '7'))
  expect(alone.kind === 'rejected' && alone.reasons.map((reason) => reason.split('：')[0])).toEqual([
    '収納機関番号',
    'お客様番号',
    '確認番号',
  ])
})

test('an account is refused where the creditor has no virtual accounts', () => {
  const { virtualAccounts: _, ...creditor } = context.creditor
  const columns = readCustomerHeader(english)
  if (columns.kind !== 'header') throw new Error('header')
  expect(readCustomerRow(full, columns, { ...context, creditor })).toMatchObject({
    kind: 'rejected',
    reasons: ['仮想口座支店：仮想口座は設定されていません'],
  })
  expect(readCustomerRow(good, columns, { ...context, creditor })).toMatchObject({ kind: 'row' })
})

test('every cell is judged, and a row of another width too', () => {
  expect(read(['1001', 'X', 'Y', '', '', '', '', ''], english.slice(0, 9))).toMatchObject({
    kind: 'rejected',
    customerNumber: '1001',
    reasons: [
      'カナ姓：カナではありません',
      'カナ名：カナではありません',
      '生年月日：入力がありません',
      '携帯電話番号：入力がありません',
      '契約番号：入力がありません',
      '商品：入力がありません',
      '対象外：入力がありません',
      '列の数が見出しと異なります（8列）',
    ],
  })
})

test('people write in many ways, and products have two names', () => {
  const row = ['1001', 'ﾔﾏﾀﾞ', 'たろう', '昭和55年1月2日', '090-0000-0000', 'K-1', '住宅ローン', '1', '00123']
  expect(read(row, english.slice(0, 9))).toMatchObject({
    kind: 'row',
    row: {
      family: 'ヤマダ',
      given: 'タロウ',
      birthDate: '1980-01-02',
      product: 'housing-loan',
      excluded: true,
      debitNumber: '00123',
    },
  })
})

test('invented numbers are for the demo only', () => {
  const columns = readCustomerHeader(english)
  if (columns.kind !== 'header') throw new Error('header')
  const live = { ...context, creditor: { ...context.creditor, demo: false } }
  expect(readCustomerRow(good, columns, live)).toMatchObject({
    kind: 'rejected',
    reasons: ['携帯電話番号：携帯電話番号ではありません'],
  })
})
