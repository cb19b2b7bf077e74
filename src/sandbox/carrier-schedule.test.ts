import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Schedule } from './carrier-schedule.ts'

test('what is due comes out in order of time, and in order of arrival within a moment', () => {
  const steps = fc.array(fc.oneof(fc.record({ add: fc.nat(5) }), fc.record({ upTo: fc.nat(6) })), { size: '+1' })
  fc.assert(
    fc.property(steps, (steps) => {
      const schedule = new Schedule<{ at: number; arrival: number }>()
      let expected: { at: number; arrival: number }[] = []
      for (const [arrival, step] of steps.entries()) {
        if ('add' in step) {
          const item = { at: step.add, arrival }
          schedule.add(new Date(step.add), item)
          expected = [...expected, item].sort((a, b) => a.at - b.at || a.arrival - b.arrival)
          continue
        }
        const due = expected.filter(({ at }) => at <= step.upTo)
        expected = expected.filter(({ at }) => at > step.upTo)
        for (const item of due) expect(schedule.take(new Date(step.upTo))).toEqual({ dueAt: new Date(item.at), item })
        expect(schedule.take(new Date(step.upTo))).toBeUndefined()
        expect(schedule.isEmpty).toBe(expected.length === 0)
      }
    }),
  )
})
