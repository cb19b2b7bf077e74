import { drawsOf } from '../src/sandbox/carrier-draws.rules.ts'

/** Chance that can be repeated: the same seed gives the same row of numbers. Not for anything that must be secret. */
export function seeded(seed: string): Seeded {
  let drawn = 0
  const fraction = () => {
    drawn += 1
    return drawsOf(seed, 'row')(String(drawn))
  }
  const int = (max: number) => Math.floor(fraction() * max)
  return {
    fraction,
    int,
    happens: (share) => fraction() < share,
    pick: (choices) => choices[int(choices.length)],
    shuffle: (items) => {
      const keyed = items.map((item) => ({ item, place: fraction() }))
      return keyed.toSorted((a, b) => a.place - b.place).map(({ item }) => item)
    },
    fork: (name) => seeded(`${seed}/${name}`),
  }
}

export type Seeded = {
  /** At least 0 and less than 1. */
  fraction(): number
  /** 0 to max - 1. */
  int(max: number): number
  happens(share: number): boolean
  pick<Choice>(choices: readonly Choice[]): Choice | undefined
  shuffle<Item>(items: readonly Item[]): readonly Item[]
  /** A row of its own, that does not depend on how many were drawn here. */
  fork(name: string): Seeded
}
