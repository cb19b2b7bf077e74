/**
 * Rows in the text format of COPY, written as bytes without a string between: a file of a million records should cost
 * what its bytes cost. Fields are written one after the other, with `tab` between and `end` behind.
 */
export interface CopyRows {
  /** Makes room for a row of at most so many bytes. */
  begin(rowBytesMax: number): void
  /** A whole number from 0 on. */
  number(value: number): void
  /** The same in base 36, for keys. */
  base36(value: number): void
  /** ASCII that needs no escape. */
  ascii(text: string): void
  /** Bytes of JIS X 0201, from and up to a place. */
  signs(bytes: Buffer, from: number, to: number): void
  nothing(): void
  tab(): void
  end(): void
  /** What was written since the last time. */
  take(): Buffer
}

export function copyRows(): CopyRows {
  let rows = Buffer.allocUnsafe(256 * 1024)
  let length = 0
  const inBase = (value: number, base: number) => {
    let place = 1
    while (place * base <= value) place *= base
    for (; place >= 1; place /= base) {
      const digit = Math.floor(value / place) % base
      rows[length++] = digit < 10 ? zero + digit : letterA + digit - 10
    }
  }
  return {
    begin(rowBytesMax) {
      if (length + rowBytesMax > rows.length) rows = Buffer.concat([rows.subarray(0, length)], rows.length * 2)
    },
    number: (value) => inBase(value, 10),
    base36: (value) => inBase(value, 36),
    ascii(text) {
      for (let at = 0; at < text.length; at++) rows[length++] = text.charCodeAt(at)
    },
    signs(bytes, from, to) {
      for (let at = from; at < to; at++) {
        const byte = bytes[at] as number
        if (byte >= firstKana) length = kanaInUtf8(rows, length, byte)
        else if (byte === backslash) {
          rows[length++] = backslash
          rows[length++] = backslash
        } else rows[length++] = byte
      }
    },
    nothing() {
      rows[length++] = backslash
      rows[length++] = letterN
    },
    tab() {
      rows[length++] = tab
    },
    end() {
      rows[length++] = newline
    },
    take() {
      const taken = Buffer.from(rows.subarray(0, length))
      length = 0
      return taken
    },
  }
}

/** The first place from which the bytes are something else than `skipped`. */
export function firstAfter(bytes: Buffer, skipped: number, from: number, to: number): number {
  let at = from
  while (at < to && bytes[at] === skipped) at++
  return at
}

/** The place behind the last byte that is no space. */
export function lastBefore(bytes: Buffer, from: number, to: number): number {
  let last = to
  while (last > from && bytes[last - 1] === space) last--
  return last
}

const [tab, newline, space, zero, backslash, letterN, letterA] = [0x09, 0x0a, 0x20, 0x30, 0x5c, 0x4e, 0x61]

const firstKana = 0xa1

/** A1-DF are U+FF61-U+FF9F, three bytes each. */
function kanaInUtf8(into: Buffer, at: number, byte: number): number {
  const point = byte - firstKana + 0xff61
  into[at] = 0xef
  into[at + 1] = 0x80 | ((point >> 6) & 0x3f)
  into[at + 2] = 0x80 | (point & 0x3f)
  return at + 3
}
