import { type CampaignCount, countCampaign, findControl, hasMore } from '#messages'
import type { Database } from '#platform/database/database'
import { isUuid } from '#values/id'
import {
  type Campaign,
  countExclusions,
  findCampaign,
  findLatestCampaign,
  listLatestCampaigns,
} from './campaign.store.ts'
import { type CampaignState, campaignState } from './campaign-state.rules.ts'
import { nextAllowedInstant } from './contact-time.rules.ts'
import type { OutreachWorld } from './world.ts'

export type CampaignView = Campaign & {
  /** When planned, by reason; what was excluded after that is in the count. */
  readonly exclusions: Readonly<Record<string, number>>
  /** 対象 = 送信 + 除外 + 失敗 + 未送信. */
  readonly count: CampaignCount
}

/** A campaign with its reasons and what became of its notices; without an id the latest. */
export const showCampaign = async (
  { db }: { readonly db: Database },
  id?: string,
): Promise<CampaignView | undefined> => {
  const campaign = id === undefined ? await findLatestCampaign(db) : isUuid(id) ? await findCampaign(db, id) : undefined
  if (campaign === undefined) return undefined
  return {
    ...campaign,
    exclusions: await countExclusions(db, campaign.id),
    count: await countCampaign(db, campaign.id),
  }
}

/** How it stands at this moment. */
export const stateOfCampaign = async (
  { db, creditor, holidays }: OutreachWorld,
  { id, approvedAt }: Pick<Campaign, 'id' | 'approvedAt'>,
  now: Date,
): Promise<CampaignState> =>
  campaignState(
    {
      approvedAt,
      control: await findControl(db, id),
      hasMore: approvedAt !== null && (await hasMore(db, id)),
      nextAllowed: nextAllowedInstant(now, creditor.policies, holidays),
    },
    now,
  )

/** Older ones are found by their id. */
const listedMax = 50

/** The newest first, each with how it stands. */
export const listCampaigns = async (
  w: OutreachWorld,
  now: Date,
): Promise<readonly (Campaign & { readonly state: CampaignState })[]> => {
  const campaigns = await listLatestCampaigns(w.db, listedMax)
  return Promise.all(
    campaigns.map(async (campaign) => ({ ...campaign, state: await stateOfCampaign(w, campaign, now) })),
  )
}
