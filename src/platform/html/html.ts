import { html as tagged, raw as unescaped } from 'hono/html'

declare const htmlBrand: unique symbol

/** Markup in which everything that came from elsewhere has been escaped. */
export type Html = { toString(): string; readonly [htmlBrand]: 'Html' }

/** What may stand in a template: text is escaped, markup is not, and what is absent leaves nothing. */
export type HtmlPart = Html | string | number | undefined | null | false | readonly HtmlPart[]

/** A tagged template that escapes. Attributes have to be quoted. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return tagged(strings, ...parts) as unknown as Html
}

/** For markup that is ours down to the last sign, such as the stylesheet. Never for anything that somebody typed. */
export function raw(markup: string): Html {
  return unescaped(markup) as unknown as Html
}
