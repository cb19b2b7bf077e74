import { writeAudit } from '#audit'
import { listAllExcluded, listExcluded } from '#outreach'
import type { Db } from '#platform/database/database'
import type { CsvCell } from '#platform/text/csv-line'
import { dayInJst } from '#values/day'
import { isUuid } from '#values/id'
import { withCampaign } from './campaign-door.pages.ts'
import { excludedPage } from './campaign-excluded.views.ts'
import { reasonWords } from './campaign-words.ts'
import type { ConsoleRoute } from './console-route.ts'
import { csvReply, encodingOf } from './csv-reply.ts'
import type { ConsoleDesk } from './desk.ts'
import { rowsShown } from './list.views.ts'
import { listMaskedCustomers } from './masked-customers.ts'
import { actorOf } from './operator.ts'
import { page } from './replies.pages.ts'
import { urls } from './urls.ts'

const beforeAll = '00000000-0000-0000-0000-000000000000'

/** Who gets no notice for this reason: on the page a part at a time, in the file all of them. */
export const excludedRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  {
    kind: 'page',
    path: urls.campaignExcluded(':id'),
    may: 'see-case',
    show: (asked) =>
      withCampaign(desk, asked, async (campaign) => {
        const { because = '', after = '' } = asked.query
        const from = isUuid(after) ? after : beforeAll
        const read = { campaignId: campaign.id, because, after: from }
        const rows = await listExcluded(desk.w.db, read, rowsShown + 1)
        const shown = rows.slice(0, rowsShown)
        const masked = await listMaskedCustomers(
          desk.w,
          shown.map(({ customerId }) => customerId),
        )
        const nextAfter = rows.length > rowsShown ? shown.at(-1)?.customerId : undefined
        const view = { campaign, because, rows: shown, masked, nextAfter, isFirst: from === beforeAll }
        return page(excludedPage(desk.look, asked.frame, view))
      }),
  },
  {
    kind: 'page',
    path: urls.campaignExcludedCsv(':id'),
    may: 'export',
    show: (asked) =>
      withCampaign(desk, asked, async ({ id, excluded, plannedAt }) => {
        await writeAudit(desk.w.db, {
          at: asked.now,
          actor: actorOf(asked.operator),
          act: 'campaign.excluded-exported',
          facts: { campaign: id, rows: excluded },
        })
        return csvReply({
          name: `除外_${dayInJst(plannedAt)}`,
          encoding: encodingOf(asked.query.csv) ?? 'utf8-bom',
          header: ['お客様ID', '案内対象ID', '理由', '根拠', '理由コード'],
          rows: csvRows(desk.w.db, id),
        })
      }),
  },
]

/** Ids are ours and lead to the case in the console; no number of the creditor leaves by this file. */
async function* csvRows(db: Db, campaignId: string): AsyncGenerator<readonly CsvCell[]> {
  for await (const { customerId, caseId, because, chain } of listAllExcluded(db, campaignId))
    yield [customerId, caseId, reasonWords(because), chain.at(-1)?.basis ?? '', because]
}
