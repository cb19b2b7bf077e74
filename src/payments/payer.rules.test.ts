import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldKana, toHalfWidthZengin } from '#values/kana'
import { readPayer } from './payer.rules.ts'

test.each([
  { payer: 'ﾔﾏﾀﾞ ﾀﾛｳ', whole: ['ヤマダタロウ', 'タロウヤマダ'], household: ['ヤマダ', 'タロウ'] },
  { payer: 'ﾔﾏﾀﾞ ﾀﾛｳ 12345', whole: ['ヤマダタロウ', 'タロウヤマダ'], numbers: ['12345'] },
  { payer: '0012345678ﾔﾏﾀﾞﾀﾛｳ', whole: ['ヤマダタロウ'], numbers: ['0012345678'] },
  { payer: '482-715-306 ﾔﾏﾀﾞ', family: ['ヤマダ'], numbers: ['482715306'] },
  { payer: 'ﾔﾏﾀﾞ ﾀﾛｳ ｻﾏ', whole: ['ヤマダタロウ'] },
  { payer: 'ﾔﾏﾀﾞ ﾀﾛｳｻﾏ', whole: ['ヤマダタロウ', 'ヤマダタロウサマ'] },
  { payer: 'ｶ)ﾔﾏﾀﾞｺｳﾑﾃﾝ', whole: ['ヤマダコウムテン'] },
  { payer: 'ﾔﾏﾀﾞｺｳﾑﾃﾝ(ｶ', whole: ['ヤマダコウムテン'] },
  { payer: 'ﾕ-ﾘ ｼﾞﾔﾂｸｽ', whole: ['ユリジヤツクス', 'ジヤツクスユリ'] },
  { payer: 'ﾀﾛｳﾔﾏﾀﾞ', whole: ['ヤマダタロウ'], family: ['タロウヤマダ'] },
  { payer: 'ﾔﾏﾀﾞ ﾀﾛｳ 11ｶﾞﾂﾌﾞﾝ', whole: ['ヤマダタロウ'], numbers: [] },
  { payer: 'フリコミ　ヤマダ　タロウ', whole: ['ヤマダタロウ'] },
])('$payer', ({ payer, whole, family, household, numbers }) => {
  const read = readPayer(payer)
  expect(read.wholeNames).toEqual(expect.arrayContaining(whole ?? []))
  if (family) expect(read.familyNames).toEqual(family)
  if (household) expect(read.householdNames).toEqual(household)
  if (numbers) expect(read.numbers).toEqual(numbers)
})

test.each(['', '   ', '12', 'ABC', '----', '(ｶ)'])('%j names nobody', (payer) => {
  expect(readPayer(payer)).toEqual({ wholeNames: [], familyNames: [], householdNames: [], numbers: [] })
})

const kana = fc.string({
  unit: fc.constantFrom(...'アイカガキサシジスタダツヅトナニハパマミヤユヨラリワヲンャュッー'),
  minLength: 1,
  maxLength: 6,
})

test('a name is found in either order, with a number on any side, as a bank writes it', () => {
  fc.assert(
    fc.property(
      kana,
      kana,
      fc.integer({ min: 1_000, max: 99_999_999 }),
      fc.boolean(),
      (family, given, number, turned) => {
        fc.pre(foldKana(family).length > 0 && foldKana(given).length > 0)
        const name = turned ? `${given} ${family}` : `${family} ${given}`
        for (const text of [name, `${number} ${name}`, `${name} ${number}`]) {
          const { wholeNames } = readPayer(toHalfWidthZengin(text))
          expect(wholeNames).toContain(foldKana(family + given))
        }
      },
    ),
  )
})
