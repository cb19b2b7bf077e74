import { noteUndelivered } from '#answers'
import { findMessage } from '#messages'
import type { Db } from '#platform/database/database'
import { isUuid } from '#values/id'
import type { ConsoleRoute, OperatorAsked } from './console-route.ts'
import { allPages } from './csv-reply.ts'
import type { ConsoleDesk } from './desk.ts'
import { csvInstant, listFile } from './export-list.ts'
import { rowsShown } from './list.views.ts'
import { readPlace } from './list-place.rules.ts'
import { listMaskedCustomers } from './masked-customers.ts'
import { actorOf } from './operator.ts'
import { page, seeOther } from './replies.pages.ts'
import { consoleTroublePage } from './trouble.views.ts'
import { listUndelivered, type UndeliveredNumber, type UndeliveredPlace } from './undelivered.store.ts'
import { classWords, failureWords, unreachablePage } from './unreachable.views.ts'
import { urls } from './urls.ts'
import { listOf } from './work-items.pages.ts'

export const unreachableRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  { kind: 'page', path: urls.unreachable, may: 'see-case', show: (asked) => showUnreachable(desk, asked) },
  listFile(desk, { path: urls.unreachableCsv }, (asked) => ({
    title: '不達番号',
    header: ['不達の日時', '顧客番号', '携帯電話', 'SMS', '結果', '通信事業者の理由'],
    rows: unreachableRows(desk, asked),
  })),
  {
    kind: 'form',
    path: urls.noteUnreachable(':id'),
    may: 'act-on-case',
    act: {
      commits: 'with-the-form',
      run: async ({ params: { id = '' }, operator, now, form }, tx) => {
        if (!isUuid(id)) return page(consoleTroublePage(desk.look, 404), 404)
        const [number] = await listNumbers(tx, now, { messageId: id, limit: 1 })
        const list = listOf(form.back)
        const said = (words: string) => seeOther(`${list}${list.includes('?') ? '&' : '?'}said=${words}`)
        if (number === undefined && (await findMessage(tx, id)) === undefined)
          return page(consoleTroublePage(desk.look, 404), 404)
        if (number === undefined) return said('not-listed')
        const { customerId, caseId, messageId } = number
        const outcome = await noteUndelivered(tx, { customerId, caseId, messageId, by: actorOf(operator), now })
        return said(outcome.kind === 'closed' ? `closed&item=${customerId}~${outcome.item.id}` : outcome.because)
      },
    },
    again: (sent) => seeOther(listOf(sent.form.back)),
  },
]

/** What failed earlier has been seen by then, or the case is closed. */
const daysBack = 30

type Asking = Pick<Parameters<typeof listUndelivered>[1], 'state' | 'messageId' | 'after' | 'limit'>

const listNumbers = (db: Db, now: Date, asking: Asking) =>
  listUndelivered(db, { ...asking, since: new Date(now.getTime() - daysBack * 86_400_000) })

const showUnreachable = async ({ w, look }: ConsoleDesk, asked: OperatorAsked) => {
  const state = stateOf(asked)
  const after = placeOf(asked.query.after)
  const numbers = await listNumbers(w.db, asked.now, { state, after, limit: rowsShown + 1 })
  const shown = numbers.slice(0, rowsShown)
  return page(
    unreachablePage(look, asked, {
      state,
      numbers: shown,
      customers: await listMaskedCustomers(
        w,
        shown.map(({ customerId }) => customerId),
      ),
      hasMore: numbers.length > rowsShown,
    }),
  )
}

const stateOf = ({ query: { state } }: OperatorAsked): UndeliveredNumber['state'] | undefined =>
  state !== undefined && Object.hasOwn(failureWords, state) ? (state as UndeliveredNumber['state']) : undefined

const placeOf = (text: string | undefined): UndeliveredPlace | undefined => {
  const [at, messageId] = readPlace(text, ['instant', 'id']) ?? []
  return at === undefined || messageId === undefined ? undefined : { at: new Date(at), messageId }
}

async function* unreachableRows({ w }: ConsoleDesk, asked: OperatorAsked) {
  const state = stateOf(asked)
  const read = (after: UndeliveredPlace | undefined, limit: number) =>
    listNumbers(w.db, asked.now, { state, after, limit })
  for await (const numbers of allPages(read, (number: UndeliveredNumber) => number)) {
    const customers = await listMaskedCustomers(
      w,
      numbers.map(({ customerId }) => customerId),
    )
    for (const number of numbers) {
      const customer = customers.get(number.customerId)
      yield [
        csvInstant(number.at),
        customer?.number,
        customer?.phone,
        classWords[number.class],
        failureWords[number.state],
        number.because,
      ]
    }
  }
}
