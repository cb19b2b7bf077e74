/**
 * What people and phones put into a text besides what they mean: widths, spaces, invisible signs, look-alike dashes.
 */

/** Spaces of every width, line breaks, and signs without a width (zero-width joiners, marks of direction, BOM). */
const spaces = /[\s\p{Z}\p{Cf}]/gu

/** Every sign somebody uses for a dash or a long mark. Half-width ｰ and full-width － become one of these by NFKC. */
export const dashes = /[\p{Pd}ー−~⁃˗─━⎯⏤]/gu

export function withoutSpaces(text: string): string {
  return text.replace(spaces, '')
}

/**
 * NFKC and no spaces. Spaces are dropped before as well as after, because NFKC turns a free-standing ゛ into a space
 * and a combining mark, which then joins the kana before it only if nothing stands between the two.
 */
export function compact(text: string): string {
  return withoutSpaces(withoutSpaces(text).normalize('NFKC'))
}
