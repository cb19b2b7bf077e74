import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { endOf, receiptsOf, wantsReceipt } from './carrier-ends.rules.ts'
import { type Conduct, ordinary } from './carrier-numbers.rules.ts'

const submittedAt = new Date('2026-11-24T19:59:00+09:00')
const later = (ms: number) => new Date(submittedAt.getTime() + ms)

describe('the end of a message', () => {
  test('is never after its validity, and only then other than was drawn', () => {
    const ends = fc.constantFrom<Conduct['end']>('delivered', 'undeliverable', 'expired')
    const facts = fc.record({
      end: ends,
      takesMs: fc.nat(100_000),
      lateByMs: fc.nat(100_000),
      validMs: fc.nat(200_000),
    })
    fc.assert(
      fc.property(facts, ({ end, takesMs, lateByMs, validMs }) => {
        const conduct = { ...ordinary, end, lateByMs }
        const valid = endOf({ conduct, submittedAt, validUntil: later(validMs), takesMs })
        const isTooLate = validMs <= takesMs + lateByMs
        expect(valid).toEqual(
          isTooLate ? { fate: 'expired', dueAt: later(validMs) } : { fate: end, dueAt: later(takesMs + lateByMs) },
        )
        const unlimited = endOf({ conduct, submittedAt, validUntil: undefined, takesMs })
        expect(unlimited).toEqual({ fate: end, dueAt: later(takesMs + lateByMs) })
      }),
    )
  })
})

test.each<[number, Conduct['end'], boolean]>([
  [0, 'delivered', false],
  [0, 'expired', false],
  [1, 'delivered', true],
  [1, 'undeliverable', true],
  [2, 'delivered', false],
  [2, 'undeliverable', true],
  [0x11, 'delivered', true],
])('registered_delivery %i and %s: a receipt %s', (registeredDelivery, fate, isWanted) => {
  expect(wantsReceipt(registeredDelivery, fate)).toBe(isWanted)
})

test.each<[string, Partial<Conduct>, readonly string[]]>([
  ['ordinary', {}, ['end 0']],
  ['none', { receipts: 'none', isBackwards: true }, []],
  ['late', { receiptLateByMs: 70 }, ['end 70']],
  ['twice', { receipts: 'twice', receiptLateByMs: 70 }, ['end 0', 'end 70']],
  ['backwards', { isBackwards: true, receiptLateByMs: 70 }, ['end 70', 'way 70']],
  ['with a stray one', { hasStray: true }, ['stray 0', 'end 0']],
  ['none but a stray one', { receipts: 'none', hasStray: true }, ['stray 0']],
])('receipts: %s', (_, conduct, expected) => {
  expect(receiptsOf({ ...ordinary, ...conduct }).map(({ of, afterEndMs }) => `${of} ${afterEndMs}`)).toEqual(expected)
})
