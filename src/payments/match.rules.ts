/** Why nobody but a person can tell whose money it is. The words for people are the command line's. */
export type Unmatched =
  /** It came to a virtual account that is nobody's. */
  | 'account-unassigned'
  | 'slip-unknown'
  | 'several-fit'
  | 'amount-differs'
  | 'name-differs'
  /** So short a number is also somebody else's by chance. */
  | 'reference-short'
  /** `policies.deposits.matchByName` is off. */
  | 'by-name-off'
  | 'nobody-fits'
  /** A person has taken it away from a customer, so no sweep gives it back. */
  | 'taken-apart'
