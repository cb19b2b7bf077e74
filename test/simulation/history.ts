import { happen } from './faults.ts'
import { planFineWeather } from './fine-weather.ts'
import { startNodes } from './node.ts'
import { planQueueing } from './queueing.ts'
import type { Violation } from './referee.ts'
import type { Plan } from './weather.ts'
import { openWorld, type PlantedBug } from './world.ts'

export type Ending = {
  readonly violation: Violation | undefined
  readonly doubtful: number
  readonly story: readonly string[]
}

/** Plays one history to its end, or to the first thing that is wrong. The same plan always ends the same. */
export const playHistory = async (
  plan: Plan,
  { bug = {}, isTold = false }: { readonly bug?: PlantedBug; readonly isTold?: boolean } = {},
): Promise<Ending> => {
  const world = openWorld(plan, bug, isTold)
  const { time, tables, referee, story } = world
  const nodes = startNodes(world)
  planQueueing(world)
  for (const fault of plan.faults) time.at(fault.atMs, () => happen(world, nodes, fault))
  const fineWeather = planFineWeather(world, nodes)
  await time.run(() => fineWeather.isOver() || referee.violation() !== undefined)
  if (referee.violation() === undefined) referee.judgeTheEnd()
  for (const { computer } of nodes.all()) computer.kill()
  // Rejections that nobody handled are reported now, while it is known whose they are.
  await new Promise(setImmediate)
  const doubtful = tables.written.flatMap(({ state, messageId }) => (state === 'unknown' ? [messageId] : []))
  return { violation: referee.violation(), doubtful: new Set(doubtful).size, story: story.lines() }
}
