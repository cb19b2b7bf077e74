import { html } from '#platform/html/html'
import type { DemoPerson } from './demo-people.rules.ts'
import { formField } from './form.views.ts'
import { type ConsoleLook, plainPage } from './layout.views.ts'
import { roleNames } from './roles.rules.ts'
import { urls } from './urls.ts'

type DemoSignIn = { readonly people: readonly DemoPerson[]; readonly to: string; readonly formId: string }

export const demoSignInPage = (look: ConsoleLook, { people, to, formId }: DemoSignIn): string =>
  plainPage(look, {
    title: 'サインイン（デモ）',
    body: html`<h1>どなたとしてサインインしますか</h1>
<p>デモだけの画面です。人物は架空で、役割ごとに操作できることが違います。実際の運用では、会社の認証基盤でサインインします。</p>
<form method="post" action="${urls.demoSignIn}">${formField(formId)}<input type="hidden" name="to" value="${to}">
<ul class="people">
${people.map(
  ({ key, name, roles }) =>
    html`<li><button class="choice" name="person" value="${key}"><b>${name}</b><small>${roles.map((role) => roleNames[role]).join('・')}</small></button></li>
`,
)}</ul>
</form>`,
  })

export const signedOutPage = (look: ConsoleLook): string =>
  plainPage(look, {
    title: 'サインアウトしました',
    body: html`<h1>サインアウトしました</h1>
<p>この端末を離れるときは、ブラウザも閉じてください。</p>
<p><a class="button quiet" href="${urls.signIn}">もう一度サインインする</a></p>`,
  })

/** Before the company's own sign-in. */
export const signInPage = (look: ConsoleLook, to: string): string =>
  plainPage(look, {
    title: 'サインイン',
    body: html`<h1>サインイン</h1>
<p>${look.creditor.brand.companyName} お支払い案内の管理画面です。会社のアカウントでサインインします。</p>
<p><a class="button" href="${startFor(to)}">サインインする</a></p>`,
  })

const startFor = (to: string): string =>
  to === urls.home ? urls.signInStart : `${urls.signInStart}?to=${encodeURIComponent(to)}`

/** stale: begun too long ago, in another browser, or finished already. */
export type SignInFailure = 'stale' | 'refused' | 'no-role'

export const signInFailedPage = (look: ConsoleLook, failure: SignInFailure): string =>
  plainPage(look, {
    title: 'サインインできませんでした',
    body: html`<h1>サインインできませんでした</h1>
<p>${failureWords[failure]}</p>
<p><a class="button" href="${urls.signIn}">もう一度サインインする</a></p>`,
  })

const failureWords: Readonly<Record<SignInFailure, string>> = {
  stale: '時間が経ったか、別の画面でサインインが済んでいます。もう一度お試しください。',
  refused: '会社の認証基盤で、サインインが完了しませんでした。もう一度お試しください。',
  'no-role': 'このアカウントには、この画面の役割が割り当てられていません。管理の担当者へご依頼ください。',
}
