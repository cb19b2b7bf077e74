import type { ZenginProblem } from './zengin-problem.format.ts'

/** Cuts a stream of bytes into records of one length. */
export interface RecordFrame {
  push(chunk: Buffer): void
  end(): void
  /** Bytes from the start of one record to the start of the next; known after the first record. */
  stride(): number
}

export interface Framed {
  /** A whole record lies in `bytes` at `at`; `record` counts from 1 and `offset` is its place in the file. */
  record(bytes: Buffer, at: number, record: number, offset: number): void
  /** The file cannot be cut any further. Nothing is called after this. */
  refuse(problem: ZenginProblem): void
}

/** CP/M's end of file, still written by some senders. */
const endOfFile = 0x1a
const [lineFeed, carriageReturn] = [0x0a, 0x0d]

/** Separators are none, CRLF, LF or CR, as after the first record, and never mixed; a final one and 0x1A may follow. */
export function frameRecords(recordLength: number, typeCode: string, on: Framed): RecordFrame {
  let rest: Buffer = Buffer.alloc(0)
  let restOffset = 0
  let separator: string | undefined
  let record = 0
  let state: 'records' | 'tail' | 'refused' = 'records'

  const refuse = (problem: ZenginProblem) => {
    state = 'refused'
    on.refuse(problem)
  }

  const take = (bytes: Buffer, at: number) => {
    record++
    on.record(bytes, at, record, restOffset + at)
  }

  const start = (bytes: Buffer) => {
    const foreign = foreignStart(bytes)
    if (foreign !== undefined) return refuse({ kind: foreign, record: 0, offset: 0 })
    const found = typeCodeAtStart(bytes)
    // Its records may have another length, which would be a poor reason.
    if (found !== undefined && found !== typeCode) {
      return refuse({ kind: 'other-format', record: 1, offset: 1, found, expected: typeCode })
    }
    separator = separatorAt(bytes, recordLength)
  }

  const cut = (bytes: Buffer, separator: string): number => {
    const stride = recordLength + separator.length
    let at = 0
    for (; at + stride <= bytes.length; at += stride) {
      if (bytes[at + recordLength] === endOfFile && separator !== '') {
        take(bytes, at)
        state = 'tail'
        return at + recordLength
      }
      if (!standsAt(bytes, at + recordLength, separator)) {
        refuse(framingProblem(bytes, at, { recordLength, record: record + 1, offset: restOffset + at, separator }))
        return at
      }
      take(bytes, at)
    }
    return at
  }

  return {
    push(chunk) {
      if (state === 'refused') return
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      rest = bytes
      if (separator === undefined && bytes.length >= recordLength + 2) start(bytes)
      if (separator === undefined || state !== 'records') return
      const at = cut(bytes, separator)
      rest = bytes.subarray(at)
      restOffset += at
    },
    end() {
      if (state === 'refused') return
      if (restOffset === 0 && rest.length === 0) return refuse({ kind: 'empty', record: 0, offset: 0 })
      if (separator === undefined) start(rest)
      if (separator === undefined) return
      let at = 0
      const isWhole = rest.length >= recordLength && rest[0] !== endOfFile
      if (state === 'records' && isWhole) {
        take(rest, 0)
        at = recordLength
      }
      const tail = rest.subarray(at).toString('latin1')
      if (isTail(tail, separator)) return
      const offset = restOffset + at
      if (state === 'tail' || rest[at] === endOfFile) return refuse({ kind: 'after-end', record: record + 1, offset })
      refuse(framingProblem(rest, at, { recordLength, record: record + 1, offset, separator }))
    },
    stride: () => recordLength + (separator ?? '').length,
  }
}

export interface Place {
  readonly recordLength: number
  readonly record: number
  readonly offset: number
  readonly separator: string
}

/** Why the record at `at` does not end where it should. Also asked when a line break stands inside a record. */
export function framingProblem(bytes: Buffer, at: number, place: Place): ZenginProblem {
  const { recordLength, record, offset, separator } = place
  const line = bytes.subarray(at, at + recordLength + 2)
  const expected = `${recordLength} bytes`
  if (utf8At(line) !== undefined) return { kind: 'utf-8', record, offset: offset + (utf8At(line) ?? 0) }
  const breakAt = line.findIndex(isBreak)
  // The record before ended as it should, without a separator or with a shorter one than this.
  if (breakAt === 0) return { kind: 'mixed-separators', record, offset, ...expecting(separator) }
  if (breakAt === recordLength) {
    return { kind: 'mixed-separators', record, offset: offset + recordLength, ...expecting(separator) }
  }
  if (breakAt > 0 && breakAt < recordLength) {
    return { kind: 'record-length', record, offset: offset + breakAt, found: `${breakAt} bytes`, expected }
  }
  if (line.length < recordLength) return { kind: 'truncated', record, offset, found: `${line.length} bytes` }
  return { kind: 'record-length', record, offset: offset + recordLength, found: `more than ${expected}`, expected }
}

/** Where kana or another two- or three-byte character of Japanese text in UTF-8 stands, if one does. */
export function utf8At(bytes: Uint8Array): number | undefined {
  for (let at = 0; at + 2 < bytes.length; at++) {
    const [first = 0, second = 0, third = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]]
    // None of E2-E9 and EF is a character of JIS X 0201, so this is no coincidence of half-width kana.
    const isJapanese = (first >= 0xe2 && first <= 0xe9) || first === 0xef
    if (isJapanese && isContinuation(second) && isContinuation(third)) return at
  }
  return undefined
}

export function isBreak(byte: number): boolean {
  return byte === lineFeed || byte === carriageReturn
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf
}

function foreignStart(bytes: Buffer): 'utf-8' | 'utf-16' | 'ebcdic' | undefined {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'utf-16'
  // EBCDIC writes the 1 of the header as F1, and after it 91 as F9 F1, 01 as F0 F1.
  return first === 0xf1 && (second === 0xf9 || second === 0xf0) ? 'ebcdic' : undefined
}

/** 種別コード of a file that starts as a Zengin file does, whichever it is. */
export function typeCodeAtStart(bytes: Buffer): string | undefined {
  return /^1([0-9]{2})/.exec(bytes.toString('latin1', 0, 3))?.[1]
}

function separatorAt(bytes: Buffer, at: number): string {
  if (bytes[at] === carriageReturn) return bytes[at + 1] === lineFeed ? '\r\n' : '\r'
  return bytes[at] === lineFeed ? '\n' : ''
}

function standsAt(bytes: Buffer, at: number, separator: string): boolean {
  for (let index = 0; index < separator.length; index++) {
    if (bytes[at + index] !== separator.charCodeAt(index)) return false
  }
  return true
}

/** A file without separators may still end with one: editors add it. */
function isTail(tail: string, separator: string): boolean {
  const ends = separator === '' ? ['', '\r\n', '\n', '\r'] : ['', separator]
  return ends.some((end) => [end, `${end}\u001a`, `${end}\u001a${end}`, `\u001a${end}`].includes(tail))
}

function expecting(separator: string): { readonly expected: string } {
  const name = { '': 'no line breaks', '\r\n': 'CRLF', '\n': 'LF', '\r': 'CR' }[separator]
  return { expected: `${name ?? 'the same'} as after the first record` }
}
