import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { html, raw } from './html.ts'

describe('A template', () => {
  test('escapes whatever is put into it, in text and in quoted attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", 'ジ', 'a', ' ') }), (typed) => {
        const [, attribute = '', text = ''] = /^<p title="([^"]*)">([^<]*)<\/p>$/.exec(
          String(html`<p title="${typed}">${typed}</p>`),
        ) ?? [undefined, 'broken out']
        expect(unescaped(attribute)).toBe(typed)
        expect(unescaped(text)).toBe(typed)
      }),
    )
  })

  test('takes other markup and lists of it as they are, and leaves nothing for what is absent', () => {
    const items = ['a', 'b'].map((item) => html`<li>${item}</li>`)
    expect(String(html`<ul>${items}${undefined}${false}${[]}</ul>`)).toBe('<ul><li>a</li><li>b</li></ul>')
    expect(String(html`${raw('<b>')}${0}`)).toBe('<b>0')
  })
})

function unescaped(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
}
