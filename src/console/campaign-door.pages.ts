import { type Campaign, findCampaign } from '#outreach'
import type { Reply } from '#platform/http/http'
import { isUuid } from '#values/id'
import type { Told } from './campaign-parts.views.ts'
import type { RefusalCode } from './campaign-words.ts'
import type { OperatorAsked } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { page, seeOther } from './replies.pages.ts'
import { consoleTroublePage } from './trouble.views.ts'
import { urls } from './urls.ts'

export const withCampaign = async (
  { w, look }: ConsoleDesk,
  { params }: OperatorAsked,
  go: (campaign: Campaign) => Promise<Reply>,
): Promise<Reply> => {
  const campaign = isUuid(params.id ?? '') ? await findCampaign(w.db, params.id ?? '') : undefined
  return campaign === undefined ? page(consoleTroublePage(look, 404), 404) : go(campaign)
}

export const toldIn = ({ done, refused }: OperatorAsked['query']): Told => ({ done, refused })

/** Back to the campaign, saying what came of it. */
export const backTo = (id: string | undefined, told: { readonly done: string } | { readonly refused: RefusalCode }) =>
  isUuid(id ?? '')
    ? seeOther(`${urls.campaign(id ?? '')}?${new URLSearchParams(told)}`)
    : seeOther(`${urls.campaigns}?refused=no-such-campaign`)
