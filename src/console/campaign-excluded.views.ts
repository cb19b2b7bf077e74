import type { Campaign, Excluded } from '#outreach'
import { type Html, html } from '#platform/html/html'
import { japaneseDay, parseDay } from '#values/day'
import { campaignTitle } from './campaign-parts.views.ts'
import { reasonWords } from './campaign-words.ts'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import { addressOf, customerCell, emptyList, formatCount, listTable, pager } from './list.views.ts'
import type { MaskedCustomer } from './masked-customers.ts'
import { urls } from './urls.ts'

export type ExcludedView = {
  readonly campaign: Campaign
  readonly because: string
  readonly rows: readonly Excluded[]
  readonly masked: ReadonlyMap<string, MaskedCustomer>
  readonly nextAfter: string | undefined
  readonly isFirst: boolean
}

/** Who gets no notice for this reason, and what was seen of each? */
export const excludedPage = (look: ConsoleLook, frame: Frame, view: ExcludedView): string => {
  const { campaign, because, rows, nextAfter, isFirst } = view
  const address = urls.campaignExcluded(campaign.id)
  return consolePage(look, frame, {
    title: '除外された方',
    here: 'campaigns',
    body: html`<div class="head"><h1>除外された方：${reasonWords(because)}</h1></div>
<p class="sum"><a href="${urls.campaign(campaign.id)}">${campaignTitle(campaign, frame.now)}</a>で、この理由により配信しない方${isFirst && nextAfter === undefined && html` <b>${formatCount(rows.length)}</b>件`}</p>
${
  rows.length === 0
    ? emptyList('この理由で除外された方はいません。')
    : listTable(
        `除外された方：${reasonWords(because)}`,
        ['お客様', '宛先', '確認したこと', '根拠'],
        rows.map((row) => rowOf(row, view)),
      )
}
${pager(
  nextAfter === undefined ? undefined : addressOf(address, { because, after: nextAfter }),
  isFirst ? undefined : addressOf(address, { because }),
)}`,
  })
}

const rowOf = ({ customerId, chain }: Excluded, { masked }: ExcludedView): Html => {
  const last = chain.at(-1)
  return html`<tr><th scope="row">${customerCell(masked.get(customerId), customerId)}</th><td class="whole">${masked.get(customerId)?.phone}</td><td>${last && factWords(last.facts)}</td><td>${last?.basis}</td></tr>`
}

/** What the rule saw, as far as it says more than the reason: a day, a number, a code. */
const factWords = (facts: object): string => {
  const { quietUntil, told, redebit, sent, sentToPhone, max, codes, products } = facts as Facts
  if (quietUntil) return `${dayWords(quietUntil)}まで`
  if (told) return `${dayWords(told.quietUntil)}まで`
  if (redebit?.day) return `再振替日 ${dayWords(redebit.day)}`
  if (max !== undefined) return `これまでに${Math.max(sent ?? 0, sentToPhone ?? 0)}通（上限${max}通）`
  if (codes) return `振替結果コード ${codes.join('、')}`
  if (products) return products.map((product) => product ?? '商品不明').join('、')
  return ''
}

type Facts = {
  readonly quietUntil?: string | null
  readonly told?: { readonly quietUntil: string } | null
  readonly redebit?: { readonly day?: string } | null
  readonly sent?: number
  readonly sentToPhone?: number
  readonly max?: number
  readonly codes?: readonly string[]
  readonly products?: readonly (string | null)[]
}

const dayWords = (text: string): string => {
  const day = parseDay(text)
  return day === undefined ? text : japaneseDay(day)
}
