import { type CampaignCount, countCampaign } from '#messages'
import type { Db } from '#platform/database/database'
import { isUuid } from '#values/id'
import { type Campaign, countExclusions, findCampaign, findLatestCampaign } from './campaign.store.ts'

export type CampaignView = Campaign & {
  readonly exclusions: Readonly<Record<string, number>>
  /** 対象 = 送信 + 除外 + 失敗 + 未送信. */
  readonly count: CampaignCount
}

/** A campaign with its reasons and what became of its notices; without an id the latest. */
export const showCampaign = async ({ db }: { readonly db: Db }, id?: string): Promise<CampaignView | undefined> => {
  const campaign = id === undefined ? await findLatestCampaign(db) : isUuid(id) ? await findCampaign(db, id) : undefined
  if (campaign === undefined) return undefined
  return {
    ...campaign,
    exclusions: await countExclusions(db, campaign.id),
    count: await countCampaign(db, campaign.id),
  }
}
