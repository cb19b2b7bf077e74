import { expect, test } from 'vitest'
import { day } from '#values/day'
import { depositFormat, type ExportedDeposit } from './deposit-row.format.ts'

const { asCsvLine, asJsonLine, csvHeader } = depositFormat

const line: ExportedDeposit = {
  depositId: '019ab000-0000-7000-8000-000000000001',
  channel: 'transfer',
  onDay: day('2026-11-24'),
  customerNumber: 'C0000001',
  contractNumber: 'K-1',
  billId: '019ab000-0000-7000-8000-000000000002',
  dueDay: day('2026-11-20'),
  account: 'bill',
  fee: 0,
  lateCharge: 19,
  principal: 12_300,
  amount: 12_319,
  billSettled: true,
  writtenAt: '2026-11-25T10:00:00+09:00',
  cursor: 7,
}
const surplus = { account: 'surplus', billId: null, contractNumber: null, dueDay: null, billSettled: null } as const

test('a line of JSON has every key, empty ones as null', () => {
  expect(JSON.parse(asJsonLine(line))).toEqual(line)
  expect(JSON.parse(asJsonLine({ ...line, ...surplus }))).toEqual({ ...line, ...surplus })
})

test('a line of CSV follows its header, and what is taken back is a number below zero', () => {
  expect(csvHeader()).toBe(
    'deposit_id,channel,on_day,customer_number,contract_number,bill_id,due_day,account,fee,late_charge,principal,amount,bill_settled,written_at,cursor\r\n',
  )
  expect(asCsvLine(line)).toBe(
    '019ab000-0000-7000-8000-000000000001,transfer,2026-11-24,C0000001,K-1,019ab000-0000-7000-8000-000000000002,2026-11-20,bill,0,19,12300,12319,true,2026-11-25T10:00:00+09:00,7\r\n',
  )
  expect(asCsvLine({ ...line, ...surplus, lateCharge: 0, principal: 0, amount: -500 })).toBe(
    '019ab000-0000-7000-8000-000000000001,transfer,2026-11-24,C0000001,,,,surplus,0,0,0,-500,,2026-11-25T10:00:00+09:00,7\r\n',
  )
  expect(asCsvLine({ ...line, customerNumber: '-1' })).toContain(",'-1,")
})
