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
