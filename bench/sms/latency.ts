import { setTimeout as sleep } from 'node:timers/promises'
import { codeText, queueMessage } from '#messages'
import { inTransaction } from '#platform/database/database'
import type { World } from '../../src/main/world.ts'
import { nowMs } from './bytes.ts'
import { planNotices, queueNotices } from './campaign.ts'
import { type Customer, fillCustomers } from './cast.ts'
import { phoneOf } from './data.ts'
import { startNodes } from './nodes.ts'
import { type Options, quantile, say, table } from './report.ts'
import type { Stage } from './stage.ts'

/** Who asks for a code has a number of this range. */
const askersFrom = 9_000_000
const askersPrefix = phoneOf(askersFrom).slice(0, 6)
/** On average; the gaps are random, so that no rhythm of ours or of the machine's is hit or missed every time. */
const gapMs = 40

/**
 * From the wish to queue a code to its bytes at the carrier, while nothing else happens and while a campaign leaves as
 * fast as it can. The code is queued by another process than the one that sends, as the site would.
 */
export async function measureLatency(stage: Stage, options: Options): Promise<string> {
  const nodes = await startNodes(stage, options, { nodes: 1, binds: 1, ratePerSecond: options.ratePerSecond })
  try {
    const { world } = nodes
    const campaign = await planNotices(world, options.messages)
    const askers = await fillCustomers(world.db, world.vault, {
      count: options.codes * 2,
      now: world.clock.now(),
      numbersFrom: askersFrom,
    })
    await stage.sink.watch(askersPrefix)
    const half = Math.floor(options.codes / 2)
    const asked = new Map<string, number>()
    const ask = (from: number, count: number) => askForCodes(world, askers.slice(from, from + count), from, asked)

    // Connections, plans and code are warm before anything counts.
    await ask(0, 20)
    const before = await ask(20, half)
    await queueNotices(world, campaign, options.messages)
    await sleep(500)
    const submitsBefore = (await stage.sink.tally()).submits
    const during = await ask(20 + half, options.codes - 20)
    const { submits } = await stage.sink.tally()
    if (submits - askers.length >= options.messages) throw new Error('The campaign ended before the codes; --messages')
    const campaignSpeed = ((submits - submitsBefore) / during.ms) * 1_000
    await stage.sink.reach({ acked: options.messages })
    await sleep(1_000)
    const after = await ask(options.codes + half, half)

    const arrived = new Map((await stage.sink.watched()).map(({ to, atMs }) => [to, atMs]))
    const latencies = (numbers: readonly string[]) =>
      numbers.map((number) => (arrived.get(number) ?? Number.NaN) - (asked.get(number) ?? Number.NaN))
    const idle = latencies([...before.numbers, ...after.numbers])
    const busy = latencies(during.numbers)
    if ([...idle, ...busy].some(Number.isNaN)) throw new Error('A code never arrived')
    say(`codes among ${campaignSpeed.toFixed(0)} messages a second`)
    const row = (name: string, of: readonly number[]) => [
      name,
      String(of.length),
      ...[0.5, 0.9, 0.99, 1].map((share) => `${quantile(of, share).toFixed(1)} ms`),
    ]
    const ratio = (share: number) => `${(quantile(busy, share) / quantile(idle, share)).toFixed(2)} ×`
    return table(
      ['a code leaves', 'codes', 'p50', 'p90', 'p99', 'longest'],
      [
        row('with nothing else to do', idle),
        row(`during a campaign of ${campaignSpeed.toFixed(0)} messages/s`, busy),
        ['ratio (goal: p99 ≤ 1.5 ×)', '', ratio(0.5), ratio(0.9), ratio(0.99), ratio(1)],
      ],
    )
  } finally {
    await nodes.close()
  }
}

async function askForCodes(world: World, askers: readonly Customer[], from: number, asked: Map<string, number>) {
  const numbers: string[] = []
  const underWay: Promise<unknown>[] = []
  const startedMs = nowMs()
  for (const [index, asker] of askers.entries()) {
    const number = phoneOf(askersFrom + from + index + 1)
    numbers.push(number)
    asked.set(number, nowMs())
    underWay.push(queueCode(world, asker))
    await sleep(Math.random() * gapMs * 2)
  }
  await Promise.all(underWay)
  await sleep(1_000)
  return { numbers, ms: nowMs() - startedMs }
}

function queueCode({ db, vault, creditor, clock }: World, { id, caseId, phoneValue }: Customer): Promise<string> {
  const now = clock.now()
  return inTransaction(db, (tx) =>
    queueMessage(
      tx,
      vault,
      {
        customerId: id,
        class: 'code',
        caseId,
        phoneValue,
        sender: creditor.sender.sms,
        partCount: 1,
        validUntil: new Date(now.getTime() + 5 * 60_000),
        text: codeText(creditor, '1234'),
      },
      now,
    ),
  )
}
