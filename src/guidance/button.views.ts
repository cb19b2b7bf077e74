import { type Html, html } from '#platform/html/html'

/** A link in the shape of a button is called one, so that what is seen, said and spoken to is the same. */
export const linkButton = (href: string, label: string, tone: 'main' | 'quiet' = 'quiet'): Html =>
  html`<a class="button${tone === 'quiet' && ' quiet'}" role="button" draggable="false" href="${href}">${label}</a>
`

export const submitButton = (label: string, tone: 'main' | 'quiet' = 'main'): Html =>
  html`<button class="button${tone === 'quiet' && ' quiet'}">${label}</button>
`

/** One of several ways on. Its name is the label alone; the second line says what it leads to. */
export const choice = (
  href: string,
  label: string | Html,
  consequence?: { readonly id: string; readonly words: Html },
): Html =>
  html`<div class="choice"><a role="button" draggable="false" href="${href}"${consequence && html` aria-describedby="${consequence.id}"`}>${label}</a>${consequence && html`<small id="${consequence.id}">${consequence.words}</small>`}</div>
`

export const stack = (...buttons: readonly (Html | undefined)[]): Html => html`<div class="stack">
${buttons}</div>
`

/** Drawn by the script: without one, browsers print from their own menu. */
export const printButton = html`<button type="button" class="button quiet" data-print hidden>印刷</button>
`
