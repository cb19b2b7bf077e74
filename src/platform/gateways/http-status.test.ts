import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { awsStatuses } from './aws-status.ts'
import { type HttpStatus, outcomeOfStatus, statuses, statusOfHttp } from './http-status.ts'
import { kannelStatuses } from './kannel-status.ts'
import { twilioStatuses } from './twilio-status.ts'
import { vonageStatuses } from './vonage-status.ts'

test.each([
  [200, { kind: 'doubtful', because: 'dropped' }],
  [302, { kind: 'refused', retry: 'later', blame: 'gateway' }],
  [400, { kind: 'refused', retry: 'later', blame: 'message' }],
  [401, { kind: 'refused', retry: 'later', blame: 'gateway' }],
  [403, { kind: 'refused', retry: 'later', blame: 'gateway' }],
  [408, { kind: 'refused', retry: 'later', blame: 'message' }],
  [418, { kind: 'refused', status: 'HTTP 418', retry: 'later', blame: 'message' }],
  [429, { kind: 'throttled', status: 'HTTP 429' }],
  [500, { kind: 'doubtful', because: 'dropped' }],
  [502, { kind: 'doubtful', because: 'dropped' }],
  [503, { kind: 'refused', status: 'HTTP 503', retry: 'later', blame: 'gateway' }],
  [504, { kind: 'doubtful', because: 'dropped' }],
])('HTTP %i without a code', (status, outcome) => {
  expect(outcomeOfStatus(statusOfHttp(status))).toMatchObject(outcome)
})

describe('docs/gateways.md explains every status of', () => {
  const page = readFileSync(new URL('../../../docs/gateways.md', import.meta.url), 'utf8')

  test.each([
    ['HTTP', statuses],
    ['Twilio', twilioStatuses],
    ['AWS', awsStatuses],
    ['Vonage', vonageStatuses],
    ['Kannel', kannelStatuses],
  ])('%s', (_, table) => {
    expect(table.length).toBeGreaterThan(5)
    expect(table.filter((status) => !page.includes(rowOf(status))).map(rowOf)).toEqual([])
  })

  const words = {
    'give-up': 'the message fails',
    'try-later': 'again later',
    'slow-down': 'again, more slowly',
    'fix-gateway': 'again, over another gateway; look at the configuration',
    'gateway-down': 'again, over another gateway',
    'in-doubt': 'in doubt',
  } as const
  const rowOf = ({ code, meaning, next }: HttpStatus) => `| \`${code}\` | ${meaning} | ${words[next]} |`
})
