import { writeAudit } from '#audit'
import { listKnownCustomers } from '#customers'
import { mobileRules } from '#guidance'
import { inTransaction, type Transaction } from '#platform/database/database'
import type { Reply } from '#platform/http/http'
import { isUuid } from '#values/id'
import type { ConsoleRoute, OperatorAsked, OperatorSent } from './console-route.ts'
import { listCasesOf } from './customer-file.store.ts'
import type { ConsoleDesk } from './desk.ts'
import { actorOf } from './operator.ts'
import { page, seeOther } from './replies.pages.ts'
import { findSearch, insertSearch } from './search.store.ts'
import { casesPage, foundPage, unclearPage } from './search.views.ts'
import { findCustomers } from './search-customers.ts'
import { readQuestion, type SearchQuestion, waysAsked } from './search-question.rules.ts'
import { urls } from './urls.ts'

export const searchRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  {
    kind: 'page',
    path: urls.cases,
    may: 'see-case',
    show: (asked) => page(casesPage(desk.look, asked.frame)),
  },
  {
    kind: 'form',
    path: urls.search,
    may: 'see-case',
    act: { commits: 'with-the-form', run: (sent, tx) => search(desk, sent, tx) },
    // A question changes nothing: one that comes from an old page is answered all the same.
    again: (sent) => inTransaction(desk.w.db, (tx) => search(desk, sent, tx)),
  },
  { kind: 'page', path: urls.found(':id'), may: 'see-case', show: (asked) => showFound(desk, asked) },
]

/** Remembers the question, writes down that and how it was asked, and leads to the list, or straight to the only one. */
const search = async ({ w, look }: ConsoleDesk, sent: OperatorSent, tx: Transaction): Promise<Reply> => {
  const { operator, now } = sent
  const typed = sent.form.q ?? ''
  const question = read(w, typed)
  const found = question.kind === 'unclear' ? undefined : await findCustomers(tx, w, question)
  await writeAudit(tx, {
    at: now,
    actor: actorOf(operator),
    act: 'customer.searched',
    facts: { by: waysAsked(question), found: found?.customerIds.length ?? 0, hasMore: found?.next !== undefined },
  })
  if (question.kind === 'unclear') return page(unclearPage(look, sent.frame, question.because), 422)
  const [only, ...others] = found?.customerIds ?? []
  if (only !== undefined && others.length === 0) return seeOther(urls.case(only))
  return seeOther(urls.found(await insertSearch(tx, w.vault, { typed, sessionId: operator.sessionId }, now)))
}

const showFound = async (
  { w, look }: ConsoleDesk,
  { params, query, operator, frame, now }: OperatorAsked,
): Promise<Reply> => {
  const id = params.id ?? ''
  const typed = isUuid(id) ? await findSearch(w.db, w.vault, { id, sessionId: operator.sessionId }) : undefined
  if (typed === undefined) return seeOther(urls.cases)
  const question = read(w, typed)
  if (question.kind === 'unclear') return seeOther(urls.cases)
  const after = query.after !== undefined && isUuid(query.after) ? query.after : undefined
  const { customerIds, next } = await findCustomers(w.db, w, question, after)
  return page(
    foundPage(look, frame, {
      searchId: id,
      question,
      customers: await listKnownCustomers(w.db, w.vault, customerIds),
      cases: await listCasesOf(w.db, customerIds),
      isContinued: after !== undefined,
      next,
      now,
    }),
  )
}

const read = ({ creditor }: ConsoleDesk['w'], typed: string): SearchQuestion =>
  readQuestion(typed, mobileRules(creditor.policies, creditor.demo))
