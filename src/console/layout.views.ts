import type { Creditor } from '#creditor'
import { type Html, html, raw } from '#platform/html/html'
import type { Frame } from './frame.ts'
import { type NavigationKey, navigation } from './navigation.ts'
import { may, roleNames } from './roles.rules.ts'
import { urls } from './urls.ts'

/** What stands around every page, made once when the program starts. */
export type ConsoleLook = {
  readonly creditor: Creditor
  readonly style: string
  readonly scripts: Readonly<Record<ScriptName, ScriptTag>>
}

/** `trusted-html`, `htmx` and `console` are on every page; the others are named by the pages that need them. */
export type ScriptName = 'trusted-html' | 'htmx.min' | 'console' | 'uPlot.iife.min' | 'console-chart' | 'console-upload'

export type ScriptTag = { readonly path: string; readonly integrity: string }

export type ConsolePageParts = {
  /** What the browser's tab says; the h1 is the body's. */
  readonly title: string
  /** Errors come first in the title: it is what a screen reader says first. */
  readonly hasErrors?: boolean
  /** Where in the navigation this is. */
  readonly here?: NavigationKey
  readonly scripts?: readonly ScriptName[]
  readonly body: Html
}

export const consolePage = (look: ConsoleLook, frame: Frame, page: ConsolePageParts): string =>
  consoleDocument(
    look,
    page,
    html`<div class="shell">
<nav class="side" aria-label="メニュー"><b>案内 Annai</b>${navigation.map((place) => navigationLink(place, frame, page.here))}</nav>
<div>
<header class="top">
<form method="post" action="${urls.search}" role="search"><input type="hidden" name="form" value="${frame.searchFormId}"><input type="search" name="q" id="q" autocomplete="off" aria-label="検索"><span class="soft"><kbd>/</kbd> 顧客番号・カナ・電話・受付番号で検索</span></form>
<form method="post" action="${urls.signOut}" class="who"><input type="hidden" name="form" value="${frame.signOutFormId}"><span>${frame.operator.roles.map((role) => roleNames[role]).join('・')}　${frame.operator.name}</span><button class="link">サインアウト</button></form>
</header>
<main class="work" id="main" tabindex="-1">
<div class="note warn" id="idle" data-minutes="${frame.idleMinutes}" hidden><p role="alert"></p></div>
${page.body}
</main>
</div>
</div>`,
  )

/** For pages before sign-in and after it: no navigation, no search. */
export const plainPage = (look: ConsoleLook, page: ConsolePageParts): string =>
  consoleDocument(
    look,
    page,
    html`<main class="alone" id="main" tabindex="-1">
${page.body}
</main>`,
  )

const consoleDocument = (look: ConsoleLook, page: ConsolePageParts, body: Html): string =>
  String(html`<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="format-detection" content="telephone=no">
<meta name="color-scheme" content="light dark">
<meta name="htmx-config" content="${htmxConfig}">
<title>${page.hasErrors && 'エラー：'}${page.title}｜Annai</title>
<link rel="icon" href="data:,">
<style>${raw(look.style)}</style>
${(['trusted-html', 'htmx.min', 'console', ...(page.scripts ?? [])] as const).map((name) => scriptTag(look.scripts[name]))}
</head>
<body>
<a class="skip" href="#main">本文へ移動</a>
${body}
</body>
</html>`)

/** Nothing of htmx that needs a looser policy: no eval, no scripts in answers, no style of its own, no kept pages. */
const htmxConfig = JSON.stringify({
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  historyEnabled: false,
  selfRequestsOnly: true,
})

const scriptTag = ({ path, integrity }: ScriptTag): Html =>
  html`<script src="${path}" integrity="${integrity}" defer></script>\n`

const navigationLink = (
  place: (typeof navigation)[number],
  { operator, badges }: Frame,
  here: NavigationKey | undefined,
): Html | undefined => {
  if (place.may !== 'signed-in' && !may(operator.roles, place.may)) return undefined
  const count = badges[place.key] ?? 0
  return html`<a href="${place.href}"${place.key === here && html` class="here" aria-current="page"`}>${place.label}${count > 0 && html`<i>${count > 99 ? '99+' : count}<span class="unseen">件</span></i>`}</a>`
}
