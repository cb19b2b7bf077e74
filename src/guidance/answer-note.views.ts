import { type Html, html } from '#platform/html/html'
import type { AnswerSummary } from './answer-summary.rules.ts'
import { urls } from './urls.ts'
import { dayWords, receiptWords } from './words.views.ts'

/** On the menu: what we know from the customer already, so that nobody wonders whether it arrived. */
export const currentAnswerNote = (answer: AnswerSummary): Html =>
  html`<div class="note good"><p><b>${toldWords(answer)}</b><br>${receiptWords(answer.receiptNumber)}</p>
<p><a href="${urls.receipt}">受付内容を表示</a></p></div>
`

const toldWords = ({ kind, promisedDay }: AnswerSummary): Html => {
  switch (kind) {
    case 'promise':
      return html`お支払いのご予定　${promisedDay && html`${dayWords(promisedDay)}まで`}`
    case 'already-paid':
      return html`お支払い済みとのご連絡を承りました`
    case 'consultation':
      return html`ご相談を承りました`
  }
}
