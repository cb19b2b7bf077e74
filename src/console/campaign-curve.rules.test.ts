import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ten } from '../../test/casework.ts'
import { curvePoints, japaneseDayShort, timeShort } from './campaign-curve.rules.ts'

const curveOf = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    minute: new Date(ten.getTime() + n * 60_000),
    sent: n * 10,
    delivered: n * 9,
  }))

test('A curve keeps its ends, its order and a readable number of points', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), (count) => {
      const curve = curveOf(count)
      const points = curvePoints(curve)
      expect(points[0]).toEqual(curve[0])
      expect(points.at(-1)).toEqual(curve.at(-1))
      expect(points.length).toBe(Math.min(count, 24))
      expect(points.every((point, n) => n === 0 || point.minute > (points[n - 1]?.minute ?? point.minute))).toBe(true)
    }),
  )
})

test('Times are those of Japan', () => {
  expect([timeShort(ten), japaneseDayShort(ten)]).toEqual(['10:00', '11/24'])
})
