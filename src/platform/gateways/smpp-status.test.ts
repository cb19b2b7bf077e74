import smpp from 'smpp'
import { describe, expect, test } from 'vitest'
import { smppStatuses, status, statusOf } from './smpp-status.ts'

/** SMPP 3.4 renamed in version 5, from which the package takes its words. */
const renamed: Readonly<Record<string, string>> = {
  ESME_RINVOPTPARSTREAM: 'ESME_RINVTLVSTREAM',
  ESME_ROPTPARNOTALLWD: 'ESME_RTLVNOTALLWD',
  ESME_RINVPARLEN: 'ESME_RINVTLVLEN',
  ESME_RMISSINGOPTPARAM: 'ESME_RMISSINGTLV',
  ESME_RINVOPTPARAMVAL: 'ESME_RINVTLVVAL',
}

describe('a command_status', () => {
  test('of SMPP 3.4 is in the table with its own number', () => {
    const theirs = Object.entries(smpp.errors).filter(([, code]) => code <= 0xff)
    const ours = smppStatuses.map(({ word, code }) => [renamed[word] ?? word, code])
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs))
  })

  test.each(smppStatuses)('$word says what it means in a sentence', ({ code, word, meaning }) => {
    expect(statusOf(code).word).toBe(word)
    expect(meaning).toMatch(/^[A-Z].*\.$/)
  })

  test.each([
    [status.ok, 'go-on'],
    [status.throttled, 'slow-down'],
    [status.queueFull, 'slow-down'],
    [status.systemError, 'try-later'],
    [status.invalidDestination, 'give-up'],
    [status.invalidPassword, 'fix-gateway'],
  ])('%i is followed by %s', (code, next) => {
    expect(statusOf(code).next).toBe(next)
  })

  test('only zero goes on', () => {
    expect(smppStatuses.filter(({ next }) => next === 'go-on').map(({ code }) => code)).toEqual([0])
  })

  test.each([
    [0x400, '0x00000400', 'A reason of this carrier alone; its manual explains it.'],
    [0x10, '0x00000010', 'A reason that SMPP 3.4 does not name.'],
  ])('%i is not in it and may pass', (code, word, meaning) => {
    expect(statusOf(code)).toEqual({ code, word, meaning, next: 'try-later' })
  })
})
