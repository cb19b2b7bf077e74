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

export const isKill = ({ kind }: Pick<Mischief, 'kind'>): boolean => kind.startsWith('kill-')

type Kind = Mischief['kind']

/** One of each first, in any order; then by these shares. */
const shares: readonly (readonly [Kind, number])[] = [
  ['kill-worker', 0.45],
  ['kill-session', 0.12],
  ['kill-network', 0.12],
  ['kill-database', 0.06],
  ['pause-worker', 0.1],
  ['cut-network', 0.15],
]
const killShare = 0.75

/** Without end: how long to rest, and what to do then. @param forMs in which so many kills are to happen. */
export function* mischief({ seed, kills, forMs }: MischiefPlan): Generator<Planned> {
  const row = seeded(`mischief ${seed}`)
  const everyMs = (forMs / Math.max(kills, 1)) * killShare
  const ofEach = row.shuffle(shares.map(([kind]) => kind))
  for (let done = 0; ; done++) {
    const kind = ofEach[done] ?? pick(row.fraction())
    const restMs = everyMs * (0.4 + 1.2 * row.fraction())
    // One sleep in ten is longer than anybody waits for the sleeper's lock (src/messages/death-watch.jobs.ts).
    const lastsMs = forMs > 300_000 && row.happens(0.1) ? 65_000 : 2_000 + 10_000 * row.fraction()
    yield { restMs, mischief: make(kind, { draw: row.fraction(), lastsMs: Math.min(lastsMs, forMs / 3) }) }
  }
}

export type MischiefPlan = { readonly seed: string; readonly kills: number; readonly forMs: number }
export type Planned = { readonly restMs: number; readonly mischief: Mischief }

const pick = (draw: number): Kind => {
  let reach = 0
  for (const [kind, share] of shares) {
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
      return { kind, draw, lastsMs }
    case 'kill-network':
    case 'kill-database':
    case 'cut-network':
      return { kind }
  }
}
