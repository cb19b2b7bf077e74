import type { Policies } from '#creditor'

/** Counts of the whole service in the hour behind us, or since the last pause. */
export type ServiceCounts = { readonly codes: number; readonly sms: number; readonly wrong: number }

export type BreakerReason = 'wrong-codes' | 'code-sms'

/** Code SMS beyond this many times what an hour is expected to need are somebody else's doing. */
const smsTimesForecastMax = 3

export const breakerWindowMs = 3_600_000

/** Whether no new codes are made for a while: somebody guesses codes, or has us send them, on a large scale. */
export function breakerReason({ codes, sms, wrong }: ServiceCounts, { breaker }: Policies): BreakerReason | undefined {
  const wrongMax = Math.max(breaker.wrongTriesMin, (codes * breaker.wrongTriesPercentOfCodes) / 100)
  if (wrong >= wrongMax) return 'wrong-codes'
  return sms > smsTimesForecastMax * breaker.codesPerHourForecast ? 'code-sms' : undefined
}
