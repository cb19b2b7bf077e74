import { approveRequest, requestApproval, returnRequest, withdrawRequest } from '#outreach'
import type { Transaction } from '#platform/database/database'
import type { Reply } from '#platform/http/http'
import { backTo } from './campaign-door.pages.ts'
import type { ConsoleForm, ConsoleRoute, OperatorSent } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { actorOf } from './operator.ts'
import type { Permission } from './roles.rules.ts'
import { urls } from './urls.ts'

/** Asking, answering and taking back: each in the transaction of its form. */
export const approvalRoutes = ({ w }: ConsoleDesk): readonly ConsoleRoute[] => [
  form(urls.campaignAsk(':id'), 'plan-campaign', async (sent, tx) => {
    const outcome = await requestApproval(tx, w, orderOf(sent))
    return backTo(sent.params.id, outcome.kind === 'asked' ? { done: 'asked' } : { refused: outcome.because })
  }),
  form(urls.campaignWithdraw(':id'), 'plan-campaign', async (sent, tx) => {
    const outcome = await withdrawRequest(tx, orderOf(sent))
    return backTo(sent.params.id, outcome.kind === 'done' ? { done: 'withdrawn' } : { refused: outcome.because })
  }),
  form(urls.campaignReturn(':id'), 'approve-campaign', async (sent, tx) => {
    const because = (sent.form.because ?? '').slice(0, reasonMax)
    const outcome = await returnRequest(tx, { ...orderOf(sent), because })
    return backTo(sent.params.id, outcome.kind === 'done' ? { done: 'returned' } : { refused: outcome.because })
  }),
  form(urls.campaignApprove(':id'), 'approve-campaign', async (sent, tx) => {
    const outcome = await approveRequest(tx, w, { ...orderOf(sent), typed: sent.form.typed ?? '' })
    return backTo(sent.params.id, outcome.kind === 'approved' ? { done: 'approved' } : { refused: outcome.because })
  }),
]

/** A sentence or two; it is kept with the campaign. */
const reasonMax = 200

const form = (
  path: string,
  may: Permission,
  run: (sent: OperatorSent, tx: Transaction) => Promise<Reply>,
): ConsoleForm => ({
  kind: 'form',
  path,
  may,
  act: { commits: 'with-the-form', run },
  again: ({ params }) => backTo(params.id, { refused: 'stale' }),
})

const orderOf = ({ params, operator, now }: OperatorSent) => ({ id: params.id ?? '', by: actorOf(operator), now })
