import type { Fields } from '#platform/http/http'
import { hourInJst } from '#values/day'

/** How somebody wants to be spoken with. */
export type ContactWish = {
  readonly callTime: keyof typeof callTimeWords
  readonly language: keyof typeof languageWords
  readonly hearing: keyof typeof hearingWords
}

export const callTimeWords = {
  any: 'いつでもよい',
  morning: '午前',
  afternoon: '午後',
  evening: '夕方以降',
  never: '電話を希望しない',
} as const

export const languageWords = {
  ja: '日本語',
  'easy-ja': 'やさしい日本語',
  en: '英語',
  zh: '中国語',
  ko: '韓国語',
  vi: 'ベトナム語',
  pt: 'ポルトガル語',
  other: 'その他の言語',
} as const

export const hearingWords = {
  usual: '配慮は不要',
  slowly: 'ゆっくり・はっきり話す',
  'in-writing': '聞こえにくいため、書面・SMSで',
} as const

export const noWish: ContactWish = { callTime: 'any', language: 'ja', hearing: 'usual' }

/** Undefined when a field is none of ours: nothing is guessed here. */
export const readWish = ({ callTime, language, hearing }: Fields): ContactWish | undefined =>
  isKey(callTimeWords, callTime) && isKey(languageWords, language) && isKey(hearingWords, hearing)
    ? { callTime, language, hearing }
    : undefined

/** What stands against a call at this hour; undefined when nothing does. */
export const wishAgainstCall = ({ callTime, hearing }: ContactWish, now: Date): string | undefined => {
  if (hearing === 'in-writing') return hearingWords[hearing]
  if (callTime === 'never') return callTimeWords.never
  if (callTime === 'any') return undefined
  const hour = hourInJst(now)
  const wished = hour < 12 ? 'morning' : hour < 17 ? 'afternoon' : 'evening'
  return callTime === wished ? undefined : `お電話は${callTimeWords[callTime]}をご希望`
}

const isKey = <T extends object>(words: T, text: string | undefined): text is Extract<keyof T, string> =>
  text !== undefined && Object.hasOwn(words, text)
