import type { NoticeTextProblem } from '#messages'
import { type Campaign, costOf, findLastEnd, listExclusionBases, stateOfCampaign } from '#outreach'
import type { Reply } from '#platform/http/http'
import { formatYen } from '#values/yen'
import type { Told } from './campaign-parts.views.ts'
import { campaignPlanPage } from './campaign-plan.views.ts'
import type { OperatorAsked } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { formatCount } from './list.views.ts'
import { listOperatorNames } from './operator-names.store.ts'
import { page } from './replies.pages.ts'
import { may } from './roles.rules.ts'
import { urls } from './urls.ts'

export const showPlan = async (
  { w, look }: ConsoleDesk,
  { operator, frame, now, formId }: OperatorAsked,
  campaign: Campaign,
  {
    told = {},
    typed,
  }: {
    readonly told?: Told
    readonly typed?: { readonly text: string; readonly problems: readonly NoticeTextProblem[] }
  },
): Promise<Reply> => {
  const { id } = campaign
  const end = await findLastEnd(w.db, id)
  const mayPlan = may(operator.roles, 'plan-campaign')
  return page(
    campaignPlanPage(look, frame, {
      campaign,
      state: await stateOfCampaign(w, campaign, now),
      exclusions: await listExclusionBases(w.db, id),
      end,
      names: await listOperatorNames(w.db, [campaign.plannedBy, campaign.textBy, end?.endedBy ?? null]),
      cost: costWords(w.creditor, campaign),
      maySeeCases: may(operator.roles, 'see-case'),
      mayExport: may(operator.roles, 'export'),
      forms: mayPlan
        ? {
            text: formId(urls.campaignText(id)),
            test: formId(urls.campaignTest(id)),
            ask: formId(urls.campaignAsk(id)),
          }
        : undefined,
      ...(typed && { typed }),
      testPhone: w.testPhone && { number: w.testPhone.number, last: w.testPhone.last() },
      sandboxAddress: w.demo?.sandboxAddress,
      told,
    }),
    typed === undefined ? 200 : 422,
  )
}

/** 「84,924円（1通9.0円 × 9,436通）」 */
export const costWords = (
  { policies }: ConsoleDesk['w']['creditor'],
  { text, planned }: Pick<Campaign, 'text' | 'planned'>,
): string => {
  const price = policies.messages.yenPerPart
  const { parts, partsEach, total } = costOf(text, planned, price)
  const many = partsEach > 1 ? `1件あたり${partsEach}通、` : ''
  return total === null
    ? `費用：1通の料金が設定されていません（${many}合計${formatCount(parts)}通）`
    : `費用の見込み ${formatYen(total)}（${many}1通${price}円 × ${formatCount(parts)}通）`
}
