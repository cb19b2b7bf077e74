import type { HoldReason } from '#answers'
import type { ContactRule } from '#outreach'
import { awsStatuses } from '#platform/gateways/aws-status'
import type { SubmitOutcome } from '#platform/gateways/gateway'
import { statuses } from '#platform/gateways/http-status'
import { kannelStatuses } from '#platform/gateways/kannel-status'
import { smppStatuses } from '#platform/gateways/smpp-status'
import { twilioStatuses } from '#platform/gateways/twilio-status'
import { vonageStatuses } from '#platform/gateways/vonage-status'

/** What the log of a message says as its reason, for people. A reason of a carrier that nobody has listed stays as it is. */
export const reasonInWords = (because: string): string => {
  const words = Object.hasOwn(ours, because) ? ours[because] : carriers.get(because)
  return words === undefined ? because : `${because}: ${words}`
}

/** What the contact rules exclude or put off by; a new rule or hold does not compile without words. */
const rules: Readonly<
  Record<
    Exclude<ContactRule, 'hold' | 'told-us'> | `hold-${HoldReason}` | `told-${'already-paid' | 'consultation'}`,
    string
  >
> = {
  paid: 'everything is paid',
  'product-excluded': 'no contract that the service may speak of',
  'result-code': 'no debit failed for lack of funds',
  'legal-hold': 'a lawyer has taken over (受任通知)',
  'hold-legal': 'a lawyer has taken over (受任通知)',
  'hold-death': 'the customer has died',
  'hold-dispute': 'the bill is disputed',
  'hold-hardship': 'the customer is in hardship',
  'hold-wrong-number': 'the number is somebody else’s',
  'live-promise': 'the customer has promised a day, and it is not over',
  'told-already-paid': 'the customer says it is paid',
  'told-consultation': 'the customer has asked for a consultation',
  'redebit-planned': 'the bank has the next debit in hand, and its answer is not here',
  'cap-per-day': 'as many notices as a day allows',
  'cap-in-7-days': 'as many notices as seven days allow',
  'cap-per-case': 'as many notices as a case allows',
  text: 'the text is not one that may be sent',
  days: 'not on this day',
  hours: 'not at this hour',
}

/** What a gateway says of a message that it did not take, or may have. */
const gateways: Readonly<Record<Extract<SubmitOutcome, { kind: 'not-sent' | 'doubtful' }>['because'], string>> = {
  'no-bind': 'there was no connection to the carrier, and no byte left',
  'link-in-doubt': 'the connection did not answer, and no byte left',
  'window-full': 'too many were under way, and no byte left',
  closing: 'the worker was being stopped, and no byte left',
  timeout: 'the carrier did not answer in time: it may have left',
  dropped: 'the connection broke before the answer: it may have left',
}

const ours: Readonly<Record<string, string>> = {
  ...rules,
  ...gateways,
  withdrawn: 'nothing is billed any more',
  busy: 'something about this customer was being written at that moment',
  cancelled: 'the campaign was cancelled',
  'no-facts': 'the case is not there any more',
  'no-phone': 'there is no number on file any more',
  'no-text': 'the text is not there any more',
  empty: 'the text is empty',
  'too-long': 'the text is too long',
  'carriage-return': 'the text has signs that carriers change',
  'half-character': 'the text has half of a sign in it',
  'code-unbound': 'the last line of the text does not bind the code to the site',
  'expired-before-sending': 'its time was over before it could leave',
  'its-time-has-passed': 'its time was over before it could leave',
  EXPIRED: 'less of its time was left than the carrier takes',
  'lease-lost': 'another worker had taken over, and no byte left',
  'claim-unanswered': 'the database did not answer when it was taken, and no byte left',
  'answer-lost': 'the carrier’s answer could not be written down: it may have left',
  'worker-died': 'the worker ended between intent and answer: it may have left',
  'partly-sent': 'not all of its parts have left',
  receipt: 'its receipt shows that it had left',
}

/** Numbers mean different things at different carriers: only what one thing is meant by is told. */
const carriers: ReadonlyMap<string, string> = (() => {
  const meanings = [
    ...smppStatuses.map(({ word, meaning }) => [word, meaning] as const),
    ...[...twilioStatuses, ...awsStatuses, ...vonageStatuses, ...kannelStatuses, ...statuses].map(
      ({ code, meaning }) => [code, meaning] as const,
    ),
  ]
  const byCode = Map.groupBy(meanings, ([code]) => code)
  return new Map(
    [...byCode].flatMap(([code, told]) => {
      const [meaning, ...others] = new Set(told.map(([, words]) => words))
      return meaning === undefined || others.length > 0 ? [] : [[code, meaning]]
    }),
  )
})()
