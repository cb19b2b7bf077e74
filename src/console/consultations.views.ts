import type { WorkItem } from '#answers'
import { callTimes, topics } from '#guidance'
import { html } from '#platform/html/html'
import { consultationContent } from './answer-words.ts'
import type { OperatorAsked } from './console-route.ts'
import { countedMax } from './counted.ts'
import { csvLinks } from './csv-reply.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import {
  addressOf,
  asOf,
  choiceFilter,
  countWords,
  customerCell,
  emptyList,
  filters as filterForm,
  instantCell,
  listTable,
  pager,
  receiptCell,
  tabs,
} from './list.views.ts'
import { writePlace } from './list-place.rules.ts'
import type { MaskedCustomer } from './masked-customers.ts'
import { may } from './roles.rules.ts'
import { urls } from './urls.ts'
import { workItemButton, workItemNote } from './work-items.views.ts'

export type ConsultationFilters = {
  readonly state: 'open' | 'done'
  readonly topic: string | undefined
  readonly callTime: string | undefined
}

export type ConsultationsView = {
  readonly filters: ConsultationFilters
  readonly items: readonly WorkItem[]
  readonly openCount: number
  readonly customers: ReadonlyMap<string, MaskedCustomer>
  readonly hasMore: boolean
}

export const consultationsPage = (look: ConsoleLook, asked: OperatorAsked, view: ConsultationsView): string => {
  const { frame, query } = asked
  const { filters, items, openCount, customers } = view
  const { roles } = frame.operator
  const fields = { ...filters, state: filters.state === 'done' ? 'done' : undefined }
  const back = addressOf(urls.consultations, fields)
  const forms = { mayAct: may(roles, 'act-on-case'), back, formId: asked.formId }
  const last = items.at(-1)
  const lastAt = last && (last.closedAt ?? last.openedAt)
  const next =
    view.hasMore && last && lastAt
      ? addressOf(urls.consultations, { ...fields, after: writePlace([lastAt, last.customerId, last.id]) })
      : undefined
  const isOpen = filters.state === 'open'
  return consolePage(look, frame, {
    title: 'ご相談',
    here: 'consultations',
    body: html`<div class="head"><h1>ご相談</h1>${may(roles, 'export-cases') && csvLinks(addressOf(urls.consultationsCsv, fields))}</div>
<p class="sum">${asOf(frame.now)}${openCount === 0 ? 'ご連絡をお待ちのお客様はいません。' : html`<span>ご連絡をお待ちのお客様</span> <b>${countWords(openCount, countedMax)}</b>${isOpen && items[0] && html` <span>（いちばん長いお待ち ${instantCell(items[0].openedAt, frame.now)} から）</span>`}`}</p>
${workItemNote(query, forms)}${tabs('ご相談の状態', [
  { label: '未対応', href: urls.consultations, isHere: isOpen },
  { label: '対応済み', href: addressOf(urls.consultations, { state: 'done' }), isHere: !isOpen },
])}
${filterForm(
  urls.consultations,
  html`${choiceFilter('topic', 'ご相談の内容', listOf(topics), filters.topic)}${choiceFilter('callTime', 'ご希望の時間帯', listOf(callTimes), filters.callTime)}`,
  { state: fields.state },
)}
${
  items.length === 0
    ? emptyList(isOpen ? 'この条件で、ご連絡をお待ちの方はいません。' : 'この条件で対応済みのご相談はありません。')
    : listTable(
        isOpen ? 'ご相談の一覧（お待ちの長い順）' : '対応済みのご相談（新しい順）',
        ['受付', 'お客様', '携帯電話', '内容', '受付番号', isOpen ? '対応' : '対応日時', ...(isOpen ? [] : ['対応'])],
        items.map(
          (item) =>
            html`<tr><td>${instantCell(item.openedAt, frame.now)}</td><td>${customerCell(customers.get(item.customerId), item.customerId)}</td><td class="whole">${customers.get(item.customerId)?.phone}</td><td>${consultationContent(item.details) || '（内容の選択なし）'}</td><td class="whole">${receiptCell(item.details.receiptNumber)}</td>${item.closedAt && html`<td>${instantCell(item.closedAt, frame.now)}</td>`}<td>${workItemButton(item, forms)}</td></tr>`,
        ),
      )
}
${pager(next, query.after === undefined ? undefined : back)}`,
  })
}

const listOf = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }))
