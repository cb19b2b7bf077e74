import { compact, dashes } from './typed-text.ts'

declare const foldedKanaBrand: unique symbol

/** The comparable form of a name: what it keeps is the same in the master, in a bank's file and on a phone. */
export type FoldedKana = string & { readonly [foldedKanaBrand]: 'FoldedKana' }

export type AlternateReadings = {
  /** ヴァ as バ. */
  readonly vu?: boolean
  /** ー as the vowel before it: ユーコ as ユウコ. */
  readonly longVowel?: boolean
}

/** 中黒 and what stands in for it on foreign keyboards. */
const middleDots = /[・·•‧]/gu

/** Dakuten and handakuten that found no kana to join. */
const freeMarks = /[\u3099\u309a]/g

const large = pairs('ァィゥェォッャュョヮヵヶ', 'アイウエオツヤユヨワカケ')
const sameSound = pairs('ヱヰヲヂヅ', 'エイオジズ')
const bankSound = pairs('ヱヰヲ', 'エイオ')
const halfWidth = pairs(
  'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309a',
  'ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ',
)

/** Which kana end in which vowel; ン ends in none. */
const vowelOf = new Map([
  ...pairs('アカサタナハマヤラワガザダバパ', 'ア'.repeat(15)),
  ...pairs('イキシチニヒミリギジビピ', 'イ'.repeat(12)),
  ...pairs('ウクスツヌフムユルグズブプヴ', 'ウ'.repeat(14)),
  ...pairs('エケセテネヘメレゲゼデベペ', 'エ'.repeat(13)),
  ...pairs('オコソトノホモヨロゴゾドボポ', 'オ'.repeat(14)),
])

/**
 * A name as typed, in full-width katakana for display; undefined when it is empty or holds anything but kana.
 * Dashes after a kana become ー. Spaces are dropped wherever they stand.
 */
export function parseKanaName(text: string): string | undefined {
  const name = katakana(compact(text)).replace(dashes, 'ー').replace(middleDots, '・')
  return /^[ァ-ヶ][ァ-ヶー・ヽヾ]*$/.test(name) ? name : undefined
}

/**
 * The fold key of docs/security.md: spaces, NFKC, spaces again, katakana, dakuten, repetition marks, same sounds,
 * small kana, long marks. Bank kana has no small kana, no long mark and no ヱヰヲ, so plain equality
 * would refuse ジャックス against ｼﾞﾔﾂｸｽ. Folding twice changes nothing.
 */
export function foldKana(text: string): FoldedKana {
  return withoutLongMarks(spokenKana(text))
}

/** The fold, and the readings asked for that differ from it. Both sides of a comparison need the same ones. */
export function foldVariants(text: string, readings: AlternateReadings): readonly FoldedKana[] {
  const spoken = spokenKana(text)
  const plain = withoutLongMarks(spoken)
  const folds = readings.longVowel ? [plain, withoutLongMarks(withVowels(spoken))] : [plain]
  return [...new Set(readings.vu ? [...folds, ...folds.map(withoutVu)] : folds)]
}

/**
 * The key of a name as somebody typed it into the two boxes. Whoever types everything into one box, or swaps the two,
 * meets one of the keys held, for those exist in both orders.
 */
export function nameKeysTyped(family: string, given: string): FoldedKana {
  return foldKana(family + given)
}

/** The keys under which a customer of the master is found: both orders, each in the readings asked for. */
export function nameKeysHeld(family: string, given: string, readings: AlternateReadings = {}): readonly FoldedKana[] {
  return [...new Set([...foldVariants(family + given, readings), ...foldVariants(given + family, readings)])]
}

/**
 * Text as a bank's file writes it: half-width, ﾞ and ﾟ apart, no small kana, no ｦ, a hyphen for the long mark.
 * What the banks' character set lacks stays as it is: whether to refuse it is the format's decision.
 */
export function toHalfWidthZengin(text: string): string {
  const spelled = replaceEach(repeated(katakana(text.normalize('NFKC'))), bankSound)
  const wide = replaceEach(spelled, large).replace(dashes, '-').replace(middleDots, ' ')
  return wide.replace(/[ァ-ヴ]/g, (kana) => replaceEach(kana.normalize('NFD'), halfWidth))
}

/** Half-width bank kana as full-width katakana for display: ﾕ-ﾘ is ユーリ. Other signs become their usual width. */
export function fromHalfWidth(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/(?<=[ァ-ヶー])-/g, 'ー')
    .replace(/\u3099/g, '゛')
    .replace(/\u309a/g, '゜')
}

/** Large katakana in the sounds that are told apart, long marks still in place. */
function spokenKana(text: string): string {
  const joined = katakana(compact(text)).replace(freeMarks, '')
  return replaceEach(replaceEach(repeated(joined), sameSound), large)
}

function withoutLongMarks(spoken: string): FoldedKana {
  return spoken.replace(dashes, '').replace(middleDots, '').normalize('NFC') as FoldedKana
}

function withVowels(spoken: string): string {
  let read = ''
  for (const sign of spoken.replace(dashes, 'ー')) {
    read += sign === 'ー' ? (vowelOf.get(read.slice(-1)) ?? '') : sign
  }
  return read
}

/** On folded text, where ヴァ has become ヴア just as a bank writes it. */
function withoutVu(fold: FoldedKana): FoldedKana {
  return fold
    .replace(/ヴ([アイエオ])/g, (_, vowel: string) => replaceEach(vowel, pairs('アイエオ', 'バビベボ')))
    .replace(/ヴ(?=[ヤユヨ])/g, 'ビ')
    .replace(/ヴ/g, 'ブ') as FoldedKana
}

/** Hiragana to katakana, ゝ and ゞ included, each dakuten joined to its kana. */
function katakana(text: string): string {
  return text.replace(/[ぁ-ゖゝゞ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60)).normalize('NFC')
}

/**
 * ヽ and ヾ written out. This comes before equal sounds are joined, so that ミツヾ becomes ミツヅ and then, like ミツヅ
 * itself, ミツズ. A mark with nothing before it repeats nothing.
 */
function repeated(text: string): string {
  let written = ''
  for (const sign of text) {
    const before = written.slice(-1)
    if (sign === 'ヽ') written += before
    else if (sign === 'ヾ') written += voiced(before)
    else written += sign
  }
  return written
}

/** カ → ガ; a kana without a voiced form in use stays. */
function voiced(kana: string): string {
  return /[ウカキクケコサシスセソタチツテトハヒフヘホ]/.test(kana) ? `${kana}\u3099`.normalize('NFC') : kana
}

function pairs(from: string, to: string): ReadonlyMap<string, string> {
  return new Map([...from].map((sign, at) => [sign, to.charAt(at)]))
}

function replaceEach(text: string, replacements: ReadonlyMap<string, string>): string {
  return [...text].map((sign) => replacements.get(sign) ?? sign).join('')
}
