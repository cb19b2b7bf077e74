import { beforeAll, expect, test } from 'vitest'
import type { OpenBill } from '#bills'
import type { Creditor } from '#creditor'
import { type Day, day } from '#values/day'
import { yen } from '#values/yen'
import { creditorWith } from '../../test/casework.ts'
import { contractTarget } from './contract-target.rules.ts'

let products: Creditor['products']
beforeAll(async () => {
  products = (await creditorWith()).products
})

const bill = (billId: string, principal: number, dueDay: Day, contractNumber = 'K1'): OpenBill => ({
  customerId: 'ann',
  caseId: 'case',
  billId,
  contractNumber,
  product: 'card',
  principal: yen(principal),
  fee: yen(0),
  dueDay,
  credits: [],
})
const [october, november] = [day('2026-10-20'), day('2026-11-20')]
const money = { contractNumber: 'K1', amount: 12_319, onDay: day('2026-11-24') }

test.each<readonly [string, readonly OpenBill[], object]>([
  ['the only bill', [bill('a', 5_000, november)], { kind: 'bill', billId: 'a' }],
  ['the one of its amount', [bill('a', 5_000, october), bill('b', 12_300, november)], { kind: 'bill', billId: 'b' }],
  ['no bill of the contract', [bill('a', 12_300, november, 'K2')], { kind: 'refused', because: 'no-open-bill' }],
  ['no bill that was due', [bill('a', 12_300, day('2026-11-25'))], { kind: 'refused', because: 'no-open-bill' }],
  [
    'none of its amount',
    [bill('a', 1, october), bill('b', 2, november)],
    { kind: 'refused', because: 'several-bills' },
  ],
  [
    'two of its amount',
    [bill('a', 12_300, november), bill('b', 12_300, november)],
    { kind: 'refused', because: 'several-bills' },
  ],
])('%s', (_why, bills, expected) => {
  expect(contractTarget(bills, money, products)).toEqual(expected)
})
