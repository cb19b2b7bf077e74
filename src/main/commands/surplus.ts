import type { Actor } from '#audit'
import { listSurpluses, refundAtProvider, refundSurplus, type SurplusToRefund } from '#payments'
import { inTransaction } from '#platform/database/database'
import { openLog } from '#platform/log'
import { isUuid } from '#values/id'
import { formatYen } from '#values/yen'
import { findCardProvider } from '../cards.ts'
import type { Settings } from '../settings.ts'
import { table, terminal } from '../terminal.ts'
import type { World } from '../world.ts'
import { refusedBecause } from './deposit-words.ts'
import { actorOf, withWorld } from './with-world.ts'

type Options = { readonly as?: string; readonly json?: boolean }

const leftBecause: Readonly<Record<SurplusToRefund['because'], string>> = {
  'paid-twice': 'paid twice',
  'too-much': 'more than was owed',
  'nothing-owed': 'nothing was owed',
}

export const surplusCommand = (settings: Settings, options: Options): Promise<number> =>
  withWorld(settings, async ({ db, creditor }) => {
    const surpluses = await listSurpluses(db, creditor)
    if (options.json) terminal.json(surpluses)
    else if (surpluses.length === 0) terminal.say('No money is left over.')
    else terminal.data(table(surpluses.map(row)))
    return 0
  })

const row = ({ depositId, onDay, customerNumber, surplus, amount, because }: SurplusToRefund) => [
  onDay,
  customerNumber,
  `${formatYen(surplus)} of ${formatYen(amount)}`,
  leftBecause[because],
  depositId,
]

/** What a provider took it gives back itself; everything else is paid out by people, and written down here. */
export const refundCommand = (settings: Settings, options: Options, depositId: string): Promise<number> =>
  withWorld(settings, async (world) => {
    const outcome = isUuid(depositId)
      ? await refund(world, { depositId, by: actorOf(options), now: world.clock.now() })
      : ({ kind: 'refused', because: 'no-such-deposit' } as const)
    if (options.json) terminal.json(outcome)
    else if (outcome.kind === 'refused') terminal.say(refusedBecause[outcome.because])
    else if (outcome.isPaidOut) terminal.say(`${formatYen(outcome.amount)} were given back by the payment provider.`)
    else terminal.say(`Written down: ${formatYen(outcome.amount)} given back. Paying it out is up to you.`)
    return outcome.kind === 'refunded' ? 0 : 1
  })

type Refunding = { readonly depositId: string; readonly by: Actor; readonly now: Date }

const refund = async (world: World, refunding: Refunding) => {
  const provider = findCardProvider(world, openLog(world.settings.logLevel))
  const atProvider = provider && (await refundAtProvider(world, provider, refunding))
  if (atProvider !== undefined && atProvider.kind !== 'not-by-provider') return { ...atProvider, isPaidOut: true }
  const { depositId, by, now } = refunding
  const written = await inTransaction(world.db, (tx) => refundSurplus(tx, depositId, by, now))
  return { ...written, isPaidOut: false }
}
