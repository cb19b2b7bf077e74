import { describe, expect, test } from 'vitest'
import {
  type CheckName,
  checks,
  compare,
  type FedCode,
  type Line,
  type LoggedLine,
  type LoggedMessage,
  type RunRecord,
  type Taken,
} from './compare.rules.ts'

/**
 * Four customers: 1 got a notice and a code, 2 a notice whose answer was lost, 3 was refused, 4 got the repetition of a
 * notice that never arrived.
 */
const line = (state: string, more: Partial<LoggedLine> = {}): LoggedLine => ({
  state,
  carrierId: null,
  because: null,
  ...more,
})
const notice = (id: string, customer: string, state: string, lines: readonly LoggedLine[]): LoggedMessage => ({
  id,
  class: 'notice',
  customer,
  repeats: null,
  state,
  lines,
})
const noticeText = 'お支払いのご案内です。'
const taken = (id: string, customer: string, more: Partial<Taken> = {}): Taken => ({
  id,
  customer,
  text: noticeText,
  fate: 'delivered',
  hasEnded: true,
  isAcknowledged: true,
  ...more,
})
const submitted = (carrierId: string) => line('submitted', { carrierId })
const unknown = line('unknown', { because: 'timeout' })

const one = notice('m-0001', '10000001', 'delivered', [submitted('c1'), line('delivered')])
const two = notice('m-0002', '10000002', 'delivered', [unknown, submitted('c2'), line('delivered')])
const three = notice('m-0003', '10000003', 'refused', [line('refused', { because: 'ESME_RINVDSTADR' })])
const four = notice('m-0004', '10000004', 'unknown', [unknown])
const again: LoggedMessage = {
  ...notice('m-0005', '10000004', 'delivered', [submitted('c5'), line('delivered')]),
  repeats: four.id,
}
const code: LoggedMessage = {
  ...notice('m-0006', '10000001', 'delivered', [submitted('c6'), line('delivered')]),
  class: 'code',
}
const fed: FedCode = { id: code.id, customer: '10000001', text: '認証番号:12345678', isAcknowledged: true }

const good: RunRecord & { readonly line: Line } = {
  log: [one, two, three, four, again, code],
  waitingReceipts: new Set(['stray-c1']),
  carrier: {
    taken: [
      taken('c1', '10000001'),
      taken('c2', '10000002', { reference: 2 }),
      taken('c5', '10000004'),
      taken('c6', '10000001', { text: fed.text }),
    ],
    acknowledgedStrays: new Set(['stray-c1']),
  },
  noticeText,
  planned: ['10000001', '10000002', '10000003', '10000004'],
  codes: [fed],
  line: { target: 4, sent: 3, delivered: 3, undelivered: 0, unknown: 0, excluded: 0, failed: 1, unsent: 0 },
  receipts: 'on',
  doubtfulMax: 2,
}

const put = (...changed: readonly LoggedMessage[]): Pick<RunRecord, 'log'> => ({
  log: good.log.map((message) => changed.find(({ id }) => id === message.id) ?? message),
})
const alsoTaken = (...more: readonly Taken[]): Pick<RunRecord, 'carrier'> => ({
  carrier: { ...good.carrier, taken: [...good.carrier.taken, ...more] },
})
const receiptsOff = { receipts: 'off' } as const
const found = (change: Partial<RunRecord>): readonly CheckName[] => [
  ...new Set(compare({ ...good, ...change }).violations.map(({ check }) => check)),
]

test('a log and a carrier that agree', () => {
  expect(compare(good)).toMatchObject({
    violations: [],
    figures: {
      notices: 4,
      codes: 1,
      taken: 4,
      delivered: 4,
      undelivered: 0,
      unknown: 1,
      excluded: 0,
      refused: 1,
      doubtful: 2,
      doubtfulBecause: { timeout: 2 },
      repeated: 1,
      duplicateNotices: 0,
      duplicateCodes: 0,
      lost: 0,
    },
  })
})

type Case = readonly [CheckName, string, Partial<RunRecord>]
const cases: readonly Case[] = [
  ['never-queued', 'a customer of the campaign without any notice', { planned: [...good.planned, '10000005'] }],
  ['left-behind', 'a notice that still waits when all is calm', put({ ...three, state: 'queued', lines: [] })],
  ['left-behind', 'a notice that nobody has in hand any more', put({ ...three, state: 'sending', lines: [] })],
  ['without-reason', 'a refusal without a word', put({ ...three, lines: [line('refused')] })],
  ['submitted-not-taken', 'an answer that the carrier never gave', put({ ...one, lines: [submitted('c9')] })],
  [
    'submitted-not-taken',
    'an answer about somebody else’s message',
    put({ ...three, state: 'submitted', lines: [submitted('c1')] }),
  ],
  ['unknown-to-us', 'a text that is no message of ours', alsoTaken(taken('c9', '10000001', { text: 'こんにちは' }))],
  ['unknown-to-us', 'a notice to somebody who was sent none', alsoTaken(taken('c9', '10000009'))],
  ['called-unsent', 'a refused notice that was taken', alsoTaken(taken('c9', '10000003', { reference: 3 }))],
  ['sent-twice', 'one notice taken twice', alsoTaken(taken('c9', '10000002', { reference: 2 }))],
  ['duplicate-code', 'one code taken twice', alsoTaken(taken('c9', '10000001', { text: fed.text }))],
  [
    'duplicate-notice',
    'a second notice, although the receipt of the first came',
    alsoTaken(taken('c9', '10000004', { reference: 4 })),
  ],
  [
    'duplicate-notice',
    'without receipts, a second one although the first was answered',
    { ...receiptsOff, ...put({ ...four, lines: [submitted('c9')] }), ...alsoTaken(taken('c9', '10000004')) },
  ],
  ['wrong-repeat', 'a repetition of what was answered', put({ ...again, repeats: one.id })],
  ['wrong-repeat', 'a repetition of a repetition', put({ ...one, repeats: again.id })],
  ['wrong-repeat', 'a second repetition', put({ ...one, repeats: four.id })],
  ['wrong-repeat', 'a repeated code', put({ ...code, repeats: two.id })],
  ['wrong-end', 'delivered, which the carrier never said', put({ ...three, state: 'delivered', lines: [] })],
  ['wrong-end', 'failed, when it was delivered', put({ ...one, state: 'failed' })],
  ['lost-receipt', 'a receipt that was acknowledged and not kept', put({ ...one, state: 'submitted' })],
  ['lost-receipt', 'a stray receipt that was acknowledged and not kept', { waitingReceipts: new Set() }],
  ['lost-write', 'a code whose transaction had committed', { log: good.log.filter(({ id }) => id !== code.id) }],
  ['wrong-line', 'a line that does not add up', { line: { ...good.line, target: 5 } }],
  ['wrong-line', 'a line that its messages do not make', { line: { ...good.line, delivered: 2 } }],
  ['too-doubtful', 'more doubt than anything explains', { doubtfulMax: 1 }],
]

describe('the comparison finds', () => {
  test.each(cases)('%s: %s', (check, _, change) => expect(found(change)).toContain(check))

  test('something by every check', () => {
    const shown = new Set(cases.map(([check]) => check))
    expect(checks.map(({ check }) => check).filter((check) => !shown.has(check))).toEqual([])
  })
})

describe('the comparison bears', () => {
  test('a second notice to somebody whose first was doubtful, where there are no receipts', () => {
    expect(found({ ...receiptsOff, ...alsoTaken(taken('c9', '10000004', { reference: 4 })) })).not.toContain(
      'duplicate-notice',
    )
  })

  test('a refusal that came after its time-out', () => {
    const late = { ...three, state: 'failed', lines: [unknown, line('failed', { because: 'ESME_RTHROTTLED' })] }
    const bearing = { ...good.line, sent: 4, undelivered: 1, failed: 0 }
    expect(found({ ...put(late), line: bearing, doubtfulMax: 3 })).toEqual([])
  })

  test('a receipt that waits for its message', () => {
    expect(
      found({ ...put({ ...one, state: 'submitted' }), waitingReceipts: new Set(['c1', 'stray-c1']) }),
    ).not.toContain('lost-receipt')
  })
})

test('tells a customer by the last digits of a number alone', () => {
  const { violations } = compare({ ...good, ...put({ ...one, state: 'failed' }) })
  expect(violations.map(({ detail }) => detail).join()).not.toMatch(/\d{5}/)
})
