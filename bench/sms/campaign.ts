import { approveCampaign, planCampaign } from '#outreach'
import type { World } from '../../src/main/world.ts'
import { fillCustomers } from './cast.ts'

/** Customers with an open case each, and a campaign planned for all of them. Nothing is queued until it is approved. */
export async function planNotices(world: World, count: number): Promise<string> {
  await fillCustomers(world.db, world.vault, { count, now: world.clock.now() })
  const { campaign } = await planCampaign(world, { by: 'cli:bench', now: world.clock.now() })
  if (campaign.planned !== count) throw new Error(`The rules let ${campaign.planned} of ${count} go`)
  return campaign.id
}

export async function queueNotices(world: World, campaignId: string, count: number): Promise<void> {
  const approved = await approveCampaign(world, { id: campaignId, by: 'cli:bench', now: world.clock.now() })
  if (approved.kind !== 'approved' || approved.queued !== count)
    throw new Error(`The campaign was not queued: ${JSON.stringify(approved)}`)
}
