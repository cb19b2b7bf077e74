import { html } from '#platform/html/html'
import type { OperatorAsked } from './console-route.ts'
import { csvLinks } from './csv-reply.ts'
import { form } from './form.views.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import {
  addressOf,
  asOf,
  choiceFilter,
  customerCell,
  emptyList,
  filters,
  instantCell,
  listTable,
  pager,
} from './list.views.ts'
import { writePlace } from './list-place.rules.ts'
import type { MaskedCustomer } from './masked-customers.ts'
import { may } from './roles.rules.ts'
import type { UndeliveredNumber } from './undelivered.store.ts'
import { urls } from './urls.ts'
import { workItemNote } from './work-items.views.ts'

export const failureWords: Readonly<Record<UndeliveredNumber['state'], string>> = {
  failed: '届きませんでした',
  refused: '通信事業者が受け付けませんでした',
  expired: '期限までに届きませんでした（電源オフ・圏外など）',
}

export const classWords: Readonly<Record<UndeliveredNumber['class'], string>> = {
  notice: 'ご案内',
  code: '認証番号',
  receipt: '受付のお知らせ',
}

export type UnreachableView = {
  readonly state: UndeliveredNumber['state'] | undefined
  readonly numbers: readonly UndeliveredNumber[]
  readonly customers: ReadonlyMap<string, MaskedCustomer>
  readonly hasMore: boolean
}

export const unreachablePage = (look: ConsoleLook, asked: OperatorAsked, view: UnreachableView): string => {
  const { frame, query } = asked
  const { state, numbers, customers, hasMore } = view
  const { roles } = frame.operator
  const here = addressOf(urls.unreachable, { state })
  const forms = { mayAct: may(roles, 'act-on-case'), back: here, formId: asked.formId }
  const last = numbers.at(-1)
  const next =
    hasMore && last ? addressOf(urls.unreachable, { state, after: writePlace([last.at, last.messageId]) }) : undefined
  const noteButton = (number: UndeliveredNumber) => {
    if (!forms.mayAct) return '未確認'
    const path = urls.noteUnreachable(number.messageId)
    return form(
      path,
      asked.formId(path),
      html`<input type="hidden" name="back" value="${here}"><button class="link">確認済みにする</button>`,
    )
  }
  return consolePage(look, frame, {
    title: '不達番号',
    here: 'unreachable',
    body: html`<div class="head"><h1>不達番号</h1>${may(roles, 'export-cases') && csvLinks(addressOf(urls.unreachableCsv, { state }))}</div>
<p class="sum">${asOf(frame.now)}${numbers.length === 0 ? 'SMSが届いていない番号はありません。' : html`<span>最後のSMSが届かず、確認を待っている番号</span> <b>${numbers.length}件</b>${(hasMore || query.after !== undefined) && html`<span>（このページ）</span>`}`}</p>
${workItemNote(query, forms)}${filters(
  urls.unreachable,
  choiceFilter(
    'state',
    '結果',
    Object.entries(failureWords).map(([value, label]) => ({ value, label })),
    state,
  ),
)}
${
  numbers.length === 0
    ? emptyList('この条件の番号はありません。届いた番号、番号が変わったお客様、確認済みの番号は出ません。')
    : listTable(
        '不達番号の一覧（新しい順）',
        ['不達の日時', 'お客様', '携帯電話', 'SMS', '結果', '通信事業者の理由', '確認'],
        numbers.map(
          (number) =>
            html`<tr><td>${instantCell(number.at, frame.now)}</td><td>${customerCell(customers.get(number.customerId), number.customerId)}</td><td class="whole">${customers.get(number.customerId)?.phone}</td><td>${classWords[number.class]}</td><td>${failureWords[number.state]}</td><td><small>${number.because}</small></td><td>${noteButton(number)}</td></tr>`,
        ),
      )
}
<p class="soft below">他の方の番号とわかったときは、お客様の画面で「番号違い」の連絡停止を登録してください。番号が変わったときは、基幹システムの顧客データの取込で更新されます。</p>
${pager(next, query.after === undefined ? undefined : here)}`,
  })
}
