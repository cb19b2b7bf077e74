import { html } from '#platform/html/html'
import { linkButton, stack } from './button.views.ts'
import { phoneWords } from './contact.views.ts'
import { type Look, layout } from './layout.views.ts'
import { urls } from './urls.ts'

/** A request that led nowhere: what it means for whoever sent it, never why. */
export const troublePage = (look: Look, status: number): string => {
  const { heading, words } = status === 404 ? notFound : (wordsOf.get(status) ?? unavailable)
  const { contact } = look.creditor
  return layout(look, {
    title: heading,
    exit: { kind: 'contact' },
    body: html`<h1>${heading}</h1>
<p>${words}</p>
<p>${contact.name}　<b>${phoneWords(contact.phone)}</b></p>
${stack(linkButton(urls.notice, 'はじめの画面へ'))}`,
  })
}

type Words = { readonly heading: string; readonly words: string }

const notFound: Words = {
  heading: 'ページが見つかりません',
  words:
    'アドレスをご確認いただくか、はじめの画面からお手続きください。お急ぎの場合はコンタクトセンターへご連絡ください。',
}

const unavailable: Words = {
  heading: 'ただいまご利用いただけません',
  words: 'お急ぎの場合はコンタクトセンターへご連絡ください。恐れ入りますが、しばらくしてからもう一度お試しください。',
}

const notTaken: Words = {
  heading: '送信内容を受け付けられませんでした',
  words: '恐れ入りますが、はじめの画面からもう一度お手続きください。お急ぎの場合はコンタクトセンターへご連絡ください。',
}

const wordsOf: ReadonlyMap<number, Words> = new Map([
  [400, notTaken],
  [403, notTaken],
  [405, notTaken],
  [413, notTaken],
  [415, notTaken],
  [421, notFound],
])
