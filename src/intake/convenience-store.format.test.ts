import { expect, test } from 'vitest'
import { day } from '#values/day'
import { mutantOf } from '../../test/mutants.ts'
import { readStorePayment, storeColumns } from './convenience-store.format.ts'
import { readCsvHeader } from './csv-header.format.ts'
import { sayCsvProblem } from './csv-problem.format.ts'
import { type CsvRead, readCsvRows } from './csv-rows.format.ts'

const convenienceStore = {
  makerCode: '912345',
  acceptsScreens: true,
  padding: 'left' as 'left' | 'right',
  payableDays: 3,
  limitYen: 300_000,
  stampFromYen: 50_000,
  chains: [{ name: 'サンプルマート' }],
  apps: [],
}

const japanese = ['種別', '収納日時', '払込票番号', '金額', 'チェーン', '店舗']

const headerOf = (cells: readonly string[]) => {
  const header = readCsvHeader(storeColumns, cells)
  if (header.kind !== 'header') throw new Error(JSON.stringify(header))
  return header
}

const context = { convenienceStore, received: day('2026-11-24') }

const read = (cells: readonly string[], as: Partial<typeof convenienceStore> = {}) =>
  readStorePayment({ cells, line: 7 }, headerOf(japanese), {
    ...context,
    convenienceStore: { ...convenienceStore, ...as },
  })

const good = ['速報', '2026-11-24 09:15', '123456789012345', '12300', 'サンプルマート', '見本店'] as const

const withCell = (at: number, cell: string) => good.map((each, index) => (index === at ? cell : each))

const payment = (cells: readonly string[], as = {}) => {
  const found = read(cells, as)
  return found.kind === 'payment' ? found.payment : found.problems.map(sayCsvProblem)
}

test('a row is one act of one payment', () => {
  expect(payment(good)).toMatchObject({
    act: 'provisional',
    onDay: '2026-11-24',
    slipNumber: '000000123456789012345',
    amount: 12_300,
  })
})

test.each([
  ['確報', 'final'],
  ['取消', 'reversal'],
  ['速報取消', 'reversal'],
  ['Final', 'final'],
])('%s is %s', (kind, act) => {
  expect(payment(withCell(0, kind))).toMatchObject({ act })
})

test('an English header in any order, and without chain and store, will do', () => {
  const header = headerOf(['amount', 'kind', 'slip_number', 'PAID_AT'])
  expect(readStorePayment({ cells: ['500', '確報', '77', '202611240915'], line: 2 }, header, context)).toMatchObject({
    kind: 'payment',
    payment: { act: 'final', amount: 500, onDay: '2026-11-24' },
  })
})

const keyOf = (cells: readonly string[]) => {
  const found = payment(cells)
  return 'key' in found ? found.key : found
}

test.each([
  '2026-11-24 09:15:59',
  '2026/11/24 9:15',
  '20261124 0915',
  '202611240915',
  '20261124091530',
  '2026-11-24T09:15:00+09:00',
  '２０２６－１１－２４ ０９：１５',
])('%s is the same minute', (at) => {
  expect(keyOf(withCell(1, at))).toBe(keyOf(good))
})

test('速報, 確報 and 取消 of one payment share their key; another slip or minute has another', () => {
  expect(keyOf(withCell(0, '確報'))).toBe(keyOf(good))
  expect(keyOf(withCell(0, '取消'))).toBe(keyOf(good))
  expect(keyOf(withCell(1, '2026-11-24 09:16'))).not.toBe(keyOf(good))
  expect(keyOf(withCell(2, '123456789012346'))).not.toBe(keyOf(good))
  expect(String(keyOf(good)).length).toBeLessThanOrEqual(24)
})

test.each([
  ['9191234500000000000000452087500401310029500', 4],
  ['9191234500000012345678901234509999990012300', 8],
])('of the 44 digits %s%i the free part is the number, and the amount has to be theirs', (digits, check) => {
  const amount = Number(digits.slice(37, 43))
  expect(payment([...withCell(2, `${digits}${check}`).slice(0, 3), String(amount), '', ''])).toMatchObject({
    slipNumber: digits.slice(8, 29),
    amount,
  })
  expect(payment([...withCell(2, `${digits}${check}`).slice(0, 3), String(amount + 1), '', ''])).toEqual([
    'line 7, 金額: not the amount of the barcode',
  ])
  expect(payment(withCell(2, `${digits}${(check + 1) % 10}`))).toMatchObject([
    expect.stringContaining('the check digit differs'),
  ])
})

test('the slip of another company is refused', () => {
  const cells = [...withCell(2, '91912345000000000000004520875004013100295004').slice(0, 3), '29500', '', '']
  expect(payment(cells, { makerCode: '900000' })).toEqual([
    'line 7, 払込票番号: the slip of another 請求書発行企業コード; found "########################################…"',
  ])
})

test('the zeros of a shorter number are where the agent has them', () => {
  expect(payment(withCell(2, '77'), { padding: 'right' })).toMatchObject({ slipNumber: `77${'0'.repeat(19)}` })
  expect(payment(withCell(2, '77'))).toMatchObject({ slipNumber: `${'0'.repeat(19)}77` })
})

test.each([
  ['12,300', 12_300],
  ['¥12,300', 12_300],
  ['12300円', 12_300],
  ['１２３００', 12_300],
])('%s is %i yen', (cell, amount) => {
  expect(payment(withCell(3, cell))).toMatchObject({ amount })
})

test.each([
  [0, '入金', 'line 7, 種別: not 速報, 確報 or 取消; found "字字"'],
  [0, '', 'line 7, 種別: empty'],
  [0, 'constructor', 'line 7, 種別: not 速報, 確報 or 取消'],
  [1, '2026-11-24', 'line 7, 収納日時: no day with hour and minute'],
  [1, '2026-11-31 10:00', 'line 7, 収納日時: there is no such day or time; found "####-##-## ##:##"'],
  [1, '2026-11-24 24:00', 'line 7, 収納日時: there is no such day or time'],
  [1, '2026-11-25 00:00', 'line 7, 収納日時: after the day the file came, 2026-11-24'],
  [1, '2016-11-25 00:00', 'line 7, 収納日時: longer ago than five years'],
  [1, '2026-11-24T00:15:00Z', 'line 7, 収納日時: no day with hour and minute'],
  [2, '1.23457E+14', 'line 7, 払込票番号: neither a slip number'],
  [2, '1'.repeat(22), 'line 7, 払込票番号: neither a slip number'],
  [3, '0', 'line 7, 金額: no amount'],
  [3, '-500', 'line 7, 金額: no amount in whole yen; found "-###"'],
  [3, '1,23', 'line 7, 金額: no amount in whole yen'],
  [3, '500.5', 'line 7, 金額: no amount in whole yen'],
])('cell %i: %j is refused', (at, cell, said) => {
  const problems = payment(withCell(at, cell))
  expect(problems).toMatchObject([expect.stringContaining(said)])
})

test('every problem of a row is told, and a row of another width is one', () => {
  expect(payment(['入金', '', 'x', 'y', 'z'])).toHaveLength(5)
  expect(payment([...good, 'more'])).toEqual(['line 7: the row has 7 cells and the header 6'])
})

test('a header names what is missing, unknown and twice', () => {
  expect(readCsvHeader(storeColumns, ['種別', 'kind', '金額', 'remarks'])).toEqual({
    kind: 'wrong-header',
    missing: ['paid_at (収納日時)', 'slip_number (払込票番号)'],
    unknown: ['remarks'],
    doubled: ['kind'],
  })
})

const mutants = Number(process.env.ANNAI_MUTANTS ?? 500)

const readAll = async (bytes: Buffer): Promise<CsvRead> => {
  const text = (async function* () {
    yield bytes.toString('utf8')
  })()
  const rows = readCsvRows(text, {
    columns: storeColumns,
    rowOf(record, header) {
      const found = readStorePayment(record, header, context)
      return found.kind === 'payment' ? `${record.line}\n` : found.problems
    },
  })
  for (;;) {
    const next = await rows.next()
    if (next.done === true) return next.value
  }
}

test('mutated files never crash the reader, and a refusal says where', async () => {
  const base = Buffer.from([japanese, ...Array.from({ length: 8 }, () => good)].map((cells) => `${cells}\r\n`).join(''))
  expect(await readAll(base)).toEqual({ kind: 'read', rows: 8 })
  for (let seed = 0; seed < mutants; seed++) {
    const outcome = await readAll(mutantOf(base, seed, 1 + (seed % 4)))
    if (outcome.kind === 'wrong-rows') expect(outcome.problems[0]?.line).toBeGreaterThan(0)
  }
}, 60_000)
