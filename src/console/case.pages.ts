import { writeAudit } from '#audit'
import { listLines } from '#messages'
import type { Reply } from '#platform/http/http'
import { isUuid } from '#values/id'
import { findCheck } from './caller-check.store.ts'
import type { CheckShown } from './caller-check.views.ts'
import { caseBody } from './case.views.ts'
import { doneInCase } from './case-done.rules.ts'
import { eventPage, screenPage } from './case-more.views.ts'
import { readNote } from './case-note.store.ts'
import type { ConsoleRoute, OperatorAsked } from './console-route.ts'
import { openFile, type Somebody } from './customer-file.ts'
import type { ConsoleDesk } from './desk.ts'
import { consolePage } from './layout.views.ts'
import { actorOf } from './operator.ts'
import { listOperatorNames } from './operator-names.store.ts'
import { page } from './replies.pages.ts'
import { may } from './roles.rules.ts'
import { withSomebody } from './somebody.pages.ts'
import { nameWords, noSuchCustomerPage } from './somebody.views.ts'
import { type Event, isEventKey, readPlace } from './timeline.rules.ts'
import { findEvent, listEvents } from './timeline.store.ts'
import { urls } from './urls.ts'

export const caseRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  {
    kind: 'page',
    path: urls.case(':id'),
    may: 'see-case',
    show: (asked) => withSomebody(desk, asked, (somebody) => showCase(desk, asked, somebody)),
  },
  {
    kind: 'page',
    path: urls.caseEvent(':id', ':event'),
    may: 'see-case',
    show: (asked) => withSomebody(desk, asked, (somebody) => showEvent(desk, asked, somebody)),
  },
  {
    kind: 'page',
    path: urls.caseScreen(':id'),
    may: 'see-case',
    show: (asked) => withSomebody(desk, asked, (somebody) => showScreen(desk, asked, somebody)),
  },
]

/** As many as stand beside the cards without scrolling far. */
const eventsShown = 12

/** The page of a customer. That it was looked at is written down. */
export const showCase = async (
  desk: ConsoleDesk,
  asked: OperatorAsked,
  somebody: Somebody,
  result?: CheckShown['result'],
): Promise<Reply> => {
  const { w, look } = desk
  const { operator, now, query } = asked
  const customerId = somebody.customer.id
  const file = await openFile(w, somebody, now)
  const before = readPlace(query.before)
  const events = await listEvents(w.db, placeOf(somebody), { before, limit: eventsShown + 1 })
  const shown = events.slice(0, eventsShown).map((event) => withNote(file.key, event))
  await writeAudit(w.db, { at: now, actor: actorOf(operator), act: 'case.viewed', customerId })
  const body = caseBody(w, {
    file,
    events: shown,
    hasMore: events.length > eventsShown,
    isContinued: before !== undefined,
    names: await listOperatorNames(
      w.db,
      shown.map(({ by }) => by),
    ),
    check: {
      formId: asked.formId(urls.caseCheck(customerId)),
      result: result ?? (await checkShown(desk, asked, customerId)),
    },
    done: doneInCase(query.done),
    may: { act: may(operator.roles, 'act-on-case'), reveal: may(operator.roles, 'reveal') },
    now,
  })
  const hasErrors = result !== undefined
  return page(
    consolePage(look, asked.frame, { title: nameWords(somebody), here: 'cases', hasErrors, body }),
    hasErrors ? 422 : 200,
  )
}

/** A result is shown to whoever asked, for as long as a call takes: later it is in the timeline. */
const checkShownMs = 30 * 60_000

const checkShown = async (
  { w }: ConsoleDesk,
  { query, operator, now }: OperatorAsked,
  customerId: string,
): Promise<CheckShown['result']> => {
  if (query.limited === 'customer' || query.limited === 'operator') return { kind: 'limited', by: query.limited }
  if (query.check === undefined || !isUuid(query.check)) return { kind: 'none' }
  const check = await findCheck(w.db, { customerId, id: query.check, by: actorOf(operator) })
  if (check === undefined || now.getTime() - check.at.getTime() > checkShownMs) return { kind: 'none' }
  return { kind: 'compared', asked: check.asked, matched: check.matched }
}

const withNote = (key: Parameters<typeof readNote>[0], event: Event): Event & { readonly note?: string } => {
  const { sealed, ...facts } = event.facts
  if (event.kind !== 'note' || typeof sealed !== 'string') return event
  const id = event.key.slice('note.'.length)
  return { ...event, facts, note: readNote(key, id, Buffer.from(sealed, 'base64')) }
}

const showEvent = async (desk: ConsoleDesk, asked: OperatorAsked, somebody: Somebody): Promise<Reply> => {
  const { w, look } = desk
  const wanted = asked.params.event ?? ''
  const found = isEventKey(wanted) ? await findEvent(w.db, placeOf(somebody), wanted) : undefined
  if (found === undefined) return page(noSuchCustomerPage(look, asked.frame), 404)
  const file = await openFile(w, somebody, asked.now)
  const event = withNote(file.key, found)
  const lines = event.kind === 'message' ? await listLines(w.db, event.key.slice('message.'.length)) : []
  const names = await listOperatorNames(w.db, [event.by])
  const held =
    event.kind === 'hold' || event.kind === 'release'
      ? file.keptHolds.find(({ id }) => event.key.endsWith(id))
      : undefined
  return page(eventPage(look, asked.frame, { somebody, event, lines, names, held, now: asked.now }))
}

const showScreen = async ({ w, look }: ConsoleDesk, asked: OperatorAsked, somebody: Somebody): Promise<Reply> => {
  const { screen } = await openFile(w, somebody, asked.now)
  return page(screenPage(look, asked.frame, { somebody, screen, now: asked.now }))
}

const placeOf = ({ customer: { id, phoneValue } }: Somebody) => ({ customerId: id, phoneValue })
