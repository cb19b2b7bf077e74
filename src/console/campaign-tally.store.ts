import type { CampaignCount, DeliveryCurve } from '#messages'
import { type Db, sql } from '#platform/database/database'
import type { Funnel } from './campaign-funnel.store.ts'
import type { Counted } from './campaign-tally.rules.ts'

/** A campaign's numbers, all of the moment `countedAt`. */
export type Tally = Counted & {
  readonly count: CampaignCount
  readonly funnel: Funnel
  readonly curve: DeliveryCurve
}

type Kept = Pick<Tally, 'count' | 'funnel'> & {
  readonly curve: readonly { readonly minute: string; readonly sent: number; readonly delivered: number }[]
}

export const findTally = async (db: Db, campaignId: string): Promise<Tally | undefined> => {
  const { rows } = await sql<Counted & { tally: Kept }>`
    select counted_at as "countedAt", took_ms as "tookMs", tally from campaign_tallies
    where campaign_id = ${campaignId}`.execute(db)
  return rows.map(({ tally: { count, funnel, curve }, ...counted }) => ({
    ...counted,
    count,
    funnel,
    curve: curve.map((at) => ({ ...at, minute: new Date(at.minute) })),
  }))[0]
}

/** Of two who counted at once, the later count stays. */
export const keepTally = async (
  db: Db,
  campaignId: string,
  { countedAt, tookMs, count, funnel, curve }: Tally,
): Promise<void> => {
  await sql`
    insert into campaign_tallies (campaign_id, counted_at, took_ms, tally)
    values (${campaignId}, ${countedAt}, ${tookMs}, ${JSON.stringify({ count, funnel, curve })}::jsonb)
    on conflict (campaign_id) do update
      set counted_at = excluded.counted_at, took_ms = excluded.took_ms, tally = excluded.tally
      where campaign_tallies.counted_at <= excluded.counted_at`.execute(db)
}
