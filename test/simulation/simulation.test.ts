import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHistory } from './history.ts'
import { report } from './shrink.ts'
import { planOf } from './weather.ts'

const histories = Number(process.env.ANNAI_SIMULATIONS ?? 2_000)
const [seed] = [process.env.ANNAI_SIMULATION_SEED]
/** So that each test is short, and a failure soon seen. */
const perTest = 250

const seeds = seed === undefined ? Array.from({ length: histories }, (_, at) => `${at + 1}`) : [seed]
const batches = Array.from({ length: Math.ceil(seeds.length / perTest) }, (_, at) =>
  seeds.slice(at * perTest, (at + 1) * perTest),
)

const unhandled: unknown[] = []
const note = (error: unknown) => void unhandled.push(error)
beforeAll(() => void process.on('unhandledRejection', note))
afterAll(() => void process.off('unhandledRejection', note))

test.each(batches.map((batch) => ({ first: batch[0], last: batch.at(-1), batch })))(
  'histories $first to $last keep every promise',
  { timeout: 120_000 },
  async ({ batch }) => {
    let doubtful = 0
    for (const of of batch) {
      const ending = await playHistory(planOf(of))
      if (ending.violation !== undefined) expect.fail(await report(planOf(of)))
      expect(unhandled, `seed ${of}: a promise was rejected and nobody heard`).toEqual([])
      doubtful += ending.doubtful
    }
    // A weather in which nothing is ever in doubt would show nothing.
    if (batch.length === perTest) expect(doubtful).toBeGreaterThan(100)
  },
)

test('the same seed tells the same story', async () => {
  const plan = planOf('twice')
  const [one, other] = [await playHistory(plan, { isTold: true }), await playHistory(plan, { isTold: true })]
  expect(one.story.length).toBeGreaterThan(50)
  expect(other.story).toEqual(one.story)
})
