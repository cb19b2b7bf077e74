import { type Db, sql, type Transaction } from '#platform/database/database'

export type ApprovalRequest = {
  readonly campaignId: string
  readonly number: number
  readonly askedAt: Date
  readonly askedBy: string
  readonly pinned: Buffer
  readonly noticeCount: number
  /** Customers drawn from those who are to get it. */
  readonly drawn: readonly string[]
  readonly lastCampaignId: string | null
  /** How many of them were to get the last campaign, too. */
  readonly alsoInLast: number
}

const requestColumns = sql<ApprovalRequest>`
  r.campaign_id as "campaignId", r.number, r.asked_at as "askedAt", r.asked_by as "askedBy", r.pinned,
  r.notice_count as "noticeCount", r.drawn, r.last_campaign_id as "lastCampaignId", r.also_in_last as "alsoInLast"`

/** What waits for an answer. */
export const findOpenRequest = async (db: Db, campaignId: string): Promise<ApprovalRequest | undefined> =>
  (
    await sql<ApprovalRequest>`
      select ${requestColumns} from open_approval_requests o
      join approval_requests r on r.campaign_id = o.campaign_id and r.number = o.number
      where o.campaign_id = ${campaignId}`.execute(db)
  ).rows[0]

export const insertRequest = async (tx: Transaction, request: Omit<ApprovalRequest, 'number'>): Promise<void> => {
  await sql`
    with asked as (
      insert into approval_requests (campaign_id, number, asked_at, asked_by, pinned, notice_count, drawn,
        last_campaign_id, also_in_last)
      select ${request.campaignId}::uuid, coalesce(max(number), 0) + 1, ${request.askedAt}::timestamptz, ${request.askedBy},
        ${request.pinned}::bytea, ${request.noticeCount}::int, ${[...request.drawn]}::uuid[],
        ${request.lastCampaignId}::uuid, ${request.alsoInLast}::int
      from approval_requests where campaign_id = ${request.campaignId}
      returning campaign_id, number
    )
    insert into open_approval_requests select * from asked`.execute(tx)
}

export type RequestEnd = {
  readonly how: 'approved' | 'returned' | 'withdrawn' | 'voided'
  readonly because: string | null
  readonly endedAt: Date
  readonly endedBy: string
}

/** Of two who answer at once, one does. */
export const endRequest = async (tx: Transaction, campaignId: string, end: RequestEnd): Promise<boolean> => {
  const { rows } = await sql`
    with open as (delete from open_approval_requests where campaign_id = ${campaignId} returning campaign_id, number)
    insert into approval_ends (campaign_id, number, how, because, ended_at, ended_by)
    select campaign_id, number, ${end.how}, ${end.because}, ${end.endedAt}, ${end.endedBy} from open
    returning number`.execute(tx)
  return rows.length > 0
}

/** How the last request of a campaign ended; nothing when none has, or one waits. */
export const findLastEnd = async (
  db: Db,
  campaignId: string,
): Promise<(RequestEnd & Pick<ApprovalRequest, 'askedAt' | 'askedBy'>) | undefined> =>
  (
    await sql<RequestEnd & Pick<ApprovalRequest, 'askedAt' | 'askedBy'>>`
      select e.how, e.because, e.ended_at as "endedAt", e.ended_by as "endedBy", r.asked_at as "askedAt",
        r.asked_by as "askedBy"
      from approval_requests r left join approval_ends e on e.campaign_id = r.campaign_id and e.number = r.number
      where r.campaign_id = ${campaignId} order by r.number desc limit 1`.execute(db)
  ).rows.find(({ how }) => how !== null)

export type WaitingApproval = {
  readonly campaignId: string
  readonly plannedAt: Date
  readonly plannedBy: string
  readonly textBy: string | null
  readonly askedAt: Date
  readonly askedBy: string
  readonly noticeCount: number
}

/** Everything that waits for a second person; more than a few never do. */
const waitingMax = 100

export const listOpenRequests = async (db: Db): Promise<readonly WaitingApproval[]> =>
  (
    await sql<WaitingApproval>`
      select c.id as "campaignId", c.planned_at as "plannedAt", c.planned_by as "plannedBy", c.text_by as "textBy",
        r.asked_at as "askedAt", r.asked_by as "askedBy", r.notice_count as "noticeCount"
      from open_approval_requests o
      join approval_requests r on r.campaign_id = o.campaign_id and r.number = o.number
      join campaigns c on c.id = o.campaign_id
      where c.approved_at is null
      order by r.asked_at limit ${waitingMax}`.execute(db)
  ).rows

/** The approved campaign before this one: what a second person compares it with. */
export const findCampaignBefore = async (db: Db, plannedAt: Date): Promise<string | null> =>
  (
    await sql<{ id: string }>`
      select id from campaigns where approved_at is not null and planned_at < ${plannedAt}
      order by planned_at desc limit 1`.execute(db)
  ).rows[0]?.id ?? null

/** How many of those who are to get one campaign were to get the other, too. */
export const countInBoth = async (db: Db, campaignId: string, lastId: string): Promise<number> =>
  (
    await sql<{ count: number }>`
      select count(*)::int as count from campaign_decisions d
      join campaign_decisions l on l.campaign_id = ${lastId} and l.customer_id = d.customer_id and l.decision = 'notice'
      where d.campaign_id = ${campaignId} and d.decision = 'notice'`.execute(db)
  ).rows[0]?.count ?? 0

/** A text can be changed until the campaign is approved, and not after. */
export const markText = async (
  tx: Transaction,
  campaignId: string,
  { text, by, now }: { readonly text: string; readonly by: string; readonly now: Date },
): Promise<boolean> => {
  const { rows } = await sql`
    with changed as (
      update campaigns set notice_text = ${text}, text_by = ${by}, text_at = ${now}
      where id = ${campaignId} and approved_at is null returning id
    )
    insert into campaign_texts (campaign_id, number, notice_text, written_at, written_by)
    select id, (select coalesce(max(number), 0) + 1 from campaign_texts where campaign_id = ${campaignId}), ${text}, ${now}, ${by}
    from changed returning number`.execute(tx)
  return rows.length > 0
}

/** Until the transaction ends nobody changes, asks for or approves this campaign. */
export const lockCampaign = async (tx: Transaction, campaignId: string): Promise<void> => {
  await sql`select from campaigns where id = ${campaignId} for update`.execute(tx)
}
