import {
  type AwaitedPromise,
  countOpenWorkItems,
  countPromisesDue,
  listPromisesAwaited,
  listWorkItems,
  type PromisePlace,
  type PromisesOf,
  placeOfPromise,
  placeOfWorkItem,
  type WorkItemPlace,
} from '#answers'
import { type Day, dayInJst, day as knownDay } from '#values/day'
import { brokenPromisesPage } from './broken-promises.views.ts'
import type { ConsoleRoute, OperatorAsked } from './console-route.ts'
import { countedMax } from './counted.ts'
import { allPages } from './csv-reply.ts'
import type { ConsoleDesk } from './desk.ts'
import { csvInstant, listFile } from './export-list.ts'
import { receiptCell, rowsShown } from './list.views.ts'
import { readPlace } from './list-place.rules.ts'
import { listMaskedCustomers } from './masked-customers.ts'
import { promiseLists, promisesPage } from './promises.views.ts'
import { page } from './replies.pages.ts'
import { urls } from './urls.ts'
import { workItemPlace } from './work-item-place.ts'

export const promisesRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  { kind: 'page', path: urls.promises, may: 'see-case', show: (asked) => showPromises(desk, asked) },
  listFile(desk, { path: urls.promisesCsv }, (asked) => ({
    title: `お支払いのご予定_${promiseLists[listOf(asked)].label}`,
    header: [
      'ご予定の日',
      '入金の確認まで',
      '顧客番号',
      '金額',
      'ご請求の件数',
      '入金済みの件数',
      '承った日時',
      '受付番号',
    ],
    rows: promiseRows(desk, listOf(asked), dayInJst(asked.now)),
  })),
  { kind: 'page', path: urls.brokenPromises, may: 'see-case', show: (asked) => showBroken(desk, asked) },
  listFile(desk, { path: urls.brokenPromisesCsv }, (asked) => ({
    title: '不履行のご予定',
    header: ['不履行となった日時', '顧客番号', 'ご予定の日', '受付番号', '状態', '対応日時'],
    rows: brokenRows(desk, stateOf(asked)),
  })),
]

const showPromises = async (desk: ConsoleDesk, asked: OperatorAsked) => {
  const { w, look } = desk
  const [of, today] = [listOf(asked), dayInJst(asked.now)]
  const promises = await listPromisesAwaited(w.db, {
    of,
    today,
    after: placeOf(asked.query.after),
    limit: rowsShown + 1,
  })
  const shown = promises.slice(0, rowsShown)
  return page(
    promisesPage(look, asked, {
      of,
      today,
      promises: shown,
      dueToday: await countPromisesDue(w.db, today, countedMax),
      openBroken: await countOpenWorkItems(w.db, 'broken-promise', countedMax),
      customers: await listMaskedCustomers(
        w,
        shown.map(({ customerId }) => customerId),
      ),
      hasMore: promises.length > rowsShown,
    }),
  )
}

const listOf = ({ query: { of } }: OperatorAsked): PromisesOf => (of === 'coming' || of === 'awaiting' ? of : 'today')

const placeOf = (text: string | undefined): PromisePlace | undefined => {
  const [day, customerId, answerId] = readPlace(text, ['day', 'id', 'id']) ?? []
  return day === undefined || customerId === undefined || answerId === undefined
    ? undefined
    : { day: knownDay(day), customerId, answerId }
}

async function* promiseRows({ w }: ConsoleDesk, of: PromisesOf, today: Day) {
  const read = (after: PromisePlace | undefined, limit: number) =>
    listPromisesAwaited(w.db, { of, today, after, limit })
  for await (const promises of allPages(read, (promise: AwaitedPromise) => placeOfPromise(of, promise))) {
    const customers = await listMaskedCustomers(
      w,
      promises.map(({ customerId }) => customerId),
    )
    for (const promise of promises)
      yield [
        promise.promisedDay,
        promise.quietUntil,
        customers.get(promise.customerId)?.number,
        promise.total,
        promise.bills,
        promise.settled,
        csvInstant(promise.answeredAt),
        receiptCell(promise.receiptNumber),
      ]
  }
}

const showBroken = async (desk: ConsoleDesk, asked: OperatorAsked) => {
  const { w, look } = desk
  const state = stateOf(asked)
  const asking = {
    kind: 'broken-promise',
    state,
    after: workItemPlace(asked.query.after),
    limit: rowsShown + 1,
  } as const
  const items = await listWorkItems(w.db, asking)
  const shown = items.slice(0, rowsShown)
  return page(
    brokenPromisesPage(look, asked, {
      state,
      items: shown,
      openCount: await countOpenWorkItems(w.db, 'broken-promise', countedMax),
      customers: await listMaskedCustomers(
        w,
        shown.map(({ customerId }) => customerId),
      ),
      hasMore: items.length > rowsShown,
    }),
  )
}

const stateOf = ({ query: { state } }: OperatorAsked) => (state === 'done' ? 'done' : 'open')

async function* brokenRows({ w }: ConsoleDesk, state: 'open' | 'done') {
  const read = (after: WorkItemPlace | undefined, limit: number) =>
    listWorkItems(w.db, { kind: 'broken-promise', state, after, limit })
  for await (const items of allPages(read, placeOfWorkItem)) {
    const customers = await listMaskedCustomers(
      w,
      items.map(({ customerId }) => customerId),
    )
    for (const { openedAt, customerId, details, closedAt } of items)
      yield [
        csvInstant(openedAt),
        customers.get(customerId)?.number,
        details.promisedDay,
        receiptCell(details.receiptNumber),
        closedAt === null ? '未対応' : '対応済み',
        closedAt === null ? '' : csvInstant(closedAt),
      ]
  }
}
