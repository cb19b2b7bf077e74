import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { DebitsReport, DepositsReport, UploadOutcome } from '#intake'
import { reportOfImport, reportOfRefusal } from './import-report.rules.ts'

const same = { new: 0, changed: 0, unchanged: 3 }
const customers = { rows: 3, rejected: 0, customers: same, contracts: same, newAccounts: 0, sharedIdentities: 0 }

test.each([
  [customers, 'good', '3行のすべてが、登録済みの内容と同じでした。変わったものはありません。'],
  [{ ...customers, customers: { ...same, new: 1 } }, 'good', '3行をすべて取り込みました。'],
  [{ ...customers, rejected: 1 }, 'warn', '3行のうち2行を取り込みました。1行は取り込めませんでした。'],
])('a customer file is told by what it changed (%#)', (report, tone, headline) => {
  expect(reportOfImport('customers', report)).toMatchObject({ tone, headline })
})

test('a result file is told by whom it asks to pay and whom people have to look at', () => {
  const totals: DebitsReport['totals'] = [
    { outcome: 'billed', count: 9_812, amount: 123_456_789 },
    { outcome: 'unknown-customer', count: 2, amount: 100 },
    { outcome: 'manual', count: 1, amount: 50 },
    { outcome: 'paid', count: 90_000, amount: 900_000 },
  ]
  const report = reportOfImport('debits', { debits: 99_815, totals, accounts: [], stride: 120, surplus: 0 })
  expect(report).toMatchObject({
    tone: 'warn',
    headline: '99,815件の振替結果を取り込みました。新しい案内の対象は9,812件、123,456,789円です。',
    notes: ['案内の対象にならず、確認が必要なものが3件あります。下の表をご覧ください。'],
  })
  expect(report.counts.reduce((sum, { count }) => sum + count, 0)).toBe(99_815)
})

test('every line of a deposit file stands in the table once', () => {
  const sum = (count: number) => ({ count, amount: count * 100 })
  const taken = {
    matched: [{ how: 'virtual-account', certainty: 'certain', ...sum(5) }],
    unmatched: [{ because: 'nobody-fits', ...sum(2) }],
    known: sum(1),
    finalised: sum(3),
    reversed: sum(4),
    strayReversals: sum(1),
    bornReversed: sum(0),
    bills: { settled: 5, reopened: 1, surplus: 0 },
  }
  const report = reportOfImport('deposits', {
    file: { kind: '03', stride: 200 },
    lines: 17,
    notTaken: [{ because: 'withdrawal', ...sum(1) }],
    taken,
    accounts: [],
  } as unknown as DepositsReport)
  expect(report.headline).toBe(
    '入出金取引明細（03）の17件を取り込み、5件を消し込みました。3件は、人の確認を待っています。',
  )
  expect(report.counts.reduce((total, { count }) => total + count, 0)).toBe(17)
  expect(report.tone).toBe('warn')
})

const refusals: readonly UploadOutcome['outcome'][] = [
  { kind: 'malformed', problems: [], furtherProblems: 1 },
  { kind: 'empty' },
  { kind: 'not-text', because: 'binary' },
  { kind: 'wrong-header', missing: ['x'], unknown: [], doubled: [] },
  { kind: 'broken-csv', line: 3, because: 'x' },
  { kind: 'same-debits', importIds: ['x'] },
  { kind: 'notice-has-left', importId: 'x' },
  { kind: 'no-convenience-store' },
  { kind: 'other-kind', importIds: ['x'] },
  { kind: 'failed' },
]

test.each(refusals)('a refusal says that nothing was taken: $kind', (outcome) => {
  expect(reportOfRefusal({ outcome })).toMatchObject({
    tone: 'bad',
    headline: expect.stringMatching(/。取込は行われていません。$/),
  })
})

test('the same file again is no error', () => {
  expect(reportOfRefusal({ outcome: { kind: 'already-imported', id: 'x' } })).toMatchObject({
    tone: 'warn',
    headline: expect.stringContaining('今回は何も変わっていません'),
  })
})

test('an account of somebody else is shown by its end alone', () => {
  const account = { bankCode: '0001', branchCode: '101', accountType: '普通', accountNumber: '7654321' }
  const outcome = { kind: 'other-account', accounts: [account] } as unknown as UploadOutcome['outcome']
  expect(reportOfRefusal({ outcome }).notes.join()).toMatch(/\*\*\*\*321/)
  expect(JSON.stringify(reportOfRefusal({ outcome }))).not.toContain('7654321')
})

test('nothing of an import is told in the words of a program', () => {
  const source = readFileSync('src/console/import-report.rules.ts', 'utf8')
  const words = [...source.matchAll(/(?:refused\(|what: |why: )'([^']+)'/g)].map((found) => found[1] ?? '')
  expect(words.length).toBeGreaterThan(15)
  for (const word of words) expect(word).not.toMatch(/^[A-Za-z -]+$/)
})
