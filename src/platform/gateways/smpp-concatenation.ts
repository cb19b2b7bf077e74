/** Which part of a longer text a short message is. */
export type Concatenation = {
  /** We send 8 bits: the header with a 16-bit reference would leave 66 units of text a part instead of 67. */
  readonly reference: number
  /** Counts from 1. */
  readonly part: number
  readonly parts: number
}

/**
 * The user data header that makes one text of several short messages (3GPP TS 23.040, 9.2.3.24.1): length 5,
 * element 0 (8-bit reference), its length 3, reference, parts, part.
 */
export function headerOf({ reference, part, parts }: Concatenation): Buffer {
  return Buffer.from([5, 0, 3, reference & 0xff, parts, part])
}

/** Splits the user data of a message that carries a header into where it belongs and its text bytes. */
export function readHeader(
  userData: Buffer,
): { readonly concatenation?: Concatenation; readonly body: Buffer } | undefined {
  const headerLength = userData[0]
  if (headerLength === undefined || headerLength + 1 > userData.length) return undefined
  const body = userData.subarray(headerLength + 1)
  const header = userData.subarray(1, headerLength + 1)
  for (let at = 0; at + 2 <= header.length; ) {
    const element = header[at]
    const length = header[at + 1] ?? 0
    const value = header.subarray(at + 2, at + 2 + length)
    if (value.length < length) return undefined
    if (element === 0x00 && length === 3) return belonging(value[0], value[1], value[2], body)
    if (element === 0x08 && length === 4) return belonging(value.readUInt16BE(0), value[2], value[3], body)
    at += 2 + length
  }
  return { body }
}

function belonging(reference = 0, parts = 0, part = 0, body: Buffer): ReturnType<typeof readHeader> {
  if (part < 1 || part > parts) return undefined
  return { concatenation: { reference, part, parts }, body }
}
