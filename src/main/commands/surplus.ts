import { listSurpluses, refundSurplus, type SurplusToRefund } from '#payments'
import { inTransaction } from '#platform/database/database'
import { isUuid } from '#values/id'
import { formatYen } from '#values/yen'
import type { Settings } from '../settings.ts'
import { table, terminal } from '../terminal.ts'
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

export const refundCommand = (settings: Settings, options: Options, depositId: string): Promise<number> =>
  withWorld(settings, async ({ db, clock }) => {
    const outcome = isUuid(depositId)
      ? await inTransaction(db, (tx) => refundSurplus(tx, depositId, actorOf(options), clock.now()))
      : ({ kind: 'refused', because: 'no-such-deposit' } as const)
    if (options.json) terminal.json(outcome)
    else if (outcome.kind === 'refunded')
      terminal.say(`Written down: ${formatYen(outcome.amount)} given back. Paying it out is up to you.`)
    else terminal.say(refusedBecause[outcome.because])
    return outcome.kind === 'refunded' ? 0 : 1
  })
