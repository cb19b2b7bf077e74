import { expect, test } from 'vitest'
import { isKill, mischief, type Planned } from './mischief.rules.ts'

const first = (count: number, seed: string, kills = 10, forMs = 60_000, carriers: 1 | 2 = 1): readonly Planned[] => {
  const planned: Planned[] = []
  for (const next of mischief({ seed, kills, forMs, carriers })) if (planned.push(next) === count) break
  return planned
}

test('the same seed plans the same mischief, another one another', () => {
  expect(first(50, 'a')).toEqual(first(50, 'a'))
  expect(first(50, 'a')).not.toEqual(first(50, 'b'))
})

test('one of each kind comes first, whatever the seed', () => {
  for (const seed of ['a', 'b', 'c', 'd'])
    for (const [carriers, kinds] of [
      [1, 6],
      [2, 9],
    ] as const)
      expect(new Set(first(kinds, seed, 10, 60_000, carriers).map(({ mischief }) => mischief.kind)).size).toBe(kinds)
})

test.each([1, 2] as const)('so many kills take about the time they are planned for, with %d carriers', (carriers) => {
  let [kills, tookMs] = [0, 0]
  for (const planned of first(400, 'a', 100, 600_000, carriers)) {
    if (kills === 100) break
    tookMs += planned.restMs
    if (isKill(planned.mischief)) kills += 1
  }
  expect(kills).toBe(100)
  expect(Math.abs(tookMs - 600_000)).toBeLessThan(120_000)
})

test('in a long run some sleep longer than anybody waits for their lock', () => {
  const sleeps = first(1_000, 'a', 100, 600_000).flatMap(({ mischief }) =>
    mischief.kind === 'pause-worker' ? [mischief.lastsMs] : [],
  )
  expect(Math.max(...sleeps)).toBeGreaterThan(60_000)
  expect(Math.min(...sleeps)).toBeGreaterThanOrEqual(2_000)
})
