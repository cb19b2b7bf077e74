import { type Html, html } from '#platform/html/html'
import type { RedebitView } from './redebit.rules.ts'
import { dayWords } from './words.views.ts'

/** Before a promise is taken and before every way to pay: nobody shall pay twice because we did not say so. */
export const redebitNotes = (redebits: readonly RedebitView[]): readonly Html[] => redebits.map(redebitNote)

const redebitNote = (
  redebit: RedebitView,
): Html => html`<div class="note warn"><p>${whose(redebit)}${words(redebit)}</p></div>
`

/** Only when something else is owed beside it. */
const whose = ({ products }: RedebitView): string | undefined =>
  products && `${products.length > 0 ? `${products.join('・')}のご請求` : 'ご請求の一部'}については、`

const words = ({ day, stage }: RedebitView): Html => {
  switch (stage) {
    case 'planned':
      return html`${dayWords(day)}に再度口座振替を予定しております。${mayWait}${whenTwice}`
    case 'requested':
      return html`${dayWords(day)}に再度口座振替を予定しております。すでに金融機関へ依頼しておりますので、いまお振込みいただいても口座振替は行われます。${mayWait}${whenTwice}`
    case 'awaiting-result':
      return html`${dayWords(day)}の再度の口座振替について、ただいま結果を確認中です。口座から引き落とされていた場合、お支払いは不要です。通帳などをご確認のうえ、お手続きください。${whenTwice}`
  }
}

const mayWait = '口座に残高をご用意いただける場合、お振込みは不要です。'

const whenTwice = 'お振込みと口座振替が重なった場合は、コンタクトセンターへご連絡ください。'
