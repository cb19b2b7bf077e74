import { createWriteStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Debit91, importCustomers, importDebits, write91 } from '#intake'
import { approveCampaign, planCampaign } from '#outreach'
import { fileSource } from '#platform/source'
import { addDays, dayInJst } from '#values/day'
import type { World } from '../../src/main/world.ts'
import type { ChaosOptions } from './options.ts'
import { binds, codeCountOf, ratePerSecondOf, windowMax } from './options.ts'

/** Customer n of the run, from 1 on; the phone belongs to nobody, and none of the magic numbers is among them. */
export const customerNumberOf = (n: number): string => String(10_000_000 + n)
export const phoneOf = (n: number): string => `0900${String(1_000_000 + n)}`
export const customerNumberOfPhone = (to: string): string => customerNumberOf(Number(to.slice(4)) - 1_000_000)

/**
 * The demo's creditor, with codes of eight digits, so that no two are alike. With a single carrier the campaign does not
 * pause by itself, which it does when that one refuses too much: nobody is there to resume it. With two it must not have to.
 */
export const writeCreditor = async (folder: string, { carriers }: Pick<ChaosOptions, 'carriers'>): Promise<string> => {
  const file = join(folder, 'creditor.yaml')
  const demo = await readFile(join(import.meta.dirname, '../../creditor/demo.yaml'), 'utf8')
  const pausing = carriers === 1 ? ', messages: { pauseFailedPercent: 100, pauseRefusedInARow: 1000 }' : ''
  await writeFile(file, demo.replace('policies: {}', `policies: { code: { digits: 8 }${pausing} }`))
  return file
}

/** Each carrier with several binds, so that several workers send at once. */
export const writeGateways = async (
  folder: string,
  ports: Readonly<Record<string, number>>,
  options: ChaosOptions,
): Promise<string> => {
  const file = join(folder, 'gateways.yaml')
  const gateways = Object.fromEntries(
    Object.entries(ports).map(([name, port]) => [
      name,
      {
        kind: 'smpp',
        host: '127.0.0.1',
        port,
        systemId: 'annai',
        password: 'annai',
        binds,
        windowMax,
        ratePerSecond: ratePerSecondOf(options),
      },
    ]),
  )
  const names = Object.keys(ports)
  const routes = { code: names, notice: names, receipt: names }
  await writeFile(file, JSON.stringify({ gateways, routes }), { mode: 0o600 })
  return file
}

/** Takes in customers and a result file in which each debit failed, and lets the campaign go out. Answers with its id. */
export const queueCampaign = async (world: World, folder: string, { messages }: ChaosOptions): Promise<string> => {
  const act = () => ({ by: 'cli:chaos' as const, now: world.clock.now() })
  const [master, result] = [join(folder, 'customers.csv'), join(folder, 'result.txt')]
  await pipeline(Readable.from(customerRows(messages)), createWriteStream(master))
  await pipeline(write91(groups(messages, addDays(dayInJst(world.clock.now()), -1))), createWriteStream(result))

  const taken = await importCustomers(world, await fileSource(master), { ...act(), writeRejected: async () => {} })
  if (taken.kind !== 'imported' || taken.report.rejected > 0) throw new Error(`The customers: ${taken.kind}`)
  const received = dayInJst(world.clock.now())
  const billed = await importDebits(world, await fileSource(result), { ...act(), received })
  if (billed.kind !== 'imported') throw new Error(`The result file: ${billed.kind}`)

  const { campaign } = await planCampaign(world, act())
  const approved = await approveCampaign(world, { id: campaign.id, ...act() })
  if (approved.kind !== 'approved' || approved.queued !== messages)
    throw new Error(`The campaign was not queued whole: ${JSON.stringify(approved)}`)
  return campaign.id
}

/** How often a code is asked for. */
export const codeEveryMs = (options: ChaosOptions): number => (options.minutes * 60_000) / codeCountOf(options)

const header =
  'customer_number,kana_family_name,kana_given_name,birth_date,mobile_number,contract_number,product,excluded'

function* customerRows(count: number): Iterable<string> {
  yield `${header}\r\n`
  for (let n = 1; n <= count; n++)
    yield `${customerNumberOf(n)},テスト,ハナコ,1990-01-01,${phoneOf(n)},L${n},shopping,0\r\n`
}

/** The trailer has six digits for the number of records. */
const recordsPerGroup = 500_000

function* groups(count: number, debitDay: string) {
  for (let from = 1, group = 1; from <= count; from += recordsPerGroup, group++)
    yield {
      header: {
        originatorCode: '9876543210',
        debitDay: debitDay.slice(5).replace('-', ''),
        bankCode: '0001',
        branchCode: '001',
        accountType: '1',
        accountNumber: String(1_000_000 + group),
      },
      debits: debits(from, Math.min(count, from + recordsPerGroup - 1)),
    }
}

function* debits(from: number, to: number): Iterable<Debit91> {
  for (let n = from; n <= to; n++)
    yield {
      bankCode: '0005',
      bankName: 'ﾐﾎﾝ',
      branchCode: '222',
      branchName: 'ﾎﾝﾃﾝ',
      accountType: '1',
      accountNumber: '7654321',
      payerName: 'ﾃｽﾄ ﾊﾅｺ',
      amount: '10000',
      newCode: '0',
      customerNumber: customerNumberOf(n).padStart(20, '0'),
      resultCode: '1',
    }
}
