import { describe, expect, test } from 'vitest'
import type { Receipt } from './gateway.ts'
import type { PduFields } from './smpp-fields.ts'
import type { ReceiptIds } from './smpp-ids.ts'
import { decodePdu } from './smpp-pdu.ts'
import { isReceipt, readReceipt } from './smpp-receipt.ts'

/**
 * Receipts as they stand in carriers' manuals, in other clients' tests and in reports of what could not be read.
 * Dates stay as they were there, excerpts and phones are invented.
 */
const jst = (text: string) => new Date(`${text}+09:00`)
const dialects: readonly (readonly [where: string, text: string, read: Partial<Receipt>])[] = [
  [
    'appendix B, as Vonage writes it',
    'id:0000000012345678 sub:001 dlvrd:001 submit date:1601010100 done date:1601010101 stat:DELIVRD err:000 text:none',
    { carrierId: '0000000012345678', state: 'delivered', errorCode: '000', doneAt: jst('2016-01-01T01:01:00') },
  ],
  [
    'seconds and a UUID (Cloudhopper)',
    'id:74e02ee1-4e2f-4a6e-a78b-4b247d756a22 sub:001 dlvrd:001 submit date:110206193041 done date:110206193110 stat:DELIVRD err:000 text:',
    {
      carrierId: '74e02ee1-4e2f-4a6e-a78b-4b247d756a22',
      state: 'delivered',
      errorCode: '000',
      doneAt: jst('2011-02-06T19:31:10'),
    },
  ],
  [
    'another order (Cloudhopper)',
    'sub:001 id:74e02ee1-4e2f err:000 dlvrd:001 done date:110206193110 submit date:110206193041 text: stat:DELIVRD',
    { carrierId: '74e02ee1-4e2f', state: 'delivered', errorCode: '000', doneAt: jst('2011-02-06T19:31:10') },
  ],
  [
    'no counters, the century, one digit of error (Cloudhopper)',
    'id:2E179B310EDE971B2760C72B7F026E1B submit date:20110314181534 done date:20110314181741 stat:DELIVRD err:0',
    {
      carrierId: '2E179B310EDE971B2760C72B7F026E1B',
      state: 'delivered',
      errorCode: '0',
      doneAt: jst('2011-03-14T18:17:41'),
    },
  ],
  [
    'letters in the error (Cloudhopper)',
    'id:0123456789 sub:002 dlvrd:001 submit date:1005232039 done date:1005242339 stat:UNDELIV err:21b text:This is a',
    { carrierId: '0123456789', state: 'failed', errorCode: '21b', doneAt: jst('2010-05-24T23:39:00') },
  ],
  [
    'no counters (jSMPP)',
    'id:1526758174 submit date:1701240904 done date:1701240904 stat:DELIVRD err:000 text:hellow',
    { carrierId: '1526758174', state: 'delivered', errorCode: '000', doneAt: jst('2017-01-24T09:04:00') },
  ],
  [
    'the label of the excerpt in capitals (Logica, MikeSafonov’s mock)',
    'id:261BD3E2 sub:001 dlvrd:001 submit date:190305131326 done date:190305131326 stat:DELIVRD err:0 Text:report',
    { carrierId: '261BD3E2', state: 'delivered', errorCode: '0', doneAt: jst('2019-03-05T13:13:26') },
  ],
  [
    'four digits of error (php-smpp)',
    'id:117062714244798261 sub:001 dlvrd:001 submit date:1706271624 done date:1706271624 stat:DELIVRD err:0000 text:H',
    { carrierId: '117062714244798261', state: 'delivered', errorCode: '0000', doneAt: jst('2017-06-27T16:24:00') },
  ],
  [
    'a blank behind the colon (php-smpp)',
    'id: 118 sub: 1 dlvrd: 0 submit date: 1706271624 done date: 1706271625 stat: EXPIRED err: 0 text:',
    { carrierId: '118', state: 'expired', errorCode: '0', doneAt: jst('2017-06-27T16:25:00') },
  ],
  [
    'the form of a validity period for dates (smppex)',
    'id:rdwjwxns18krxr9936ey96ymcw sub:000 dlvrd:000 submit date:180711070003912+ done date:180711070000012+ stat:UNDELIV err:000',
    {
      carrierId: 'rdwjwxns18krxr9936ey96ymcw',
      state: 'failed',
      errorCode: '000',
      doneAt: new Date('2018-07-11T07:00:00+03:00'),
    },
  ],
  [
    'dates with marks',
    'id:9188790218089846 sub:001 dlvrd:001 submit date:2013-02-17 00:04:29 done date:2013-02-17 00:04:32 stat:DELIVRD err:000 text:x',
    { carrierId: '9188790218089846', state: 'delivered', errorCode: '000', doneAt: jst('2013-02-17T00:04:32') },
  ],
  [
    'reasons behind the word',
    'id:arsmpp-1342166236631-45-0203 sub:1 dlvrd:0 submit date:120713132848 done date:120713132848 stat:FAILED:Mob. Abst.|nt ext|out ser err:100 text:',
    {
      carrierId: 'arsmpp-1342166236631-45-0203',
      state: 'failed',
      errorCode: '100',
      doneAt: jst('2012-07-13T13:28:48'),
    },
  ],
  [
    'a word in full and short counters (larvitsmpp)',
    'id:450 sub:1 dlvrd:0 submit date:1908121157 done date:1908121158 stat:UNDELIVERABLE err:1 text:xxx',
    { carrierId: '450', state: 'failed', errorCode: '1', doneAt: jst('2019-08-12T11:58:00') },
  ],
  ['next to nothing (Vumi)', 'id:17 stat:DELIVRD text:Meep', { carrierId: '17', state: 'delivered' }],
  [
    'an empty id',
    'id: sub:001 dlvrd:001 submit date:1601010100 done date:0000000000 stat:DELIVRD err:000 text:',
    { carrierId: '', state: 'delivered', errorCode: '000' },
  ],
]

const receipt = (text: string, more: PduFields = {}): PduFields => ({
  esm_class: 0x04,
  user_message_reference: 7,
  short_message: Buffer.from(text, 'latin1'),
  ...more,
})

describe('a receipt with', () => {
  test.each(dialects)('%s', (_, text, read) => {
    const { raw, ...rest } = readReceipt(receipt(text)) ?? {}
    expect(rest).toEqual({ ...read, reference: 7 })
    expect(raw).not.toMatch(/none|This is|hellow|report|xxx|Meep/)
  })

  test.each(dialects)('%s in UCS-2, and as a payload', (_, text, read) => {
    const message_payload = Buffer.from(text, 'utf16le').swap16()
    const { raw: _raw, ...rest } =
      readReceipt({ esm_class: 4, data_coding: 8, user_message_reference: 7, message_payload }) ?? {}
    expect(rest).toEqual({ ...read, reference: 7 })
  })
})

/** From Cloudhopper's tests: a carrier’s own octets, the id in decimal in the text and in hex in the TLV. */
const captured = Buffer.from(
  '000000BA00000005000000000000000200010134343935313336313932300001013430343034000400000000000000006E69643A303035393131' +
    '33393738207375623A30303120646C7672643A303031207375626D697420646174653A3130303231303137333020646F6E6520646174653A31' +
    '30303231303137333120737461743A44454C49565244206572723A30303020746578743A4024232125262F3A000E0001010006000101001E00' +
    '0833383630316661000427000102',
  'hex',
)

describe('the id', () => {
  test.each<[ReceiptIds, string]>([
    ['as-is', '38601fa'],
    ['decimal-to-hex', '38601fa'],
  ])('of a receipt whose TLV is in hex and whose text is in decimal, read %s, is the response’s', (ids, carrierId) => {
    const { fields } = decodePdu(captured)
    expect(isReceipt(fields)).toBe(true)
    expect(readReceipt(fields, ids)).toMatchObject({ carrierId, state: 'delivered', errorCode: '000' })
  })

  test.each<[string, PduFields, ReceiptIds, string]>([
    ['in the text alone', receipt('id:0059113978 stat:DELIVRD'), 'decimal-to-hex', '38601fa'],
    ['in the text alone', receipt('id:038601FA stat:DELIVRD'), 'hex-to-decimal', '59113978'],
    [
      'in the TLV alone, which is the response’s',
      receipt('', { receipted_message_id: '0059113978', message_state: 2 }),
      'hex-to-decimal',
      '59113978',
    ],
    [
      'in both alike, as the text writes it',
      receipt('id:038601FA stat:DELIVRD', { receipted_message_id: '038601FA' }),
      'hex-to-decimal',
      '59113978',
    ],
    ['that is no number', receipt('id:x-7 stat:DELIVRD'), 'hex-to-decimal', 'x-7'],
  ])('%s: %j, %s', (_, fields, ids, carrierId) => {
    expect(readReceipt(fields, ids)?.carrierId).toBe(carrierId)
  })
})
