import { expect, test } from 'vitest'
import { bugs, type NamedBug } from './bugs.ts'
import { playHistory } from './history.ts'
import { shrink } from './shrink.ts'
import { type Plan, planOf } from './weather.ts'

/** The rarest of them shows about once in a hundred. */
const historiesMax = 1_000

test.each(bugs)(
  '"$name" breaks "$caughtBy"',
  { timeout: 120_000 },
  async ({ caughtBy, bug, weather = (plan) => plan }) => {
    const found = await firstViolation(bug, weather)
    expect(found?.invariant).toBe(caughtBy)
    expect((await playHistory(weather(planOf(`${found?.after}`)))).violation).toBeUndefined()
  },
)

const firstViolation = async (bug: NamedBug['bug'], weather: (plan: Plan) => Plan) => {
  for (let after = 1; after <= historiesMax; after++) {
    const { violation } = await playHistory(weather(planOf(`${after}`)), { bug: bug() })
    if (violation !== undefined) return { ...violation, after }
  }
  return undefined
}

test('a history that goes wrong is told with as little in it as can be', { timeout: 120_000 }, async () => {
  const { bug, caughtBy } =
    bugs.find(({ name }) => name === 'what a dead worker had in hand is queued again') ?? bugs[0]
  const found = await firstViolation(bug, (plan) => plan)
  const whole = planOf(`${found?.after}`)
  const { plan, ending } = await shrink(whole, bug())
  expect(ending.violation?.invariant).toBe(caughtBy)
  expect(plan.faults.length).toBeLessThan(whole.faults.length)
  expect(ending.story.at(-1)).toBeDefined()
})
