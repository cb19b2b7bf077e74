import type { WorkItem } from '#answers'
import { html } from '#platform/html/html'
import { parseDay } from '#values/day'
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
} from './list.views.ts'
import { writePlace } from './list-place.rules.ts'
import type { MaskedCustomer } from './masked-customers.ts'
import { promiseTabs } from './promises.views.ts'
import { may } from './roles.rules.ts'
import { urls } from './urls.ts'
import { workItemButton, workItemNote } from './work-items.views.ts'

export type BrokenPromisesView = {
  readonly state: 'open' | 'done'
  readonly items: readonly WorkItem[]
  readonly openCount: number
  readonly customers: ReadonlyMap<string, MaskedCustomer>
  readonly hasMore: boolean
}

export const brokenPromisesPage = (look: ConsoleLook, asked: OperatorAsked, view: BrokenPromisesView): string => {
  const { frame, query } = asked
  const { state, items, openCount, customers } = view
  const { roles } = frame.operator
  const isOpen = state === 'open'
  const fields = { state: isOpen ? undefined : state }
  const here = addressOf(urls.brokenPromises, fields)
  const other = addressOf(urls.brokenPromises, { state: isOpen ? 'done' : undefined })
  const forms = { mayAct: may(roles, 'act-on-case'), back: here, formId: asked.formId }
  const last = items.at(-1)
  const lastAt = last && (last.closedAt ?? last.openedAt)
  const next =
    view.hasMore && last && lastAt
      ? addressOf(urls.brokenPromises, { ...fields, after: writePlace([lastAt, last.customerId, last.id]) })
      : undefined
  return consolePage(look, frame, {
    title: '不履行のご予定',
    here: 'promises',
    body: html`<div class="head"><h1>不履行のご予定</h1>${may(roles, 'export-cases') && csvLinks(addressOf(urls.brokenPromisesCsv, fields))}</div>
<p class="sum">${asOf(frame.now)}${openCount === 0 ? '期日までに入金を確認できず、対応を待っているご予定はありません。' : html`<span>期日までに入金を確認できず、対応を待っているご予定</span> <b>${countWords(openCount, countedMax)}</b>`}</p>
${workItemNote(query, forms)}${promiseTabs('broken')}
<p>${isOpen ? '未対応を表示しています。' : '対応済みを表示しています。'}<a href="${other}">${isOpen ? '対応済みを表示する' : '未対応を表示する'}</a></p>
${
  items.length === 0
    ? emptyList(isOpen ? '対応を待っているご予定はありません。' : '対応済みのご予定はありません。')
    : listTable(
        isOpen ? '不履行のご予定（古い順）' : '対応済みの不履行（新しい順）',
        ['不履行となった日時', 'お客様', '携帯電話', 'ご予定の日', '受付番号', ...(isOpen ? [] : ['対応日時']), '対応'],
        items.map((item) => {
          const day = parseDay(item.details.promisedDay ?? '')
          return html`<tr><td>${instantCell(item.openedAt, frame.now)}</td><td>${customerCell(customers.get(item.customerId), item.customerId)}</td><td class="whole">${customers.get(item.customerId)?.phone}</td><td>${day && dayCell(day, frame.now)}</td><td class="whole">${receiptCell(item.details.receiptNumber)}</td>${item.closedAt && html`<td>${instantCell(item.closedAt, frame.now)}</td>`}<td>${workItemButton(item, forms)}</td></tr>`
        }),
      )
}
${pager(next, query.after === undefined ? undefined : here)}`,
  })
}
