import type { SearchLabel } from '#customers'
import { parseKanaName } from '#values/kana'
import { type MobileRules, parseMobile } from '#values/phone'
import { parseReceiptNumber, type ReceiptNumber } from '#values/receipt-number'
import { compact, dashes } from '#values/typed-text'

/** What somebody may have meant by what they typed into the search box: everything it could be is looked for. */
export type SearchQuestion =
  | {
      readonly kind: 'question'
      /** 顧客番号 or 契約番号. */
      readonly numbers: readonly string[]
      readonly receiptNumber: ReceiptNumber | undefined
      readonly terms: readonly { readonly label: SearchLabel; readonly text: string }[]
    }
  | { readonly kind: 'unclear'; readonly because: 'empty' | 'too-long' | 'not-kana' }

/** No number and no name of a person is longer. */
const signsMax = 60

export const readQuestion = (typed: string, rules: MobileRules): SearchQuestion => {
  const plain = typed.normalize('NFKC').trim()
  if (plain === '') return { kind: 'unclear', because: 'empty' }
  if (plain.length > signsMax) return { kind: 'unclear', because: 'too-long' }
  const names = readNames(typed)
  if (names !== undefined) return { kind: 'question', numbers: [], receiptNumber: undefined, terms: names }
  // A name in kanji is no number: the index has kana alone.
  if (!/^[\p{ASCII}\p{Pd}ー−]+$/u.test(plain)) return { kind: 'unclear', because: 'not-kana' }
  return {
    kind: 'question',
    numbers: [...new Set([plain, compact(typed), compact(typed).replace(dashes, '')])],
    receiptNumber: parseReceiptNumber(typed),
    terms: readPhone(typed, rules),
  }
}

/** What the audit line says was searched by: never the value. */
export const waysAsked = (question: SearchQuestion): readonly string[] =>
  question.kind === 'unclear'
    ? [question.because]
    : [
        ...(question.numbers.length > 0 ? ['number'] : []),
        ...(question.receiptNumber === undefined ? [] : ['receipt']),
        ...question.terms.map(({ label }) => label),
      ]

/** One part of a name is either; two are the whole name, in whichever order. Undefined when it is no kana. */
const readNames = (typed: string): readonly { readonly label: SearchLabel; readonly text: string }[] | undefined => {
  const parts = typed
    .trim()
    .split(/[\s　・]+/)
    .map(parseKanaName)
  const [first, second, ...others] = parts
  if (first === undefined || parts.some((part) => part === undefined)) return undefined
  if (second === undefined) return (['family', 'given', 'full-name'] as const).map((label) => ({ label, text: first }))
  const rest = [second, ...others].join('')
  return [
    { label: 'full-name', text: first + rest },
    { label: 'full-name', text: rest + first },
  ]
}

const readPhone = (
  typed: string,
  rules: MobileRules,
): readonly { readonly label: SearchLabel; readonly text: string }[] => {
  const mobile = parseMobile(typed, rules)
  if (mobile.kind === 'mobile') return [{ label: 'phone', text: mobile.phone }]
  const digits = compact(typed).replace(dashes, '')
  return /^\d{4}$/.test(digits) ? [{ label: 'phone-last4', text: digits }] : []
}
