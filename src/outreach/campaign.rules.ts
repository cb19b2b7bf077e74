import { createHash } from 'node:crypto'
import type { Creditor } from '#creditor'
import { checkNoticeText, noticeText, problemsOfTexts } from '#messages'

/** Raised whenever a rule of `contact.rules.ts` decides differently than before. */
const rulesEdition = 2

/** Names the rules and everything configured that they decide by: an approval holds only for what was planned by it. */
export const rulesVersion = ({
  policies,
  products,
  redebits,
}: Pick<Creditor, 'policies' | 'products' | 'redebits'>): string => {
  const { contact, promise, resultCodes } = policies
  const decidedBy = JSON.stringify([
    rulesEdition,
    sorted(contact),
    sorted(promise),
    sorted(resultCodes),
    sorted(products),
    sorted(redebits),
  ])
  return `${rulesEdition}-${createHash('sha256').update(decidedBy).digest('hex').slice(0, 16)}`
}

/** What a campaign says, and whether somebody wrote it for this campaign. */
export type CampaignText = { readonly text: string; readonly textBy: string | null }

/**
 * What is wrong with a notice's text at this moment. One of the creditor's file that is not the configured one any more is
 * not what was approved; a campaign's own stands as long as it is one that may be sent.
 */
export const textProblems = (creditor: Creditor, { text, textBy }: CampaignText): readonly string[] => {
  if (textBy !== null) return checkNoticeText(creditor, text).map(({ kind }) => kind)
  return [
    ...(text === noticeText(creditor) ? [] : ['changed']),
    ...problemsOfTexts(creditor)
      .filter(({ key }) => key === 'texts.notice')
      .map(({ problem }) => problem.kind),
  ]
}

export type ApprovalRefusal = 'already-approved' | 'nothing-to-send' | 'rules-changed' | 'text-changed'

/** May this campaign go out as it was planned? */
export const refuseApproval = (
  campaign: CampaignText & {
    readonly rulesVersion: string
    readonly planned: number
    readonly approvedAt: Date | null
  },
  creditor: Creditor,
): ApprovalRefusal | undefined => {
  if (campaign.approvedAt !== null) return 'already-approved'
  if (campaign.planned === 0) return 'nothing-to-send'
  if (campaign.rulesVersion !== rulesVersion(creditor)) return 'rules-changed'
  return textProblems(creditor, campaign).length > 0 ? 'text-changed' : undefined
}

/** Keys in one order, so that the order of a file's lines is no change. */
const sorted = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}
