import { type Html, html } from '#platform/html/html'

export type Fact = {
  readonly name: string
  readonly value: Html | string
  /** What a copy button puts on the clipboard. The button is drawn by a script, where there is a clipboard. */
  readonly copy?: string
  /** `number`: long enough to have the whole line. */
  readonly kind?: 'sum' | 'way' | 'number'
}

/** What is so, line by line. */
export const facts = (list: readonly Fact[]): Html => html`<dl class="facts">
${list.map(
  ({ name, value, copy, kind }) =>
    html`<div${(kind === 'sum' || kind === 'number') && html` class="${kind}"`}><dt>${name}</dt><dd${kind === 'way' && html` class="way"`}${copy !== undefined && html` data-copy="${copy}" data-name="${name}"`}><span>${value}</span></dd></div>
`,
)}</dl>
`
