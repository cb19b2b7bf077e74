import type { Suggestion, Unmatched } from '#payments'

/** Why a deposit waits, for people; a new reason does not compile without words. */
export const waitsBecause: Readonly<Record<Unmatched | 'would-match', string>> = {
  'account-unassigned': 'it came to a virtual account that is nobody’s',
  'slip-unknown': 'no slip with this number was issued here',
  'several-fit': 'it fits several customers',
  'amount-differs': 'the name is a customer’s, the amount is not what they owe',
  'name-differs': 'the amount is what somebody of that family owes',
  'reference-weak': 'a short number, or one in the name, is a customer’s, and nothing else fits',
  'by-name-off': 'amount and name fit, but policies.deposits.matchByName is off',
  'nobody-fits': 'no account, number, name or amount fits',
  'taken-apart': 'a person took it away from a customer',
  'would-match': 'it fits exactly one customer by now: the next sweep matches it',
}

/** What speaks for a customer: 'the whole name, all they owe that day'. */
export const speaksFor = ({ account, slipId, reference, name, amount }: Suggestion): string =>
  [
    account && 'their account',
    slipId && 'their slip',
    reference && numbers[reference],
    name && names[name],
    amount ? amounts[amount] : 'not the amount',
  ]
    .filter((words) => words !== undefined && words !== '')
    .join(', ')

const numbers = { strong: 'their number', weak: 'a number like theirs' } as const
const names = { whole: 'the whole name', family: 'the family name', household: 'a part of the name' } as const
const amounts = {
  total: 'all they owe that day',
  bill: 'one of their bills that day',
  promised: 'what they promised',
} as const

/** Why something was not done. */
export const refusedBecause = {
  'no-such-deposit': 'There is no such deposit: annai deposits unmatched',
  ended: 'It was taken back. Nothing has changed.',
  'matched-already': 'It is matched already: annai deposits unmatch takes it apart. Nothing has changed.',
  'no-such-customer': 'There is no such customer, or the number fits two. Nothing has changed.',
  'no-open-bill': 'That contract has no open bill that was due by the day of the money. Nothing has changed.',
  'several-bills':
    'That contract has several open bills, and the amount tells no single one. Without --contract the oldest is paid first. Nothing has changed.',
  'not-matched': 'It is nobody’s. Nothing has changed.',
  'told-by-channel': 'The bank or the provider itself says whose it is. Nothing has changed.',
  refunded: 'A part of it was given back to the customer. Nothing has changed.',
  'provider-unreachable': 'The payment provider cannot be reached. Nothing has changed: try again.',
  'provider-refused':
    'The payment provider does not give it back; its dashboard says why. Nothing has changed: pay it out another way.',
  'no-surplus': 'Nothing of it is left over. Nothing has changed.',
} as const
