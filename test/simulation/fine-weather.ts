import type { Nodes } from './node.ts'
import { listOf } from './tables.ts'
import type { World } from './world.ts'

/**
 * From the end of the storm on all nodes run and all campaigns go on, until every message is at its end; and once more
 * when doubtful notices have been repeated. What waits only for the time of day is not waited for.
 */
export const planFineWeather = (world: World, nodes: Nodes): { isOver(): boolean } => {
  const { plan, time, tables, story, referee, memory, carriers } = world
  let isOver = false
  let movedAtMs = plan.stormMs
  let written = 0
  let jumps = 0
  let hasRepeated = false

  const look = (): void => {
    nodes.startDead()
    for (const { id } of plan.campaigns)
      if (listOf(tables.controls, id).at(-1) === 'paused') world.control(id, 'resumed')
    const isMoving = tables.written.length > written || nodes.all().some(({ computer }) => computer.isPaused())
    if (isMoving) movedAtMs = time.nowMs()
    written = tables.written.length
    decide(time.nowMs() - movedAtMs)
    if (!isOver) time.after(lookEveryMs, look)
  }

  const decide = (quietMs: number): void => {
    const isStill = referee.isStill() && !isSomethingUntold()
    if (isStill && quietMs > quietEnoughMs) {
      if (hasRepeated || !isSomethingDoubtful()) isOver = true
      else {
        hasRepeated = true
        pass(15, 'A quarter of an hour passes.')
      }
    } else if (!referee.isStill() && quietMs > waitsForTheDayMs && jumps < jumpsMax) {
      jumps += 1
      pass(1, 'A minute passes in which nothing happens.')
    } else if (quietMs > patienceMs) {
      isOver = true
      const left = referee.unfinished()
      if (left.length > 0)
        referee.violate('nothing is lost', `${left.join('; ')} after ${patienceMs / 1_000} s of fine weather`)
    }
  }

  const pass = (minutes: number, sentence: string): void => {
    world.jump(minutes * 60_000)
    movedAtMs = time.nowMs()
    story.tell(() => sentence)
  }
  const isSomethingUntold = () =>
    carriers.some((carrier) => carrier.receipts().some(({ isAcknowledged }) => !isAcknowledged))
  const isSomethingDoubtful = () =>
    memory.receipts.listDoubtful({ before: new Date(8.64e15), notOlderThan: new Date(0) }).length > 0

  time.at(plan.stormMs, look)
  return { isOver: () => isOver }
}

const lookEveryMs = 1_000
const quietEnoughMs = 2_500
const waitsForTheDayMs = 4_000
/** An hour of tries at one a minute, and some. */
const jumpsMax = 90
const patienceMs = 100_000
