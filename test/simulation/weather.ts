import type { ControlAct } from '../../src/messages/control.store.ts'
import type { Dialect, Spell } from './carrier.ts'
import { type Draws, drawsOf } from './draws.ts'
import type { GatewayPlan } from './worker.ts'

/** All that happens in one history, drawn from its seed before it begins; only how long things take is drawn on the way. */
export type Plan = {
  readonly seed: string
  /** Then each node sees at once that another's process has ended. */
  readonly isOneMachine: boolean
  readonly nodes: readonly { readonly name: string; readonly clockSpeed: number; readonly skewMs: number }[]
  readonly gateways: readonly (GatewayPlan & { readonly dialect: Dialect; readonly partMax: number })[]
  readonly windowMax: number
  readonly customers: number
  readonly campaigns: readonly PlannedCampaign[]
  readonly codes: readonly {
    readonly atMs: number
    readonly customer: number
    readonly livesMs: number
    readonly parts: number
  }[]
  /** Notices may not leave between these two, and none is valid beyond the first. */
  readonly closed: { readonly fromMs: number; readonly untilMs: number }
  readonly faults: readonly Fault[]
  /** After this the weather is fine. */
  readonly stormMs: number
  readonly lossShare: number
  readonly troubleShare: number
}

export type PlannedCampaign = {
  readonly id: string
  readonly atMs: number
  readonly notices: number
  readonly excluded: number
  readonly parts: number
}

/** At once, or as soon as the node has asked the database for this: the moments at which a standstill hurts most. */
export type Moment = 'at once' | 'claim' | 'listDue' | 'settle' | 'record'

export type Fault = { readonly atMs: number } & (
  | { readonly kind: 'kill' | 'stop'; readonly node: number; readonly backAfterMs: number }
  | { readonly kind: 'pause' | 'cut-off'; readonly node: number; readonly forMs: number; readonly when: Moment }
  | { readonly kind: 'lock-broken'; readonly node: number }
  | { readonly kind: 'cut'; readonly gateway: number; readonly node: number }
  | { readonly kind: 'spell'; readonly gateway: number; readonly spell: Spell; readonly forMs: number }
  | { readonly kind: 'database-down' | 'database-slow'; readonly forMs: number }
  | { readonly kind: 'control'; readonly campaign: number; readonly act: ControlAct }
  | { readonly kind: 'rule'; readonly customer: number; readonly rule: 'exclude' | 'defer'; readonly forMs: number }
  | { readonly kind: 'unknown-receipt'; readonly gateway: number }
)

const stormMs = 25_000

export const planOf = (seed: string): Plan => {
  const draws = drawsOf(seed)
  const nodes = 1 + draws.int(3)
  const clocksRunWild = draws.happens(0.15)
  const gateways = 1 + draws.int(2)
  const campaigns = 1 + draws.int(2)
  const customers = 30
  const faults = faultsOf(draws, { nodes, gateways, campaigns, customers })
  return {
    seed,
    isOneMachine: draws.happens(0.3),
    nodes: Array.from({ length: nodes }, (_, at) => ({
      name: `node-${at + 1}`,
      clockSpeed: 1 + draws.between(-1, 1) * (clocksRunWild ? 0.1 : 0.0005),
      skewMs: Math.round(draws.between(-100, 100)),
    })),
    gateways: Array.from({ length: gateways }, (_, at) => ({
      name: at === 0 ? 'north' : 'south',
      binds: 1 + draws.int(2),
      ratePerSecond: 2 + draws.int(9),
      dialect: draws.happens(0.9)
        ? { hasId: true, hasReference: draws.happens(0.8), hasPhone: draws.happens(0.5) }
        : { hasId: false, hasReference: draws.happens(0.7), hasPhone: true },
      partMax: draws.happens(0.7) ? 3 : 1,
    })),
    windowMax: 4 + draws.int(9),
    customers,
    campaigns: Array.from({ length: campaigns }, (_, at) => ({
      id: `campaign-${at + 1}`,
      atMs: draws.between(500, 8_000),
      notices: 5 + draws.int(25),
      excluded: draws.int(4),
      parts: draws.happens(0.3) ? 2 : 1,
    })),
    codes: [
      ...Array.from({ length: 2 + draws.int(6) }, () => draws.between(500, stormMs)),
      // Many ask at once while a bind changes hands.
      ...faults.flatMap(({ kind, atMs }) =>
        kind === 'stop' ? Array.from({ length: 12 }, () => atMs + draws.between(-500, 2_500)) : [],
      ),
    ].map((atMs) => ({
      atMs,
      customer: draws.int(customers),
      livesMs: draws.pick([8_000, 300_000, 300_000]),
      parts: draws.happens(0.1) ? 2 : 1,
    })),
    closed: draws.happens(0.2)
      ? { fromMs: draws.between(5_000, stormMs), untilMs: draws.between(stormMs, 40_000) }
      : { fromMs: 10 * 3_600_000, untilMs: 20 * 3_600_000 },
    faults,
    stormMs,
    lossShare: draws.pick([0, 0, 0.01, 0.05]),
    troubleShare: draws.pick([0, 0.02, 0.1]),
  }
}

type Sizes = {
  readonly nodes: number
  readonly gateways: number
  readonly campaigns: number
  readonly customers: number
}

const faultsOf = (draws: Draws, sizes: Sizes): readonly Fault[] =>
  Array.from({ length: 2 + draws.int(9) }, () => faultOf(draws, sizes)).toSorted((one, other) => one.atMs - other.atMs)

const faultOf = (draws: Draws, { nodes, gateways, campaigns, customers }: Sizes): Fault => {
  const atMs = Math.round(draws.between(1_000, stormMs))
  const node = draws.int(nodes)
  const gateway = draws.int(gateways)
  const shortOrLong = () =>
    Math.round(draws.pick([() => draws.between(200, 2_000), () => draws.between(2_000, 9_000)])())
  const chosen = draws.fraction()
  if (chosen < 0.2) return { atMs, kind: 'kill', node, backAfterMs: shortOrLong() }
  if (chosen < 0.25) return { atMs, kind: 'stop', node, backAfterMs: shortOrLong() }
  if (chosen < 0.4) {
    const forMs = draws.happens(0.2) ? Math.round(draws.between(60_000, 90_000)) : shortOrLong()
    return { atMs, kind: 'pause', node, forMs, when: momentOf(draws) }
  }
  if (chosen < 0.48) return { atMs, kind: 'cut-off', node, forMs: shortOrLong(), when: momentOf(draws) }
  if (chosen < 0.5) return { atMs, kind: 'lock-broken', node }
  if (chosen < 0.6) return { atMs, kind: 'cut', gateway, node }
  if (chosen < 0.75) {
    const spell = draws.pick<Spell>(['throttling', 'refusing', 'answers-lost', 'requests-lost', 'slow'])
    return { atMs, kind: 'spell', gateway, spell, forMs: shortOrLong() }
  }
  if (chosen < 0.79) return { atMs, kind: 'database-down', forMs: shortOrLong() }
  if (chosen < 0.82) return { atMs, kind: 'database-slow', forMs: shortOrLong() }
  if (chosen < 0.92) {
    const act = draws.pick<ControlAct>(['paused', 'paused', 'resumed', 'cancelled'])
    return { atMs, kind: 'control', campaign: draws.int(campaigns), act }
  }
  if (chosen < 0.97) {
    const rule = draws.pick(['exclude', 'defer'] as const)
    return { atMs, kind: 'rule', customer: draws.int(customers), rule, forMs: Math.round(draws.between(3_000, 90_000)) }
  }
  return { atMs, kind: 'unknown-receipt', gateway }
}

const momentOf = (draws: Draws): Moment => draws.pick(['at once', 'at once', 'claim', 'listDue', 'settle', 'record'])
