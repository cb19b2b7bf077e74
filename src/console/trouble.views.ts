import { html } from '#platform/html/html'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage, plainPage } from './layout.views.ts'
import type { SessionEnding } from './session.rules.ts'
import { urls } from './urls.ts'

/** Signed in, and not for this. */
export const refusedPage = (look: ConsoleLook, frame: Frame): string =>
  consolePage(look, frame, {
    title: '権限がありません',
    body: html`<h1>この操作の権限がありません</h1>
<p>必要なときは、管理の担当者に役割の追加をご依頼ください。お試しになったことは記録されました。</p>
<p><a class="button quiet" href="${urls.home}">ホームへ</a></p>`,
  })

type Ended = { readonly kind: 'ended'; readonly because: SessionEnding } | { readonly kind: 'none' }

export const sessionEndedPage = (look: ConsoleLook, ended: Ended, to: string): string =>
  plainPage(look, {
    title: 'サインアウトしました',
    body: html`<h1>サインアウトしました</h1>
<p>${ended.kind === 'ended' ? reasons[ended.because] : 'サインインの有効期間が過ぎています。'}送信前の入力は保存されていません。</p>
<p><a class="button" href="${to === urls.home ? urls.signIn : `${urls.signIn}?to=${encodeURIComponent(to)}`}">サインインする</a></p>`,
  })

const reasons: Readonly<Record<SessionEnding, string>> = {
  'signed-out': 'この画面は、サインアウトの前に開かれたものです。',
  idle: 'しばらく操作がなかったため、終了しました。',
  absolute: 'サインインから一定の時間が過ぎたため、終了しました。',
  replaced: '同じブラウザでもう一度サインインされたため、終了しました。',
}

/** A request that led nowhere. */
export const consoleTroublePage = (look: ConsoleLook, status: number): string => {
  const { heading, words } = status === 404 || status === 421 ? notFound : status < 500 ? notTaken : unavailable
  return plainPage(look, {
    title: heading,
    body: html`<h1>${heading}</h1>
<p>${words}</p>
<p><a class="button quiet" href="${urls.home}">ホームへ</a></p>`,
  })
}

const notFound = { heading: 'ページが見つかりません', words: 'アドレスをご確認ください。' }
const notTaken = {
  heading: '送信内容を受け付けられませんでした',
  words: '何も変更されていません。画面を開き直して、もう一度お試しください。',
}
const unavailable = {
  heading: 'ただいまご利用いただけません',
  words: '何も失われていません。しばらくしてからもう一度お試しください。続くときは運用の担当者へご連絡ください。',
}
