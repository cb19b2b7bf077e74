import { findCustomerByNumber } from '#customers'
import { findMessage, listLines, listMessages, type MessageView, type ShownLine } from '#messages'
import type { Reason } from '#outreach'
import { toRfc3339Jst } from '#values/day'
import { isUuid } from '#values/id'
import type { Settings } from '../settings.ts'
import { table, terminal } from '../terminal.ts'
import { reasonInWords } from './reason-words.ts'
import { withWorld } from './with-world.ts'

type Options = { readonly json?: boolean }

/** A case has four notices and some codes; who has more is asked about in the log itself. */
const listedMax = 100

export const listMessagesCommand = (settings: Settings, options: Options, customerNumber: string): Promise<number> =>
  withWorld(settings, async ({ db }) => {
    const customer = await findCustomerByNumber(db, customerNumber)
    if (customer === undefined) {
      terminal.say('There is no such customer, or the number fits two.')
      return 1
    }
    const messages = await listMessages(db, customer.id, listedMax)
    if (options.json) terminal.json(messages.map(asJson))
    else if (messages.length === 0) terminal.say('No message was ever queued for this customer.')
    else terminal.data(table(messages.map((one) => [one.id, toRfc3339Jst(one.queuedAt), one.class, stateOf(one)])))
    return 0
  })

export const showMessageCommand = (settings: Settings, options: Options, id: string): Promise<number> =>
  withWorld(settings, async ({ db }) => {
    const message = isUuid(id) ? await findMessage(db, id) : undefined
    if (message === undefined) {
      terminal.say(`There is no message ${id}: annai message list CUSTOMER_NUMBER`)
      return 1
    }
    const lines = await listLines(db, id)
    if (options.json)
      terminal.json({ ...asJson(message), lines: lines.map((line) => ({ ...line, at: time(line.at) })) })
    else sayMessage(message, lines)
    return 0
  })

const asJson = (message: MessageView) => ({ ...message, queuedAt: time(message.queuedAt) })
const time = (at: Date): string => toRfc3339Jst(at)

const stateOf = ({ state, because }: Pick<MessageView, 'state' | 'because'>): string =>
  because === null || !hasReason.includes(state) ? state : `${state} ${reasonInWords(because)}`

/** What has left and arrived needs no reason; what was in its way before stands in the log. */
const hasReason: readonly string[] = ['deferred', 'excluded', 'refused', 'unknown', 'failed', 'expired']

const sayMessage = (message: MessageView, lines: readonly ShownLine[]): void => {
  terminal.data(`message  ${message.id}`)
  terminal.data(`customer ${message.customerNumber}`)
  terminal.data(message.campaignId === null ? message.class : `campaign ${message.campaignId}`)
  if (message.repeats !== null) terminal.data(`repeats  ${message.repeats}`)
  terminal.data(`queued   ${time(message.queuedAt)}`)
  terminal.data(`state    ${stateOf(message)}`)
  for (const line of lines) sayLine(line)
}

const sayLine = ({ at, state, gateway, because, facts }: ShownLine): void => {
  const words = [state, gateway === null ? '' : `over ${gateway}`, because === null ? '' : reasonInWords(because)]
  terminal.data(`\n${time(at)}  ${words.filter((word) => word !== '').join('  ')}`)
  const chain = chainOf(facts)
  if (chain.length > 0) terminal.data(table(chain.map((reason) => ['  ', ...reasonCells(reason)])))
}

const reasonCells = ({ verdict, rule, facts, basis }: Reason): readonly string[] => [
  verdict,
  rule,
  JSON.stringify(facts),
  basis,
]

/** What the rules said when it was released; other lines have other facts or none. */
const chainOf = (facts: unknown): readonly Reason[] =>
  typeof facts === 'object' && facts !== null && 'chain' in facts && Array.isArray(facts.chain)
    ? (facts.chain as readonly Reason[])
    : []
