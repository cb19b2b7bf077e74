import { writeAudit } from '#audit'
import type { Reply } from '#platform/http/http'
import type { CsvCell } from '#platform/text/csv-line'
import { toRfc3339Jst } from '#values/day'
import type { ConsoleRoute, OperatorAsked } from './console-route.ts'
import { csvReply, encodingOf } from './csv-reply.ts'
import type { ConsoleDesk } from './desk.ts'
import { actorOf } from './operator.ts'
import type { Permission } from './roles.rules.ts'

export type ListFile = {
  /** What is in it, in the file's name. */
  readonly title: string
  readonly header: readonly string[]
  readonly rows: AsyncIterable<readonly CsvCell[]>
}

/** A list as a file, with the filters of its page. Who took it, and with which filters, is written down. */
export const listFile = (
  { w }: ConsoleDesk,
  { path, may = 'export-cases' }: { readonly path: string; readonly may?: Permission },
  make: (asked: OperatorAsked) => ListFile,
): ConsoleRoute => ({
  kind: 'page',
  path,
  may,
  show: async (asked): Promise<Reply> => {
    const { csv, ...filters } = asked.query
    const encoding = encodingOf(csv) ?? 'utf8-bom'
    const { title, header, rows } = make(asked)
    await writeAudit(w.db, {
      at: asked.now,
      actor: actorOf(asked.operator),
      act: 'list.exported',
      facts: { list: path, encoding, filters: shortOf(filters) },
    })
    return csvReply({ name: `${title}_${fileTime(asked.now)}`, encoding, header, rows })
  },
})

/** '2026-11-24 10:07:05', which a spreadsheet takes for what it is. */
export const csvInstant = (instant: Date): string => toRfc3339Jst(instant).slice(0, 19).replace('T', ' ')

/** '20261124-1007' */
const fileTime = (instant: Date): string => csvInstant(instant).slice(0, 16).replace(/[-:]/g, '').replace(' ', '-')

/** Filters are short words and days: what is longer was not made by a page of ours. */
const shortOf = (filters: OperatorAsked['query']): object =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined && /^[\w-]{1,40}$/.test(value)))
