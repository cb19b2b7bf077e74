/**
 * How long a carrier is to keep trying, in its own unit: rounded down, for a message that comes too late does harm and
 * one that ends a little early does none.
 */
export function validityOf(validUntil: Date | undefined, now: Date, { unitMs, min, max }: ValidityLimits): Validity {
  if (validUntil === undefined) return { kind: 'carriers-own' }
  const units = Math.floor((validUntil.getTime() - now.getTime()) / unitMs)
  return units < min ? { kind: 'expired' } : { kind: 'limited', units: Math.min(units, max) }
}

export type ValidityLimits = {
  readonly unitMs: number
  /** The least that the carrier takes; less time than this is none. */
  readonly min: number
  readonly max: number
}

export type Validity =
  | { readonly kind: 'carriers-own' }
  | { readonly kind: 'limited'; readonly units: number }
  | { readonly kind: 'expired' }
