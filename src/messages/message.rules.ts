export type MessageClass = 'notice' | 'code' | 'receipt'
export type Lane = 'code' | 'campaign'

/** Codes have a lane of their own, so that they never wait behind a campaign. */
export const laneOf = (messageClass: MessageClass): Lane => (messageClass === 'notice' ? 'campaign' : 'code')

/** The one queue of what customers ask for: codes and the receipts of answers. Every campaign is a queue of its own. */
export const codeQueue = '00000000-0000-7000-8000-00000000c0de'

/** What a gateway's answer means for the message. */
export type AfterSubmit =
  | {
      readonly kind: 'record'
      readonly state: 'submitted' | 'refused' | 'unknown'
      readonly because?: string
      readonly blame?: Blame
    }
  | { readonly kind: 'again'; readonly delay: Delay; readonly because: string; readonly blame?: Blame }

/** Whose fault it is: every message would fail at this gateway, or only this one. */
export type Blame = 'message' | 'gateway'

/** What waits for the same length of time waits in one line, whose head is due first. */
export const delaysMs = {
  /** Another gateway takes over. */
  moved: 0,
  /** The carrier asked for it, and the pace has halved meanwhile. */
  throttled: 1_000,
  /** No byte left: a reconnection takes about as long. */
  'not-sent': 2_000,
  /** Somebody is writing about this customer at the moment. */
  busy: 10_000,
  /** A carrier's trouble of its own; somebody waits for a code, and it lives for minutes. */
  'refused-code': 5_000,
  refused: 60_000,
} as const
export type Delay = keyof typeof delaysMs

/** What the rules put off waits apart from what a carrier did, the near apart from the far, for the same reason. */
export type Deferral = 'deferred' | 'deferred-soon'
export const deferralOf = (until: Date, now: Date): Deferral =>
  until.getTime() - now.getTime() <= 60_000 ? 'deferred-soon' : 'deferred'

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
      return odd.kind === 'doubtful'
        ? { kind: 'record', state: 'unknown', because: odd.because, blame: 'gateway' }
        : partlySent
    case 'refused': {
      if (begun) return partlySent
      const { because, blame } = odd
      if (odd.retry === 'never' || tries >= againMax) return { kind: 'record', state: 'refused', because, blame }
      return { kind: 'again', delay: 'refused', because, blame }
    }
    case 'throttled': {
      if (begun) return partlySent
      const { kind: delay, because, blame } = odd
      return { kind: 'again', delay, because, ...(blame && { blame }) }
    }
    case 'not-sent':
      if (begun) return partlySent
      return { kind: 'again', delay: odd.kind, because: odd.because }
  }
}

const partlySent = { kind: 'record', state: 'unknown', because: 'partly-sent' } as const

export type PartOutcome =
  | { readonly kind: 'submitted'; readonly carrierId: string }
  | { readonly kind: 'refused'; readonly retry: 'never' | 'later'; readonly because: string; readonly blame: Blame }
  /** To blame is a gateway that takes nothing however slowly it is asked. */
  | { readonly kind: 'throttled'; readonly because: string; readonly blame?: 'gateway' }
  | { readonly kind: 'not-sent'; readonly because: string }
  | { readonly kind: 'doubtful'; readonly because: string }
