import { expect, test } from 'vitest'
import { judgePromptness, type PromptRun } from './prompt.rules.ts'

const minute = 60_000
const code = (id: string, committedAtMs: number) => ({ id, customer: '10000001', committedAtMs })

/** Five codes in five minutes: the second while a carrier was dead, the third just after a worker was. */
const run: PromptRun = {
  codes: [1, 2, 3, 4, 5].map((n) => code(`code-${n}`, n * minute)),
  disturbedAtMs: [3 * minute - 5_000],
  troubles: [{ fromMs: 2 * minute - 1_000, untilMs: 2 * minute + 9_000 }],
  hangs: [],
  takenAtMs: new Map([
    ['code-1', minute + 50],
    ['code-2', 2 * minute + 4_000],
    ['code-3', 3 * minute + 30_000],
    ['code-4', 4 * minute + 60],
  ]),
  takenByOther: new Set(['code-2']),
  excused: new Map([['code-5', 'unknown']]),
}

test('counts the codes that nothing of ours held up, and how long each took', () => {
  expect(judgePromptness(run)).toEqual({
    judged: 3,
    inTrouble: 1,
    moved: 1,
    movedInAll: 1,
    medianMs: 60,
    p99Ms: 4_000,
    longestMs: 4_000,
    violations: [],
  })
})

test.each<[string, Partial<PromptRun>, string]>([
  ['late', { takenAtMs: new Map(run.takenAtMs).set('code-2', 2 * minute + 10_001) }, 'code-2'],
  ['lost', { excused: new Map() }, 'code-5'],
  ['late, and nothing was disturbed', { disturbedAtMs: [] }, 'code-3'],
])('finds one that is %s', (_, change, id) => {
  expect(judgePromptness({ ...run, ...change }).violations.map((found) => found.id)).toEqual([id])
})

test('bears one whose bytes lay in a carrier that hung, and only there', () => {
  const late = { takenAtMs: new Map(run.takenAtMs).set('code-2', 2 * minute + 12_000) }
  const hang = { fromMs: 2 * minute - 1_000, untilMs: 2 * minute + 11_000 }
  const foundWith = (isOther: boolean) => judgePromptness({ ...run, ...late, hangs: [{ ...hang, isOther }] }).violations
  expect([foundWith(true).length, foundWith(false).length]).toEqual([0, 1])
})

test('tells a customer by the last digits of a number alone', () => {
  const [found] = judgePromptness({ ...run, disturbedAtMs: [] }).violations
  expect(found?.detail).not.toMatch(/\d{6}/)
})
