import { type AwaitedPromise, type PromisesOf, placeOfPromise } from '#answers'
import { type Html, html } from '#platform/html/html'
import type { Day } from '#values/day'
import type { OperatorAsked } from './console-route.ts'
import { countedMax } from './counted.ts'
import { csvLinks } from './csv-reply.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import {
  addressOf,
  asOf,
  countWords,
  customerCell,
  dayCell,
  emptyList,
  instantCell,
  listTable,
  pager,
  receiptCell,
  tabs,
  yenCell,
} from './list.views.ts'
import { writePlace } from './list-place.rules.ts'
import type { MaskedCustomer } from './masked-customers.ts'
import { may } from './roles.rules.ts'
import { urls } from './urls.ts'

export const promiseLists: Readonly<Record<PromisesOf, { readonly label: string; readonly empty: string }>> = {
  today: { label: '本日', empty: '本日が期日のご予定はありません。' },
  coming: { label: '明日以降', empty: '明日以降のご予定はありません。' },
  awaiting: { label: '入金の確認待ち', empty: '期日を過ぎて、入金の確認を待っているご予定はありません。' },
}

export type PromisesView = {
  readonly of: PromisesOf
  readonly today: Day
  readonly promises: readonly AwaitedPromise[]
  readonly dueToday: number
  readonly openBroken: number
  readonly customers: ReadonlyMap<string, MaskedCustomer>
  readonly hasMore: boolean
}

export const promisesPage = (look: ConsoleLook, asked: OperatorAsked, view: PromisesView): string => {
  const { frame, query } = asked
  const { of, today, promises, customers } = view
  const fields = { of: of === 'today' ? undefined : of }
  const last = promises.at(-1)
  const place = last && placeOfPromise(of, last)
  const next =
    view.hasMore && place
      ? addressOf(urls.promises, { ...fields, after: writePlace([place.day, place.customerId, place.answerId]) })
      : undefined
  return consolePage(look, frame, {
    title: 'お支払いのご予定',
    here: 'promises',
    body: html`<div class="head"><h1>お支払いのご予定</h1>${may(frame.operator.roles, 'export-cases') && csvLinks(addressOf(urls.promisesCsv, fields))}</div>
<p class="sum">${asOf(frame.now)}<span>本日</span> ${dayCell(today, frame.now)} <span>が期日のご予定</span> <b>${countWords(view.dueToday, countedMax)}</b>　<span>不履行で未対応</span> <b>${countWords(view.openBroken, countedMax)}</b></p>
${promiseTabs(of)}
${
  promises.length === 0
    ? emptyList(promiseLists[of].empty)
    : listTable(
        `お支払いのご予定（${promiseLists[of].label}、期日の早い順）`,
        [
          'ご予定の日',
          '入金の確認まで',
          'お客様',
          { label: '金額', isNumber: true },
          'ご請求',
          '承った日時',
          '受付番号',
        ],
        promises.map(
          (promise) =>
            html`<tr><td>${dayCell(promise.promisedDay, frame.now)}</td><td>${dayCell(promise.quietUntil, frame.now)}</td><td>${customerCell(customers.get(promise.customerId), promise.customerId)}</td>${yenCell(promise.total)}<td>${billsWords(promise)}</td><td>${instantCell(promise.answeredAt, frame.now)}</td><td class="whole">${receiptCell(promise.receiptNumber)}</td></tr>`,
        ),
      )
}
<p class="soft below">期日までは、お支払いに関するご連絡を控えます。入金を確認できないまま「入金の確認まで」の日を過ぎると、不履行の一覧に移ります。</p>
${pager(next, query.after === undefined ? undefined : addressOf(urls.promises, fields))}`,
  })
}

export const promiseTabs = (here: PromisesOf | 'broken'): Html =>
  tabs('ご予定の一覧', [
    ...(Object.keys(promiseLists) as readonly PromisesOf[]).map((of) => ({
      label: promiseLists[of].label,
      href: addressOf(urls.promises, { of: of === 'today' ? undefined : of }),
      isHere: of === here,
    })),
    { label: '不履行', href: urls.brokenPromises, isHere: here === 'broken' },
  ])

const billsWords = ({ bills, settled }: AwaitedPromise): Html =>
  settled === 0
    ? html`${bills}件`
    : html`${bills}件<span class="chip go">${settled === bills ? '入金済み' : `${settled}件入金`}</span>`
