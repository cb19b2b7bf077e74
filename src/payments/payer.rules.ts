import { foldKana } from '#values/kana'

/** Whom a payer's text may mean. Names are folded; numbers are digits alone. */
export type PayerReadings = {
  /** Family and given name in one, in every order they may have been written in. */
  readonly wholeNames: readonly string[]
  /** The text is one word: perhaps a family name alone. */
  readonly familyNames: readonly string[]
  /** The first and the last word of several: who shares one of them may be of the same household, and no more. */
  readonly householdNames: readonly string[]
  /** Numbers that somebody wrote beside the name, in the hope that they say whose money it is. */
  readonly numbers: readonly string[]
}

/** Shorter ones are a month, a count, a day. */
const numberLengthMin = 4

/** A longer text is a company or a sentence, of which no order but its own makes a name. */
const turnedLengthMax = 12

/** Words that banks and careful people add, folded. */
const noise: ReadonlySet<string> = new Set(
  [
    'サマ',
    'ドノ',
    'ホンニン',
    'ダイリ',
    'フリコミ',
    'ニュウキン',
    'ヘンサイ',
    'シハライ',
    'ガツ',
    'ガツブン',
    'ブン',
    'カブシキガイシャ',
    'ユウゲンガイシャ',
  ].map(foldKana),
)
const honorific = /(?<=..)(?:サマ|ドノ)$/

/** カ), (カ, (カ) and their like: 株式会社 and other forms as the banks abbreviate them. */
const legalForms = /\(?[ァ-ヴ]{1,4}\)|\([ァ-ヴ]{1,4}/g

export const readPayer = (text: string): PayerReadings => {
  const wide = text.normalize('NFKC')
  const words = wide
    .replace(/\d+(?:-\d+)*/g, ' ')
    .replace(legalForms, ' ')
    .split(/[^ァ-ヶー\u002d]+/)
    .map(foldKana)
    .filter((word) => word !== '' && !noise.has(word))
  return { ...readNames(words), numbers: readNumbers(wide) }
}

const readNames = (words: readonly string[]): Omit<PayerReadings, 'numbers'> => {
  const [first, ...others] = words
  if (first === undefined) return { wholeNames: [], familyNames: [], householdNames: [] }
  const plain = others.length === 0 ? turnedSigns(first) : turnedWords(words)
  const last = words.at(-1) ?? first
  return {
    wholeNames: withoutHonorific(plain),
    familyNames: others.length === 0 ? withoutHonorific([first]) : [],
    householdNames: others.length === 0 ? [] : [...new Set([first, last])],
  }
}

/** タロウヤマダ: where the given name ends is not to be seen, so every place is tried. */
const turnedSigns = (word: string): readonly string[] => {
  if (word.length > turnedLengthMax) return [word]
  return [...word].map((_, at) => word.slice(at) + word.slice(0, at))
}

const turnedWords = (words: readonly string[]): readonly string[] =>
  words.map((_, at) => [...words.slice(at), ...words.slice(0, at)].join(''))

/** サマ may also be the end of a name, so the name with it stays. */
const withoutHonorific = (names: readonly string[]): readonly string[] => [
  ...new Set(names.flatMap((name) => [name, name.replace(honorific, '')])),
]

const readNumbers = (wide: string): readonly string[] => {
  const numbers = (wide.match(/\d+(?:-\d+)*/g) ?? []).map((run) => run.replace(/-/g, ''))
  return [...new Set(numbers.filter((number) => number.length >= numberLengthMin))]
}
