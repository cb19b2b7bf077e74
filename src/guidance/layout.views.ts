import type { Creditor } from '#creditor'
import { type Html, html, raw } from '#platform/html/html'
import { formField } from './form.views.ts'
import { urls } from './urls.ts'

/** What stands around every page, made once when the program starts. */
export type Look = {
  readonly creditor: Creditor
  readonly style: string
  readonly scripts: Readonly<Record<ScriptName, ScriptTag>>
}

export type ScriptName = 'page' | 'identity' | 'code' | 'copy'

type ScriptTag = { readonly path: string; readonly integrity: string }

export type Page = {
  /** Before the company's name in the title. After sign-in every page is called お手続き. */
  readonly title: string
  /** Errors come first in the title: it is what a screen reader says first. */
  readonly hasErrors?: boolean
  /** The one way out of the page, at its top right. */
  readonly exit:
    | { readonly kind: 'contact' }
    | { readonly kind: 'end'; readonly formId: string }
    | { readonly kind: 'none' }
  readonly scripts?: readonly ScriptName[]
  /** How long somebody may rest on this page, when a visit is open. */
  readonly idleMinutes?: number
  readonly body: Html
}

export const layout = (look: Look, page: Page): string =>
  String(html`<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="format-detection" content="telephone=no">
<meta name="color-scheme" content="light dark">
<title>${page.hasErrors && 'エラー：'}${page.title}｜${look.creditor.brand.companyName}</title>
<link rel="icon" href="data:,">
<style>${raw(look.style)}</style>
${(['page', ...(page.scripts ?? [])] as const).map((name) => scriptTag(look.scripts[name]))}
</head>
<body>
<a class="skip" href="#main">本文へ移動</a>
<header class="bar"><div><b>${look.creditor.brand.companyName}</b>${wayOut(page.exit)}</div></header>
<main id="main" tabindex="-1">
${page.idleMinutes !== undefined && idleWarning(page.idleMinutes)}${page.body}
</main>
<footer>
<p>カード番号、カードの暗証番号、インターネットのパスワードをお聞きすることはありません。</p>
<p>${look.creditor.brand.copyright}</p>
</footer>
</body>
</html>`)

const scriptTag = ({ path, integrity }: ScriptTag): Html =>
  html`<script src="${path}" integrity="${integrity}" defer></script>\n`

const wayOut = (exit: Page['exit']): Html | undefined => {
  switch (exit.kind) {
    case 'contact':
      return html`<a href="${urls.contact}">お問い合わせ先</a>`
    case 'end':
      return html`<form method="post" action="${urls.end}">${formField(exit.formId)}<button>終了する</button></form>`
    case 'none':
      return undefined
  }
}

/** Shown by the page's script shortly before the visit ends. Without the script the end says what happened. */
const idleWarning = (minutes: number): Html => html`<div class="note warn" id="idle" data-minutes="${minutes}" hidden>
<p role="alert"></p>
<button type="button" class="button quiet">続ける</button>
</div>`
