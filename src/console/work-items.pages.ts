import { type CloseWorkItemOutcome, closeWorkItem, type ReopenWorkItemOutcome, reopenWorkItem } from '#answers'
import { isUuid } from '#values/id'
import type { ConsoleRoute, OperatorSent } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { actorOf } from './operator.ts'
import { page, seeOther } from './replies.pages.ts'
import { consoleTroublePage } from './trouble.views.ts'
import { urls } from './urls.ts'

/** Things to do are done and put back from whichever list shows them; the list comes again. */
export const workItemRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  {
    kind: 'form',
    path: urls.closeWorkItem(':customer', ':id'),
    may: 'act-on-case',
    act: {
      commits: 'with-the-form',
      run: async (sent, tx) => {
        const act = actOf(sent)
        return backTo(desk, sent, act && (await closeWorkItem(tx, act)), act?.customerId, act?.id)
      },
    },
    again: (sent) => seeOther(listOf(sent.form.back)),
  },
  {
    kind: 'form',
    path: urls.reopenWorkItem(':customer', ':id'),
    may: 'act-on-case',
    act: {
      commits: 'with-the-form',
      run: async (sent, tx) => {
        const act = actOf(sent)
        return backTo(desk, sent, act && (await reopenWorkItem(tx, act)), undefined, undefined)
      },
    },
    again: (sent) => seeOther(listOf(sent.form.back)),
  },
]

const actOf = ({ params: { customer = '', id = '' }, operator, now }: OperatorSent) =>
  isUuid(customer) && isUuid(id) ? { customerId: customer, id, by: actorOf(operator), now } : undefined

/** With what was done in the address: it is said above the list, with the way to take it back. */
const backTo = (
  { look }: ConsoleDesk,
  { form }: OperatorSent,
  outcome: CloseWorkItemOutcome | ReopenWorkItemOutcome | undefined,
  customerId: string | undefined,
  id: string | undefined,
) => {
  const said = outcome === undefined ? 'no-such-item' : outcome.kind === 'refused' ? outcome.because : outcome.kind
  if (said === 'no-such-item') return page(consoleTroublePage(look, 404), 404)
  const list = listOf(form.back)
  const done = said === 'closed' && customerId !== undefined && id !== undefined ? `&item=${customerId}~${id}` : ''
  return seeOther(`${list}${list.includes('?') ? '&' : '?'}said=${said}${done}`)
}

/** Only the lists that have such items, with the short filters of ours: an address in a form may have been written by anybody. */
export const listOf = (back: string | undefined): string => {
  const [path = '', query = ''] = (back ?? '').split('?')
  if (![urls.consultations, urls.brokenPromises, urls.unreachable].some((list) => list === path)) return urls.home
  return /^[\w=&-]{1,200}$/.test(query) ? `${path}?${query}` : path
}
