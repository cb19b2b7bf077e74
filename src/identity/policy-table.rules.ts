import type { Policies } from '#creditor'

/** How likely somebody who guesses gets in. */
export type PolicyRow = {
  readonly digits: number
  /** Whether this is the length the program runs with; the others are shown for comparison. */
  readonly isRunning: boolean
  /** One code, by somebody who knows name, birth date and phone. */
  readonly perCode: number
  /** One day against one person, all three facts known. */
  readonly perDay: number
  /** Thirty days without the person signing in, all three facts known. */
  readonly per30Days: number
  /** One day against one phone, the name known and the birth date not. */
  readonly perDayUnknownBirthDate: number
}

/** Birth dates that somebody who owes may have: fifty years of them. */
export const plausibleBirthDates = 18_262

/** The figures of docs/security.md for the numbers in force, with other code lengths beside them. */
export function policyTable(policies: Policies): readonly PolicyRow[] {
  const lengths = [...new Set([4, 6, 8, policies.code.digits])].sort((a, b) => a - b)
  return lengths.map((digits) => policyRow(digits, policies))
}

function policyRow(digits: number, { code, identity }: Policies): PolicyRow {
  const guesses = (count: number) => chanceOf(count, code.triesPerCode, digits)
  const perDayMax = Math.min(code.triesPerCode * code.codesPerDay, code.wrongPerDay)
  // Every identity tried costs an identity form and an SMS of the phone, whether or not one is sent.
  const identitiesPerDay = Math.min(identity.triesPerDayPerPhone, code.smsPerDayPerPhone)
  return {
    digits,
    isRunning: digits === code.digits,
    perCode: guesses(code.triesPerCode),
    perDay: guesses(perDayMax),
    per30Days: guesses(Math.min(perDayMax * 30, code.wrongIn30Days)),
    perDayUnknownBirthDate: (identitiesPerDay / plausibleBirthDates) * guesses(Math.min(code.triesPerCode, perDayMax)),
  }
}

/**
 * 1 − (1 − n/10^d)^k over k whole codes of n tries, and one more for the tries that are left: within a code guesses
 * differ from each other, from code to code they start anew. Summed by logarithms, because 1 − x loses 8 digits' worth.
 */
function chanceOf(guesses: number, triesPerCode: number, digits: number): number {
  const [codes, rest] = [Math.floor(guesses / triesPerCode), guesses % triesPerCode]
  const log = codes * Math.log1p(-triesPerCode / 10 ** digits) + Math.log1p(-rest / 10 ** digits)
  return -Math.expm1(log)
}
