import type { Creditor } from '#creditor'
import {
  checkNoticeText,
  type NoticeTextProblem,
  normalNoticeText,
  noticeText,
  splitIntoParts,
  utf16Units,
} from '#messages'
import { type Html, html } from '#platform/html/html'
import { textProblemWords } from './campaign-words.ts'
import { formatCount } from './list.views.ts'

const onePartMax = 70

/** How long a text is, what may be said of it, and how it looks on a phone: made anew while somebody writes. */
export const textPreview = (creditor: Creditor, typed: string): Html => {
  const text = normalNoticeText(typed)
  const problems = checkNoticeText(creditor, text)
  return html`<div id="preview"><div aria-live="polite">${counter(text, problems)}
${verdict(creditor, text, problems)}</div>
${handsets(creditor, text)}</div>`
}

const counter = (text: string, problems: readonly NoticeTextProblem[]): Html => {
  const units = utf16Units(text)
  const isCut = problems.every(({ kind }) => kind !== 'too-long' && kind !== 'empty' && kind !== 'half-character')
  if (!isCut) return html`<p class="counter"><b class="n">${formatCount(units)}</b>文字</p>`
  const parts = splitIntoParts(text).length
  const left = onePartMax - units
  return html`<p class="counter"><b class="n">${formatCount(units)}</b>文字・<b class="n">${parts}</b>通${
    parts === 1 && left >= 0 && html` <span class="soft">（1通は${onePartMax}文字まで。あと${left}文字）</span>`
  }${parts > 1 && html` <span class="soft">（${onePartMax}文字を超えると、1通あたり67文字に分かれます）</span>`}</p>`
}

/** What the checker says. Each line carries its words: colour says nothing alone. */
export const verdict = (creditor: Creditor, text: string, problems = checkNoticeText(creditor, text)): Html =>
  problems.length > 0
    ? html`<ul class="verdict bad">${problems.map((problem) => html`<li>${textProblemWords(problem)}</li>`)}</ul>`
    : html`<p class="verdict good">会社名 ✓　自社ドメインのみ ✓　金額なし ✓　督促の言葉なし ✓${
        text === noticeText(creditor) && html`　<span class="soft">設定ファイルの文面</span>`
      }</p>`

/** As the customer reads it, and as anybody reads it who sees the phone lie there. */
export const handsets = (creditor: Creditor, text: string): Html => html`<div class="handsets">
<figure class="handset"><figcaption>メッセージの画面</figcaption><div class="screen"><p class="from">${creditor.sender.sms}</p><p class="bubble">${linked(text, creditor.siteAddress)}</p></div></figure>
<figure class="handset"><figcaption>ロック中の画面（ほかの方の目に触れます）</figcaption><div class="screen locked"><p class="clock" aria-hidden="true">10:00</p><p class="bubble"><b>${creditor.sender.sms}</b><span class="two-lines">${text}</span></p></div></figure>
</div>`

/** Underlined as phones do it; it leads nowhere from here. */
const linked = (text: string, address: string): Html => {
  const at = text.indexOf(address)
  if (at < 0) return html`${text}`
  return html`${text.slice(0, at)}<u>${address}</u>${text.slice(at + address.length)}`
}

/** The sender and the text as they are, for pages where nothing is written. */
export const plainText = (text: string): Html => html`<p class="sms">${text}</p>`
