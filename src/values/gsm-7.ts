/**
 * The default alphabet of GSM with its extension table (3GPP TS 23.038, 6.2.1 and 6.2.1.1). A character is one
 * septet; the ten of the extension table are two, ESC first.
 */

const esc = 0x1b
/** The place of each character is its septet; ESC stands at its own place and is no character of a text. */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const extension: readonly (readonly [string, number])[] = [
  ['\f', 0x0a],
  ['^', 0x14],
  ['{', 0x28],
  ['}', 0x29],
  ['\\', 0x2f],
  ['[', 0x3c],
  ['~', 0x3d],
  [']', 0x3e],
  ['|', 0x40],
  ['€', 0x65],
]

/** Septets by UTF-16 unit: one number for a character of the basic table, ESC × 256 + number for the others. */
const septetsByUnit: ReadonlyMap<number, number> = new Map([
  ...[...basic].map((character, septet) => [character.charCodeAt(0), septet] as const),
  ...extension.map(([character, septet]) => [character.charCodeAt(0), (esc << 8) | septet] as const),
])
const unitByExtension: ReadonlyMap<number, string> = new Map(
  extension.map(([character, septet]) => [septet, character]),
)

/** How many septets the UTF-16 unit takes: 1, 2, or 0 if the alphabet does not have it. */
export function septetsOfUnit(unit: number): 0 | 1 | 2 {
  const septets = unit === esc ? undefined : septetsByUnit.get(unit)
  if (septets === undefined) return 0
  return septets > 0x7f ? 2 : 1
}

/** How many septets the text takes; nothing if the alphabet lacks one of its characters. */
export function septetCount(text: string): number | undefined {
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const septets = septetsOfUnit(text.charCodeAt(at))
    if (septets === 0) return undefined
    count += septets
  }
  return count
}

/** One septet an octet; only for a text that the alphabet has. */
export function encodeGsm7(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(text.length * 2)
  let length = 0
  for (let at = 0; at < text.length; at++) {
    const septets = septetsByUnit.get(text.charCodeAt(at)) ?? unknownCharacter
    if (septets > 0x7f) bytes[length++] = esc
    bytes[length++] = septets & 0x7f
  }
  return bytes.subarray(0, length)
}

/** The question mark, by which phones show what they do not know. */
const unknownCharacter = 0x3f

/**
 * The text of these septets, one an octet. An unknown pair is the character of the basic table, as 6.2.1.1 asks for;
 * nothing if an octet is no septet or the last one is an ESC.
 */
export function decodeGsm7(bytes: Buffer): string | undefined {
  let text = ''
  for (let at = 0; at < bytes.length; at++) {
    const isExtended = bytes[at] === esc
    if (isExtended) at++
    const septet = bytes[at]
    if (septet === undefined || septet > 0x7f) return undefined
    text += (isExtended ? unitByExtension.get(septet) : undefined) ?? basic[septet] ?? ''
  }
  return text
}
