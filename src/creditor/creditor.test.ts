import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfigFile } from '#platform/config/file'
import { findProduct, meaningOfResult, parseCreditor, readCreditor, readPolicies } from './creditor.ts'

const folder = join(import.meta.dirname, '../../creditor')
let demo: Record<string, unknown>
let temp: string

beforeAll(async () => {
  demo = (await readConfigFile(join(folder, 'demo.yaml'))) as Record<string, unknown>
  temp = await mkdtemp(join(tmpdir(), 'annai-creditor-'))
})
afterAll(() => rm(temp, { recursive: true, force: true }))

/** The demo's file with one value changed or taken out. */
const changed = (key: string, value: unknown): unknown => {
  const copy = structuredClone(demo)
  const path = key.split('.')
  const last = path.pop() ?? ''
  let parent = copy
  for (const name of path) {
    parent[name] ??= {}
    parent = parent[name] as Record<string, unknown>
  }
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return copy
}

const problemKeys = (file: unknown): readonly string[] => {
  const parsed = parseCreditor(file)
  return 'problems' in parsed ? parsed.problems.map(({ key }) => key) : []
}

test.each(['demo.yaml', 'neutral.yaml'])('%s is valid', async (name) => {
  await expect(readCreditor(join(folder, name), { demo: true })).resolves.toMatchObject({ demo: true })
})

test('outside the demo nobody is sent to its invented bank', async () => {
  await expect(readCreditor(join(folder, 'demo.yaml'), { demo: false })).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.stringMatching(/transferAccounts\.0\.bankCode: .*\n {2}virtualAccounts\.bankCode: /),
  })
  const path = join(temp, 'live.json')
  const account = { bankCode: '0001', bankName: 'みずほ銀行', branchCode: '107', branchName: '上野支店' }
  const { virtualAccounts: _, ...live } = demo
  const kept = { type: '普通', number: '1234567', holder: '株式会社みほん', holderKana: 'カ）ミホン' }
  await writeFile(path, JSON.stringify({ ...live, transferAccounts: [{ ...account, ...kept }] }))
  await expect(readCreditor(path, { demo: false })).resolves.toMatchObject({ demo: false })
})

test('what the demo leaves out takes the defaults of the design', async () => {
  const { policies } = await readCreditor(join(folder, 'demo.yaml'), { demo: true })
  expect(policies.code).toMatchObject({ digits: 4, lifeMinutes: 5, triesPerCode: 3, codesPerDay: 3, wrongPerDay: 9 })
  expect(policies.code.resendAfterSeconds).toEqual([30, 60, 120])
  expect(policies.contact).toMatchObject({ opens: '09:00', closes: '20:00', noticesPerDay: 1, noticesIn7Days: 3 })
  expect(policies.promise.days).toBe(2)
})

describe('a wrong value is refused by the name of its key', () => {
  test.each<[string, unknown]>([
    ['brand.companyName', ''],
    ['brand.companyName', undefined],
    ['brand.motto', 'unknown key'],
    ['contact.hours.opens', '9:30'],
    ['contact.hours.closes', '09:00'],
    ['contact.hours.weekdays', []],
    ['site.address', 'http://mobile.jaccs.co.jp/v'],
    ['sender.sms', 'ジャックス'],
    ['products.shopping.name', 'カード'],
    ['products.shopping.lateCharge.annualRatePercent', 14.6],
    ['transferAccounts', []],
    ['texts.notice', 'お支払いのご案内です。 {url}'],
    ['policies.code.digits', 3],
    ['policies.code.digits', '4'],
    ['policies.code.triesPerCode', 0],
    ['policies.contact.opens', '07:59'],
    ['policies.contact.closes', '21:01'],
    ['policies.contact.closes', '08:30'],
    ['policies.visit.idleMinutes', 31],
    ['policies.resultCodes.0', 'bill'],
    ['policies.resultCodes.2', 'paid'],
    ['policies.resultCodes.9', 'bill'],
  ])('%s = %j', (key, value) => {
    expect(
      problemKeys(changed(key, value)).some(
        (found) => found === key || key.startsWith(`${found}.`) || found.startsWith(`${key}.`),
      ),
    ).toBe(true)
  })
})

test.each<[string, readonly object[]]>([
  ['redebits.days.0.day', [{ day: '2026-02-29' }]],
  ['redebits.days.0.day', [{ day: '1969-12-10' }]],
  ['redebits.days.0.day', [{ day: '2051-01-10' }]],
  ['redebits.days.0.day', [{ day: '10.12.2026' }]],
  ['redebits.days.0.cutOff', [{ day: '2026-12-10', cutOff: '2026-11-31' }]],
  ['redebits.days.0.cutOff', [{ day: '2026-12-10', cutOff: '2026-12-11' }]],
  ['redebits.days.0.products', [{ day: '2026-12-10', products: ['boat'] }]],
  ['redebits.days.1.day', [{ day: '2026-12-10' }, { day: '2026-12-10', products: ['card'] }]],
  ['redebits.days.1.day', [{ day: '2026-12-10', products: ['card'] }, { day: '2026-12-10' }]],
])('a day of re-debits that cannot be meant is refused: %s = %j', (key, days) => {
  expect(problemKeys(changed('redebits', { days }))).toEqual([key])
})

test('days of re-debits are taken as they are meant', () => {
  const days = [
    { day: '2026-12-10', cutOff: '2026-12-10', products: ['card'] },
    { day: '2026-12-10', products: ['cashing'] },
    { day: '2028-02-29' },
  ]
  expect(problemKeys(changed('redebits', { days }))).toEqual([])
})

test('a file that is no YAML is refused with its line', async () => {
  const path = join(temp, 'broken.yaml')
  await writeFile(path, 'brand:\n  companyName: [\n')
  await expect(readCreditor(path, { demo: false })).rejects.toMatchObject({
    code: 'config-syntax',
    message: expect.stringContaining('line'),
  })
})

test('JSON is read too', async () => {
  const path = join(temp, 'demo.json')
  await writeFile(path, JSON.stringify(parse(JSON.stringify(demo))))
  await expect(readCreditor(path, { demo: true })).resolves.toBeDefined()
})

test('a result code that nobody listed is for people, never "paid"', async () => {
  const policies = await readPolicies(join(folder, 'demo.yaml'))
  expect(['0', '1', '5', 'Z'].map((code) => meaningOfResult(policies, code))).toEqual([
    'paid',
    'bill',
    'manual',
    'manual',
  ])
})

test('a product is named by key or by its Japanese name', async () => {
  const creditor = await readCreditor(join(folder, 'demo.yaml'), { demo: true })
  expect(['card', 'カード', '住宅ローン', 'boat'].map((name) => findProduct(creditor, name))).toEqual([
    'card',
    'card',
    'housing-loan',
    undefined,
  ])
})
