import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkTemplate, renderTemplate, type Template } from './template.rules.ts'
import { utf16Units } from './text.rules.ts'

const company = '株式会社ジャックス'

function template(kind: Template['kind'], text: string, changed: Partial<Template> = {}): Template {
  return {
    kind,
    text,
    companyName: company,
    allowedHosts: ['mobile.jaccs.co.jp'],
    partsMax: 1,
    longestValues: {
      company,
      url: 'https://mobile.jaccs.co.jp/v',
      host: 'mobile.jaccs.co.jp',
      code: '1234',
      minutes: '5',
      receiptNumber: '482-715-304',
    },
    ...changed,
  }
}

const codeText = '認証番号:{code}({minutes}分有効)。他人に教えないでください。{company}\n\n@{host} #{code}'

describe('the texts that ship', () => {
  test.each([
    ['notice', '{company}からお支払いのご案内です。URLからご確認ください。 {url}', 64],
    ['notice', '{company}からのお知らせです。URLからご確認ください。 {url}', 61],
    [
      'code',
      '「{code}」\nお客様の認証番号です。\n認証番号は{minutes}分間有効です。\n他の方と共有することはお控えください。\n{company}',
      62,
    ],
    ['code', codeText, 65],
    ['receipt', '{company}です。ご連絡を承りました。受付番号 {receiptNumber}', undefined],
  ] as const)('pass in one part: %s %s', (kind, text, units) => {
    const candidate = template(kind, text)
    expect(checkTemplate(candidate)).toEqual([])
    const rendering = renderTemplate(text, candidate.longestValues)
    if (units !== undefined) expect(rendering.kind === 'rendered' && utf16Units(rendering.text)).toBe(units)
  })

  test.each([
    ['123456', 69, []],
    ['12345678', 73, [{ kind: 'too-many-parts', parts: 2, partsMax: 1 }]],
  ])('a code of %s makes %i units', (code, units, problems) => {
    const longestValues = { ...template('code', '').longestValues, code }
    expect(checkTemplate(template('code', codeText, { longestValues }))).toEqual(problems)
    const rendering = renderTemplate(codeText, longestValues)
    expect(rendering.kind === 'rendered' && utf16Units(rendering.text)).toBe(units)
  })
})

describe('an address', () => {
  const found = (text: string, allowedHosts?: string[]) =>
    checkTemplate(template('notice', `${company}${text}`, { partsMax: 9, ...(allowedHosts ? { allowedHosts } : {}) }))

  test.each([
    ' https://mobile.jaccs.co.jp/v',
    ' https://MOBILE.JACCS.CO.JP/v?a=1.5',
    ' https://www.mobile.jaccs.co.jp/',
    ' mobile.jaccs.co.jp',
    ' 詳しくはmobile.jaccs.co.jpへ',
    ' ｍｏｂｉｌｅ．ｊａｃｃｓ．ｃｏ．ｊｐ',
    ' info@mobile.jaccs.co.jp',
    '。URLから。2026.11.24 1.5倍 Ver.2 …と…',
  ])('of our own is fine: %s', (text) => {
    expect(found(text)).toEqual([])
  })

  test.each([
    [' https://evil.example/v', 'https://evil.example/v'],
    [' http://mobile.jaccs.co.jp.evil.example', 'http://mobile.jaccs.co.jp.evil.example'],
    [' https://evil-mobile.jaccs.co.jp', 'https://evil-mobile.jaccs.co.jp'],
    [' https://mobile.jaccs.co.jp:8443/v', 'https://mobile.jaccs.co.jp:8443/v'],
    [' https://mobile.jaccs.co.jp@evil.example/', 'https://mobile.jaccs.co.jp@evil.example/'],
    [' https://a@mobile.jaccs.co.jp/', 'https://a@mobile.jaccs.co.jp/'],
    [' https://jaccs.co.jp/v', 'https://jaccs.co.jp/v'],
    [' https://mobile.jaccs.co.jpへ', 'https://mobile.jaccs.co.jpへ'],
    ['evil.example', 'evil.example'],
    [' 詳しくはevil.exampleへ', 'evil.example'],
    [' evil.example:8080/v', 'evil.example:8080'],
    [' ｅｖｉｌ．ｅｘａｍｐｌｅ', 'evil.example'],
    [' evil。example', 'evil。example'],
    [' ev\u200bil.example', 'evil.example'],
    [' 192.0.2.1', '192.0.2.1'],
    [' jаccs.co.jp', 'jаccs.co.jp'],
    [' https://mobile.jаccs.co.jp/', 'https://mobile.jаccs.co.jp/'],
    [' mobile.jaccѕ.co.jp', 'mobile.jaccѕ.co.jp'],
    [' 日本語.jp', '日本語.jp'],
    [' 例え.みんな', '例え.みんな'],
    [' ftp://evil.example', 'ftp://evil.example'],
    [' HTTPS：／／evil.example', 'HTTPS://evil.example'],
  ])('of anybody else is refused: %s', (text, address) => {
    expect(found(text)).toContainEqual({ kind: 'foreign-address', found: address })
  })

  test('of the demo is fine with its port and only with it', () => {
    const demo = ['localhost:8080']
    expect(found(' http://localhost:8080/v', demo)).toEqual([])
    expect(found(' http://localhost:8081/v', demo)).toHaveLength(1)
    expect(found(' http://127.0.0.1:8080/v', demo)).toHaveLength(1)
  })

  test('with a letter of ours replaced by a look-alike is refused, wherever it stands', () => {
    const lookAlikes = { a: 'а', c: 'с', e: 'е', o: 'о', i: 'і', p: 'р', j: 'ј', s: 'ѕ', l: 'ӏ', b: 'Ь', m: 'м' }
    const host = 'mobile.jaccs.co.jp'
    const places = [...host].flatMap((letter, at) => (letter in lookAlikes ? [at] : []))
    const pick = (at: number) => lookAlikes[host[at] as keyof typeof lookAlikes]
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom(' ', ' https://', ' 詳しくは'), (at, before) => {
        const fake = `${host.slice(0, at)}${pick(at)}${host.slice(at + 1)}`
        expect(found(`${before}${fake}`).map(({ kind }) => kind)).toContain('foreign-address')
      }),
    )
  })

  test('checking never fails, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(Array.isArray(checkTemplate(template('notice', text)))).toBe(true)
      }),
    )
  })
})

describe('a notice', () => {
  const kinds = (text: string, kind: Template['kind'] = 'notice') =>
    checkTemplate(template(kind, `{code}で${company}${text}`, { partsMax: 9 })).map(({ kind }) => kind)

  test.each([
    ' 12,345円',
    ' １２３円',
    ' １２，３４５ 円',
    ' ¥12,345',
    ' ￥12,345',
    ' 1万円',
    ' 万円',
    ' 二千円',
    ' 数千円',
    ' ○○円',
    ' 12,345えん',
    ' 12345 yen',
    ' JPY 12345',
    ' 12\u200b345円',
    ' 壱万円',
  ])('must not say an amount of money: %s', (text) => {
    expect(kinds(text)).toEqual(['amount-of-money'])
  })

  test('must not say any amount, however it is written', () => {
    const wide = (text: string) => text.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
    const written = fc.tuple(fc.integer({ min: 1, max: 99_999_999 }), fc.nat(4)).map(([yen, form]) => {
      const grouped = yen.toLocaleString('en')
      return [`${yen}円`, `${grouped}円`, `${wide(grouped)}円`, `¥${grouped}`, `${grouped} 円`][form]
    })
    fc.assert(
      fc.property(written, (amount) => {
        expect(kinds(`ご請求は${amount}です`)).toEqual(['amount-of-money'])
      }),
    )
  })

  test.each(['督促', '滞納', '延滞', '至急', '法的', '督\u200b促'])('must not say %s', (word) => {
    expect(kinds(`の${word}です`)).toEqual(['word-of-dunning'])
  })

  test.each(['5分間有効', '円滑なお手続き', '3円滑', 'お電話0570-000-000', '第2回', '支払方法'])(
    'may say %s',
    (text) => {
      expect(kinds(` ${text}`)).toEqual([])
    },
  )

  test('alone is held to that: a code may come with other words', () => {
    expect(kinds(' 至急 100円', 'code')).toEqual([])
  })
})

describe('any text', () => {
  test.each([
    ['お知らせです', [{ kind: 'company-missing' }]],
    ['{company}\r\nです', [{ kind: 'carriage-return' }]],
    [`{company}${'あ'.repeat(62)}`, [{ kind: 'too-many-parts', parts: 2, partsMax: 1 }]],
    [`{company}${'あ'.repeat(652)}`, [{ kind: 'too-long', units: 661, unitsMax: 660 }]],
    ['{company}{amount}', [{ kind: 'unknown-placeholder', name: 'amount' }]],
    ['{company}{}', [{ kind: 'unknown-placeholder', name: '' }]],
    ['{company', [{ kind: 'stray-brace' }]],
    ['{company}}', [{ kind: 'stray-brace' }]],
  ])('%j has its problems named', (text, problems) => {
    expect(checkTemplate(template('notice', text))).toEqual(problems)
  })

  test('of a code must hold the code', () => {
    expect(checkTemplate(template('code', '{company}'))).toEqual([{ kind: 'code-missing' }])
  })

  test('with several problems names all of them', () => {
    const kinds = checkTemplate(template('notice', '至急 12,345円 evil.example')).map(({ kind }) => kind)
    expect(kinds).toEqual(['company-missing', 'foreign-address', 'amount-of-money', 'word-of-dunning'])
  })
})

describe('filling in', () => {
  test('takes every placeholder, as often as it stands there', () => {
    expect(renderTemplate('{code} {code} {company}', { code: '1234', company })).toEqual({
      kind: 'rendered',
      text: `1234 1234 ${company}`,
    })
  })

  test('wants a value for each', () => {
    expect(renderTemplate('{code}{host}', { host: '' })).toEqual({
      kind: 'refused',
      problems: [
        { kind: 'value-missing', name: 'code' },
        { kind: 'value-missing', name: 'host' },
      ],
    })
  })

  test('reads no placeholder in a value and follows no pattern in it', () => {
    expect(renderTemplate('{company}', { company: '{code}$&$1' })).toEqual({ kind: 'rendered', text: '{code}$&$1' })
  })

  test.each(['a\nb', 'a\rb', 'a\u2028b', 'a\u0000b'])('takes no line break in a value: %j', (value) => {
    expect(renderTemplate('{company}', { company: value })).toEqual({
      kind: 'refused',
      problems: [{ kind: 'value-with-line-break', name: 'company' }],
    })
  })
})
