import { type Actor, writeAudit } from '#audit'
import type { Chance } from '#platform/chance'
import type { Db, Transaction } from '#platform/database/database'
import { isUuid } from '#values/id'
import { isOwn } from './approval.rules.ts'
import {
  countInBoth,
  endRequest,
  findCampaignBefore,
  findOpenRequest,
  insertRequest,
  listOpenRequests,
  lockCampaign,
  type WaitingApproval,
} from './approval.store.ts'
import { type ApprovalRefusal, refuseApproval } from './campaign.rules.ts'
import { findCampaign } from './campaign.store.ts'
import { pinCampaign } from './pin.ts'
import type { OutreachWorld } from './world.ts'

export type RequestOutcome =
  | { readonly kind: 'asked'; readonly noticeCount: number }
  | { readonly kind: 'refused'; readonly because: ApprovalRefusal | 'no-such-campaign' | 'already-asked' }

type Order = { readonly id: string; readonly by: Actor; readonly now: Date }

/** Asks a second person to let this campaign go, and pins what they are asked about. */
export const requestApproval = async (
  tx: Transaction,
  { creditor, chance }: Pick<OutreachWorld, 'creditor'> & { readonly chance: Pick<Chance, 'int'> },
  { id, by, now }: Order,
): Promise<RequestOutcome> => {
  if (!isUuid(id)) return { kind: 'refused', because: 'no-such-campaign' }
  await lockCampaign(tx, id)
  const campaign = await findCampaign(tx, id)
  if (campaign === undefined) return { kind: 'refused', because: 'no-such-campaign' }
  const because = refuseApproval(campaign, creditor)
  if (because !== undefined) return { kind: 'refused', because }
  if ((await findOpenRequest(tx, id)) !== undefined) return { kind: 'refused', because: 'already-asked' }
  const { hash, drawn, count } = await pinCampaign(tx, campaign, creditor.sender.sms, chance)
  const lastCampaignId = await findCampaignBefore(tx, campaign.plannedAt)
  await insertRequest(tx, {
    campaignId: id,
    askedAt: now,
    askedBy: by,
    pinned: hash,
    noticeCount: count,
    drawn,
    lastCampaignId,
    alsoInLast: lastCampaignId === null ? 0 : await countInBoth(tx, id, lastCampaignId),
  })
  const facts = { campaign: id, notices: count, pinned: hash.toString('hex') }
  await writeAudit(tx, { at: now, actor: by, act: 'campaign.approval-asked', facts })
  return { kind: 'asked', noticeCount: count }
}

export type EndRequestOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly because: 'not-asked' | 'own-campaign' | 'not-own' | 'reason-missing' }

/** A second person does not let it go, and says why. */
export const returnRequest = (
  tx: Transaction,
  order: Order & { readonly because: string },
): Promise<EndRequestOutcome> => end(tx, order, 'returned')

/** Whoever had a hand in it takes the question back. */
export const withdrawRequest = (tx: Transaction, order: Order): Promise<EndRequestOutcome> =>
  end(tx, { ...order, because: null }, 'withdrawn')

const end = async (
  tx: Transaction,
  { id, by, now, because }: Order & { readonly because: string | null },
  how: 'returned' | 'withdrawn',
): Promise<EndRequestOutcome> => {
  const request = isUuid(id) ? await findOpenRequest(tx, id) : undefined
  const campaign = request && (await findCampaign(tx, id))
  if (request === undefined || campaign === undefined) return { kind: 'refused', because: 'not-asked' }
  const own = isOwn({ ...campaign, ...request }, by)
  if (how === 'returned' && own) return { kind: 'refused', because: 'own-campaign' }
  if (how === 'withdrawn' && !own) return { kind: 'refused', because: 'not-own' }
  if (because?.trim() === '') return { kind: 'refused', because: 'reason-missing' }
  const ended = await endRequest(tx, id, { how, because: because?.trim() ?? null, endedAt: now, endedBy: by })
  if (!ended) return { kind: 'refused', because: 'not-asked' }
  await writeAudit(tx, { at: now, actor: by, act: `campaign.approval-${how}`, facts: { campaign: id } })
  return { kind: 'done' }
}

/** What waits for this very person: what they had a hand in waits for somebody else. */
export const listAwaitingApproval = async (db: Db, by: Actor): Promise<readonly WaitingApproval[]> =>
  (await listOpenRequests(db)).filter((waiting) => !isOwn(waiting, by))

export const countAwaitingApproval = async (db: Db, by: Actor): Promise<number> =>
  (await listAwaitingApproval(db, by)).length
