import { expect, test } from 'vitest'
import { isKill, mischief, type Planned } from './mischief.rules.ts'

const first = (count: number, seed: string, kills = 10, forMs = 60_000): readonly Planned[] => {
  const planned: Planned[] = []
  for (const next of mischief({ seed, kills, forMs })) if (planned.push(next) === count) break
  return planned
}

test('the same seed plans the same mischief, another one another', () => {
  expect(first(50, 'a')).toEqual(first(50, 'a'))
  expect(first(50, 'a')).not.toEqual(first(50, 'b'))
})

test('one of each kind comes first, whatever the seed', () => {
  for (const seed of ['a', 'b', 'c', 'd'])
    expect(new Set(first(6, seed).map(({ mischief }) => mischief.kind)).size).toBe(6)
})

test('so many kills take about the time they are planned for', () => {
  let [kills, tookMs] = [0, 0]
  for (const planned of first(400, 'a', 100, 600_000)) {
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
