import { beforeAll, expect, test } from 'vitest'
import type { Creditor } from '#creditor'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { demoCreditor } from '../../test/intake-fixture.ts'
import { closedDaysOf } from './settings-holidays.rules.ts'
import { policyGroups } from './settings-policy.rules.ts'
import { checkedTexts } from './settings-texts.rules.ts'

let creditor: Creditor
beforeAll(async () => {
  creditor = await demoCreditor()
})

test('each text is shown as it leaves, with its length and its parts', () => {
  expect(checkedTexts(creditor)).toMatchObject([
    { key: 'notice', parts: 1, problems: [], rendered: expect.stringContaining(creditor.siteAddress) },
    {
      key: 'code',
      parts: 1,
      problems: [],
      rendered: expect.stringContaining('8'.repeat(creditor.policies.code.digits)),
    },
    { key: 'receipt', parts: 1, problems: [], rendered: expect.stringContaining('888-888-888') },
  ])
  for (const { rendered, units } of checkedTexts(creditor)) expect(units).toBe(rendered.length)
})

test('a text that must not leave carries the checker’s verdict', () => {
  const texts = { ...creditor.texts, notice: '{company} 至急 {url}' }
  const [notice, code] = checkedTexts({ ...creditor, texts })
  expect(notice?.problems).toEqual(['word-of-dunning'])
  expect(code?.problems).toEqual([])
})

test('days on which banks are closed, weekends apart', () => {
  const days = closedDaysOf(2026, japaneseHolidays).map(({ day, because }) => `${day} ${because}`)
  expect(days).toContain('2026-11-23 holiday')
  expect(days).toContain('2026-12-31 turn-of-year')
  expect(days).toContain('2026-01-02 turn-of-year')
  // A Saturday is closed as it is.
  expect(days.filter((day) => day.startsWith('2026-01-03'))).toEqual([])
  expect(days).toHaveLength(18 + 2)
})

test('what the file says is what is shown, with its key', () => {
  const policies = structuredClone(creditor.policies)
  policies.contact.noticesIn7Days = 7
  policies.code.digits = 8
  policies.payments.allocation = ['principal', 'fee', 'late-charge']
  const facts = policyGroups(policies).flatMap(({ facts }) => facts)
  const valueFor = (key: string) => facts.find((fact) => fact.key === `policies.${key}`)?.value
  expect(valueFor('contact.noticesIn7Days')).toBe('7通まで')
  expect(valueFor('code.digits')).toBe('8桁')
  expect(valueFor('payments.allocation')).toBe('元本→手数料→遅延損害金')
})

test('every key that is named is one of the file', () => {
  const keys = policyGroups(creditor.policies).flatMap(({ facts }) =>
    facts.flatMap(({ key }) => key.replace(' ほか', '').split(', ')),
  )
  for (const key of keys) {
    const path = key.replace(/^policies\./, '').split('.')
    let at: unknown = creditor.policies
    for (const part of path) at = (at as Readonly<Record<string, unknown>>)[part]
    expect(at, key).not.toBeUndefined()
  }
})
