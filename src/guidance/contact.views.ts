import type { Creditor } from '#creditor'
import { type Html, html } from '#platform/html/html'
import { linkButton, stack } from './button.views.ts'
import { weekdayWords } from './contact-hours.rules.ts'
import { facts } from './facts.views.ts'
import { type Look, layout } from './layout.views.ts'
import { noticeNotes } from './notice.views.ts'
import { urls } from './urls.ts'

export type ContactView = {
  readonly isOpen: boolean
  /** Somebody who has signed in goes back to the menu, and the page does not say what it is about. */
  readonly visit?: { readonly endFormId: string; readonly idleMinutes: number }
}

export const contactPage = (look: Look, { isOpen, visit }: ContactView): string => {
  const { contact, brand } = look.creditor
  return layout(look, {
    title: visit ? 'お手続き' : 'お問い合わせ先・注意事項等',
    exit: visit ? { kind: 'end', formId: visit.endFormId } : { kind: 'none' },
    ...(visit && { idleMinutes: visit.idleMinutes }),
    body: html`<h1>お問い合わせ先・<wbr>注意事項等</h1>
<h2>お問い合わせ先</h2>
<p>${brand.companyName}　${contact.name}</p>
<p class="big">${phoneWords(contact.phone)}</p>
<p>${chargeWords(contact)}</p>
${contact.normalPhone !== undefined && normalPhone(contact.normalPhone)}${facts([
  { name: '受付時間', value: hoursWords(contact.hours) },
  { name: 'ただいま', value: isOpen ? '受付時間内です' : '受付時間外です' },
  ...(contact.address === undefined ? [] : [{ name: '所在地', value: contact.address }]),
])}${contact.withoutPhone !== undefined && html`<p>${contact.withoutPhone}</p>`}
<h2>SMSが届かないとき・本人認証ができないとき</h2>
<p>次の場合は、認証番号のSMSをお送りできません。お手数ですが、${contact.name}へご連絡ください。</p>
<ul>
<li>ご入力内容が、当社にお届けの内容と異なる場合（ご結婚などで姓が変わった場合、電話番号を変更された場合など）</li>
<li>ご契約がサービスの対象外の場合、またはお手続きの必要なご請求がない場合</li>
<li>お電話などで個別にご対応を承っている場合</li>
<li>SMSの受信拒否設定、電波の状態、機種により受信できない場合</li>
</ul>
${othersSection(contact.others)}<h2>ご注意事項</h2>
${noticeNotes(look)}
<ul class="notes soft">
<li>※このSMSにお心当たりのない方は、お手続きをされずに、コンタクトセンターへお知らせください。</li>
</ul>
${visit ? stack(linkButton(urls.menu, 'メニューへ戻る')) : stack(linkButton(urls.notice, 'ご案内の画面へ'))}`,
  })
}

/** The number to read, and where a finger can, the number to touch. */
export const phoneWords = (phone: string): Html =>
  html`<span class="whole mouse">${phone}</span><a class="whole touch" href="tel:${phone.replace(/[^0-9+]/g, '')}">${phone}</a>`

const normalPhone = (phone: string): Html =>
  html`<p>携帯電話・IP電話などからは、こちらの番号もご利用いただけます。<br><b>${phoneWords(phone)}</b></p>
`

const chargeWords = ({ phone }: Creditor['contact']): string => {
  if (phone.startsWith('0570')) return 'ナビダイヤルです。通話料はお客様のご負担となり、通話定額プランの対象外です。'
  if (/^(0120|0800)/.test(phone)) return '通話料は無料です。'
  return '通話料はお客様のご負担となります。'
}

const hoursWords = ({ weekdays, opens, closes, closedOnHolidays }: Creditor['contact']['hours']): Html =>
  html`${weekdayWords(weekdays)} <span class="whole">${clock(opens)}〜${clock(closes)}</span>${closedOnHolidays && '（祝日・年末年始を除く）'}`

const clock = (time: string): string => time.replace(/^0/, '')

const othersSection = (others: Creditor['contact']['others']): Html | undefined =>
  others.length === 0
    ? undefined
    : html`<h2>当社以外のご相談窓口</h2>
${facts(
  others.map((other) => ({
    name: other.name,
    value: html`${phoneWords(other.phone)}${other.for !== undefined && html`<br><small>${other.for}のご相談</small>`}`,
  })),
)}`
