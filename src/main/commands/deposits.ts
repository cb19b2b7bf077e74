import { writeAudit } from '#audit'
import { readPayers } from '#intake'
import {
  type Advice,
  adviseOn,
  type DepositUse,
  findDeposit,
  listStrayReversals,
  listUnmatched,
  listUses,
  matchByHand,
  type ReadPayers,
  type Rebalanced,
  type StrayReversal,
  takeApart,
} from '#payments'
import { isUuid } from '#values/id'
import { fromHalfWidth } from '#values/kana'
import { maskKana } from '#values/mask'
import { formatYen } from '#values/yen'
import type { Settings } from '../settings.ts'
import { table, terminal } from '../terminal.ts'
import type { World } from '../world.ts'
import { refusedBecause, speaksFor, waitsBecause } from './deposit-words.ts'
import { actorOf, withWorld } from './with-world.ts'

type Common = { readonly as?: string; readonly json?: boolean }

/** Names are shown only to somebody who says why. */
type Reading = Common & { readonly names?: string }

/** As many as somebody works through at a sitting. */
const shownMax = 100

export const unmatchedCommand = (settings: Settings, options: Reading): Promise<number> =>
  withWorld(settings, async (world) => {
    const deposits = await listUnmatched(world.db, { limit: shownMax + 1 })
    const advice = await adviseOn(world.db, world, deposits.slice(0, shownMax), payersOf(world))
    const strays = await listStrayReversals(world.db, shownMax)
    await auditNames(world, options, advice)
    if (options.json) terminal.json({ deposits: advice.map((one) => asJson(one, options)), strayReversals: strays })
    else sayUnmatched(advice, strays, options)
    if (deposits.length > shownMax) terminal.say(`These are the oldest ${shownMax}; there are more.`)
    return 0
  })

export const showDepositCommand = (settings: Settings, options: Reading, id: string): Promise<number> =>
  withWorld(settings, async (world) => {
    const deposit = isUuid(id) ? await findDeposit(world.db, id) : undefined
    if (deposit === undefined) {
      terminal.say(refusedBecause['no-such-deposit'])
      return 1
    }
    const advice = await adviseOn(world.db, world, [deposit], payersOf(world))
    await auditNames(world, options, advice)
    const uses = await listUses(world.db, id)
    for (const one of advice) {
      if (options.json) terminal.json({ ...asJson(one, options), uses })
      else sayDeposit(one, uses, options)
    }
    return 0
  })

export const matchCommand = (
  settings: Settings,
  options: Common & { readonly customer: string; readonly contract?: string },
  depositId: string,
): Promise<number> =>
  withWorld(settings, async (world) => {
    const [by, now] = [actorOf(options), world.clock.now()]
    const { customer: customerNumber, contract: contractNumber } = options
    const outcome = isUuid(depositId)
      ? await matchByHand(world, { depositId, customerNumber, contractNumber, by, now })
      : noSuchDeposit
    if (options.json) terminal.json(outcome)
    else if (outcome.kind === 'matched') terminal.say(`Matched to ${options.customer}: ${changes(outcome.bills)}.`)
    else terminal.say(refusedBecause[outcome.because])
    return outcome.kind === 'matched' ? 0 : 1
  })

export const unmatchCommand = (settings: Settings, options: Common, depositId: string): Promise<number> =>
  withWorld(settings, async (world) => {
    const [by, now] = [actorOf(options), world.clock.now()]
    const outcome = isUuid(depositId) ? await takeApart(world, { depositId, by, now }) : noSuchDeposit
    if (options.json) terminal.json(outcome)
    else if (outcome.kind === 'taken-apart') terminal.say(`It is nobody’s now: ${changes(outcome.bills)}.`)
    else terminal.say(refusedBecause[outcome.because])
    return outcome.kind === 'taken-apart' ? 0 : 1
  })

const noSuchDeposit = { kind: 'refused', because: 'no-such-deposit' } as const

const changes = ({ settled, reopened, surplus }: Rebalanced): string =>
  [`${settled} bills settled`, reopened > 0 && `${reopened} open again`, surplus > 0 && 'some of it is left over']
    .filter((words) => words !== false)
    .join(', ')

const payersOf =
  (world: World): ReadPayers =>
  (importId, records) =>
    readPayers(world, importId, records)

const auditNames = async (world: World, options: Reading, advice: readonly Advice[]): Promise<void> => {
  const read = advice.filter(({ payer }) => payer !== undefined)
  if (options.names === undefined || read.length === 0) return
  const facts = { reason: options.names, deposits: read.map(({ deposit }) => deposit.id) }
  await writeAudit(world.db, { at: world.clock.now(), actor: actorOf(options), act: 'deposit.payer-read', facts })
}

const payerFor = ({ payer }: Advice, { names }: Reading): string => {
  if (payer === undefined) return ''
  return names === undefined ? maskKana(fromHalfWidth(payer)) : fromHalfWidth(payer)
}

const asJson = (advice: Advice, options: Reading) => ({
  ...advice.deposit,
  payer: payerFor(advice, options),
  ...(advice.deposit.customerId === null && { because: advice.because, suggestions: advice.suggestions }),
})

const sayUnmatched = (advice: readonly Advice[], strays: readonly StrayReversal[], options: Reading): void => {
  if (advice.length === 0) terminal.say('No money waits for a person.')
  else terminal.data(table([unmatchedHeader, ...advice.flatMap((one) => unmatchedRows(one, options))]))
  if (strays.length === 0) return
  terminal.data('\nreversals of money that is not here:')
  terminal.data(
    table(
      strays.map(({ onDay, amount, channel, reference, importId, record }) => [
        onDay,
        formatYen(amount),
        channel,
        reference ?? '',
        `import ${importId}, record ${record}`,
      ]),
    ),
  )
}

const unmatchedHeader = ['day', 'amount', 'payer', 'number', 'deposit', 'why it waits', 'perhaps of', 'for whom speaks']

/** A row for each customer whose it may be; the first has the deposit as well. */
const unmatchedRows = (advice: Advice, options: Reading): readonly (readonly string[])[] => {
  const { id, onDay, amount, reference } = advice.deposit
  const head = [onDay, formatYen(amount), payerFor(advice, options), reference ?? '', id, waitsBecause[advice.because]]
  const [first = [], ...others] = suggestionRows(advice)
  return [[...head, ...first], ...others.map((row) => [...head.map(() => ''), ...row])]
}

const suggestionRows = ({ suggestions }: Advice): readonly (readonly string[])[] =>
  suggestions.map((one) => [one.customerNumber, speaksFor(one)])

const sayDeposit = (advice: Advice, uses: readonly DepositUse[], options: Reading): void => {
  const { deposit } = advice
  terminal.data(
    table([
      ['deposit', deposit.id],
      ['amount', formatYen(deposit.amount)],
      ['counts from', deposit.onDay],
      ['channel', `${deposit.channel}${deposit.isFinal ? '' : ' (速報)'}`],
      ...line('account', deposit.account),
      ...line('reference', deposit.reference),
      ...line('payer', payerFor(advice, options)),
      ...line('import', deposit.importId && `${deposit.importId}, record ${deposit.record}`),
      ['state', stateOf(advice)],
    ]),
  )
  if (deposit.customerId === null && advice.suggestions.length > 0) terminal.data(table(suggestionRows(advice)))
  if (uses.length > 0) terminal.data(table(uses.map(useRow)))
}

const line = (name: string, value: string | null): readonly (readonly [string, string])[] =>
  value ? [[name, value]] : []

const stateOf = ({ deposit, because }: Advice): string => {
  if (deposit.endedHow !== null) return `taken back: ${deposit.endedHow}`
  if (deposit.customerNumber === null) return `waits: ${waitsBecause[because]}`
  return `customer ${deposit.customerNumber}, by ${deposit.how}, ${deposit.certainty}`
}

const useRow = ({ account, dueDay, contractNumber, fee, lateCharge, principal, amount }: DepositUse) => {
  const parts = account === 'bill' ? `principal ${principal}, fee ${fee}, late charge ${lateCharge}` : ''
  return [account, dueDay ?? '', contractNumber ?? '', `${amount}`, parts]
}
