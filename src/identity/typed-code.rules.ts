import { compact, dashes } from '#values/typed-text'

/** No SMS is longer; more is not looked at. */
const typedMax = 1000

/**
 * The code in what somebody typed or pasted, full-width digits, spaces and a whole SMS included; undefined is malformed
 * and costs no try. In an SMS the bound line names it; in one without, it is the first run of so many digits.
 */
export function readTypedCode(text: string, digits: number): string | undefined {
  const plain = text.slice(0, typedMax).normalize('NFKC')
  const alone = compact(plain).replace(dashes, '')
  if (/^\d+$/.test(alone)) return alone.length === digits ? alone : undefined
  const run = `(?<!\\d)(\\d{${digits}})(?!\\d)`
  return new RegExp(`#${run}`).exec(plain)?.[1] ?? new RegExp(run).exec(plain)?.[1]
}
