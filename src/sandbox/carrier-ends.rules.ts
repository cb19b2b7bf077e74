import type { Conduct } from './carrier-numbers.rules.ts'

/** How and when a message ends that was taken: on the phone, or not, or too late for its validity. */
export function endOf({ conduct, submittedAt, validUntil, takesMs }: EndFacts): End {
  const arrivalAt = new Date(submittedAt.getTime() + takesMs + conduct.lateByMs)
  if (validUntil !== undefined && validUntil <= arrivalAt) return { fate: 'expired', dueAt: validUntil }
  return { fate: conduct.end, dueAt: arrivalAt }
}

type EndFacts = {
  readonly conduct: Conduct
  readonly submittedAt: Date
  readonly validUntil: Date | undefined
  /** From taking it to the phone. */
  readonly takesMs: number
}

type End = { readonly fate: Conduct['end']; readonly dueAt: Date }

/** registered_delivery, bits 1 and 0: 1 always, 2 only for a failure (SMPP 3.4, 5.2.17). */
export function wantsReceipt(registeredDelivery: number, fate: Conduct['end']): boolean {
  const wanted = registeredDelivery & 0x03
  return wanted === 1 || (wanted === 2 && fate !== 'delivered')
}

/** The receipts that a message's end brings, in order of sending. */
export function receiptsOf({ receipts, receiptLateByMs, isBackwards, hasStray }: Conduct): readonly PlannedReceipt[] {
  const strays: readonly PlannedReceipt[] = hasStray ? [{ of: 'stray', afterEndMs: 0 }] : []
  if (receipts === 'none') return strays
  const firstAfterMs = receipts === 'twice' ? 0 : receiptLateByMs
  return [
    ...strays,
    { of: 'end', afterEndMs: firstAfterMs },
    ...(isBackwards ? [{ of: 'way', afterEndMs: firstAfterMs } as const] : []),
    ...(receipts === 'twice' ? [{ of: 'end', afterEndMs: receiptLateByMs } as const] : []),
  ]
}

/** `end`: how it ended; `way`: that it is ENROUTE; `stray`: of a message that does not exist. */
export type PlannedReceipt = { readonly of: 'end' | 'way' | 'stray'; readonly afterEndMs: number }
