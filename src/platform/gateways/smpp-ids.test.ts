import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idOfReceiptText, idOfResponse } from './smpp-ids.ts'

describe('an id', () => {
  test.each([
    ['hex-to-decimal', '59113978', '38601fa'],
    ['hex-to-decimal', '0059113978', '038601FA'],
    ['decimal-to-hex', '038601FA', '0059113978'],
    ['decimal-to-hex', '04000000086ECD50', '288230376293190992'],
    ['as-is', '0a1B', '0a1B'],
  ] as const)('with %s is one and the same as %s in the response and %s in the receipt', (ids, response, receipt) => {
    expect(idOfReceiptText(receipt, ids)).toBe(idOfResponse(response, ids))
  })

  test('is kept to the letter where nothing is to be done', () => {
    expect([idOfResponse('00B8BE19', 'as-is'), idOfReceiptText('00b8be19', 'as-is')]).toEqual(['00B8BE19', '00b8be19'])
  })

  test('is never mistaken for another, however large', () => {
    const number = fc.bigInt({ min: 0n, max: 2n ** 128n })
    const zeros = fc.nat(4).map((count) => '0'.repeat(count))
    fc.assert(
      fc.property(number, number, zeros, zeros, fc.boolean(), (one, other, before, behind, isUpper) => {
        const inDecimal = before + one.toString(10)
        const inHex = behind + (isUpper ? other.toString(16).toUpperCase() : other.toString(16))
        const isSame = one === other
        expect(idOfResponse(inDecimal, 'hex-to-decimal') === idOfReceiptText(inHex, 'hex-to-decimal')).toBe(isSame)
        expect(idOfResponse(inHex, 'decimal-to-hex') === idOfReceiptText(inDecimal, 'decimal-to-hex')).toBe(isSame)
      }),
    )
    expect(idOfReceiptText('ffffffffffffffffffff', 'hex-to-decimal')).toBe('1208925819614629174706175')
  })

  test.each(['74e02ee1-4e2f-4a6e-a78b-4b247d756a22', 'arsmpp-13', 'xyz', ''])(
    'that is no number, like %j, is left alone',
    (id) => {
      for (const ids of ['hex-to-decimal', 'decimal-to-hex'] as const)
        expect([idOfResponse(id, ids), idOfReceiptText(id, ids)]).toEqual([id, id])
    },
  )
})
