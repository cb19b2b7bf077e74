import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bareNumber } from '#customers'
import { debitRows } from './debit-row.format.ts'
import { textOf, writeRecord } from './zengin.format.ts'
import { layout91, recordLength91 } from './zengin-91.format.ts'

const rowOf = (customerNumber: string, amount: string, record = 7, header = 2) => {
  const rows = debitRows()
  const bytes = writeRecord(layout91.data, recordLength91, { customerNumber, amount, resultCode: '1' })
  rows.add(Buffer.concat([Buffer.alloc(50), bytes]), 50, record, header)
  return rows.take().toString('utf8')
}

test.each([
  ['00000000000000001001', '12300', '7\t2\t00000000000000001001\t1001\t12300\t1\n'],
  ['A-1003', '0', '7\t2\tA-1003              \tA-1003\t0\t1\n'],
  ['  0010 20', '1', '7\t2\t  0010 20           \t10 20\t1\t1\n'],
  ['0000', '9999999999', '7\t2\t0000                \t0\t9999999999\t1\n'],
  ['', '5', '7\t2\t                    \t\t5\t1\n'],
  ['\\N', '5', '7\t2\t\\\\N                  \t\\\\N\t5\t1\n'],
  ['ｶｽﾞ', '5', '7\t2\tｶｽﾞ                 \tｶｽﾞ\t5\t1\n'],
])('the number "%s" and the amount %s', (number, amount, row) => {
  expect(rowOf(number, amount)).toBe(row)
})

test('any number and any record come through, bare as the master has it', () => {
  const anyNumber = fc.stringMatching(/^[ 0]{0,3}[0-9A-Zｱ-ﾝ¥ -]{0,17}$/)
  fc.assert(
    fc.property(anyNumber, fc.nat(2 ** 31), fc.nat(9_999_999_999), (number, record, amount) => {
      const came = number.padEnd(20).replaceAll('¥', '\\')
      const row = rowOf(number, String(amount), record, 1).replaceAll('\\\\', '\\')
      expect(row).toBe(`${record}\t1\t${came}\t${bareNumber(came.trim())}\t${amount}\t1\n`)
    }),
  )
})

test('more rows than fit at first are all kept', () => {
  const rows = debitRows()
  const bytes = writeRecord(layout91.data, recordLength91, { customerNumber: '1', amount: '1', resultCode: '0' })
  for (let record = 1; record <= 20_000; record++) rows.add(bytes, 0, record, 1)
  const lines = rows.take().toString().split('\n')
  expect(lines).toHaveLength(20_001)
  expect(lines.at(-2)).toBe(`20000\t1\t${textOf(bytes, 91, 20)}\t1\t1\t0`)
  expect(rows.take()).toHaveLength(0)
})
