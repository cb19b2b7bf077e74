import type { Outbox } from '../../src/messages/outbox.ts'
import { type Carrier, openCarrier } from './carrier.ts'
import type { Memory } from './client.ts'
import { type Draws, drawsOf } from './draws.ts'
import { type Connection, type DatabaseServer, openDatabaseServer } from './memory-database.ts'
import { MemoryLeases } from './memory-leases.ts'
import { MemoryLog } from './memory-log.ts'
import { MemoryReceipts } from './memory-receipts.ts'
import { openReferee, type Referee } from './referee.ts'
import { openRules, type Rules } from './rules.ts'
import { openStory, type Story } from './story.ts'
import { emptyTables, listOf, type Tables } from './tables.ts'
import { openVirtualTime, type VirtualTime } from './virtual-time.ts'
import type { Plan } from './weather.ts'
import type { Planting } from './worker.ts'

/** A bug put on purpose where the program has none, by another piece in the place of the real one. */
export type PlantedBug = Planting & {
  readonly memory?: (real: Memory) => Memory
  readonly isGone?: (worker: string, tables: Tables) => boolean
  readonly outbox?: (real: Outbox, connection: Connection, memory: Memory) => Outbox
}

/** All that the nodes of a history live in. */
export type World = {
  readonly plan: Plan
  readonly bug: PlantedBug
  readonly draws: Draws
  readonly time: VirtualTime
  readonly story: Story
  readonly tables: Tables
  readonly memory: Memory
  readonly server: DatabaseServer
  readonly rules: Rules
  readonly carriers: readonly Carrier[]
  readonly referee: Referee
  /** Of all gateways. */
  readonly bindCount: number
  /** The time of day; it may jump, no node's monotonic clock does. */
  wall(): Date
  jump(ms: number): void
  /** The share of calls and parts that get lost now. */
  lossShare(): number
  carrierAt(at: number): Carrier
  control(campaignId: string, act: 'paused' | 'resumed' | 'cancelled'): void
}

export const openWorld = (plan: Plan, bug: PlantedBug, isTold: boolean): World => {
  const draws = drawsOf(`${plan.seed} on the way`)
  const time = openVirtualTime()
  const story = openStory(time.nowMs, isTold)
  const tables = emptyTables()
  const rules = openRules(plan, bootMs)
  let jumpedMs = 0
  const lossShare = () => (time.nowMs() < plan.stormMs ? plan.lossShare : 0)
  const carriers = plan.gateways.map(({ name, dialect }) =>
    openCarrier({ name, time, draws: draws.row(name), dialect, troubleShare: plan.troubleShare, story }),
  )
  const log = new MemoryLog(tables, namesOf(plan), rules.decideRelease)
  const real: Memory = { log, leases: new MemoryLeases(log), receipts: new MemoryReceipts(log) }
  const referee = openReferee({
    tables,
    carriers,
    gateways: plan.gateways,
    windowMax: plan.windowMax,
    nowMs: time.nowMs,
    secondMs: secondOfTheFastest(plan),
  })
  return {
    plan,
    bug,
    draws,
    time,
    story,
    tables,
    memory: bug.memory?.(real) ?? real,
    server: openDatabaseServer({ time, draws: draws.row('database'), lossShare, onCommit: referee.committed }),
    rules,
    carriers,
    referee,
    bindCount: plan.gateways.reduce((sum, { binds }) => sum + binds, 0),
    wall: () => new Date(bootMs + time.nowMs() + jumpedMs),
    jump(ms) {
      jumpedMs += ms
    },
    lossShare,
    carrierAt(at) {
      const carrier = carriers[at % carriers.length]
      if (carrier === undefined) throw new Error('Bug: there is a carrier')
      return carrier
    },
    control(campaignId, act) {
      const acts = listOf(tables.controls, campaignId)
      const last = acts.at(-1) ?? 'resumed'
      if (last === 'cancelled' || last === act || !tables.campaigns.has(campaignId)) return
      acts.push(act)
      referee.committed()
    },
  }
}

/** 2026-11-24 10:00 in Japan. */
const bootMs = Date.UTC(2026, 10, 24, 1)

const namesOf = ({ gateways }: Plan): readonly string[] => gateways.map(({ name }) => name)

/** Who has a fast clock thinks that a second is over a little early; the pace bears 0.1 % of it. */
const secondOfTheFastest = ({ nodes }: Plan): number =>
  1_000 / Math.max(1, ...nodes.map(({ clockSpeed }) => clockSpeed - 0.001))
