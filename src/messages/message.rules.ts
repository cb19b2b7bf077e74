export type MessageClass = 'notice' | 'code' | 'receipt'
export type Lane = 'code' | 'campaign'

/** Codes have a lane of their own, so that they never wait behind a campaign. */
export const laneOf = (messageClass: MessageClass): Lane => (messageClass === 'notice' ? 'campaign' : 'code')

/** What a gateway's answer means for the message. */
export type AfterSubmit =
  | { readonly kind: 'record'; readonly state: 'submitted' | 'refused' | 'unknown'; readonly because?: string }
  | { readonly kind: 'again'; readonly afterMs: number; readonly because: string }

/** Refusals that may pass are tried this often: at one a minute, an hour of a carrier's trouble. */
export const againMax = 60

/**
 * Says what follows from the parts' answers, the first first. A message whose parts went out only partly is doubtful:
 * the customer may hold half of it, so it is neither sent again blindly nor called refused.
 */
export const afterSubmit = (outcomes: readonly PartOutcome[], { tries }: { readonly tries: number }): AfterSubmit => {
  const odd = outcomes.find(({ kind }) => kind !== 'submitted')
  if (odd === undefined) return { kind: 'record', state: 'submitted' }
  const begun = outcomes[0]?.kind === 'submitted' || outcomes[0]?.kind === 'doubtful'
  switch (odd.kind) {
    case 'submitted':
    case 'doubtful':
      return { kind: 'record', state: 'unknown', because: odd.kind === 'doubtful' ? odd.because : 'partly-sent' }
    case 'refused':
      if (begun) return { kind: 'record', state: 'unknown', because: 'partly-sent' }
      if (odd.retry === 'never' || tries >= againMax) return { kind: 'record', state: 'refused', because: odd.because }
      return { kind: 'again', afterMs: 60_000, because: odd.because }
    case 'throttled':
    case 'not-sent':
      if (begun) return { kind: 'record', state: 'unknown', because: 'partly-sent' }
      return { kind: 'again', afterMs: odd.kind === 'throttled' ? 1_000 : 2_000, because: odd.because }
  }
}

export type PartOutcome =
  | { readonly kind: 'submitted'; readonly carrierId: string }
  | { readonly kind: 'refused'; readonly retry: 'never' | 'later'; readonly because: string }
  | { readonly kind: 'throttled'; readonly because: string }
  | { readonly kind: 'not-sent'; readonly because: string }
  | { readonly kind: 'doubtful'; readonly because: string }
