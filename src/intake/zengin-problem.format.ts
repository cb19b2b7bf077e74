import { maskField } from '#values/mask'
import { type Field, fileTypes, type RecordType, recordNames } from './zengin.format.ts'

/** One thing wrong with a Zengin file. Values are masked: they may be somebody's account. */
export interface ZenginProblem {
  readonly kind: ZenginProblemKind
  /** 1-based; the line, when the file has line breaks. */
  readonly record: number
  readonly recordType?: RecordType
  readonly field?: Field
  /** The byte of the file where it is, from 0. */
  readonly offset: number
  /** What stands there, masked, or a figure of the trailer. */
  readonly found?: string
  readonly expected?: string
}

export type ZenginProblemKind = keyof typeof words

/** How many problems are kept; the rest is counted. Nobody reads more, and a wrong file has one per record. */
export const problemsMax = 1_000

const words = {
  empty: 'the file is empty',
  'utf-8':
    'the file is UTF-8, where half-width kana takes three bytes and records are counted in characters. Zengin files are single-byte (JIS X 0201): send it without converting it',
  'utf-16': 'the file is UTF-16. Zengin files are single-byte (JIS X 0201): send it without converting it',
  ebcdic: 'the file is EBCDIC (コード区分 1). Only JIS files (コード区分 0) are read',
  'other-format': 'this is another kind of file',
  'mixed-separators': 'the file mixes line breaks',
  'record-length': 'the record has another length',
  truncated: 'the file ends within a record',
  'unknown-record-type': 'there is no such データ区分',
  order: 'the records are out of order',
  'no-end': 'the file ends without its end record: it may have been cut off',
  'after-end': 'something follows the end record',
  'not-digits': 'only digits are allowed here, zero-filled from the left',
  'not-single-byte': 'only single-byte characters (JIS X 0201) are allowed here',
  'not-a-code': 'only one digit or capital letter is allowed here',
  'not-allowed': 'this value is not allowed here',
  'no-such-day': 'there is no such day',
  'outside-period': 'the day is outside the 勘定日 of its header',
  'no-amount': 'there is no amount',
  'two-amounts': 'both amounts are given, and only one of them can be right',
  'mixed-forms': 'the file mixes forms A and B of 振込入金通知',
  'trailer-mismatch': 'the trailer does not agree with the records',
  'request-file':
    'this is a request, not a result: every 振替結果コード is 0 and the trailer counts nobody as paid. Reading it as a result would make everybody look paid',
} as const

/** One line for an operator: where, which field, what is wrong, what stands there. */
export function sayProblem({ kind, record, recordType, field, offset, found, expected }: ZenginProblem): string {
  const where = [
    record > 0 ? `line ${record}` : 'the file',
    recordType && `${recordNames[recordType]}レコード`,
    field && `${field.name} (bytes ${field.at}-${field.at + field.length - 1})`,
    `offset ${offset}`,
  ]
  const named = (value: string) => (kind === 'other-format' ? sayTypes(value) : value)
  const what = [
    words[kind],
    found !== undefined && `found ${named(found)}`,
    expected !== undefined && `expected ${named(expected)}`,
  ]
  return `${where.filter(Boolean).join(', ')}: ${what.filter(Boolean).join('; ')}`
}

/** '01 or 03' with the names of the files. */
function sayTypes(codes: string): string {
  return codes.replace(/[0-9]{2}/g, (code) => (fileTypes[code] === undefined ? code : `${code} (${fileTypes[code]})`))
}

export function masked(text: string): string {
  return `"${maskField(text)}"`
}
