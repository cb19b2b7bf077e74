import { type Delay, delayOf, drawsOf, pickOf } from '../src/sandbox/carrier-draws.rules.ts'

/** What the network between two programs does to their connections. Plain data; what is not named does not happen. */
export type Chaos = {
  /** On top of the real way, for every piece in both directions; pieces never overtake each other. */
  readonly latencyMs: Delay
  /** In each direction. */
  readonly bytesPerSecond?: number
  /** Shares of connections; the rest lives as long as its ends want. */
  readonly endings: Partial<Readonly<Record<EndingKind, number>>>
  /** How many bytes pass before that, drawn evenly; in which direction they are counted is drawn too. */
  readonly endsAfterBytes: { readonly from: number; readonly to: number }
}

/**
 * - `cut`: both ends lose the connection after exactly so many bytes, mostly in the middle of a command.
 * - `answers-lost`: from there on what the carrier says is swallowed; what we say still passes.
 * - `requests-lost`: the other way round.
 * - `half-open`: neither passes any more, and no end hears that the other is gone.
 */
export type EndingKind = 'cut' | 'answers-lost' | 'requests-lost' | 'half-open'

/** `requests` is from who connects to who is connected to. */
export type Direction = 'requests' | 'answers'

export const noChaos: Chaos = { latencyMs: 0, endings: {}, endsAfterBytes: { from: 500, to: 50_000 } }

/** What will happen to the connection of that number, counted from 1. */
export function planOf(seed: string, chaos: Chaos, connection: number): ConnectionPlan {
  const draws = drawsOf(seed, `connection ${connection}`)
  const kinds = (Object.keys(chaos.endings) as EndingKind[]).toSorted()
  const shares = kinds.map((kind) => [kind, chaos.endings[kind] ?? 0] as const)
  const kind = pickOf<EndingKind | 'none'>(draws('ending'), shares, 'none')
  const { from, to } = chaos.endsAfterBytes
  const afterBytes = from + Math.floor(draws('bytes') * (to - from + 1))
  const direction: Direction = draws('direction') < 0.5 ? 'requests' : 'answers'
  return {
    ...(kind === 'none' ? {} : { ending: { kind, direction, afterBytes } }),
    latencyMs: (way, piece) => delayOf(chaos.latencyMs, draws(`${way} ${piece}`)),
    ...(chaos.bytesPerSecond === undefined ? {} : { bytesPerSecond: chaos.bytesPerSecond }),
  }
}

export type ConnectionPlan = {
  readonly ending?: Ending
  readonly bytesPerSecond?: number
  /** @param piece counts what came in one read; where TCP divides the bytes is not ours to say. */
  latencyMs(direction: Direction, piece: number): number
}

export type Ending = { readonly kind: EndingKind; readonly direction: Direction; readonly afterBytes: number }
