import { setTimeout as sleep } from 'node:timers/promises'
import { countCampaign, keepStill, waitUntilStill } from '#messages'
import { cancelCampaign, pauseCampaign, resumeCampaign } from '#outreach'
import type { Reply } from '#platform/http/http'
import { backTo, withCampaign } from './campaign-door.pages.ts'
import type { ConsoleForm, ConsoleRoute, OperatorSent } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { actorOf } from './operator.ts'
import { urls } from './urls.ts'

/** Stopping is one press, for it may be urgent; it says how long it took. Cancelling is for good, and asks for the number. */
export const controlRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  form(urls.campaignPause(':id'), async (sent) => {
    const startedMs = performance.now()
    const outcome = await pauseCampaign(desk.w, orderOf(sent))
    if (outcome.kind === 'refused') return backTo(sent.params.id, { refused: outcome.because })
    await measure(desk, outcome.campaignId, startedMs)
    return backTo(sent.params.id, { done: 'paused' })
  }),
  form(urls.campaignResume(':id'), async (sent) => {
    const outcome = await resumeCampaign(desk.w, orderOf(sent))
    return backTo(sent.params.id, outcome.kind === 'done' ? { done: 'resumed' } : { refused: outcome.because })
  }),
  form(urls.campaignCancel(':id'), (sent) =>
    withCampaign(desk, sent, async ({ id }) => {
      const { unsent } = await countCampaign(desk.w.db, id)
      if ((sent.form.unsent ?? '').normalize('NFKC').replaceAll(/[,\s件]/g, '') !== String(unsent))
        return backTo(id, { refused: 'unsent-differs' })
      const startedMs = performance.now()
      const outcome = await cancelCampaign(desk.w, orderOf(sent))
      if (outcome.kind === 'refused') return backTo(id, { refused: outcome.because })
      await measure(desk, id, startedMs)
      return backTo(id, { done: 'cancelled' })
    }),
  ),
]

/** Acts by itself: what is on its way is waited for after the stop is committed, not before. */
const form = (path: string, run: (sent: OperatorSent) => Promise<Reply>): ConsoleForm => ({
  kind: 'form',
  path,
  may: 'control-campaign',
  act: { commits: 'by-itself', run },
  again: ({ params }) => backTo(params.id, { refused: 'stale' }),
})

/** A carrier that answers at all does so sooner; nobody watches an empty page for longer. */
const patienceMs = 5_000

const measure = async ({ w }: ConsoleDesk, campaignId: string, startedMs: number): Promise<void> => {
  const inHand = await waitUntilStill(w.db, campaignId, {
    withinMs: patienceMs,
    rest: async (ms) => {
      await sleep(ms)
    },
  })
  await keepStill(w.db, campaignId, { tookMs: Math.round(performance.now() - startedMs), inHand })
}

const orderOf = ({ params, operator, now }: OperatorSent) => ({ id: params.id ?? '', by: actorOf(operator), now })
