import { createHash } from 'node:crypto'
import type { MessageClass } from './message.rules.ts'

/**
 * Over which gateway does this message go now?
 *
 * A message that was never tried goes by preference and weight: a gateway that carries a tenth of the traffic gets the
 * tenth of the messages that a hash of their ids picks, so that all nodes say the same. One that a gateway did not take
 * goes to the next healthy one: what a customer waits for at once, a notice after the delay that the answer asks for.
 * If no gateway is healthy, the first that is bound carries all: a bad way is better than none.
 */
export const route = ({ messageId, messageClass, gateways, tries, waitedMs }: Routing): RouteOutcome => {
  const isUrgent = messageClass !== 'notice'
  const doubtful = new Set(tries.flatMap((tried) => (tried.outcome === 'doubtful' ? tried.gateway : [])))
  if (isUrgent && doubtful.size > 0) return { kind: 'never', because: 'doubtful' }

  const bound = gateways.filter(({ isBound }) => isBound)
  if (bound.length === 0) return { kind: 'wait', because: 'nothing-is-bound' }
  const unsuspected = preferring(bound, ({ name }) => !doubtful.has(name))
  const healthy = preferring(unsuspected, ({ weight }) => weight > 0)
  const isPicked = ({ name, weight }: RouteGateway) => shareOf(messageId, name) < weight
  // A notice keeps to a weak gateway's share even when another did not take it; a code takes what there is.
  const open = isUrgent ? healthy : preferring(healthy, isPicked)

  const timesAt = (name: string) => tries.filter(({ gateway }) => gateway === name).length
  const fewest = Math.min(...open.map(({ name }) => timesAt(name)))
  const next = open.filter(({ name }) => timesAt(name) === fewest)
  const to = next.find(isPicked) ?? strongest(next)
  const last = tries.at(-1)?.gateway
  const isAtOnce = last === undefined || (isUrgent && fewest < timesAt(last))
  return {
    kind: 'go',
    to: to.name,
    orElse: isUrgent ? othersAfter(waitedMs, to, [...next, ...healthy, ...bound]) : [],
    when: isAtOnce ? 'at-once' : 'after-delay',
  }
}

export type Routing = {
  readonly messageId: string
  readonly messageClass: MessageClass
  /** Those of the class, the preferred first. */
  readonly gateways: readonly RouteGateway[]
  /** What this message has met so far, in order. A gateway that took it or refused it for good ends its way. */
  readonly tries: readonly Try[]
  /** Since it could first be claimed, or since its last try. */
  readonly waitedMs: number
}

export type RouteGateway = {
  readonly name: string
  /** On any node. */
  readonly isBound: boolean
  readonly weight: number
}

export type Try = {
  readonly gateway: string
  /** Not taken: surely no byte left, throttled, or refused for now. Doubtful: bytes may have reached the carrier. */
  readonly outcome: 'not-taken' | 'doubtful'
}

export type RouteOutcome =
  | {
      readonly kind: 'go'
      readonly to: string
      /** May claim it too by now, because the one it is meant for has left it waiting. */
      readonly orElse: readonly string[]
      readonly when: 'at-once' | 'after-delay'
    }
  | { readonly kind: 'wait'; readonly because: 'nothing-is-bound' }
  /** A code or an answer's receipt that may have reached a carrier is never sent again. */
  | { readonly kind: 'never'; readonly because: 'doubtful' }

/**
 * A code that was claimed and cannot leave for so long (no bind, no place in window or pace) is given back as not sent and
 * goes to the next gateway at once; one that nobody has claimed for so long may be claimed by the next one too. Three
 * gateways are tried within six seconds, four within the ten that a code may take to move on. Once a byte has left, none of
 * this applies: the response's own time-out makes it doubtful.
 */
export const codePatienceMs = 3_000

export const mayCarry = (outcome: RouteOutcome, gateway: string): boolean =>
  outcome.kind === 'go' && (outcome.to === gateway || outcome.orElse.includes(gateway))

/** Which part of the messages that were never tried goes over each gateway: one without any need not look for them. */
export const freshShares = (gateways: readonly RouteGateway[]): ReadonlyMap<string, number> => {
  const shares = new Map(gateways.map(({ name }) => [name, 0]))
  const bound = gateways.filter(({ isBound }) => isBound)
  if (bound.length === 0) return shares
  let left = 1
  for (const { name, weight } of bound) {
    shares.set(name, left * weight)
    left *= 1 - weight
  }
  const { name } = strongest(bound)
  return shares.set(name, (shares.get(name) ?? 0) + left)
}

/** Evenly spread over 0 to 1, and independent from gateway to gateway. */
const shareOf = (messageId: string, gateway: string): number =>
  createHash('sha256').update(`${messageId} ${gateway}`).digest().readUInt32BE(0) / 2 ** 32

const preferring = (
  gateways: readonly RouteGateway[],
  isBetter: (gateway: RouteGateway) => boolean,
): readonly RouteGateway[] => {
  const better = gateways.filter(isBetter)
  return better.length > 0 ? better : gateways
}

/** The first of the greatest weight. */
const strongest = (gateways: readonly RouteGateway[]): RouteGateway =>
  gateways.reduce((best, gateway) => (gateway.weight > best.weight ? gateway : best))

const othersAfter = (waitedMs: number, to: RouteGateway, inOrder: readonly RouteGateway[]): readonly string[] => {
  const names = new Set(inOrder.map(({ name }) => name))
  names.delete(to.name)
  return [...names].slice(0, Math.floor(Math.max(0, waitedMs) / codePatienceMs))
}
