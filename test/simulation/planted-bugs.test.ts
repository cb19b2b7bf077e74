import { expect, test } from 'vitest'
import { bugs, type NamedBug } from './bugs.ts'
import { playHistory } from './history.ts'
import { shrink } from './shrink.ts'
import { type Plan, planOf } from './weather.ts'

/** The rarest of them shows about once in fifty; how rare exactly moves with every change of the sender. */
const historiesMax = 1_500

test.each(bugs)('"$name" breaks "$caughtBy"', { timeout: 120_000 }, async (planted) => {
  const seed = await seedThatShows(planted)
  expect(seed, `not within ${historiesMax} histories`).toBeDefined()
  expect((await playHistory(weatherOf(planted, seed ?? ''))).violation).toBeUndefined()
})

test('a history that goes wrong is told with as little in it as can be', { timeout: 120_000 }, async () => {
  const planted = bugs.find(({ name }) => name === 'what a dead worker had in hand is queued again') ?? bugs[0]
  const whole = weatherOf(planted, (await seedThatShows(planted)) ?? '')
  const { plan, ending } = await shrink(whole, planted.bug())
  expect(ending.violation?.invariant).toBe(planted.caughtBy)
  expect(plan.faults.length).toBeLessThan(whole.faults.length)
  expect(ending.story.at(-1)).toBeDefined()
})

/** A bug may break other promises, too, and earlier; it is this one that tells what it is. */
const seedThatShows = async (planted: NamedBug): Promise<string | undefined> => {
  for (let seed = 1; seed <= historiesMax; seed++) {
    const { violation } = await playHistory(weatherOf(planted, `${seed}`), { bug: planted.bug() })
    if (violation?.invariant === planted.caughtBy) return `${seed}`
  }
  return undefined
}

const weatherOf = ({ weather = (plan) => plan }: NamedBug, seed: string): Plan => weather(planOf(seed))
