import { type AnswerPlace, type CurrentAnswer, countAnswers, type ListedAnswer, listAnswers } from '#answers'
import { addDays, dayInJst, instantOfJst, parseDay } from '#values/day'
import { answerContent, answeredByWords, answerKinds } from './answer-words.ts'
import { type AnswerFilters, answersPage } from './answers.views.ts'
import type { ConsoleRoute, OperatorAsked } from './console-route.ts'
import { countedMax } from './counted.ts'
import { allPages } from './csv-reply.ts'
import type { ConsoleDesk } from './desk.ts'
import { csvInstant, listFile } from './export-list.ts'
import { receiptCell, rowsShown } from './list.views.ts'
import { readPlace } from './list-place.rules.ts'
import { listMaskedCustomers } from './masked-customers.ts'
import { page } from './replies.pages.ts'
import { urls } from './urls.ts'

export const answersRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  { kind: 'page', path: urls.answers, may: 'see-case', show: (asked) => showAnswers(desk, asked) },
  listFile(desk, { path: urls.answersCsv }, (asked) => ({
    title: '返答一覧',
    header: ['回答日時', '顧客番号', '回答', '内容', '金額', '受付番号', '入力', '変更前の版'],
    rows: answerRows(desk, filtersOf(asked)),
  })),
]

const showAnswers = async (desk: ConsoleDesk, asked: OperatorAsked) => {
  const { w, look } = desk
  const filters = filtersOf(asked)
  const answers = await listAnswers(w.db, {
    ...spanOf(filters),
    kind: filters.kind,
    after: placeOf(asked.query.after),
    limit: rowsShown + 1,
  })
  const shown = answers.slice(0, rowsShown)
  return page(
    answersPage(look, asked.frame, {
      filters,
      answers: shown,
      counts: await countAnswers(w.db, spanOf(filters), countedMax),
      customers: await listMaskedCustomers(
        w,
        shown.map(({ customerId }) => customerId),
      ),
      isContinued: asked.query.after !== undefined,
      hasMore: answers.length > rowsShown,
    }),
  )
}

/** A week, unless one asks otherwise; days in the wrong order are taken in the right one. */
const filtersOf = ({ query, now }: OperatorAsked): AnswerFilters => {
  const today = dayInJst(now)
  const until = parseDay(query.until ?? '') ?? today
  const from = parseDay(query.from ?? '') ?? addDays(until, -6)
  const kind = Object.hasOwn(answerKinds, query.kind ?? '') ? (query.kind as CurrentAnswer['kind']) : undefined
  return from <= until ? { kind, from, until } : { kind, from: until, until: from }
}

/** The last day is among them. */
const spanOf = ({ from, until }: AnswerFilters) => ({ from: instantOfJst(from, 0), until: instantOfJst(until, 24) })

const placeOf = (text: string | undefined): AnswerPlace | undefined => {
  const [at, customerId, answerId, version] = readPlace(text, ['instant', 'id', 'id', 'number']) ?? []
  if (at === undefined || customerId === undefined || answerId === undefined) return undefined
  return { answeredAt: new Date(at), customerId, answerId, version: Number(version) }
}

async function* answerRows({ w }: ConsoleDesk, filters: AnswerFilters) {
  const asked = { ...spanOf(filters), kind: filters.kind }
  const read = (after: ListedAnswer | undefined, limit: number) => listAnswers(w.db, { ...asked, after, limit })
  for await (const answers of allPages(read, (answer: ListedAnswer) => answer)) {
    const customers = await listMaskedCustomers(
      w,
      answers.map(({ customerId }) => customerId),
    )
    for (const answer of answers)
      yield [
        csvInstant(answer.answeredAt),
        customers.get(answer.customerId)?.number,
        answerKinds[answer.kind],
        answerContent(answer),
        answer.total,
        receiptCell(answer.receiptNumber),
        answeredByWords(answer.answeredBy),
        answer.isCurrent ? '' : '変更前',
      ]
  }
}
