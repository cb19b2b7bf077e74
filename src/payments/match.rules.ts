/** Why nobody but a person can tell whose money it is. The words for people are the command line's. */
export type Unmatched =
  /** It came to a virtual account that is nobody's. */
  | 'account-unassigned'
  /** A slip that was not issued here. */
  | 'slip-unknown'
  | 'several-fit'
  /** The name is somebody's, the amount is not what they owe. */
  | 'amount-differs'
  /** The amount and one part of the name are somebody's. */
  | 'name-differs'
  /** So short a number is also somebody else's by chance. */
  | 'reference-weak'
  /** `policies.deposits.matchByName` is off. */
  | 'by-name-off'
  | 'nobody-fits'
  /** A person has taken it away from a customer, so no sweep gives it back. */
  | 'taken-apart'

/** Everything that ties one customer to a deposit. */
export type Tie = {
  readonly customerId: string
  /** It came to their virtual account. */
  readonly account?: true
  /** It paid this slip of theirs. */
  readonly slipId?: string
  /** Their number: alone in its field and long enough, or short, or somewhere in the payer's name. */
  readonly reference?: 'strong' | 'weak'
  readonly name?: 'whole' | 'family' | 'household'
  /** What it is equal to, on its day: all they owe, one bill, or what they promised. */
  readonly amount?: 'total' | 'bill' | 'promised'
}

/** What is known of a deposit before anybody is looked for. */
export type Clues = {
  readonly channel: 'transfer' | 'convenience-store'
  /** Its account is one of the virtual accounts, and nobody's. */
  readonly toUnassignedAccount: boolean
}

export type Match =
  | {
      readonly kind: 'matched'
      readonly customerId: string
      readonly slipId?: string
      readonly how: 'virtual-account' | 'slip' | 'reference' | 'name'
      readonly certainty: 'certain' | 'probable'
    }
  | { readonly kind: 'for-people'; readonly because: Unmatched; readonly candidates: readonly string[] }

/** As many as a person compares at a glance. */
const candidatesMax = 5

/** Whose money it is: by account, slip, number, and by amount and name, in that order; what is left is for people. */
export const judgeMatch = (clues: Clues, ties: readonly Tie[], { byName }: { readonly byName: boolean }): Match =>
  byAccount(ties) ?? bySlip(ties) ?? byNumber(ties) ?? byNameAndAmount(clues, ties, byName)

const byAccount = (ties: readonly Tie[]): Match | undefined => {
  const holder = ties.find((tie) => tie.account)
  return holder && matched(holder, 'virtual-account', 'certain')
}

const bySlip = (ties: readonly Tie[]): Match | undefined => {
  const payer = ties.find((tie) => tie.slipId !== undefined)
  return payer && { ...matched(payer, 'slip', 'certain'), ...(payer.slipId && { slipId: payer.slipId }) }
}

const byNumber = (ties: readonly Tie[]): Match | undefined => {
  const strong = ties.filter((tie) => tie.reference === 'strong')
  const [only] = strong
  if (only && strong.length === 1) return matched(only, 'reference', 'certain')
  const numbered = strong.length > 0 ? strong : ties.filter((tie) => tie.reference === 'weak')
  const named = numbered.filter((tie) => tie.name !== undefined)
  const likely = named.length > 0 ? named : numbered.filter((tie) => tie.amount !== undefined)
  const [likeliest] = likely
  if (likeliest && likely.length === 1) return matched(likeliest, 'reference', 'probable')
  if (likely.length > 1) return forPeople('several-fit', likely)
  return strong.length > 0 ? forPeople('several-fit', strong) : undefined
}

const byNameAndAmount = (clues: Clues, ties: readonly Tie[], byName: boolean): Match => {
  const whole = ties.filter((tie) => tie.name === 'whole')
  const named = whole.length > 0 ? whole : ties.filter((tie) => tie.name === 'family')
  const fitting = named.filter((tie) => tie.amount !== undefined)
  const [only] = fitting
  if (fitting.length > 1) return forPeople('several-fit', fitting)
  if (only) return judgeName(clues, only, byName)
  if (whole.length > 0) return forPeople('amount-differs', whole)
  const numbered = ties.filter((tie) => tie.reference === 'weak')
  if (numbered.length > 0) return forPeople('reference-weak', numbered)
  const household = ties.filter((tie) => tie.name === 'household' && tie.amount !== undefined)
  if (household.length > 0) return forPeople('name-differs', household)
  return forPeople(whyNobody(clues), [])
}

/** Money on an account that was meant for nobody yet is looked at, however well a name fits. */
const judgeName = (clues: Clues, tie: Tie, byName: boolean): Match => {
  if (clues.toUnassignedAccount) return forPeople('account-unassigned', [tie])
  return byName ? matched(tie, 'name', 'probable') : forPeople('by-name-off', [tie])
}

const whyNobody = ({ channel, toUnassignedAccount }: Clues): Unmatched => {
  if (toUnassignedAccount) return 'account-unassigned'
  return channel === 'convenience-store' ? 'slip-unknown' : 'nobody-fits'
}

type Matched = Extract<Match, { readonly kind: 'matched' }>

const matched = ({ customerId }: Tie, how: Matched['how'], certainty: Matched['certainty']): Matched => ({
  kind: 'matched',
  customerId,
  how,
  certainty,
})

const forPeople = (because: Unmatched, ties: readonly Tie[]): Match => ({
  kind: 'for-people',
  because,
  candidates: ties
    .map(({ customerId }) => customerId)
    .toSorted()
    .slice(0, candidatesMax),
})
