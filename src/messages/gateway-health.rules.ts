/**
 * How much of the traffic does a gateway deserve? All of it, until it makes more errors or slower receipts than it may;
 * then none, and after the trouble a tenth, doubled with every good minute.
 *
 * Answers with `previous` itself when nothing changed, so that only changes need to be kept and told.
 */
export const gatewayHealth = (
  previous: GatewayState | undefined,
  facts: GatewayFacts,
  now: Date,
  limits: HealthLimits = healthLimits,
): GatewayState => {
  const nowMs = now.getTime()
  const become = (kind: GatewayState['kind'], weight: number, because: string) => ({
    kind,
    weight,
    because,
    sinceMs: nowMs,
  })
  const backAt = (weight: number, because: string) =>
    weight >= 1
      ? become('well', 1, because)
      : become('coming-back', weight, `${because}, ${percent(weight)} of the traffic`)

  if (facts.bound === 0)
    return previous?.kind === 'away'
      ? previous
      : { ...become('away', 0, 'no bind is bound'), returnsTo: previous?.weight ?? 1 }
  if (previous === undefined) return become('well', 1, 'nothing is known against it')

  const trouble = troubleOf(facts, Math.max(firstWeight, previous.returnsTo ?? previous.weight), limits)
  if (trouble !== undefined) return previous.kind === 'demoted' ? previous : become('demoted', 0, trouble)

  const lastedMs = nowMs - previous.sinceMs
  switch (previous.kind) {
    case 'well':
      return previous
    case 'demoted':
      return backAt(firstWeight, 'the trouble has ended')
    case 'coming-back':
      return lastedMs < goodMinuteMs ? previous : backAt(Math.min(1, previous.weight * 2), 'a good minute')
    case 'away': {
      const isReconnection = lastedMs <= limits.reconnectionMs
      const weight = isReconnection ? Math.max(firstWeight, previous.returnsTo ?? 0) : firstWeight
      return backAt(weight, `bound again after ${Math.round(lastedMs / 1_000)} s`)
    }
  }
}

/** Survives being kept as JSON. */
export type GatewayState = {
  readonly kind: 'well' | 'demoted' | 'coming-back' | 'away'
  /** The share of fresh messages that it may carry: 0 to 1. */
  readonly weight: number
  /** In words, for the log and the doctor. */
  readonly because: string
  /** By our clock, in milliseconds since 1970. */
  readonly sinceMs: number
  /** When away: the weight from before. */
  readonly returnsTo?: number
}

/** What all nodes together know of a gateway. */
export type GatewayFacts = {
  /** Binds that are bound now. */
  readonly bound: number
  /**
   * In the last 60 s: refusals that blame the gateway, and parts that a time-out or a cut left doubtful. Not refusals that
   * blame the message, nor throttling: the pace answers that, until it can go no lower and still nothing is taken.
   */
  readonly errors: number
  /** Of the messages it took in the last 15 minutes; left out for a gateway that gives no receipts. */
  readonly receipts?: {
    /** Those of which it can be said: a final receipt came, or more than 5 minutes have passed. */
    readonly judged: number
    /** Of these: after more than 5 minutes, or not yet. */
    readonly slow: number
  }
}

export type HealthLimits = {
  /** Errors in 60 s that are still no trouble at full traffic; a gateway that comes back may make its share of them. */
  readonly errorsMax: number
  readonly slowPercentMax: number
  /** Below this many messages nothing is said about receipts: one of six may just be a phone that is off. */
  readonly judgedMin: number
  /** A gateway that is away no longer than this has only reconnected, and goes on where it was. */
  readonly reconnectionMs: number
}

export const healthLimits: HealthLimits = { errorsMax: 50, slowPercentMax: 15, judgedMin: 20, reconnectionMs: 30_000 }

const firstWeight = 0.1
const goodMinuteMs = 60_000

/** The trouble of a gateway that carries this share of the traffic. */
const troubleOf = ({ errors, receipts }: GatewayFacts, weight: number, limits: HealthLimits): string | undefined => {
  const errorsMax = Math.floor(limits.errorsMax * weight)
  if (errors > errorsMax) return `${errors} errors in 60 s, more than ${errorsMax}`
  if (receipts === undefined || receipts.judged < limits.judgedMin) return undefined
  const slow = receipts.slow / receipts.judged
  if (slow * 100 < limits.slowPercentMax) return undefined
  return `${receipts.slow} of ${receipts.judged} receipts (${percent(slow)}) slower than 5 minutes, ${limits.slowPercentMax} % or more`
}

const percent = (share: number): string => `${Math.round(share * 100)} %`
