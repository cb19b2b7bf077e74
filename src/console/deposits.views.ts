import type { Deposit } from '#payments'
import { html } from '#platform/html/html'
import { maskId } from '#values/mask'
import { formatYen, yen } from '#values/yen'
import type { OperatorAsked } from './console-route.ts'
import { countedMax } from './counted.ts'
import { csvLinks } from './csv-reply.ts'
import { channelWords } from './deposit-words.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import {
  addressOf,
  asOf,
  choiceFilter,
  countWords,
  customerCell,
  dayCell,
  emptyList,
  filters as filterForm,
  listTable,
  pager,
  tabs,
  yenCell,
} from './list.views.ts'
import { writePlace } from './list-place.rules.ts'
import type { MaskedCustomer } from './masked-customers.ts'
import { may } from './roles.rules.ts'
import { unmatchedWords } from './unmatched-words.rules.ts'
import { urls } from './urls.ts'

export type DepositFilters = {
  readonly of: 'waiting' | 'matched'
  readonly channel: Deposit['channel'] | undefined
}

export type DepositsView = {
  readonly filters: DepositFilters
  readonly deposits: readonly Deposit[]
  readonly waiting: { readonly count: number; readonly amount: number }
  readonly customers: ReadonlyMap<string, MaskedCustomer>
  readonly hasMore: boolean
}

export const depositsPage = (look: ConsoleLook, asked: OperatorAsked, view: DepositsView): string => {
  const { frame, query } = asked
  const { filters, deposits, waiting, customers } = view
  const { roles } = frame.operator
  const isWaiting = filters.of === 'waiting'
  const fields = { of: isWaiting ? undefined : filters.of, channel: filters.channel }
  const last = deposits.at(-1)
  const next =
    view.hasMore && last ? addressOf(urls.deposits, { ...fields, after: writePlace([last.onDay, last.id]) }) : undefined
  return consolePage(look, frame, {
    title: '入金',
    here: 'deposits',
    body: html`<div class="head"><h1>入金</h1>${may(roles, 'export-cases') && csvLinks(addressOf(urls.depositsCsv, fields))}</div>
<p class="sum">${asOf(frame.now)}${waiting.count === 0 ? 'どなたの入金か決まっていない入金はありません。' : html`<span>どなたの入金か決まっていない入金</span> <b>${countWords(waiting.count, countedMax)}</b>　<span>合計</span> <b>${formatYen(yen(waiting.amount))}</b>${waiting.count >= countedMax && '以上'}`}</p>
${tabs('入金の一覧', [
  { label: '未照合', href: urls.deposits, isHere: isWaiting },
  { label: '担当者による消込', href: addressOf(urls.deposits, { of: 'matched' }), isHere: !isWaiting },
])}
${filterForm(
  urls.deposits,
  choiceFilter(
    'channel',
    '経路',
    (['transfer', 'convenience-store'] as const).map((value) => ({ value, label: channelWords[value] })),
    filters.channel,
  ),
  { of: fields.of },
)}
${
  deposits.length === 0
    ? emptyList(isWaiting ? '照合を待っている入金はありません。' : '担当者が消込をした入金はありません。')
    : listTable(
        isWaiting ? '未照合の入金（古い順）' : '担当者が消込をした入金（新しい順）',
        ['入金日', { label: '金額', isNumber: true }, '経路', '番号', isWaiting ? '待っている理由' : 'お客様', '操作'],
        deposits.map(
          (deposit) =>
            html`<tr><td>${dayCell(deposit.onDay, frame.now)}</td>${yenCell(deposit.amount)}<td>${channelWords[deposit.channel]}${!deposit.isFinal && html`<span class="chip">速報</span>`}</td><td class="whole">${deposit.reference && maskId(deposit.reference)}</td><td>${
              deposit.customerId === null
                ? deposit.because && unmatchedWords[deposit.because]
                : customerCell(customers.get(deposit.customerId), deposit.customerId)
            }</td><td><a href="${urls.deposit(deposit.id)}"${isWaiting && html` data-result`}>${isWaiting ? '照合する' : '内容を見る'}</a></td></tr>`,
        ),
      )
}
${pager(next, query.after === undefined ? undefined : addressOf(urls.deposits, fields))}`,
  })
}
