/** Big-endian and without a byte order mark, as data_coding 8 of SMPP wants it. */
export function encodeUcs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

/** The text of these bytes; nothing if they are no whole, well-formed text. */
export function decodeUcs2(bytes: Buffer): string | undefined {
  if (bytes.length % 2 !== 0) return undefined
  const text = Buffer.from(bytes).swap16().toString('utf16le')
  return text.isWellFormed() ? text : undefined
}
