/** What followed is counted for so long; a notice of two weeks ago brings nobody to the site any more. */
export const followedDays = 14
const dayMs = 86_400_000

/** From when to when what happens is put down to a campaign. */
export const followedOf = (approvedAt: Date): { readonly from: Date; readonly until: Date } => ({
  from: approvedAt,
  until: new Date(approvedAt.getTime() + followedDays * dayMs),
})

/** A page that many look at shall not have the database count all the time: at most a twentieth of it. */
const restPerCount = 20
const freshMinMs = 1_000

export type Counted = { readonly countedAt: Date; readonly tookMs: number }

/**
 * Whether these numbers are to be counted once more. After the last day nothing is put down to a campaign, and one count
 * after it stands for good; its receipts have come long before.
 */
export const isStale = ({ countedAt, tookMs }: Counted, approvedAt: Date, now: Date): boolean => {
  if (countedAt >= followedOf(approvedAt).until) return false
  return now.getTime() - countedAt.getTime() >= Math.max(freshMinMs, tookMs * restPerCount)
}

/** Whoever looks waits for a count of this length; for a longer one they see the last numbers, with their time. */
export const isQuick = ({ tookMs }: Counted): boolean => tookMs <= 200
