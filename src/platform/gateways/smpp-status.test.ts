import smpp from 'smpp'
import { describe, expect, test } from 'vitest'
import { smppStatuses, statusOf } from './smpp-status.ts'
import { outcomeOf } from './smpp-submit.ts'

/**
 * SMPP 3.4, table 5-2, and the rows that version 5 adds to it in its table 4-45, with what follows for a submit. What
 * the tables call reserved is not in them.
 */
const specification: readonly (readonly [code: number, word: string, next: string])[] = [
  [0x00, 'ESME_ROK', 'go-on'],
  [0x01, 'ESME_RINVMSGLEN', 'give-up'],
  [0x02, 'ESME_RINVCMDLEN', 'fix-gateway'],
  [0x03, 'ESME_RINVCMDID', 'fix-gateway'],
  [0x04, 'ESME_RINVBNDSTS', 'fix-gateway'],
  [0x05, 'ESME_RALYBND', 'fix-gateway'],
  [0x06, 'ESME_RINVPRTFLG', 'fix-gateway'],
  [0x07, 'ESME_RINVREGDLVFLG', 'fix-gateway'],
  [0x08, 'ESME_RSYSERR', 'gateway-down'],
  [0x0a, 'ESME_RINVSRCADR', 'fix-gateway'],
  [0x0b, 'ESME_RINVDSTADR', 'give-up'],
  [0x0c, 'ESME_RINVMSGID', 'give-up'],
  [0x0d, 'ESME_RBINDFAIL', 'fix-gateway'],
  [0x0e, 'ESME_RINVPASWD', 'fix-gateway'],
  [0x0f, 'ESME_RINVSYSID', 'fix-gateway'],
  [0x11, 'ESME_RCANCELFAIL', 'give-up'],
  [0x13, 'ESME_RREPLACEFAIL', 'give-up'],
  [0x14, 'ESME_RMSGQFUL', 'slow-down'],
  [0x15, 'ESME_RINVSERTYP', 'fix-gateway'],
  [0x33, 'ESME_RINVNUMDESTS', 'give-up'],
  [0x34, 'ESME_RINVDLNAME', 'give-up'],
  [0x40, 'ESME_RINVDESTFLAG', 'fix-gateway'],
  [0x42, 'ESME_RINVSUBREP', 'fix-gateway'],
  [0x43, 'ESME_RINVESMCLASS', 'fix-gateway'],
  [0x44, 'ESME_RCNTSUBDL', 'give-up'],
  [0x45, 'ESME_RSUBMITFAIL', 'gateway-down'],
  [0x48, 'ESME_RINVSRCTON', 'fix-gateway'],
  [0x49, 'ESME_RINVSRCNPI', 'fix-gateway'],
  [0x50, 'ESME_RINVDSTTON', 'fix-gateway'],
  [0x51, 'ESME_RINVDSTNPI', 'fix-gateway'],
  [0x53, 'ESME_RINVSYSTYP', 'fix-gateway'],
  [0x54, 'ESME_RINVREPFLAG', 'fix-gateway'],
  [0x55, 'ESME_RINVNUMMSGS', 'give-up'],
  [0x58, 'ESME_RTHROTTLED', 'slow-down'],
  [0x61, 'ESME_RINVSCHED', 'give-up'],
  [0x62, 'ESME_RINVEXPIRY', 'give-up'],
  [0x63, 'ESME_RINVDFTMSGID', 'give-up'],
  [0x64, 'ESME_RX_T_APPN', 'try-later'],
  [0x65, 'ESME_RX_P_APPN', 'give-up'],
  [0x66, 'ESME_RX_R_APPN', 'give-up'],
  [0x67, 'ESME_RQUERYFAIL', 'give-up'],
  [0xc0, 'ESME_RINVOPTPARSTREAM', 'fix-gateway'],
  [0xc1, 'ESME_ROPTPARNOTALLWD', 'fix-gateway'],
  [0xc2, 'ESME_RINVPARLEN', 'fix-gateway'],
  [0xc3, 'ESME_RMISSINGOPTPARAM', 'fix-gateway'],
  [0xc4, 'ESME_RINVOPTPARAMVAL', 'fix-gateway'],
  [0xfe, 'ESME_RDELIVERYFAILURE', 'give-up'],
  [0xff, 'ESME_RUNKNOWNERR', 'gateway-down'],
  [0x100, 'ESME_RSERTYPUNAUTH', 'fix-gateway'],
  [0x101, 'ESME_RPROHIBITED', 'fix-gateway'],
  [0x102, 'ESME_RSERTYPUNAVAIL', 'gateway-down'],
  [0x103, 'ESME_RSERTYPDENIED', 'fix-gateway'],
  [0x104, 'ESME_RINVDCS', 'fix-gateway'],
  [0x105, 'ESME_RINVSRCADDRSUBUNIT', 'fix-gateway'],
  [0x106, 'ESME_RINVDSTADDRSUBUNIT', 'fix-gateway'],
  [0x107, 'ESME_RINVBCASTFREQINT', 'give-up'],
  [0x108, 'ESME_RINVBCASTALIAS_NAME', 'give-up'],
  [0x109, 'ESME_RINVBCASTAREAFMT', 'give-up'],
  [0x10a, 'ESME_RINVNUMBCAST_AREAS', 'give-up'],
  [0x10b, 'ESME_RINVBCASTCNTTYPE', 'give-up'],
  [0x10c, 'ESME_RINVBCASTMSGCLASS', 'give-up'],
  [0x10d, 'ESME_RBCASTFAIL', 'give-up'],
  [0x10e, 'ESME_RBCASTQUERYFAIL', 'give-up'],
  [0x10f, 'ESME_RBCASTCANCELFAIL', 'give-up'],
  [0x110, 'ESME_RINVBCAST_REP', 'give-up'],
  [0x111, 'ESME_RINVBCASTSRVGRP', 'give-up'],
  [0x112, 'ESME_RINVBCASTCHANIND', 'give-up'],
]

/** What version 5 renamed, from which the package takes its words. */
const renamed: Readonly<Record<string, string>> = {
  ESME_RINVOPTPARSTREAM: 'ESME_RINVTLVSTREAM',
  ESME_ROPTPARNOTALLWD: 'ESME_RTLVNOTALLWD',
  ESME_RINVPARLEN: 'ESME_RINVTLVLEN',
  ESME_RMISSINGOPTPARAM: 'ESME_RMISSINGTLV',
  ESME_RINVOPTPARAMVAL: 'ESME_RINVTLVVAL',
}

describe('a command_status', () => {
  test('of the specifications is in the table, and no other', () => {
    expect(smppStatuses.map(({ code, word, next }) => [code, word, next])).toEqual(specification)
  })

  test('has the number that the package smpp knows it by', () => {
    const ours = smppStatuses.map(({ word, code }) => [renamed[word] ?? word, code])
    expect(Object.fromEntries(ours)).toEqual(smpp.errors)
  })

  test.each(smppStatuses)('$word says what it means in a sentence', ({ code, word, meaning }) => {
    expect(statusOf(code).word).toBe(word)
    expect(meaning).toMatch(/^[A-Z].*\.$/)
  })

  test.each(smppStatuses)('$word blames the gateway if it is not about the message', ({ code, next }) => {
    const response = { command: 'submit_sm_resp', isResponse: true, sequence: 1, status: code, fields: {} } as const
    const outcome = outcomeOf({ kind: 'answered', response }, 'as-is')
    const blame = outcome.kind === 'refused' ? outcome.blame : outcome.kind
    const expected = {
      'go-on': 'submitted',
      'give-up': 'message',
      'try-later': 'message',
      'gateway-down': 'gateway',
      'slow-down': 'throttled',
      'fix-gateway': 'gateway',
    }[next]
    expect(blame).toBe(expected)
  })

  test('only zero goes on', () => {
    expect(smppStatuses.filter(({ next }) => next === 'go-on').map(({ code }) => code)).toEqual([0])
  })

  test.each([
    [0x400, '0x00000400', 'A reason of this carrier alone; its manual explains it.'],
    [0x4ff, '0x000004ff', 'A reason of this carrier alone; its manual explains it.'],
    [0x500, '0x00000500', 'A reason that SMPP does not name.'],
    [0x10, '0x00000010', 'A reason that SMPP does not name.'],
  ])('%i is not in it and may pass', (code, word, meaning) => {
    expect(statusOf(code)).toEqual({ code, word, meaning, next: 'try-later' })
  })
})
