import type { VisitEnding } from '#identity'
import { type Html, html } from '#platform/html/html'
import { linkButton, stack } from './button.views.ts'
import { type Look, layout } from './layout.views.ts'
import { urls } from './urls.ts'

/** 終了する, pressed by the customer. */
export const endPage = (look: Look): string =>
  layout(look, {
    title: 'お手続き',
    exit: { kind: 'contact' },
    body: html`<h1>画面を終了しました</h1>
<p>ご利用いただきありがとうございました。「承りました」と表示されたご連絡は、受け付けております。</p>
<p>このままブラウザの画面を閉じてください。</p>
${stack(linkButton(urls.notice, 'はじめの画面へ'))}`,
  })

/** The visit has ended before this page was asked for. */
export const visitEndedPage = (look: Look, because: VisitEnding, note?: Html): string =>
  layout(look, {
    title: 'お手続き',
    exit: { kind: 'contact' },
    body: html`<h1>画面を終了しました</h1>
${note}${endedWords(look, because)}
${stack(linkButton(urls.notice, 'はじめの画面へ'))}`,
  })

/** A hold is not spoken of: whoever holds the phone learns nothing but whom to ask. */
const endedWords = (look: Look, because: VisitEnding): Html => {
  switch (because) {
    case 'idle':
      return html`<p>しばらく操作がなかったため、安全のため画面を終了しました。恐れ入りますが、もう一度はじめからお手続きください。</p>
<p>「承りました」と表示されたご連絡は、受け付けております。</p>`
    case 'absolute':
      return html`<p>お手続きの開始から時間がたったため、安全のため画面を終了しました。恐れ入りますが、もう一度はじめからお手続きください。</p>
<p>「承りました」と表示されたご連絡は、受け付けております。</p>`
    case 'hold':
      return html`<p>お手続きの画面を終了しました。ご不明な点は、<a href="${urls.contact}">${look.creditor.contact.name}</a>へお問い合わせください。</p>
<p>「承りました」と表示されたご連絡は、受け付けております。</p>`
    case 'signed-out':
      return html`<p>お手続きの画面はすでに終了しています。続ける場合は、もう一度はじめからお手続きください。</p>
<p>「承りました」と表示されたご連絡は、受け付けております。</p>`
  }
}
