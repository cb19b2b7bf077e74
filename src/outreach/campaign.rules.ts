import { createHash } from 'node:crypto'
import type { Creditor } from '#creditor'
import { noticeText, problemsOfTexts } from '#messages'

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

/** What is wrong with a notice's text; one that is not the configured one any more is not what was approved. */
export const textProblems = (creditor: Creditor, text: string): readonly string[] => [
  ...(text === noticeText(creditor) ? [] : ['changed']),
  ...problemsOfTexts(creditor)
    .filter(({ key }) => key === 'texts.notice')
    .map(({ problem }) => problem.kind),
]

export type ApprovalRefusal = 'already-approved' | 'nothing-to-send' | 'rules-changed' | 'text-changed'

/** May this campaign go out as it was planned? */
export const refuseApproval = (
  campaign: {
    readonly text: string
    readonly rulesVersion: string
    readonly planned: number
    readonly approvedAt: Date | null
  },
  creditor: Creditor,
): ApprovalRefusal | undefined => {
  if (campaign.approvedAt !== null) return 'already-approved'
  if (campaign.planned === 0) return 'nothing-to-send'
  if (campaign.rulesVersion !== rulesVersion(creditor)) return 'rules-changed'
  if (campaign.text !== noticeText(creditor)) return 'text-changed'
  return undefined
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
