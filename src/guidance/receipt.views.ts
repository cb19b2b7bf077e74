import { type Html, html } from '#platform/html/html'
import type { AnswerSummary } from './answer-summary.rules.ts'
import { linkButton, printButton, stack } from './button.views.ts'
import { type Look, layout } from './layout.views.ts'
import type { Signed } from './menu.views.ts'
import { urls } from './urls.ts'
import { dayWords, receiptWords } from './words.views.ts'

/** The answer has arrived, and what follows from it. */
export const receiptPage = (look: Look, signed: Signed, answer: AnswerSummary): string => {
  switch (answer.kind) {
    case 'promise':
      return receipt(look, signed, 'お支払いのご予定を承りました', promised(answer))
    case 'already-paid':
      return receipt(look, signed, 'ご連絡ありがとうございます', toldPaid(look, answer))
    case 'consultation':
      return receipt(look, signed, 'ご相談を承りました', consulted(look, answer))
  }
}

const receipt = (look: Look, { endFormId, idleMinutes }: Signed, heading: string, body: Html): string =>
  layout(look, {
    title: 'お手続き',
    exit: { kind: 'end', formId: endFormId },
    idleMinutes,
    body: html`<h1>${heading}</h1>
${body}`,
  })

const promised = ({
  promisedDay,
  receiptNumber,
  quietUntil,
}: AnswerSummary): Html => html`<div class="note good" role="status">
${promisedDay && html`<p class="big">${dayWords(promisedDay)}まで</p>`}
<p>${receiptWords(receiptNumber)}</p></div>
${quietUntil && html`<p>お支払いの確認ができるまで（${dayWords(quietUntil)}ごろまで）、お支払いに関する当社からのSMS・お電話を控えます。行き違いで書面が届いた場合は、ご容赦ください。</p>`}
<p class="soft">お支払い日までの遅延損害金は、別途発生する場合がございます。ご予定が変わったときは、メニューから変更いただけます。</p>
${stack(
  linkButton(urls.account, 'お振込み口座を表示', 'main'),
  linkButton(urls.calendar, 'カレンダーに登録'),
  printButton,
  linkButton(urls.menu, 'メニューへ戻る'),
)}`

const toldPaid = (
  { creditor }: Look,
  { receiptNumber, quietUntil }: AnswerSummary,
): Html => html`<div class="note good" role="status">
<p><b>お支払い済みとのご連絡を承りました。</b></p>
<p>${receiptWords(receiptNumber)}</p></div>
<p>ご入金の確認まで、お支払い方法により${creditor.policies.deposits.confirmationBusinessDays}営業日ほどかかる場合がございます。あらためてのお手続きは不要です。ご入金を確認できない場合は、あらためてご連絡することがございます。</p>
${quietUntil && quietWords(quietUntil)}
${stack(printButton, linkButton(urls.menu, 'メニューへ戻る'))}`

const consulted = (
  { creditor }: Look,
  { receiptNumber, quietUntil }: AnswerSummary,
): Html => html`<div class="note good" role="status">
<p><b>担当者よりご連絡いたします。</b></p>
<p>${receiptWords(receiptNumber)}</p></div>
${quietUntil && quietWords(quietUntil)}
<p>お急ぎの場合は、<a href="${urls.contact}">${creditor.contact.name}</a>へお電話ください。受付番号をお伝えいただくとスムーズです。</p>
${stack(printButton, linkButton(urls.menu, 'メニューへ戻る'))}`

const quietWords = (quietUntil: NonNullable<AnswerSummary['quietUntil']>): Html =>
  html`<p>${dayWords(quietUntil)}までは、お支払いに関するご案内のSMSをお送りしません。</p>`
