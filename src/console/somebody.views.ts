import { type Html, html } from '#platform/html/html'
import { japaneseDayWithEra } from '#values/day'
import { maskId, maskKana } from '#values/mask'
import { grouped, maskPhone } from '#values/phone'
import type { Somebody } from './customer-file.ts'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import { addressOf } from './list.views.ts'
import { type RevealField, revealMinutes } from './reveal.rules.ts'
import { urls } from './urls.ts'

/** Who the page is about, masked as far as nobody has said why they need to know. */
export const nameWords = ({ customer: { person }, revealed }: Somebody): string =>
  revealed.has('name') ? `${person.family} ${person.given}` : `${maskKana(person.family)} ${maskKana(person.given)}`

export const numberWords = ({ customer, revealed }: Somebody): string =>
  revealed.has('customer-number') ? customer.customerNumber : maskId(customer.customerNumber)

export const phoneWords = ({ customer, revealed }: Somebody): string =>
  revealed.has('phone') ? grouped(customer.phone) : maskPhone(customer.phone)

export const contractWords = ({ revealed }: Pick<Somebody, 'revealed'>, contractNumber: string | null): string =>
  contractNumber === null ? '' : revealed.has('contract-numbers') ? contractNumber : maskId(contractNumber)

/** A day of birth is never shown in part: who is asked it has it compared. */
export const birthDateWords = ({ customer, revealed }: Somebody): Html | string =>
  revealed.has('birth-date')
    ? japaneseDayWithEra(customer.person.birthDate)
    : html`<a href="#check">お話しの内容と照合する</a>`

/** The way to see a field in clear, where the operator may; a field that is shown says until when. */
export const revealLink = (somebody: Somebody, field: RevealField, mayReveal: boolean): Html | undefined => {
  if (somebody.revealed.has(field)) return html`<small>（${revealMinutes}分間表示）</small>`
  if (!mayReveal) return undefined
  return html`<a class="whole" href="${addressOf(urls.reveal, { customer: somebody.customer.id, field })}">表示（理由を記録）</a>`
}

/** What everybody who picks up a telephone has to have read. */
export const banner = html`<p class="banner">ご本人以外には、ご契約の有無もお答えしません。</p>`

/** The head of a page about one act: who it is for, and the way back. */
export const actHead = (somebody: Somebody, heading: string): Html =>
  html`<div class="head"><h1>${heading}</h1><div class="actions"><a class="button quiet" href="${urls.case(somebody.customer.id)}">お客様の画面へ戻る</a></div></div>
<p class="soft">${nameWords(somebody)}　${numberWords(somebody)}</p>
${banner}
`

export const noSuchCustomerPage = (look: ConsoleLook, frame: Frame): string =>
  consolePage(look, frame, {
    title: 'お客様が見つかりません',
    here: 'cases',
    body: html`<h1>お客様が見つかりません</h1>
<p>アドレスが違うか、登録が削除されています。上の検索から探してください。</p>`,
  })
