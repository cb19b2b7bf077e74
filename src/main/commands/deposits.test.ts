import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { japaneseHolidays } from '#platform/calendar/holidays'
import { machineClock } from '#platform/clock/clock'
import { startDemoClock } from '#platform/clock/demo-clock'
import { sql } from '#platform/database/database'
import { openKeys } from '#platform/vault/keys'
import { openVault } from '#platform/vault/vault'
import { openCase } from '../../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { paymentsWorld, putName } from '../../../test/deposits.ts'
import { bankNoticeByHand } from '../../../test/deposits-by-hand.ts'
import { program } from '../program.ts'
import { readSettings } from '../settings.ts'

let it: TestDatabase
let folder: string
beforeAll(async () => {
  it = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'annai-deposits-'))
  await openKeys({ dataDir: folder, create: true })
  // The accounts of the demo's creditor are at no bank that there is, which only a demo may say.
  await startDemoClock(it.db, {
    holidays: japaneseHolidays,
    siteAddress: 'https://mobile.jaccs.co.jp/v',
    machine: machineClock,
  })
})
afterAll(async () => {
  await it.drop()
  await rm(folder, { recursive: true })
})
afterEach(() => vi.restoreAllMocks())

/** What the command line writes, and its exit code. */
const annai = async (...argv: readonly string[]) => {
  const [out, err]: string[][] = [[], []]
  const into = (lines: string[] | undefined) => (text: string | Uint8Array) => {
    lines?.push(String(text))
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(into(out))
  vi.spyOn(process.stderr, 'write').mockImplementation(into(err))
  const env = { DATABASE_URL: it.url, ANNAI_DATA_DIR: folder, ANNAI_CREDITOR: 'creditor/demo.yaml' }
  const code = await program(argv, () => readSettings(env)).finally(() => vi.restoreAllMocks())
  return { code, out: (out ?? []).join(''), err: (err ?? []).join('') }
}

const importMoney = async (payer: string, amount: number): Promise<void> => {
  const file = join(folder, `${amount}.txt`)
  const account = { bank: '0000', branch: '001', number: '1234567' }
  await writeFile(file, bankNoticeByHand('A', [{ account, money: [{ payer, amount }] }]))
  expect(await annai('import', 'deposits', file, '--received', '2026-11-24', '--json')).toMatchObject({ code: 0 })
}

test('money that waits is shown with its payer masked, named only to who says why, matched, and taken apart', async () => {
  const w = await paymentsWorld(it.db)
  const vault = openVault(await openKeys({ dataDir: folder, create: false }))
  const ann = await openCase(it.db)
  await putName({ ...w, vault }, ann.customerId, 'クロカワ', 'ミナト')
  await importMoney('ｸﾛｶﾜ ﾐﾅﾄ', 5_000)

  const masked = await annai('deposits', 'unmatched')
  expect(masked.out).toMatch(/2026-11-20 +5,000円 +ク\*{5} .*the amount is not what they owe/)
  expect(masked.out).toMatch(new RegExp(`${ann.customerNumber} +the whole name, not the amount`))
  const json = await annai('deposits', 'unmatched', '--json')
  for (const { out } of [masked, json]) expect(out).not.toContain('ミナト')
  const { deposits } = JSON.parse(json.out)
  expect(deposits).toMatchObject([{ payer: 'ク*****', because: 'amount-differs', amount: 5_000 }])

  const named = await annai('deposits', 'unmatched', '--names', '入金消込', '--as', 'sato')
  expect(named.out).toContain('クロカワ ミナト')
  const { rows } = await sql`select actor, facts from audit_lines where act = 'deposit.payer-read'`.execute(it.db)
  expect(rows).toEqual([{ actor: 'cli:sato', facts: { reason: '入金消込', deposits: [deposits[0].id] } }])

  const { id } = deposits[0]
  expect(await annai('deposits', 'match', id, '--customer', 'C-nobody')).toMatchObject({ code: 1, out: '' })
  expect(await annai('deposits', 'match', id, '--customer', ann.customerNumber, '--as', 'sato')).toEqual({
    code: 0,
    out: '',
    err: `Matched to ${ann.customerNumber}: 0 bills settled.\n`,
  })
  const shown = await annai('deposits', 'show', id)
  expect(shown.out).toMatch(new RegExp(`state +customer ${ann.customerNumber}, by person, certain`))
  expect(shown.out).toMatch(/bill +2026-11-20 .*5000 +principal 5000, fee 0, late charge 0/)
  expect(await annai('deposits', 'unmatch', id)).toMatchObject({ code: 0 })
  expect((await annai('deposits', 'show', id)).out).toContain('a person took it away')
})

test('what is left over is listed and given back once', async () => {
  const ann = await openCase(it.db, { bills: [] })
  await importMoney('ﾆｼ ﾐﾔ', 7_000)
  const { deposits } = JSON.parse((await annai('deposits', 'unmatched', '--json')).out)
  const { id } = deposits.find(({ amount }: { readonly amount: number }) => amount === 7_000)
  await annai('deposits', 'match', id, '--customer', ann.customerNumber)
  expect((await annai('deposits', 'surplus')).out).toMatch(/7,000円 of 7,000円 +nothing was owed/)
  expect((await annai('deposits', 'refund', id, '--as', 'sato')).err).toMatch(/7,000円 given back/)
  expect(await annai('deposits', 'refund', id)).toMatchObject({
    code: 1,
    err: expect.stringContaining('Nothing of it'),
  })
  expect(await annai('deposits', 'unmatch', id)).toMatchObject({ code: 1, err: expect.stringContaining('given back') })
})

test.each(['show', 'unmatch', 'refund'])('%s of nothing that is there says so', async (act) => {
  for (const id of ['nonsense', '019ab0c2-0000-7000-8000-000000000000']) {
    const { code, err } = await annai('deposits', act, id)
    expect(code).toBe(1)
    expect(err).toContain('There is no such deposit')
  }
})
