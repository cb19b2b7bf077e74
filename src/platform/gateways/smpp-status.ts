/**
 * Every command_status of SMPP 3.4 (section 5.1.3, table 5-2), and those of version 5 (table 4-45) that carriers of
 * 3.4 send too: our word for it is the specification's own, the meaning is for people, `next` is what the sender does
 * about it.
 */
export function statusOf(code: number): SmppStatus {
  return table.get(code) ?? { code, word: wordOfUnlisted(code), meaning: meaningOfUnlisted(code), next: 'try-later' }
}

export type SmppStatus = {
  readonly code: number
  readonly word: string
  readonly meaning: string
  readonly next: NextStep
}

/**
 * - `go-on`: it worked.
 * - `give-up`: this message will never be taken; trying again changes nothing.
 * - `try-later`: a passing trouble of this message or its phone; the same message may be taken later.
 * - `gateway-down`: the carrier's own trouble, whichever message it is; later, or over another gateway.
 * - `slow-down`: the carrier's limit is reached; later, and fewer at a time.
 * - `fix-gateway`: our account or configuration is wrong; every message would fail, so this one is not to blame.
 */
type NextStep = 'go-on' | 'give-up' | 'try-later' | 'gateway-down' | 'slow-down' | 'fix-gateway'

const rows: readonly (readonly [number, string, string, NextStep])[] = [
  [0x00, 'ESME_ROK', 'The carrier accepted it.', 'go-on'],
  [0x01, 'ESME_RINVMSGLEN', 'The message has a length that the carrier does not take.', 'give-up'],
  [0x02, 'ESME_RINVCMDLEN', 'The carrier could not read the length of our command.', 'fix-gateway'],
  [0x03, 'ESME_RINVCMDID', 'The carrier does not know this command.', 'fix-gateway'],
  [0x04, 'ESME_RINVBNDSTS', 'The connection is not bound for this command.', 'fix-gateway'],
  [0x05, 'ESME_RALYBND', 'The account is bound already, perhaps by another process.', 'fix-gateway'],
  [0x06, 'ESME_RINVPRTFLG', 'The carrier does not take this priority.', 'fix-gateway'],
  [0x07, 'ESME_RINVREGDLVFLG', 'The carrier does not take this request for receipts.', 'fix-gateway'],
  [0x08, 'ESME_RSYSERR', 'The carrier has an internal error.', 'gateway-down'],
  [0x0a, 'ESME_RINVSRCADR', 'The sender number or name is not allowed for this account.', 'fix-gateway'],
  [0x0b, 'ESME_RINVDSTADR', 'The phone number cannot be reached through this carrier.', 'give-up'],
  [0x0c, 'ESME_RINVMSGID', 'The carrier does not know this message id.', 'give-up'],
  [0x0d, 'ESME_RBINDFAIL', 'The carrier refused the connection.', 'fix-gateway'],
  [0x0e, 'ESME_RINVPASWD', 'The password of the account is wrong.', 'fix-gateway'],
  [0x0f, 'ESME_RINVSYSID', 'The system id of the account is unknown.', 'fix-gateway'],
  [0x11, 'ESME_RCANCELFAIL', 'The message could not be cancelled.', 'give-up'],
  [0x13, 'ESME_RREPLACEFAIL', 'The message could not be replaced.', 'give-up'],
  [0x14, 'ESME_RMSGQFUL', 'The queue of the carrier is full.', 'slow-down'],
  [0x15, 'ESME_RINVSERTYP', 'The service type is not set up for this account.', 'fix-gateway'],
  [0x33, 'ESME_RINVNUMDESTS', 'The number of destinations is not allowed.', 'give-up'],
  [0x34, 'ESME_RINVDLNAME', 'The distribution list is unknown.', 'give-up'],
  [0x40, 'ESME_RINVDESTFLAG', 'The kind of destination is not allowed.', 'fix-gateway'],
  [0x42, 'ESME_RINVSUBREP', 'Replacing on submit is not allowed.', 'fix-gateway'],
  [0x43, 'ESME_RINVESMCLASS', 'The carrier does not take this kind of message (esm_class).', 'fix-gateway'],
  [0x44, 'ESME_RCNTSUBDL', 'The carrier cannot submit to a distribution list.', 'give-up'],
  [0x45, 'ESME_RSUBMITFAIL', 'The carrier failed to take the message.', 'gateway-down'],
  [0x48, 'ESME_RINVSRCTON', 'The type of the sender number is wrong.', 'fix-gateway'],
  [0x49, 'ESME_RINVSRCNPI', 'The numbering plan of the sender number is wrong.', 'fix-gateway'],
  [0x50, 'ESME_RINVDSTTON', 'The type of the phone number is wrong.', 'fix-gateway'],
  [0x51, 'ESME_RINVDSTNPI', 'The numbering plan of the phone number is wrong.', 'fix-gateway'],
  [0x53, 'ESME_RINVSYSTYP', 'The system type of the account is wrong.', 'fix-gateway'],
  [0x54, 'ESME_RINVREPFLAG', 'The carrier does not take this replace flag.', 'fix-gateway'],
  [0x55, 'ESME_RINVNUMMSGS', 'The number of messages is not allowed.', 'give-up'],
  [0x58, 'ESME_RTHROTTLED', 'We send faster than the carrier allows.', 'slow-down'],
  [0x61, 'ESME_RINVSCHED', 'The carrier does not take this delivery time.', 'give-up'],
  [0x62, 'ESME_RINVEXPIRY', 'The carrier does not take this validity period.', 'give-up'],
  [0x63, 'ESME_RINVDFTMSGID', 'The predefined message is unknown.', 'give-up'],
  [0x64, 'ESME_RX_T_APPN', 'The receiver has a passing error.', 'try-later'],
  [0x65, 'ESME_RX_P_APPN', 'The receiver has a lasting error.', 'give-up'],
  [0x66, 'ESME_RX_R_APPN', 'The receiver rejects the message.', 'give-up'],
  [0x67, 'ESME_RQUERYFAIL', 'The message could not be asked about.', 'give-up'],
  [0xc0, 'ESME_RINVOPTPARSTREAM', 'The carrier could not read the optional fields.', 'fix-gateway'],
  [0xc1, 'ESME_ROPTPARNOTALLWD', 'An optional field is not allowed for this account.', 'fix-gateway'],
  [0xc2, 'ESME_RINVPARLEN', 'An optional field has a wrong length.', 'fix-gateway'],
  [0xc3, 'ESME_RMISSINGOPTPARAM', 'An optional field that this carrier needs is missing.', 'fix-gateway'],
  [0xc4, 'ESME_RINVOPTPARAMVAL', 'An optional field has a value that the carrier does not take.', 'fix-gateway'],
  [0xfe, 'ESME_RDELIVERYFAILURE', 'The message could not be delivered to the phone.', 'give-up'],
  [0xff, 'ESME_RUNKNOWNERR', 'The carrier names no reason.', 'gateway-down'],
  [0x100, 'ESME_RSERTYPUNAUTH', 'The account may not use this service type.', 'fix-gateway'],
  [0x101, 'ESME_RPROHIBITED', 'The account may not do this.', 'fix-gateway'],
  [0x102, 'ESME_RSERTYPUNAVAIL', 'The service type is not available at the moment.', 'gateway-down'],
  [0x103, 'ESME_RSERTYPDENIED', 'The service type is denied.', 'fix-gateway'],
  [0x104, 'ESME_RINVDCS', 'The carrier does not take this alphabet (data_coding).', 'fix-gateway'],
  [0x105, 'ESME_RINVSRCADDRSUBUNIT', 'The sub-unit of the sender number is wrong.', 'fix-gateway'],
  [0x106, 'ESME_RINVDSTADDRSUBUNIT', 'The sub-unit of the phone number is wrong.', 'fix-gateway'],
  [0x107, 'ESME_RINVBCASTFREQINT', 'The interval of the broadcast is wrong.', 'give-up'],
  [0x108, 'ESME_RINVBCASTALIAS_NAME', 'The alias of the broadcast is wrong.', 'give-up'],
  [0x109, 'ESME_RINVBCASTAREAFMT', 'The form of the broadcast area is wrong.', 'give-up'],
  [0x10a, 'ESME_RINVNUMBCAST_AREAS', 'The number of broadcast areas is wrong.', 'give-up'],
  [0x10b, 'ESME_RINVBCASTCNTTYPE', 'The kind of broadcast content is wrong.', 'give-up'],
  [0x10c, 'ESME_RINVBCASTMSGCLASS', 'The class of the broadcast message is wrong.', 'give-up'],
  [0x10d, 'ESME_RBCASTFAIL', 'The broadcast failed.', 'give-up'],
  [0x10e, 'ESME_RBCASTQUERYFAIL', 'The broadcast could not be asked about.', 'give-up'],
  [0x10f, 'ESME_RBCASTCANCELFAIL', 'The broadcast could not be cancelled.', 'give-up'],
  [0x110, 'ESME_RINVBCAST_REP', 'The number of repetitions of the broadcast is wrong.', 'give-up'],
  [0x111, 'ESME_RINVBCASTSRVGRP', 'The service group of the broadcast is wrong.', 'give-up'],
  [0x112, 'ESME_RINVBCASTCHANIND', 'The channel of the broadcast is wrong.', 'give-up'],
]

const table: ReadonlyMap<number, SmppStatus> = new Map(
  rows.map(([code, word, meaning, next]) => [code, { code, word, meaning, next }]),
)

/** All statuses of the specifications, for documentation and tests. */
export const smppStatuses: readonly SmppStatus[] = [...table.values()]

/** The statuses that our own code answers with. */
export const status = {
  ok: 0x00,
  invalidMessage: 0x01,
  invalidLength: 0x02,
  invalidCommand: 0x03,
  notBound: 0x04,
  alreadyBound: 0x05,
  systemError: 0x08,
  invalidDestination: 0x0b,
  invalidPassword: 0x0e,
  queueFull: 0x14,
  throttled: 0x58,
  temporaryReceiverError: 0x64,
  permanentReceiverError: 0x65,
  receiverRejects: 0x66,
} as const

function wordOfUnlisted(code: number): string {
  return `0x${code.toString(16).padStart(8, '0')}`
}

function meaningOfUnlisted(code: number): string {
  const isVendors = code >= 0x400 && code <= 0x4ff
  return isVendors ? 'A reason of this carrier alone; its manual explains it.' : 'A reason that SMPP does not name.'
}
