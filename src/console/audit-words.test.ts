import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { auditWord, auditWords, factsWords } from './audit-words.ts'

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('audit-words'))
  .map((name) => readFileSync(`src/${name}`, 'utf8'))

/** Written as `act: 'hold.placed'`, or handed to a function that writes the line. */
const written = new Set(
  sources.flatMap((text) => [...text.matchAll(/\bact: '([a-z-]+\.[a-z-]+)'/g)].map((found) => found[1] ?? '')),
)

test('every act that the program writes has a word', () => {
  expect(written.size).toBeGreaterThan(40)
  expect([...written].filter((act) => auditWords[act] === undefined)).toEqual([])
})

test('every word belongs to an act that the program writes', () => {
  const all = sources.join('\n')
  const isWritten = (act: string) =>
    written.has(act) ||
    all.includes(`'${act}'`) ||
    new RegExp(`\`${act.replace(/(paused|resumed|cancelled|asked|returned|withdrawn|voided)$/, '\\$')}`).test(all)
  expect(Object.keys(auditWords).filter((act) => !isWritten(act))).toEqual([])
})

test('an act without a word is shown all the same', () => {
  expect(auditWord('future.act')).toBe('future.act')
})

test('facts are told on one line, ids by their end', () => {
  expect(factsWords({ import: '019ab0c2-0000-7000-8000-0000000abcde', count: 3, reason: 'legal' })).toBe(
    '取込：…0abcde、件数：3、理由：受任通知',
  )
  expect(factsWords({ reason: 'x'.repeat(500) }).length).toBeLessThan(170)
  expect(factsWords({})).toBe('')
  expect(
    factsWords({ lines: [{ amount: 1 }, { amount: 2 }], settled: [], day: null, roles: ['viewer', 'agent'] }),
  ).toBe('行：2件、役割：閲覧・応対')
})

test('what the program calls by its own names is told in the auditor’s', () => {
  expect(factsWords({ by: ['family', 'full-name'], found: 0, hasMore: false })).toBe(
    '検索の項目：姓・姓名、見つかった人数：0、続きあり：いいえ',
  )
  expect(factsWords({ asked: ['name', 'birthDate'], receivedDay: '2026-11-24' })).toBe(
    '照合した項目：お名前・生年月日、受領日：2026-11-24',
  )
})
