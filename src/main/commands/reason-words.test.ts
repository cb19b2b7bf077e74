import { expect, test } from 'vitest'
import { reasonInWords } from './reason-words.ts'

test.each([
  ['live-promise', 'live-promise: the customer has promised a day, and it is not over'],
  ['dropped', 'dropped: the connection broke before the answer: it may have left'],
  ['ESME_RTHROTTLED', 'ESME_RTHROTTLED: We send faster than the carrier allows.'],
  ['21211', '21211: The phone number is not valid.'],
  // A receipt’s error code means what its carrier says it means.
  ['017', '017'],
  // Of Object’s own words none is a reason.
  ['constructor', 'constructor'],
])('%s is told as %j', (because, words) => {
  expect(reasonInWords(because)).toBe(words)
})
