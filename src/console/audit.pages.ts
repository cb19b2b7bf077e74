import {
  type Actor,
  type AuditFilter,
  askForCheck,
  listAuditLines,
  listChecks,
  streamAuditLines,
  writeAudit,
} from '#audit'
import { findCustomerByNumber } from '#customers'
import type { Fields, Reply } from '#platform/http/http'
import { addDays, type Day, dayInJst, instantOfJst, parseDay, toRfc3339Jst } from '#values/day'
import { isUuid } from '#values/id'
import { type AuditQuestion, auditPage, checksPart, questionAddress } from './audit.views.ts'
import { auditWord } from './audit-words.ts'
import type { ConsoleRoute, OperatorAsked } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { listFile } from './export-list.ts'
import { addressOf, rowsShown } from './list.views.ts'
import { listMaskedCustomers } from './masked-customers.ts'
import { actorOf } from './operator.ts'
import { listOperatorNames } from './operator-names.store.ts'
import { listOperators } from './operators.store.ts'
import { page, seeOther } from './replies.pages.ts'
import { urls } from './urls.ts'

export const auditRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => {
  const { w } = desk
  return [
    { kind: 'page', path: urls.audit, may: 'see-audit', show: (asked) => showAudit(desk, asked) },
    listFile(desk, { path: urls.auditCsv, may: 'see-audit' }, ({ query, now }) => ({
      title: '監査ログ',
      header: ['通し番号', '日時', '担当', '操作', '操作の名前', 'お客様のID', '内容'],
      rows: csvRows(w, filterOf(questionOf(query, now))),
    })),
    { kind: 'page', path: urls.auditJsonl, may: 'see-audit', show: (asked) => sendJsonl(desk, asked) },
    {
      kind: 'form',
      path: urls.auditCustomer,
      may: 'see-audit',
      act: {
        commits: 'with-the-form',
        // A number that was typed must not stand in an address, which histories keep.
        async run({ form }, tx) {
          const found = await findCustomerByNumber(tx, (form.number ?? '').trim())
          return seeOther(addressOf(urls.audit, found ? { customer: found.id } : { problem: 'no-such-customer' }))
        },
      },
      again: () => seeOther(urls.audit),
    },
    {
      kind: 'form',
      path: urls.auditChecks,
      may: 'see-audit',
      act: {
        commits: 'with-the-form',
        async run({ operator, now }, tx) {
          await askForCheck(tx, { by: actorOf(operator), now })
          return seeOther(urls.audit)
        },
      },
      again: () => seeOther(urls.audit),
    },
    {
      kind: 'fragment',
      path: urls.auditChecksLive,
      may: 'see-audit',
      show: async ({ now }) => page(String(checksPart(await listChecks(w.db, checksShown), now))),
    },
  ]
}

/** The one that runs, and the last that told. */
const checksShown = 2

const showAudit = async ({ w, look }: ConsoleDesk, asked: OperatorAsked): Promise<Reply> => {
  const { query, now, formId } = asked
  const question = questionOf(query, now)
  const before = query.before !== undefined && isUuid(query.before) ? query.before : undefined
  const found = await listAuditLines(w.db, filterOf(question), { before, limit: rowsShown + 1 })
  const lines = found.slice(0, rowsShown)
  const { customer } = question
  const ids = lines.flatMap(({ customerId }) => customerId ?? [])
  const customers = await listMaskedCustomers(w, customer === undefined ? ids : [customer])
  return page(
    auditPage(look, asked.frame, {
      question,
      lines,
      customers,
      customer: customer === undefined ? undefined : customers.get(customer),
      names: await listOperatorNames(
        w.db,
        lines.map(({ actor }) => actor),
      ),
      operators: await listOperators(w.db, operatorsOffered),
      checks: await listChecks(w.db, checksShown),
      checkFormId: formId(urls.auditChecks),
      customerFormId: formId(urls.auditCustomer),
      problem: query.problem === 'no-such-customer' ? query.problem : undefined,
      next: found.length > rowsShown ? questionAddress(urls.audit, question, lines.at(-1)?.id) : undefined,
      isFirst: before === undefined,
    }),
  )
}

const operatorsOffered = 200

/** A week, unless somebody says otherwise. */
const daysShown = 7

const questionOf = (query: Fields, now: Date): AuditQuestion => {
  const today = dayInJst(now)
  const to = parseDay(query.to ?? '') ?? today
  const from = parseDay(query.from ?? '')
  return {
    from: from !== undefined && from <= to ? from : addDays(to, 1 - daysShown),
    to,
    act: query.act !== undefined && /^[a-z-]+\.[a-z-]+$/.test(query.act) ? query.act : undefined,
    actor: actorIn(query.actor),
    customer: query.customer !== undefined && isUuid(query.customer) ? query.customer : undefined,
  }
}

const actorIn = (word: string | undefined): AuditQuestion['actor'] =>
  word !== undefined && /^(people|customer|system|(operator|cli):.{1,200})$/.test(word)
    ? (word as Actor | 'people')
    : undefined

const filterOf = ({ from, to, act, actor, customer }: AuditQuestion): AuditFilter => ({
  from: startOf(from),
  until: startOf(addDays(to, 1)),
  act,
  actor,
  customerId: customer,
})

const startOf = (day: Day): Date => instantOfJst(day, 0)

async function* csvRows({ db }: ConsoleDesk['w'], filter: AuditFilter) {
  for await (const { position, at, actor, act, customerId, facts } of streamAuditLines(db, filter))
    yield [position ?? null, toRfc3339Jst(at), actor, auditWord(act), act, customerId ?? null, JSON.stringify(facts)]
}

/** Each line with its seal: whoever has noted a seal down elsewhere can tell that nothing before it was touched. */
const sendJsonl = async ({ w }: ConsoleDesk, { query, operator, now }: OperatorAsked): Promise<Reply> => {
  const question = questionOf(query, now)
  const { from, to } = question
  const facts = { list: urls.auditJsonl, from, to }
  await writeAudit(w.db, { at: now, actor: actorOf(operator), act: 'list.exported', facts })
  return {
    kind: 'file',
    mediaType: 'application/jsonl; charset=utf-8',
    name: `監査ログ_${from}_${to}.jsonl`,
    body: jsonLines(w, filterOf(question)),
  }
}

async function* jsonLines({ db }: ConsoleDesk['w'], filter: AuditFilter) {
  let text = ''
  for await (const line of streamAuditLines(db, filter)) {
    text += `${JSON.stringify(line)}\n`
    if (text.length < pieceLength) continue
    yield text
    text = ''
  }
  yield text
}

/** A line a piece would be a write a line. */
const pieceLength = 64 * 1024
