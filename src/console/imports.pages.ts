import { writeAudit } from '#audit'
import {
  debitOutcomes,
  findImport,
  findUpload,
  type ImportKind,
  listFiles,
  listNotBilled,
  readUpload,
  receiveUpload,
  undoImport,
} from '#intake'
import type { Fields, Reply } from '#platform/http/http'
import { dayInJst, parseDay } from '#values/day'
import { isUuid } from '#values/id'
import type { ConsoleRoute, OperatorAsked, OperatorSentFile } from './console-route.ts'
import { csvReply } from './csv-reply.ts'
import type { ConsoleDesk } from './desk.ts'
import { problemsOf } from './file-problem.rules.ts'
import { findImportFile } from './import-file.ts'
import { importFileBody, importFilePage, undoProblems } from './import-file.views.ts'
import { importsPage, type UploadProblem, uploadProblems } from './imports.views.ts'
import { addressOf, rowsShown } from './list.views.ts'
import { actorOf } from './operator.ts'
import { listOperatorNames } from './operator-names.store.ts'
import { page, seeOther } from './replies.pages.ts'
import { may } from './roles.rules.ts'
import { consoleTroublePage } from './trouble.views.ts'
import { urls } from './urls.ts'

/** A master of ten million customers. */
const uploadBytesMax = 2 * 1024 ** 3

export const importRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => {
  const { w } = desk
  const id = ':id'
  return [
    { kind: 'page', path: urls.imports, may: 'import', show: (asked) => showImports(desk, asked) },
    {
      kind: 'upload',
      path: urls.imports,
      may: 'import',
      bytesMax: uploadBytesMax,
      take: (sent) => takeUpload(desk, sent),
      again: () => backBecause('expired'),
    },
    { kind: 'page', path: urls.import(id), may: 'import', show: (asked) => showFile(desk, asked, importFilePage) },
    {
      kind: 'fragment',
      path: urls.importLive(id),
      may: 'import',
      show: (asked) => showFile(desk, asked, (_, frame, shown) => String(importFileBody(frame, shown))),
    },
    { kind: 'page', path: urls.importProblems(id), may: 'import', show: (asked) => sendProblems(desk, asked) },
    { kind: 'page', path: urls.importRejected(id), may: 'import', show: (asked) => sendRejected(desk, asked) },
    { kind: 'page', path: urls.importNotBilled(id), may: 'export', show: (asked) => sendNotBilled(desk, asked) },
    {
      kind: 'form',
      path: urls.undoImport(id),
      may: 'import',
      act: {
        // An import of a million lines takes its time: it is undone in its own transaction, under the lock of imports.
        commits: 'by-itself',
        async run({ params, operator, now }) {
          const importId = params.id ?? ''
          const { kind } = await undoImport(w, importId, { by: actorOf(operator), now })
          const isDone = kind === 'ended' || kind === 'money-taken-back'
          return seeOther(isDone ? urls.import(importId) : addressOf(urls.import(importId), { undo: kind }))
        },
      },
      again: ({ params }) => seeOther(addressOf(urls.import(params.id ?? ''), { undo: 'expired' })),
    },
  ]
}

const showImports = async ({ w, look }: ConsoleDesk, { frame, query, formId, now }: OperatorAsked): Promise<Reply> => {
  const before = query.before !== undefined && isUuid(query.before) ? query.before : undefined
  const files = await listFiles(w.db, { before, limit: rowsShown + 1 })
  const shown = files.slice(0, rowsShown)
  const problem = query.problem
  const replaced = await findReplaceable(w, query.replaces)
  return page(
    importsPage(look, frame, {
      files: shown,
      names: await listOperatorNames(
        w.db,
        shown.map(({ by }) => by),
      ),
      kinds: kindsOf(w),
      today: dayInJst(now),
      formId: formId(urls.imports),
      problem: isUploadProblem(problem) ? problem : undefined,
      replaces: replaced && { id: replaced.id, fileName: replaced.fileName },
      next: files.length > rowsShown ? addressOf(urls.imports, { before: shown.at(-1)?.id }) : undefined,
      isFirst: before === undefined,
    }),
  )
}

const isUploadProblem = (word: string | undefined): word is UploadProblem =>
  word !== undefined && Object.hasOwn(uploadProblems, word)

/** What this creditor has no use for is not offered. */
const kindsOf = ({ creditor }: ConsoleDesk['w']): readonly ImportKind[] => [
  'customers',
  'debits',
  'deposits',
  ...(creditor.virtualAccounts === undefined ? [] : (['virtual-accounts'] as const)),
]

const findReplaceable = async ({ db }: ConsoleDesk['w'], id: string | undefined) => {
  const found = id !== undefined && isUuid(id) ? await findImport(db, id) : undefined
  return found?.kind === 'debits' && found.ended === undefined ? found : undefined
}

const takeUpload = async ({ w }: ConsoleDesk, { form, file, operator, now }: OperatorSentFile): Promise<Reply> => {
  const kind = kindsOf(w).find((known) => known === form.kind)
  if (kind === undefined) return backBecause('kind')
  const received = parseDay(form.received ?? '')
  if (received === undefined || received > dayInJst(now)) return backBecause('day')
  const replaced = await findReplaceable(w, form.replaces)
  if (form.replaces !== undefined && (replaced === undefined || kind !== 'debits')) return backBecause('replaces')
  const receiving = { kind, fileName: file.name, received, replaces: replaced?.id, by: actorOf(operator), now }
  const outcome = await receiveUpload(w, receiving, file.bytes)
  return outcome.kind === 'received' ? seeOther(urls.import(outcome.id)) : backBecause('empty')
}

/** By an address and not by a page, so that whoever sends by script learns it as well. */
const backBecause = (problem: UploadProblem): Reply => seeOther(addressOf(urls.imports, { problem }))

const showFile = async (
  desk: ConsoleDesk,
  { frame, params, query, formId, operator }: OperatorAsked,
  view: typeof importFilePage,
): Promise<Reply> => {
  const { w, look } = desk
  const file = await findImportFile(w, params.id ?? '')
  if (file === undefined) return notFound(desk)
  const { undo } = query
  return page(
    view(look, frame, {
      file,
      names: await listOperatorNames(w.db, [file.by]),
      undoFormId: formId(urls.undoImport(file.id)),
      undoProblem: isUndoProblem(undo) ? undo : undefined,
      mayExport: may(operator.roles, 'export'),
    }),
  )
}

const isUndoProblem = (word: string | undefined): word is keyof typeof undoProblems =>
  word !== undefined && Object.hasOwn(undoProblems, word)

/** Everything in it is masked already. */
const sendProblems = async (desk: ConsoleDesk, { params }: OperatorAsked): Promise<Reply> => {
  const upload = await findKnown(desk, params, findUpload)
  const found = upload?.ended && problemsOf(upload.ended.outcome)
  if (upload === undefined || found === undefined) return notFound(desk)
  const rows = found.problems.map(({ line, field, what, found, expected }) => [
    line ?? null,
    field,
    what,
    found,
    expected,
  ])
  return csvReply({
    name: `${upload.fileName}-誤りの一覧`,
    encoding: 'utf8-bom',
    header: ['行', '項目', '誤り', 'ファイルの値（伏せ字）', '正しい値'],
    rows: eachOf(found.further > 0 ? [...rows, [null, '', `ほかに${found.further}件`, '', '']] : rows),
  })
}

/** The creditor's own rows, to be corrected and sent again: whole, so it is recorded who has fetched them. */
const sendRejected = async (desk: ConsoleDesk, { params, operator, now }: OperatorAsked): Promise<Reply> => {
  const upload = await findKnown(desk, params, findUpload)
  if (upload?.kind !== 'customers' || upload.ended === undefined) return notFound(desk)
  const { w } = desk
  const facts = { import: upload.id }
  await writeAudit(w.db, { at: now, actor: actorOf(operator), act: 'import.rejected-read', facts })
  return {
    kind: 'file',
    mediaType: 'text/csv; charset=utf-8',
    name: `${upload.fileName}.rejected.csv`,
    body: readUpload(w, upload.id, 'rejected'),
  }
}

const sendNotBilled = async (desk: ConsoleDesk, { params, operator, now }: OperatorAsked): Promise<Reply> => {
  const found = await findKnown(desk, params, findImport)
  if (found?.kind !== 'debits') return notFound(desk)
  const { db } = desk.w
  const facts = { list: urls.importNotBilled(':id'), import: found.id }
  await writeAudit(db, { at: now, actor: actorOf(operator), act: 'list.exported', facts })
  return csvReply({
    name: `${found.fileName}-確認が必要なもの`,
    encoding: 'utf8-bom',
    header: ['行', '顧客番号', '金額', '結果コード', '理由', '該当する顧客番号'],
    rows: notBilledRows(desk, found.id),
  })
}

async function* notBilledRows({ w }: ConsoleDesk, importId: string) {
  for await (const row of listNotBilled(w.db, importId)) {
    const { record, customerNumber, amount, resultCode, outcome, candidates } = row
    yield [record, customerNumber, amount, resultCode, debitOutcomes[outcome].because, candidates]
  }
}

const findKnown = async <T>(
  { w }: ConsoleDesk,
  { id }: Fields,
  find: (db: ConsoleDesk['w']['db'], id: string) => Promise<T | undefined>,
): Promise<T | undefined> => (id !== undefined && isUuid(id) ? find(w.db, id) : undefined)

async function* eachOf<Row>(rows: readonly Row[]): AsyncGenerator<Row> {
  yield* rows
}

const notFound = ({ look }: ConsoleDesk): Reply => page(consoleTroublePage(look, 404), 404)
