import { type Db, type RawBuilder, sql } from '#platform/database/database'
import type { Reason } from './contact.rules.ts'

export type Excluded = {
  readonly customerId: string
  readonly caseId: string
  readonly because: string
  /** What was asked, and what the last one rests on. */
  readonly chain: readonly Reason[]
}

/** Who a plan has excluded for this reason, by customer, after that one. */
export const listExcluded = async (
  db: Db,
  { campaignId, because, after }: { readonly campaignId: string; readonly because: string; readonly after: string },
  limit: number,
): Promise<readonly Excluded[]> =>
  (
    await sql<Excluded>`
      ${excludedOf(campaignId)} and d.because = ${because} and d.customer_id > ${after}
      order by d.customer_id limit ${limit}`.execute(db)
  ).rows

const perPage = 1_000

/** All whom a plan has excluded, by reason and customer. */
export async function* listAllExcluded(db: Db, campaignId: string): AsyncIterable<Excluded> {
  for (let after: readonly [string, string] = ['', '00000000-0000-0000-0000-000000000000']; ; ) {
    const { rows }: { rows: Excluded[] } = await sql<Excluded>`
      ${excludedOf(campaignId)} and (d.because, d.customer_id) > (${after[0]}, ${after[1]}::uuid)
      order by d.because, d.customer_id limit ${perPage}`.execute(db)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    after = [last.because, last.customerId]
  }
}

/** By reason: how many, and what it rests on. Loans and other contracts may rest on different words; the first is shown. */
export const listExclusionBases = async (
  db: Db,
  campaignId: string,
): Promise<readonly { readonly because: string; readonly count: number; readonly basis: string | null }[]> =>
  (
    await sql<{ because: string; count: number; basis: string | null }>`
      select e.because, e.count, (
        select h.chain -> -1 ->> 'basis' from campaign_decisions d
        join campaign_chains h on h.campaign_id = d.campaign_id and h.number = d.chain_number
        where d.campaign_id = ${campaignId} and d.decision = 'excluded' and d.because = e.because
        order by d.customer_id limit 1
      ) as basis
      from (
        select because, count(*)::int as count from campaign_decisions
        where campaign_id = ${campaignId} and decision = 'excluded' group by because
      ) e order by e.count desc, e.because`.execute(db)
  ).rows

const excludedOf = (campaignId: string): RawBuilder<unknown> => sql`
  select d.customer_id as "customerId", d.case_id as "caseId", d.because, h.chain
  from campaign_decisions d
  join campaign_chains h on h.campaign_id = d.campaign_id and h.number = d.chain_number
  where d.campaign_id = ${campaignId} and d.decision = 'excluded'`
