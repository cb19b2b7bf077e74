import { countOpenWorkItems, listWorkItems, placeOfWorkItem, type WorkItem, type WorkItemPlace } from '#answers'
import { callTimes, consultationWays, topics } from '#guidance'
import type { ConsoleRoute, OperatorAsked } from './console-route.ts'
import { type ConsultationFilters, consultationsPage } from './consultations.views.ts'
import { countedMax } from './counted.ts'
import { allPages } from './csv-reply.ts'
import type { ConsoleDesk } from './desk.ts'
import { csvInstant, listFile } from './export-list.ts'
import { receiptCell, rowsShown } from './list.views.ts'
import { listMaskedCustomers } from './masked-customers.ts'
import { page } from './replies.pages.ts'
import { urls } from './urls.ts'
import { workItemPlace } from './work-item-place.ts'

export const consultationsRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  { kind: 'page', path: urls.consultations, may: 'see-case', show: (asked) => showConsultations(desk, asked) },
  listFile(desk, { path: urls.consultationsCsv }, (asked) => ({
    title: 'ご相談',
    header: ['受付日時', '顧客番号', 'ご相談の内容', 'ご希望の時間帯', 'ご連絡の方法', '受付番号', '状態', '対応日時'],
    rows: consultationRows(desk, filtersOf(asked)),
  })),
]

const showConsultations = async (desk: ConsoleDesk, asked: OperatorAsked) => {
  const { w, look } = desk
  const filters = filtersOf(asked)
  const items = await listWorkItems(w.db, {
    ...filters,
    kind: 'consultation',
    after: workItemPlace(asked.query.after),
    limit: rowsShown + 1,
  })
  const shown = items.slice(0, rowsShown)
  return page(
    consultationsPage(look, asked, {
      filters,
      items: shown,
      openCount: await countOpenWorkItems(w.db, 'consultation', countedMax),
      customers: await listMaskedCustomers(
        w,
        shown.map(({ customerId }) => customerId),
      ),
      hasMore: items.length > rowsShown,
    }),
  )
}

const filtersOf = ({ query }: OperatorAsked): ConsultationFilters => ({
  state: query.state === 'done' ? 'done' : 'open',
  topic: Object.hasOwn(topics, query.topic ?? '') ? query.topic : undefined,
  callTime: Object.hasOwn(callTimes, query.callTime ?? '') ? query.callTime : undefined,
})

async function* consultationRows({ w }: ConsoleDesk, filters: ConsultationFilters) {
  const read = (after: WorkItemPlace | undefined, limit: number) =>
    listWorkItems(w.db, { ...filters, kind: 'consultation', after, limit })
  for await (const items of allPages(read, placeOfWorkItem)) {
    const customers = await listMaskedCustomers(
      w,
      items.map(({ customerId }) => customerId),
    )
    for (const item of items) yield [...cellsOf(item, customers.get(item.customerId)?.number)]
  }
}

const cellsOf = ({ openedAt, details, closedAt }: WorkItem, number: string | undefined) => [
  csvInstant(openedAt),
  number,
  wordOf(topics, details.topic),
  wordOf(callTimes, details.callTime),
  wordOf(consultationWays, details.reachBy),
  receiptCell(details.receiptNumber),
  closedAt === null ? '未対応' : '対応済み',
  closedAt === null ? '' : csvInstant(closedAt),
]

const wordOf = (words: Readonly<Record<string, string>>, key: string | undefined): string =>
  key !== undefined && Object.hasOwn(words, key) ? (words[key] ?? '') : ''
