import { expect, test } from 'vitest'
import { bugs, type NamedBug } from './bugs.ts'
import { playHistory } from './history.ts'
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
