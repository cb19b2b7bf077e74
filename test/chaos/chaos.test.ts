import { expect, test } from 'vitest'
import { type ChaosOptions, readOptions } from './options.ts'
import { showReport } from './report.ts'
import { runChaos } from './run.ts'

/** The long runs are `npm run chaos` (docs/chaos.md). This one is small; its seed has few restarts of the database, which take long. */
const small: ChaosOptions = {
  messages: 500,
  kills: 8,
  seed: '13',
  receipts: 'on',
  workers: 2,
  carriers: 1,
  minutes: 0.15,
}

test('a campaign comes through kills, cuts and sleeps: log and carrier agree', async () => {
  const report = await runChaos(small, { say: () => {} })
  const shown = showReport(report, 'this')
  expect(report.violations, shown).toEqual([])
  expect(
    Object.values(report.done).reduce((sum, count) => sum + count, 0),
    shown,
  ).toBeGreaterThan(0)
  expect(report.figures, shown).toMatchObject({ notices: 500, duplicateNotices: 0, duplicateCodes: 0, lost: 0 })
  expect(shown).not.toMatch(/0900\d/)
}, 300_000)

/** Its seed has the preferred carrier hang, turn everybody away and die, for a second and a half each, and nothing else. */
const failover: ChaosOptions = {
  messages: 100,
  kills: 1,
  seed: '2026',
  receipts: 'on',
  workers: 1,
  carriers: 2,
  minutes: 5 / 60,
}

test('while one carrier hangs, turns everybody away or dies, codes reach the other and the campaign goes on', async () => {
  const report = await runChaos(failover, { say: () => {} })
  const shown = showReport(report, 'this')
  // How long a code took says something only on a machine that does nothing else.
  expect(
    report.violations.filter(({ check }) => check !== 'late-code'),
    shown,
  ).toEqual([])
  expect(report.done, shown).toMatchObject({ 'hang-carrier': 1, 'turn-away': 1, 'kill-carrier': 1 })
  // In so short a run every code may be asked for too near its start to be judged.
  expect(report.promptness?.movedInAll, shown).toBeGreaterThan(0)
  expect(report.figures, shown).toMatchObject({ notices: 100, duplicateCodes: 0, lost: 0 })
}, 300_000)

test('what may be asked for', () => {
  expect(readOptions(['--messages', '1000', '--receipts', 'off'])).toMatchObject({ messages: 1_000, receipts: 'off' })
  expect(() => readOptions(['--workers', '99'])).toThrow('--workers')
  expect(() => readOptions(['--receipts', 'perhaps'])).toThrow('--receipts')
})
