import { seeded } from '../seeded.ts'

/** What is done to the processes of a run. */
export type Mischief =
  | { readonly kind: 'kill-worker'; readonly draw: number }
  | { readonly kind: 'kill-network' }
  /** The postmaster; whoever uses it starts it again. */
  | { readonly kind: 'kill-database' }
  /** One session's process: PostgreSQL then restarts itself. */
  | { readonly kind: 'kill-session'; readonly draw: number }
  /** SIGSTOP, and SIGCONT after a while: a node that slept and does not know it. */
  | { readonly kind: 'pause-worker'; readonly draw: number; readonly lastsMs: number }
  | { readonly kind: 'cut-network' }
  /** Only where there is another one: */
  | { readonly kind: 'kill-carrier'; readonly draw: number; readonly lastsMs: number }
  | { readonly kind: 'hang-carrier'; readonly draw: number; readonly lastsMs: number }
  | { readonly kind: 'turn-away'; readonly draw: number; readonly lastsMs: number }

/** What a code must not wait for: another carrier is there. */
export const isCarriers = ({ kind }: Pick<Mischief, 'kind'>): boolean =>
  ['kill-carrier', 'hang-carrier', 'turn-away', 'kill-network', 'cut-network'].includes(kind)

/** Which carrier is in trouble: the preferred one, four times of five. */
export const carrierAt = ({ draw }: { readonly draw: number }): 0 | 1 => (draw < 0.2 ? 1 : 0)

export const isKill = ({ kind }: Pick<Mischief, 'kind'>): boolean => kind.startsWith('kill-')

type Kind = Mischief['kind']

/** One of each first, in any order; then by these shares. */
const shares: Readonly<Record<1 | 2, readonly (readonly [Kind, number])[]>> = {
  1: [
    ['kill-worker', 0.45],
    ['kill-session', 0.12],
    ['kill-network', 0.12],
    ['kill-database', 0.06],
    ['pause-worker', 0.1],
    ['cut-network', 0.15],
  ],
  // What is ours is killed more seldom, so that it shows how codes pass by a carrier.
  2: [
    ['kill-carrier', 0.24],
    ['hang-carrier', 0.16],
    ['turn-away', 0.2],
    ['kill-network', 0.12],
    ['cut-network', 0.08],
    ['kill-worker', 0.12],
    ['kill-session', 0.03],
    ['kill-database', 0.02],
    ['pause-worker', 0.03],
  ],
}

/** Without end: how long to rest, and what to do then. @param forMs in which so many kills are to happen. */
export function* mischief({ seed, kills, forMs, carriers }: MischiefPlan): Generator<Planned> {
  const row = seeded(`mischief ${seed}`)
  const kinds = shares[carriers]
  const killShare = kinds.filter(([kind]) => isKill({ kind })).reduce((sum, [, share]) => sum + share, 0)
  const everyMs = (forMs / Math.max(kills, 1)) * killShare
  const ofEach = row.shuffle(kinds.map(([kind]) => kind))
  for (let done = 0; ; done++) {
    const kind = ofEach[done] ?? pick(kinds, row.fraction())
    const restMs = everyMs * (0.4 + 1.2 * row.fraction())
    // One sleep in ten is longer than anybody waits for the sleeper's lock (src/messages/death-watch.jobs.ts).
    const lastsMs = forMs > 300_000 && row.happens(0.1) ? 65_000 : 2_000 + 10_000 * row.fraction()
    yield { restMs, mischief: make(kind, { draw: row.fraction(), lastsMs: Math.min(lastsMs, forMs / 3) }) }
  }
}

export type MischiefPlan = {
  readonly seed: string
  readonly kills: number
  readonly forMs: number
  readonly carriers: 1 | 2
}
export type Planned = { readonly restMs: number; readonly mischief: Mischief }

const pick = (kinds: readonly (readonly [Kind, number])[], draw: number): Kind => {
  let reach = 0
  for (const [kind, share] of kinds) {
    reach += share
    if (draw < reach) return kind
  }
  return 'kill-worker'
}

const make = (kind: Kind, { draw, lastsMs }: { readonly draw: number; readonly lastsMs: number }): Mischief => {
  switch (kind) {
    case 'kill-worker':
    case 'kill-session':
      return { kind, draw }
    case 'pause-worker':
    case 'kill-carrier':
    case 'hang-carrier':
    case 'turn-away':
      return { kind, draw, lastsMs }
    case 'kill-network':
    case 'kill-database':
    case 'cut-network':
      return { kind }
  }
}
