import type { CurrentAnswer, ListedAnswer } from '#answers'
import { html } from '#platform/html/html'
import type { Day } from '#values/day'
import { answerContent, answeredByWords, answerKinds } from './answer-words.ts'
import { countedMax } from './counted.ts'
import { csvLinks } from './csv-reply.ts'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import {
  addressOf,
  asOf,
  choiceFilter,
  customerCell,
  dayCell,
  dayFilter,
  emptyList,
  filters as filterForm,
  formatCount,
  instantCell,
  listTable,
  pager,
  receiptCell,
  yenCell,
} from './list.views.ts'
import { writePlace } from './list-place.rules.ts'
import type { MaskedCustomer } from './masked-customers.ts'
import { may } from './roles.rules.ts'
import { urls } from './urls.ts'

export type AnswerFilters = {
  readonly kind: CurrentAnswer['kind'] | undefined
  readonly from: Day
  readonly until: Day
}

export type AnswersView = {
  readonly filters: AnswerFilters
  readonly answers: readonly ListedAnswer[]
  readonly counts: Readonly<Record<CurrentAnswer['kind'], number>>
  readonly customers: ReadonlyMap<string, MaskedCustomer>
  readonly isContinued: boolean
  readonly hasMore: boolean
}

export const answersPage = (look: ConsoleLook, frame: Frame, view: AnswersView): string => {
  const { filters, answers, customers } = view
  const fields = { kind: filters.kind, from: filters.from, until: filters.until }
  const last = answers.at(-1)
  const next =
    view.hasMore && last
      ? addressOf(urls.answers, {
          ...fields,
          after: writePlace([last.answeredAt, last.customerId, last.answerId, last.version]),
        })
      : undefined
  return consolePage(look, frame, {
    title: 'ご回答',
    here: 'answers',
    body: html`<div class="head"><h1>ご回答</h1>${may(frame.operator.roles, 'export-cases') && csvLinks(addressOf(urls.answersCsv, fields))}</div>
${summary(view, frame)}
${filterForm(
  urls.answers,
  html`${dayFilter('from', '回答日（から）', filters.from)}${dayFilter('until', '（まで）', filters.until)}${choiceFilter('kind', '回答', kindChoices, filters.kind)}`,
)}
${
  answers.length === 0
    ? emptyList('この条件に合うご回答はありません。期間を広げると見つかることがあります。')
    : listTable(
        'ご回答の一覧（新しい順）',
        ['回答日時', 'お客様', '回答', '内容', { label: '金額', isNumber: true }, '受付番号', '入力'],
        answers.map(
          (answer) =>
            html`<tr${!answer.isCurrent && html` class="past"`}><td>${instantCell(answer.answeredAt, frame.now)}</td><td>${customerCell(customers.get(answer.customerId), answer.customerId)}</td><td>${answerKinds[answer.kind]}${!answer.isCurrent && html` <span class="chip">変更前</span>`}</td><td>${answerContent(answer)}</td>${yenCell(answer.total)}<td class="whole">${receiptCell(answer.receiptNumber)}</td><td>${answeredByWords(answer.answeredBy)}</td></tr>`,
        ),
      )
}
${pager(next, view.isContinued ? addressOf(urls.answers, fields) : undefined)}`,
  })
}

/** The numbers add up, unless there are more than anybody counts. */
const summary = ({ filters, counts }: AnswersView, frame: Frame) => {
  const kinds = Object.keys(answerKinds) as readonly CurrentAnswer['kind'][]
  const isWhole = kinds.every((kind) => counts[kind] < countedMax)
  const total = kinds.reduce((sum, kind) => sum + counts[kind], 0)
  const parts = kinds.map(
    (kind, n) =>
      html`${n > 0 && ' + '}<span>${answerKinds[kind]}</span> <b>${formatCount(counts[kind])}</b>${counts[kind] >= countedMax && '以上'}`,
  )
  return html`<p class="sum">${asOf(frame.now)}${dayCell(filters.from, frame.now)}${filters.from !== filters.until && html`〜${dayCell(filters.until, frame.now)}`} <span>のご回答</span> ${isWhole && html`<b>${formatCount(total)}</b>件 = `}${parts}</p>`
}

const kindChoices = Object.entries(answerKinds).map(([value, label]) => ({ value, label }))
