import { expect, test } from 'vitest'
import { compact, dashes, withoutSpaces } from './typed-text.ts'

test.each([' ', '　', '\t', '\r\n', '\u00a0', '\u2003', '\u200b', '\u200e', '\u2060', '\ufeff', '\u00ad'])(
  '%j is dropped as a space',
  (space) => {
    expect(withoutSpaces(`${space}0${space}9${space}`)).toBe('09')
  },
)

test.each([...'-‐‑‒–—―−ー〜~⁃─━﹣－ｰ～'])('%s is a dash', (dash) => {
  expect(`1${compact(dash)}2`.replace(dashes, '')).toBe('12')
})

test.each([...'一・_=/.ッノ'])('%s is not', (sign) => {
  expect(compact(sign).replace(dashes, '')).not.toBe('')
})

test('widths become one, and a free dakuten stays beside its kana', () => {
  expect(compact('０９０ー１ Ａ')).toBe('090ー1A')
  expect(compact('カ ゛')).toBe('カ\u3099')
  expect(compact('カ \u3099')).toBe('ガ')
})
