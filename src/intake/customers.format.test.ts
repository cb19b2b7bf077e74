import { expect, test } from 'vitest'
import { day } from '#values/day'
import { demoCreditor } from '../../test/intake-fixture.ts'
import { customerColumns, readCustomerHeader, readCustomerRow } from './customers.format.ts'

const english = Object.values(customerColumns).map((column) => column.english)
const japanese = Object.values(customerColumns).map((column) => column.japanese)
const context = { creditor: await demoCreditor(), today: day('2026-11-25') }
const good = ['1001', 'ヤマダ', 'タロウ', '19800102', '09000000000', 'K-1', 'card', '0', '']

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
    debitNumber: undefined,
  }
  expect(read(good)).toEqual({ kind: 'row', row })
  expect(read([...good].reverse(), [...japanese].reverse())).toEqual({ kind: 'row', row })
  expect(read(good.slice(0, 8), english.slice(0, 8))).toEqual({ kind: 'row', row })
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

test.each<[number, string, string]>([
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
])('cell %i holding "%s" is rejected: %s', (index, cell, reason) => {
  expect(read(good.with(index, cell))).toMatchObject({ kind: 'rejected', reasons: [reason] })
})

test('every cell is judged, and a row of another width too', () => {
  expect(read(['1001', 'X', 'Y', '', '', '', '', ''])).toMatchObject({
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
  expect(read(row)).toMatchObject({
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
