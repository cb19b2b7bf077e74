import type { CampaignCount } from '#messages'
import {
  approveCampaign,
  type CampaignState,
  type CampaignView,
  listCampaigns,
  listDecisions,
  planCampaign,
  showCampaign,
  stateOfCampaign,
} from '#outreach'
import { toRfc3339Jst } from '#values/day'
import type { Settings } from '../settings.ts'
import { table, terminal, writeOut } from '../terminal.ts'
import { stateAsJson, stateInWords } from './campaign-words.ts'
import { actorOf, withWorld } from './with-world.ts'

type Common = { readonly json?: boolean; readonly as?: string }

export const planCommand = (settings: Settings, options: Common): Promise<number> =>
  withWorld(settings, async (world) => {
    const { kind, campaign } = await planCampaign(world, { by: actorOf(options), now: world.clock.now() })
    if (options.json) {
      terminal.json({ ...campaign, notBefore: campaign.notBefore && toRfc3339Jst(campaign.notBefore) })
      return 0
    }
    terminal.data(`campaign ${campaign.id}`)
    terminal.data(`対象 ${campaign.target} = 配信予定 ${campaign.planned} + 除外 ${campaign.excluded}`)
    sayExclusions(campaign.exclusions)
    terminal.data(`\n${campaign.text}\n`)
    if (kind === 'nothing-to-send') terminal.say('Nobody is to get a notice.')
    else if (campaign.notBefore)
      terminal.say(`To send it from ${toRfc3339Jst(campaign.notBefore)} on: annai outreach approve ${campaign.id}`)
    return 0
  })

export const showCommand = (
  settings: Settings,
  options: Common & { readonly decisions?: boolean },
  id: string | undefined,
): Promise<number> =>
  withWorld(settings, async (world) => {
    const campaign = await showCampaign(world, id)
    if (campaign === undefined) {
      terminal.say(id === undefined ? noneYet : `There is no campaign ${id}.`)
      return 1
    }
    if (options.decisions) {
      for await (const decision of listDecisions(world.db, campaign.id)) await writeOut(`${JSON.stringify(decision)}\n`)
      return 0
    }
    const state = await stateOfCampaign(world, campaign, world.clock.now())
    if (options.json) terminal.json(asJson({ ...campaign, state }))
    else sayCampaign({ ...campaign, state })
    return 0
  })

export const listCommand = (settings: Settings, options: Common): Promise<number> =>
  withWorld(settings, async (world) => {
    const campaigns = await listCampaigns(world, world.clock.now())
    if (options.json) terminal.json(campaigns.map(asJson))
    else if (campaigns.length === 0) terminal.say(noneYet)
    else
      terminal.data(
        table(
          campaigns.map(({ id, plannedAt, target, planned, state }) => [
            id,
            toRfc3339Jst(plannedAt),
            `対象 ${target}`,
            `配信予定 ${planned}`,
            stateInWords(state),
          ]),
        ),
      )
    return 0
  })

const noneYet = 'There is no campaign yet: annai outreach plan'

export const approveCommand = (settings: Settings, options: Common, id: string): Promise<number> =>
  withWorld(settings, async (world) => {
    const { demo, policies } = world.creditor
    if (!demo && policies.approval !== 'single') {
      terminal.say('Not approved: a second person approves, unless the creditor’s file says policies.approval: single.')
      return 1
    }
    const outcome = await approveCampaign(world, { id, by: actorOf(options), now: world.clock.now() })
    if (options.json) terminal.json(outcome)
    else if (outcome.kind === 'approved')
      terminal.say(`Approved: ${outcome.queued} notices, from ${toRfc3339Jst(outcome.notBefore)} on.`)
    else terminal.say(`Not approved: ${refusals[outcome.because]} Nothing has changed.`)
    return outcome.kind === 'approved' ? 0 : 1
  })

const refusals = {
  'no-such-campaign': 'there is no such campaign.',
  'already-approved': 'it was approved before.',
  'nothing-to-send': 'nobody is to get a notice.',
  'rules-changed': 'the rules or the creditor’s file have changed since it was planned; plan again.',
  'text-changed': 'the text has changed since it was planned; plan again.',
} as const

type WithState = { readonly state: CampaignState }

const asJson = <T extends Pick<CampaignView, 'plannedAt' | 'approvedAt'> & WithState>(campaign: T) => ({
  ...campaign,
  plannedAt: toRfc3339Jst(campaign.plannedAt),
  approvedAt: campaign.approvedAt && toRfc3339Jst(campaign.approvedAt),
  state: stateAsJson(campaign.state),
})

const sayCampaign = (campaign: CampaignView & WithState): void => {
  const { count } = campaign
  terminal.data(`campaign ${campaign.id}`)
  terminal.data(`planned  ${toRfc3339Jst(campaign.plannedAt)} by ${campaign.plannedBy}`)
  terminal.data(
    campaign.approvedAt ? `approved ${toRfc3339Jst(campaign.approvedAt)} by ${campaign.approvedBy}` : 'not approved',
  )
  terminal.data(`state    ${stateInWords(campaign.state)}`)
  terminal.data(reconciliation(count))
  sayReasons('除外（計画時）', campaign.exclusions)
  sayReasons('除外（計画後）', count.excludedSince)
  sayReasons('未送信のうち延期', count.deferred)
}

/** It always adds up: every figure is computed from the log. */
const reconciliation = (count: CampaignCount): string =>
  `対象 ${count.target} = 送信 ${count.sent}（到達 ${count.delivered} 不達 ${count.undelivered} 不明 ${count.unknown}）` +
  ` + 除外 ${count.excluded} + 失敗 ${count.failed} + 未送信 ${count.unsent}`

const sayReasons = (title: string, reasons: Readonly<Record<string, number>>): void => {
  if (Object.keys(reasons).length === 0) return
  terminal.data(title)
  sayExclusions(reasons)
}

const sayExclusions = (exclusions: Readonly<Record<string, number>>): void => {
  const rows = Object.entries(exclusions).map(([reason, count]) => [`  ${reason}`, String(count)])
  if (rows.length > 0) terminal.data(table(rows))
}
