import { type Db, sql } from '#platform/database/database'
import type { Reason } from './contact.rules.ts'
import type { AskedCase } from './facts.store.ts'

export type Campaign = {
  readonly id: string
  readonly plannedAt: Date
  readonly plannedBy: string
  readonly text: string
  /** Who wrote its text; null when it is the creditor's file's. */
  readonly textBy: string | null
  readonly rulesVersion: string
  /** Open cases asked about. */
  readonly target: number
  /** Those who are to get a notice. */
  readonly planned: number
  readonly excluded: number
  readonly approvedAt: Date | null
  readonly approvedBy: string | null
}

const campaignColumns = sql<Campaign>`
  id, planned_at as "plannedAt", planned_by as "plannedBy", notice_text as text, text_by as "textBy",
  rules_version as "rulesVersion",
  target_count as target, planned_count as planned, excluded_count as excluded, approved_at as "approvedAt",
  approved_by as "approvedBy"`

export const findCampaign = async (db: Db, id: string): Promise<Campaign | undefined> =>
  (await sql<Campaign>`select ${campaignColumns} from campaigns where id = ${id}`.execute(db)).rows[0]

export const findLatestCampaign = async (db: Db): Promise<Campaign | undefined> => (await listLatestCampaigns(db, 1))[0]

export const listLatestCampaigns = async (db: Db, limit: number): Promise<readonly Campaign[]> =>
  (
    await sql<Campaign>`
      select ${campaignColumns} from campaigns order by planned_at desc, id desc limit ${limit}`.execute(db)
  ).rows

/** The counts follow when every case was asked about. */
export const insertCampaign = async (
  tx: Db,
  campaign: Pick<Campaign, 'id' | 'plannedAt' | 'plannedBy' | 'text' | 'rulesVersion'>,
): Promise<void> => {
  await tx
    .insertInto('campaigns')
    .values({
      id: campaign.id,
      planned_at: campaign.plannedAt,
      planned_by: campaign.plannedBy,
      notice_text: campaign.text,
      rules_version: campaign.rulesVersion,
      target_count: 0,
      planned_count: 0,
      excluded_count: 0,
    })
    .execute()
}

export const markPlanned = async (
  tx: Db,
  id: string,
  count: Pick<Campaign, 'target' | 'planned' | 'excluded'>,
): Promise<void> => {
  await tx
    .updateTable('campaigns')
    .set({ target_count: count.target, planned_count: count.planned, excluded_count: count.excluded })
    .where('id', '=', id)
    .execute()
}

/** Of two who approve at once, one does. */
export const markApproved = async (tx: Db, id: string, by: string, now: Date): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('campaigns')
    .set({ approved_at: now, approved_by: by })
    .where('id', '=', id)
    .where('approved_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Open cases by customer, after this one. */
export const listOpenCases = async (db: Db, afterCustomerId: string, limit: number): Promise<readonly AskedCase[]> => {
  const { rows } = await sql<AskedCase>`
    select c.customer_id as "customerId", c.id as "caseId", k.phone_value as "phoneValue"
    from cases c join customers k on k.id = c.customer_id
    where c.closed_at is null and c.customer_id > ${afterCustomerId}
    order by c.customer_id limit ${limit}`.execute(db)
  return rows
}

/** The cases of a campaign that are to get a notice, by customer, after this one. */
export const listPlannedCases = async (
  db: Db,
  campaignId: string,
  afterCustomerId: string,
  limit: number,
): Promise<readonly AskedCase[]> => {
  const { rows } = await sql<AskedCase>`
    select d.customer_id as "customerId", d.case_id as "caseId", k.phone_value as "phoneValue"
    from campaign_decisions d join customers k on k.id = d.customer_id
    where d.campaign_id = ${campaignId} and d.decision = 'notice' and d.customer_id > ${afterCustomerId}
    order by d.customer_id limit ${limit}`.execute(db)
  return rows
}

export const insertChains = async (
  tx: Db,
  campaignId: string,
  chains: readonly { readonly number: number; readonly chain: string }[],
): Promise<void> => {
  if (chains.length === 0) return
  await sql`
    insert into campaign_chains (campaign_id, number, chain)
    select ${campaignId}, * from unnest(
      ${chains.map(({ number }) => number)}::int[], ${chains.map(({ chain }) => chain)}::jsonb[])`.execute(tx)
}

export type NewDecision = {
  readonly customerId: string
  readonly caseId: string
  readonly because: string | null
  readonly chainNumber: number
}

export const insertDecisions = async (tx: Db, campaignId: string, decisions: readonly NewDecision[]): Promise<void> => {
  await sql`
    insert into campaign_decisions (campaign_id, customer_id, case_id, because, chain_number, decision)
    select ${campaignId}, d.*, case when d.because is null then 'notice' else 'excluded' end
    from unnest(
      ${decisions.map(({ customerId }) => customerId)}::uuid[], ${decisions.map(({ caseId }) => caseId)}::uuid[],
      ${decisions.map(({ because }) => because)}::text[], ${decisions.map(({ chainNumber }) => chainNumber)}::int[]
    ) as d (customer_id, case_id, because, chain_number)`.execute(tx)
}

/** How many were excluded for which reason, the most frequent first. */
export const countExclusions = async (db: Db, campaignId: string): Promise<Readonly<Record<string, number>>> => {
  const { rows } = await sql<{ because: string; count: number }>`
    select because, count(*) as count from campaign_decisions
    where campaign_id = ${campaignId} and decision = 'excluded' group by because order by count desc, because`.execute(
    db,
  )
  return Object.fromEntries(rows.map(({ because, count }) => [because, count]))
}

export type Decision = {
  readonly customerNumber: string
  readonly customerId: string
  readonly caseId: string
  readonly decision: 'notice' | 'excluded'
  readonly because: string | null
  readonly chain: readonly Reason[]
}

const decisionsPerPage = 1_000

/** Every decision of a campaign with its chain of reasons, by customer. */
export async function* listDecisions(db: Db, campaignId: string): AsyncIterable<Decision> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows }: { rows: Decision[] } = await sql<Decision>`
      select k.customer_number as "customerNumber", d.customer_id as "customerId", d.case_id as "caseId", d.decision,
        d.because, h.chain
      from campaign_decisions d
      join customers k on k.id = d.customer_id
      join campaign_chains h on h.campaign_id = d.campaign_id and h.number = d.chain_number
      where d.campaign_id = ${campaignId} and d.customer_id > ${after}
      order by d.customer_id limit ${decisionsPerPage}`.execute(db)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.customerId
  }
}
