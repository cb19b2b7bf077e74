/**
 * Must a campaign pause by itself? When too many of its last messages came to nothing, or a gateway turns one after the
 * other away: a wrong sender, a text that carriers block, or a list of dead numbers is a thing for a person to look at,
 * before it costs the rest of the campaign its one notice of the day.
 *
 * @param answers what became of the campaign's messages since it was last resumed, the newest last: each message once, by
 * its latest word. Doubtful and unanswered ones are no answers; nor is an expired one, for its phone was off.
 */
export const autoPause = (answers: readonly CampaignAnswer[], limits: PauseLimits = pauseLimits): PauseOutcome => {
  const last = answers.slice(-limits.lastAnswers)
  const failed = last.filter((answer) => answer !== 'taken').length
  const refusedInARow = last.length - 1 - last.findLastIndex((answer) => answer !== 'gateway-refused')
  const facts: PauseFacts = { answers: last.length, failed, refusedInARow }
  if (refusedInARow >= limits.refusedInARow) return { kind: 'pause', because: 'gateway-refuses', facts }
  if (last.length >= limits.answersMin && failed * 100 >= last.length * limits.failedPercent)
    return { kind: 'pause', because: 'too-many-failures', facts }
  return { kind: 'go-on' }
}

export type CampaignAnswer =
  /** By the carrier, whether or not it has been delivered yet. */
  | 'taken'
  /** At submit, because of the message or its number. */
  | 'refused'
  /** At submit, because of the gateway: the account, the sender, the carrier's own trouble. */
  | 'gateway-refused'
  /** By a receipt, for good. */
  | 'failed'

export type PauseOutcome =
  | { readonly kind: 'go-on' }
  | { readonly kind: 'pause'; readonly because: 'too-many-failures' | 'gateway-refuses'; readonly facts: PauseFacts }

export type PauseFacts = { readonly answers: number; readonly failed: number; readonly refusedInARow: number }

export type PauseLimits = {
  /** Before so many answers a share says little: the first five may be the five dead numbers of the list. */
  readonly answersMin: number
  /** Older answers do not count: trouble that begins late must not drown in a good start. */
  readonly lastAnswers: number
  /** From this share on. Lists of customers in arrears hold some dead numbers, never so many. */
  readonly failedPercent: number
  readonly refusedInARow: number
}

export const pauseLimits: PauseLimits = { answersMin: 50, lastAnswers: 200, failedPercent: 20, refusedInARow: 20 }
