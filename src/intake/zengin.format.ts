import { assert } from '#values/assert'

/** One field of a fixed-length record, in the words of the banks' standard. Positions are 1-based bytes, as there. */
export interface Field {
  readonly name: string
  readonly at: number
  readonly length: number
  readonly type: FieldType
  /** The only value allowed: 種別コード 91. */
  readonly is?: string
}

/**
 * N is digits, right-aligned and zero-filled; C is left-aligned and space-filled. Two more are N by the standard and
 * not in practice: 'code' also holds a capital letter (agents' own 振替結果コード), 'text' anything (顧客番号, and what
 * many banks leave blank).
 */
export type FieldType = 'N' | 'C' | 'code' | 'text'

export type RecordLayout = Readonly<Record<string, Field>>

/** The text of a record's fields, by the keys of its layout; fixed fields and fillers may be left out. */
export type RecordValues<L extends RecordLayout> = { readonly [K in keyof L]?: string }

/** 全銀協: every record of a file has the same length and says in its first byte what it is. */
export const recordTypes = { header: '1', data: '2', trailer: '8', end: '9' } as const

export type RecordType = keyof typeof recordTypes

/** 種別コード of the files that people mix up. */
export const fileTypes: Readonly<Record<string, string>> = {
  '01': '振込入金通知',
  '03': '入出金取引明細',
  '11': '給与振込',
  '21': '総合振込',
  '91': '預金口座振替',
}

export const recordNames: Readonly<Record<RecordType, string>> = {
  header: 'ヘッダー',
  data: 'データ',
  trailer: 'トレーラー',
  end: 'エンド',
}

/** JIS X 0201 as text: byte for byte, so that a position in one is a position in the other. ¥ is the byte 5C, a backslash. */
export function textOf(bytes: Buffer, from: number, length: number): string {
  let text = ''
  for (let at = from; at < from + length; at++) text += signs[bytes[at] ?? 0]
  return text
}

export function fieldText(bytes: Buffer, recordAt: number, { at, length }: Field): string {
  return textOf(bytes, recordAt + at - 1, length)
}

/** The record these values make. What does not fit its field is a bug of whoever writes. */
export function writeRecord<L extends RecordLayout>(layout: L, recordLength: number, values: RecordValues<L>): Buffer {
  const record = Buffer.alloc(recordLength, ' ')
  for (const [key, field] of Object.entries(layout)) writeField(record, field, values[key] ?? field.is ?? '')
  return record
}

function writeField(record: Buffer, field: Field, value: string) {
  const text = field.type === 'N' ? value.padStart(field.length, '0') : value.padEnd(field.length, ' ')
  assert(text.length === field.length, `${field.name} has room for its value`)
  for (let at = 0; at < field.length; at++) {
    const byte = byteOf.get(text.charAt(at))
    assert(byte !== undefined, `${field.name} holds single-byte characters only`)
    record[field.at - 1 + at] = byte
  }
}

/** What a byte may stand in. Anything else (control characters, the halves of two-byte characters) has no class. */
export const classes = { digit: 1, letter: 2, text: 4 } as const

export const classOfByte: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x30 && byte <= 0x39) return classes.digit | classes.text
  if (byte >= 0x41 && byte <= 0x5a) return classes.letter | classes.text
  return isSingleByte(byte) ? classes.text : 0
})

/** For every byte of each record, the classes its field allows there. */
export function masksOf(layouts: Readonly<Record<RecordType, RecordLayout>>, recordLength: number) {
  const { header, data, trailer, end } = layouts
  return {
    header: maskOf(header, recordLength),
    data: maskOf(data, recordLength),
    trailer: maskOf(trailer, recordLength),
    end: maskOf(end, recordLength),
  }
}

function maskOf(layout: RecordLayout, recordLength: number): Uint8Array {
  const masks = new Uint8Array(recordLength)
  for (const { at, length, type } of Object.values(layout)) masks.fill(allowed[type], at - 1, at - 1 + length)
  assert(!masks.includes(0), 'a layout covers its whole record')
  return masks
}

const allowed: Readonly<Record<FieldType, number>> = {
  N: classes.digit,
  C: classes.text,
  code: classes.digit | classes.letter,
  text: classes.text,
}

/** JIS X 0201: ASCII with ¥ for the backslash, and half-width kana from A1 to DF. */
function isSingleByte(byte: number): boolean {
  return (byte >= 0x20 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xdf)
}

const signs: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  if (!isSingleByte(byte)) return '\ufffd'
  return String.fromCharCode(byte < 0x80 ? byte : byte - 0xa1 + 0xff61)
})

const byteOf: ReadonlyMap<string, number> = new Map([
  ...signs.flatMap((sign, byte) => (isSingleByte(byte) ? [[sign, byte] as const] : [])),
  ['¥', 0x5c] as const,
])
