import { createHash } from 'node:crypto'
import { type Actor, writeAudit } from '#audit'
import { checkNoticeText, type NoticeTextProblem, normalNoticeText, splitIntoParts } from '#messages'
import type { Transaction } from '#platform/database/database'
import { isUuid } from '#values/id'
import { endRequest, lockCampaign, markText } from './approval.store.ts'
import { findCampaign } from './campaign.store.ts'
import type { OutreachWorld } from './world.ts'

export type WriteTextOutcome =
  | { readonly kind: 'written'; readonly parts: number; readonly voidsRequest: boolean }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'not-allowed'; readonly problems: readonly NoticeTextProblem[] }
  | { readonly kind: 'refused'; readonly because: 'no-such-campaign' | 'already-approved' }

/** Gives a campaign a text of its own before it is approved. Whoever was asked to approve the former one is asked no more. */
export const writeNoticeText = async (
  tx: Transaction,
  { creditor }: Pick<OutreachWorld, 'creditor'>,
  { id, text: typed, by, now }: { readonly id: string; readonly text: string; readonly by: Actor; readonly now: Date },
): Promise<WriteTextOutcome> => {
  if (!isUuid(id)) return { kind: 'refused', because: 'no-such-campaign' }
  await lockCampaign(tx, id)
  const campaign = await findCampaign(tx, id)
  if (campaign === undefined) return { kind: 'refused', because: 'no-such-campaign' }
  if (campaign.approvedAt !== null) return { kind: 'refused', because: 'already-approved' }
  const text = normalNoticeText(typed)
  if (text === campaign.text) return { kind: 'unchanged' }
  const problems = checkNoticeText(creditor, text)
  if (problems.length > 0) return { kind: 'not-allowed', problems }
  await markText(tx, id, { text, by, now })
  const end = { how: 'voided', because: 'text-changed', endedAt: now, endedBy: by } as const
  const voidsRequest = await endRequest(tx, id, end)
  const parts = splitIntoParts(text).length
  const facts = { campaign: id, textHash: createHash('sha256').update(text).digest('hex'), parts, voidsRequest }
  await writeAudit(tx, { at: now, actor: by, act: 'campaign.text-written', facts })
  return { kind: 'written', parts, voidsRequest }
}
