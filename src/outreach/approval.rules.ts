import type { Creditor } from '#creditor'
import { type ApprovalRefusal, type CampaignText, refuseApproval } from './campaign.rules.ts'

/** Who had a hand in what is to be approved: whoever planned it, wrote its text or asked. */
export type Makers = { readonly plannedBy: string; readonly textBy: string | null; readonly askedBy: string }

export type AskedApproval = {
  readonly campaign: CampaignText & {
    readonly plannedBy: string
    readonly rulesVersion: string
    readonly planned: number
    readonly approvedAt: Date | null
  }
  /** Nothing, when nobody asks for it at present. */
  readonly request: { readonly askedBy: string; readonly pinned: Buffer; readonly noticeCount: number } | undefined
  /** What is to be approved as it stands now. */
  readonly pinnedNow: Buffer
}

export type ApprovalDecision =
  | { readonly kind: 'approved' }
  | {
      readonly kind: 'refused'
      readonly because: 'not-asked' | 'own-campaign' | 'number-differs' | Extract<ApprovalRefusal, 'already-approved'>
    }
  /** What was asked about is not there any more: it has to be asked again. */
  | { readonly kind: 'void'; readonly because: Exclude<ApprovalRefusal, 'already-approved'> | 'recipients-changed' }

/**
 * May this person let this campaign go? Nobody approves what they had a hand in, whatever their roles; and only what was
 * asked about, to the last number. Whoever types the number of notices has looked at it.
 */
export const decideApproval = (
  { campaign, request, pinnedNow }: AskedApproval,
  { by, typed }: { readonly by: string; readonly typed: string },
  creditor: Creditor,
): ApprovalDecision => {
  if (campaign.approvedAt !== null) return { kind: 'refused', because: 'already-approved' }
  if (request === undefined) return { kind: 'refused', because: 'not-asked' }
  if (isOwn({ ...campaign, ...request }, by)) return { kind: 'refused', because: 'own-campaign' }
  const changed = refuseApproval(campaign, creditor)
  if (changed !== undefined && changed !== 'already-approved') return { kind: 'void', because: changed }
  if (!pinnedNow.equals(request.pinned)) return { kind: 'void', because: 'recipients-changed' }
  if (typedNumber(typed) !== request.noticeCount) return { kind: 'refused', because: 'number-differs' }
  return { kind: 'approved' }
}

/** The same person is the same at the console and on the command line. */
export const isOwn = ({ plannedBy, textBy, askedBy }: Makers, by: string): boolean =>
  [plannedBy, textBy, askedBy].some((maker) => maker !== null && personOf(maker) === personOf(by))

const personOf = (actor: string): string => actor.replace(/^(?:operator|cli):/, '')

/** As people type a number in Japan: full-width digits and commas are fine, anything else is no number. */
const typedNumber = (typed: string): number | undefined => {
  const plain = typed.normalize('NFKC').trim().replace(/件$/, '')
  return /^\d{1,3}(?:,\d{3})+$|^\d+$/.test(plain) ? Number(plain.replaceAll(',', '')) : undefined
}
