import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  foldKana,
  foldVariants,
  fromHalfWidth,
  nameKeysHeld,
  nameKeysTyped,
  parseKanaName,
  toHalfWidthZengin,
} from './kana.ts'

const page = readFileSync(new URL('../../docs/fold-vectors.md', import.meta.url), 'utf8')
const [foldTable = '', readingsTable = ''] = page.split('## Alternate readings')

const wideKana = [
  ...'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン',
  ...'ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴァィゥェォッャュョヮヵヶヰヱ',
]
const kanaName = fc
  .tuple(fc.constantFrom(...wideKana), fc.array(fc.constantFrom(...wideKana, 'ー', '・'), { maxLength: 12 }))
  .map(([first, rest]) => [first, ...rest].join(''))
const bankName = fc
  .tuple(
    fc.constantFrom(...'ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ'),
    fc.array(fc.constantFrom(...'ｱｶｻﾀﾅﾊﾏﾔﾗﾜﾝｼﾁﾂﾕﾖ', 'ｶﾞ', 'ｼﾞ', 'ｳﾞ', 'ﾊﾟ', 'ﾂﾞ', '-'), { maxLength: 12 }),
  )
  .map(([first, rest]) => [first, ...rest].join(''))
const kanaSoup = fc.string({
  unit: fc.constantFrom(...wideKana, ...'あがっゝゞヽヾーｰ-－〜・･ ﾞﾟ゛゜\u3099\u309a\u200b　ｱｶﾊﾂｯA1'),
})

describe('fold key', () => {
  test.each(rows(foldTable))('of %s is %s: %s', (written, key) => {
    expect(foldKana(spelled(written))).toBe(spelled(key))
  })

  test('the page holds the vectors that design and operators rely on', () => {
    const written = rows(foldTable).map(([text]) => spelled(text))
    expect(written).toEqual(expect.arrayContaining(['ジャックス', 'ｼﾞﾔﾂｸｽ', 'ヨシヱ', 'ﾖｼｴ', 'ユーリ', 'ﾕ-ﾘ']))
  })

  test('folding twice changes nothing', () => {
    fc.assert(fc.property(fc.oneof(kanaName, kanaSoup, fc.string({ unit: 'binary' })), foldsToItself))
  })

  test.each(['カー゛', 'ゥ゛', 'ッ゛', 'ツヾ', 'ア゛', 'ヾ', 'ーヾ', 'e-´'])(
    'folding %s twice changes nothing',
    foldsToItself,
  )

  test('is the same for hiragana, half-width, decomposed and bank spelling', () => {
    fc.assert(
      fc.property(kanaName, (name) => {
        const key = foldKana(name)
        expect(foldKana(hiragana(name))).toBe(key)
        expect(foldKana(name.normalize('NFD'))).toBe(key)
        expect(foldKana(toHalfWidthZengin(name))).toBe(key)
        expect(foldKana(fromHalfWidth(toHalfWidthZengin(name)))).toBe(key)
        expect(foldKana(parseKanaName(name) ?? '')).toBe(key)
      }),
    )
  })

  test('does not see spaces, wherever they stand', () => {
    fc.assert(
      fc.property(kanaName, fc.constantFrom(' ', '　', '\u00a0', '\t', '\u200b'), (name, space) => {
        expect(foldKana([...name].join(space))).toBe(foldKana(name))
      }),
    )
  })
})

describe('alternate readings', () => {
  test.each(rows(readingsTable))('of %s with %s are further keys %s: %s', (written, readings, keys) => {
    const variants = foldVariants(spelled(written), {
      vu: readings.includes('vu'),
      longVowel: readings.includes('long vowel'),
    })
    expect(variants[0]).toBe(foldKana(spelled(written)))
    expect(variants.slice(1).sort()).toEqual(keys.split(' ').filter(Boolean).map(spelled).sort())
  })

  test('none are made unless asked for', () => {
    fc.assert(
      fc.property(kanaName, (name) => {
        expect(foldVariants(name, {})).toEqual([foldKana(name)])
      }),
    )
  })

  test('are folded themselves, and the same from the bank spelling', () => {
    fc.assert(
      fc.property(kanaName, (name) => {
        const both = { vu: true, longVowel: true }
        for (const key of foldVariants(name, both)) expect(foldKana(key)).toBe(key)
        expect(foldVariants(toHalfWidthZengin(name.replaceAll('・', '')), both)).toEqual(
          foldVariants(name.replaceAll('・', ''), both),
        )
      }),
    )
  })
})

describe('the name in two boxes', () => {
  test.each([
    ['ジャックス', 'タロウ'],
    ['たろう', 'じゃっくす'],
    ['ジャックスタロウ', ''],
    ['', 'ｼﾞｬｯｸｽ ﾀﾛｳ'],
    ['タロウ　ジャックス', ''],
  ])('typed as %s and %s is found', (family, given) => {
    expect(nameKeysHeld('ジャックス', 'タロウ')).toContain(nameKeysTyped(family, given))
  })

  test.each([
    ['ジャックス', ''],
    ['ジャックス', 'ジロウ'],
    ['ロウタジャックス', ''],
  ])('typed as %s and %s is not', (family, given) => {
    expect(nameKeysHeld('ジャックス', 'タロウ')).not.toContain(nameKeysTyped(family, given))
  })

  test('readings switched on are held for both orders', () => {
    expect([...nameKeysHeld('オオノ', 'ユーコ', { longVowel: true })].sort()).toEqual(
      ['オオノユコ', 'オオノユウコ', 'ユコオオノ', 'ユウコオオノ'].sort(),
    )
  })
})

describe('a name for display', () => {
  test.each([
    ['じゃっくす', 'ジャックス'],
    ['ｼﾞｬｯｸｽ', 'ジャックス'],
    ['シ゛ャックス', 'ジャックス'],
    ['ｼ ﾞｬｯｸｽ', 'ジャックス'],
    ['は\u309aく', 'パク'],
    ['う゛ぃおら', 'ヴィオラ'],
    [' ジャックス　タロウ ', 'ジャックスタロウ'],
    ['ﾕ-ﾘ', 'ユーリ'],
    ['ユ‐リ', 'ユーリ'],
    ['ユ−リ―', 'ユーリー'],
    ['ヨシヱ', 'ヨシヱ'],
    ['みすゞ', 'ミスヾ'],
    ['ﾏﾘｱ･ﾙｲｻ', 'マリア・ルイサ'],
    ['マリア·ルイサ', 'マリア・ルイサ'],
  ])('%s is shown as %s', (typed, shown) => {
    expect(parseKanaName(typed)).toBe(shown)
  })

  test.each([
    '',
    '　',
    'Jaccs',
    'ジャックスA',
    '山田',
    'やま田',
    'ヤマダ1',
    'ー',
    '-ヤマダ',
    '・',
    'ア゛',
    'ヽ',
    'ユ一リ',
    'ﾔﾏﾀﾞ(ｶ',
  ])('%j is refused', (typed) => {
    expect(parseKanaName(typed)).toBeUndefined()
  })

  test('stays as it is when it is typed again', () => {
    fc.assert(
      fc.property(kanaName, (name) => {
        expect(parseKanaName(name)).toBe(name)
      }),
    )
  })
})

describe('bank spelling', () => {
  test.each([
    ['ジャックス タロウ', 'ｼﾞﾔﾂｸｽ ﾀﾛｳ'],
    ['じゃっくす', 'ｼﾞﾔﾂｸｽ'],
    ['ユーリ', 'ﾕ-ﾘ'],
    ['ｷｬﾉﾝ', 'ｷﾔﾉﾝ'],
    ['カヲル', 'ｶｵﾙ'],
    ['ヨシヱ', 'ﾖｼｴ'],
    ['ヴァレリ', 'ｳﾞｱﾚﾘ'],
    ['カヅキ', 'ｶﾂﾞｷ'],
    ['パク', 'ﾊﾟｸ'],
    ['ミツヾ', 'ﾐﾂﾂﾞ'],
    ['（カ）ジャックス', '(ｶ)ｼﾞﾔﾂｸｽ'],
    ['ＡＢＣ１２', 'ABC12'],
  ])('%s is written %s', (name, written) => {
    expect(toHalfWidthZengin(name)).toBe(written)
  })

  test('holds nothing the banks refuse, whatever the name', () => {
    fc.assert(
      fc.property(kanaName, (name) => {
        expect(toHalfWidthZengin(name)).toMatch(/^[ｱ-ﾝﾞﾟ -]+$/)
      }),
    )
  })

  test('survives being shown full-width', () => {
    fc.assert(
      fc.property(bankName, (name) => {
        expect(toHalfWidthZengin(fromHalfWidth(name))).toBe(name)
      }),
    )
  })

  test.each([
    ['ｼﾞﾔﾂｸｽ ﾀﾛｳ', 'ジヤツクス タロウ'],
    ['ﾕ-ﾘ', 'ユーリ'],
    ['ｶ)A-1', 'カ)A-1'],
    ['ｱﾞ', 'ア゛'],
  ])('%s is shown as %s', (written, shown) => {
    expect(fromHalfWidth(written)).toBe(shown)
  })
})

function foldsToItself(text: string) {
  const key = foldKana(text)
  expect(foldKana(key)).toBe(key)
}

function hiragana(name: string): string {
  return name.replace(/[ァ-ヴ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
}

/** The rows of a Markdown table below its head, each as its trimmed cells. */
function rows(table: string): ReadonlyArray<[string, string, string, string]> {
  const lines = table.split('\n').filter((line) => line.startsWith('| `'))
  return lines.map((line) => {
    const [, first = '', second = '', third = '', fourth = ''] = line.split('|').map((cell) => cell.trim())
    return [first, second, third, fourth]
  })
}

/** `シ\u3099` without its backquotes and with the character meant. */
function spelled(cell: string): string {
  return cell
    .replaceAll('`', '')
    .replace(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
