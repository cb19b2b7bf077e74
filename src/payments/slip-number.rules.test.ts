import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chanceOf } from '../../test/casework.ts'
import { drawSlipNumber, isSlipNumber } from './slip-number.rules.ts'

const padding = fc.constantFrom('left' as const, 'right' as const)
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

test('what was drawn is ours; with a digit mistaken or two neighbours swapped it is not', () => {
  fc.assert(
    fc.property(drawn, padding, fc.nat(20), fc.integer({ min: 1, max: 9 }), (draw, side, at, more) => {
      const number = numberOf(draw, side)
      expect(isSlipNumber(number, side)).toBe(true)
      const mistaken = [...number].with(at, String((Number(number[at]) + more) % 10)).join('')
      expect(isSlipNumber(mistaken, side)).toBe(false)
      const next = Math.min(at + 1, 20)
      const swapped = [...number]
        .with(at, number[next] ?? '')
        .with(next, number[at] ?? '')
        .join('')
      expect(isSlipNumber(swapped, side)).toBe(swapped === number)
    }),
  )
})

test.each(['', '1', '0'.repeat(21), '9'.repeat(21), `${'1'.repeat(20)}A`])('"%s" is no number of a slip', (text) => {
  expect(isSlipNumber(text, 'left')).toBe(false)
})
