import { type Actor, writeAudit } from '#audit'
import { type ControlOutcome, controlQueue, findControl, hasMore } from '#messages'
import type { Database } from '#platform/database/database'
import { isUuid } from '#values/id'
import { findCampaign } from './campaign.store.ts'

export type ControlCampaignOutcome =
  | { readonly kind: 'done'; readonly campaignId: string }
  | {
      readonly kind: 'refused'
      readonly because:
        | Extract<ControlOutcome, { kind: 'refused' }>['because']
        | 'no-such-campaign'
        | 'not-approved'
        | 'is-through'
    }

type Order = {
  readonly id: string
  readonly by: Actor
  /** In the words of whoever orders it; kept with the campaign, not in the audit log, where no free text stands. */
  readonly because?: string | null
  readonly now: Date
}

type ControlWorld = { readonly db: Database }

/** From here on no notice of this campaign leaves. What is on its way at this moment still gets its answer. */
export const pauseCampaign = (w: ControlWorld, order: Order): Promise<ControlCampaignOutcome> =>
  control(w, order, 'paused')

/** Goes on where it was paused; every notice is asked about again before it leaves. */
export const resumeCampaign = (w: ControlWorld, order: Order): Promise<ControlCampaignOutcome> =>
  control(w, order, 'resumed')

/** For good: what has not left is excluded. One that was paused is closed so even when nothing of it was left. */
export const cancelCampaign = (w: ControlWorld, order: Order): Promise<ControlCampaignOutcome> =>
  control(w, order, 'cancelled')

const control = async (
  { db }: ControlWorld,
  { id, by, because = null, now }: Order,
  act: 'paused' | 'resumed' | 'cancelled',
): Promise<ControlCampaignOutcome> => {
  const campaign = isUuid(id) ? await findCampaign(db, id) : undefined
  if (campaign === undefined) return { kind: 'refused', because: 'no-such-campaign' }
  if (campaign.approvedAt === null) return { kind: 'refused', because: 'not-approved' }
  const isPaused = (await findControl(db, id))?.act === 'paused'
  const closes = act === 'cancelled' && isPaused
  if (!closes && !(await hasMore(db, id))) return { kind: 'refused', because: 'is-through' }
  const outcome = await controlQueue(db, id, { act, by, because, now }, (tx) =>
    writeAudit(tx, { at: now, actor: by, act: `campaign.${act}`, facts: { campaign: id } }),
  )
  return outcome.kind === 'done' ? { kind: 'done', campaignId: id } : outcome
}
