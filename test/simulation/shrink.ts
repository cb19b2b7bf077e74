import { type Ending, playHistory } from './history.ts'
import type { Plan } from './weather.ts'
import type { PlantedBug } from './world.ts'

/** A history that goes wrong in the same way with as little happening in it as can be, and its story. */
export const shrink = async (
  plan: Plan,
  bug: PlantedBug,
): Promise<{ readonly plan: Plan; readonly ending: Ending }> => {
  const { violation } = await playHistory(plan, { bug })
  let smallest = plan
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false
    for (const smaller of smallerThan(smallest)) {
      const ending = await playHistory(smaller, { bug })
      if (ending.violation?.invariant !== violation?.invariant) continue
      smallest = smaller
      isSmaller = true
      break
    }
  }
  return { plan: smallest, ending: await playHistory(smallest, { bug, isTold: true }) }
}

function* smallerThan(plan: Plan): Generator<Plan> {
  for (const at of plan.campaigns.keys()) yield { ...plan, campaigns: plan.campaigns.toSpliced(at, 1) }
  if (plan.codes.length > 0) yield { ...plan, codes: [] }
  for (const at of plan.faults.keys()) yield { ...plan, faults: plan.faults.toSpliced(at, 1) }
  for (const at of plan.codes.keys()) yield { ...plan, codes: plan.codes.toSpliced(at, 1) }
  for (const [at, campaign] of plan.campaigns.entries())
    if (campaign.notices > 1)
      yield { ...plan, campaigns: plan.campaigns.with(at, { ...campaign, notices: Math.floor(campaign.notices / 2) }) }
  if (plan.lossShare > 0) yield { ...plan, lossShare: 0 }
  if (plan.troubleShare > 0) yield { ...plan, troubleShare: 0 }
}

/** What somebody needs who wants to know why. */
export const report = async (plan: Plan, bug: PlantedBug = {}): Promise<string> => {
  const { plan: smallest, ending } = await shrink(plan, bug)
  return [
    `seed ${plan.seed}: ${ending.violation?.invariant}: ${ending.violation?.sentence}`,
    `again with ANNAI_SIMULATION_SEED=${plan.seed} (docs/simulation.md); the smallest history that goes wrong so:`,
    ...ending.story,
    JSON.stringify({ ...smallest, faults: undefined }),
  ].join('\n')
}
