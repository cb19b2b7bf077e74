import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endsInCheckDigit } from '#values/check-digit'
import { chanceOf } from '../../test/casework.ts'
import { drawSlipNumber } from './slip-number.rules.ts'

const drawn = fc.tuple(fc.nat(8), fc.stringMatching(/^\d{13}$/))
const numberOf = ([first, rest]: readonly [number, string], side: 'left' | 'right') =>
  drawSlipNumber({ ...chanceOf(rest), int: () => first }, side)

test('the zeros stand where the agent wants them, and the number is the same on either side', () => {
  fc.assert(
    fc.property(drawn, (draw) => {
      const [left, right] = [numberOf(draw, 'left'), numberOf(draw, 'right')]
      expect(left).toMatch(/^0{6}[1-9]\d{14}$/)
      expect(right).toBe(left.slice(6) + '0'.repeat(6))
    }),
  )
})

test('a digit mistaken or two neighbours swapped never make another slip’s number', () => {
  fc.assert(
    fc.property(drawn, fc.nat(13), fc.integer({ min: 1, max: 9 }), (draw, at, more) => {
      const number = numberOf(draw, 'left').slice(6)
      expect(endsInCheckDigit(number)).toBe(true)
      const mistaken = [...number].with(at, String((Number(number[at]) + more) % 10)).join('')
      expect(endsInCheckDigit(mistaken)).toBe(false)
      const swapped = [...number]
        .with(at, number[at + 1] ?? '')
        .with(at + 1, number[at] ?? '')
        .join('')
      expect(endsInCheckDigit(swapped)).toBe(swapped === number)
    }),
  )
})
