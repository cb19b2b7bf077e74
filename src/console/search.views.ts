import type { HoldReason } from '#answers'
import type { KnownCustomer } from '#customers'
import { type Html, html } from '#platform/html/html'
import { japaneseDay } from '#values/day'
import { maskId, maskKana } from '#values/mask'
import { maskPhone } from '#values/phone'
import { holdNames } from './contact-words.rules.ts'
import type { ListedCase } from './customer-file.store.ts'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import { emptyList, instantCell, listTable } from './list.views.ts'
import type { SearchQuestion } from './search-question.rules.ts'
import { urls } from './urls.ts'

/** Before anything was asked: what can be. */
export const casesPage = (look: ConsoleLook, frame: Frame): string =>
  consolePage(look, frame, {
    title: '案内対象',
    here: 'cases',
    body: html`<div class="head"><h1>お客様を探す</h1></div>
<p>上の検索に入力してください（<kbd>/</kbd> で移ります）。検索したことは記録され、入力した内容そのものは記録されません。</p>
${help}`,
  })

const ways: readonly (readonly [string, string, string])[] = [
  ['顧客番号・契約番号', '7000000024', '前のゼロはなくても見つかります'],
  ['受付番号', '482-715-306', 'ハイフンはなくても見つかります'],
  ['お名前（カナ）', 'ジャックス／じゃっくす たろう', '姓だけ、名だけでも見つかります。漢字では探せません'],
  ['電話番号', '090-1111-2222／+81 90 1111 2222', 'どの書き方でも見つかります'],
  ['電話番号の下4桁', '2222', ''],
]

const help = html`<section class="card"><table><caption class="unseen">検索できるもの</caption>
<thead><tr><th scope="col">探すもの</th><th scope="col">入力の例</th><th scope="col">補足</th></tr></thead>
<tbody>${ways.map(([name, example, more]) => html`<tr><th scope="row">${name}</th><td>${example}</td><td>${more}</td></tr>`)}</tbody></table></section>`

const unclear: Readonly<Record<Extract<SearchQuestion, { kind: 'unclear' }>['because'], string>> = {
  empty: '検索する内容を入力してください。',
  'too-long': '検索する内容が長すぎます。',
  'not-kana': 'お名前はカナで入力してください（ひらがなでもかまいません）。漢字では探せません。',
}

export const unclearPage = (
  look: ConsoleLook,
  frame: Frame,
  because: Extract<SearchQuestion, { kind: 'unclear' }>['because'],
): string =>
  consolePage(look, frame, {
    title: '検索',
    here: 'cases',
    hasErrors: true,
    body: html`<div class="head"><h1>検索できません</h1></div>
<div class="note bad" role="alert"><p>${unclear[because]}</p></div>
${help}`,
  })

export type FoundView = {
  readonly searchId: string
  readonly question: Extract<SearchQuestion, { kind: 'question' }>
  readonly customers: readonly KnownCustomer[]
  readonly cases: ReadonlyMap<string, ListedCase>
  readonly isContinued: boolean
  readonly next: string | undefined
  readonly now: Date
}

/** Who it may be. The list is walked with the arrow keys; Enter opens. */
export const foundPage = (look: ConsoleLook, frame: Frame, view: FoundView): string => {
  const { customers, next, isContinued, searchId } = view
  const heading =
    customers.length === 0
      ? '見つかりませんでした'
      : next !== undefined || isContinued
        ? `${customers.length}名以上が見つかりました`
        : `${customers.length}名が見つかりました`
  return consolePage(look, frame, {
    title: '検索結果',
    here: 'cases',
    body: html`<div class="head"><h1>${heading}</h1></div>
<p class="soft">${searchedBy(view.question)}で探しました。</p>
${customers.length === 0 ? html`${emptyList('入力を確かめて、もう一度お試しください。登録のお名前が旧姓の場合があります。')}${help}` : foundTable(view)}
${next !== undefined && html`<p class="pager"><a class="button quiet" rel="next" href="${urls.found(searchId)}?after=${next}">次の一覧</a></p>`}`,
  })
}

const searchedBy = ({ numbers, receiptNumber, terms }: FoundView['question']): string =>
  [
    ...(numbers.length > 0 ? ['顧客番号・契約番号'] : []),
    ...(receiptNumber === undefined ? [] : ['受付番号']),
    ...new Set(terms.map(({ label }) => termNames[label])),
  ].join('、')

const termNames = {
  family: 'お名前（カナ）',
  given: 'お名前（カナ）',
  'full-name': 'お名前（カナ）',
  phone: '電話番号',
  'phone-last4': '電話番号の下4桁',
} as const

const foundTable = ({ customers, cases, now }: FoundView): Html =>
  listTable(
    '検索結果',
    ['お客様', '顧客番号', '携帯電話', 'ご契約', '状態', '案内の開始'],
    customers.map((customer) => {
      const { id, person, customerNumber, phone } = customer
      const of = cases.get(id)
      return html`<tr><th scope="row"><a href="${urls.case(id)}" data-result>${maskKana(person.family)} ${maskKana(person.given)}</a></th><td>${maskId(customerNumber)}</td><td class="whole">${maskPhone(phone)}</td><td>${of?.contractNumbers.map((number) => html`<span class="whole">${maskId(number)}</span> `)}</td><td>${standing(of)}</td><td>${of?.openedAt ? instantCell(of.openedAt, now) : '—'}</td></tr>
`
    }),
  )

const standing = (of: ListedCase | undefined): Html | string => {
  if (of === undefined || of.openedAt === null) return 'ご案内なし'
  if (of.holds.length > 0)
    return html`<span class="chip stop">${of.holds.map((hold) => holdNames[hold as HoldReason]).join('・')}</span>`
  if (of.closedAt !== null) return of.closedBecause === 'settled' ? 'ご入金済み' : 'お取り下げ'
  if (of.promisedDay !== null) return html`<span class="chip go">ご予定 ${japaneseDay(of.promisedDay)}</span>`
  return html`<span class="chip warn">ご案内中</span>`
}
