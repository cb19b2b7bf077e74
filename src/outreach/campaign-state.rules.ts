import { type Control, campaignLifeMs } from '#messages'

/** Who said so, when and why. */
type Said = Pick<Control, 'by' | 'because' | 'at'>

export type CampaignState =
  | { readonly kind: 'not-approved' }
  | { readonly kind: 'sending' }
  /** Something is left, and goes on at `next`; undefined when no day of the coming year is open. */
  | { readonly kind: 'outside-hours'; readonly next: Date | undefined }
  | ({ readonly kind: 'paused' } & Said)
  | ({ readonly kind: 'cancelled' } & Said)
  /** Something is left, and will never leave: its text speaks of a day that is long over. */
  | { readonly kind: 'expired'; readonly since: Date }
  /** Nothing is left to send. */
  | { readonly kind: 'through' }

export type CampaignStanding = {
  readonly approvedAt: Date | null
  /** What was last said about it. */
  readonly control: Control | undefined
  /** Whether anything is still to be sent or on its way. */
  readonly hasMore: boolean
  readonly nextAllowed: Date | undefined
}

/** How a campaign stands at this moment: what was said about it comes before what the clock says. */
export const campaignState = (
  { approvedAt, control, hasMore, nextAllowed }: CampaignStanding,
  now: Date,
): CampaignState => {
  if (approvedAt === null) return { kind: 'not-approved' }
  if (control?.act === 'cancelled') return { kind: 'cancelled', ...said(control) }
  if (!hasMore) return { kind: 'through' }
  const endsAt = new Date(approvedAt.getTime() + campaignLifeMs)
  if (endsAt <= now) return { kind: 'expired', since: endsAt }
  if (control?.act === 'paused') return { kind: 'paused', ...said(control) }
  if (nextAllowed === undefined || nextAllowed > now) return { kind: 'outside-hours', next: nextAllowed }
  return { kind: 'sending' }
}

const said = ({ by, because, at }: Control): Said => ({ by, because, at })
