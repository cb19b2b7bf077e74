import type { Campaign, CampaignState, WaitingApproval } from '#outreach'
import { type Html, html } from '#platform/html/html'
import { hasRefusal, type Names, stateChip, type Told, toldOf } from './campaign-parts.views.ts'
import { personWords } from './campaign-words.ts'
import { form } from './form.views.ts'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import { asOf, formatCount, instantCell } from './list.views.ts'
import { may } from './roles.rules.ts'
import { urls } from './urls.ts'

export type ListedCampaign = Campaign & { readonly state: CampaignState; readonly isAsked: boolean }

export type CampaignList = {
  readonly campaigns: readonly ListedCampaign[]
  /** What waits for whoever looks. */
  readonly waiting: readonly WaitingApproval[]
  readonly names: Names
  /** For whoever may plan. */
  readonly planFormId: string | undefined
  readonly told: Told
}

/** 配信: what waits for me, and what became of the others? */
export const campaignListPage = (look: ConsoleLook, frame: Frame, list: CampaignList): string =>
  consolePage(look, frame, {
    title: '配信',
    here: 'campaigns',
    hasErrors: hasRefusal(list.told),
    body: html`<div class="head"><h1>配信</h1><div class="actions">${
      list.planFormId !== undefined &&
      form(urls.planCampaign, list.planFormId, html`<button class="button">新しい配信を計画する</button>`)
    }</div></div>
${toldOf(list.told)}${answer(list, frame)}
${list.waiting.length > 0 && waitingTable(list, frame)}${allTable(list, frame)}`,
  })

const answer = ({ waiting, campaigns }: CampaignList, { now, operator }: Frame): Html => {
  const count = (is: (one: ListedCampaign) => boolean) => campaigns.filter(is).length
  const asked = may(operator.roles, 'approve-campaign')
    ? html`あなたの承認を待っている配信 <b>${waiting.length}</b>件`
    : html`承認待ちの配信 <b>${count(({ isAsked }) => isAsked)}</b>件`
  return html`<p class="sum">${asOf(now)}${asked}　送信中 <b>${count(({ state }) => state.kind === 'sending')}</b>件</p>`
}

const waitingTable = ({ waiting, names }: CampaignList, { now }: Frame): Html => html`<section class="card">
<h2>承認を待っています</h2>
<table><caption class="unseen">あなたの承認を待っている配信</caption><thead><tr><th scope="col">計画</th><th scope="col" class="n">配信予定</th><th scope="col">依頼した方</th><th scope="col">依頼</th><th scope="col"><span class="unseen">開く</span></th></tr></thead>
<tbody>${waiting.map(
  (one) =>
    html`<tr><th scope="row">${instantCell(one.plannedAt, now)}</th><td class="n">${formatCount(one.noticeCount)}</td><td>${personWords(one.askedBy, names)}</td><td>${instantCell(one.askedAt, now)}</td><td><a href="${urls.campaign(one.campaignId)}">内容を確認する<span class="unseen">：${instantCell(one.plannedAt, now)} 計画</span></a></td></tr>`,
)}</tbody></table></section>`

const allTable = ({ campaigns, names }: CampaignList, { now }: Frame): Html =>
  campaigns.length === 0
    ? html`<section class="card"><p>配信はまだありません。口座振替の結果を取り込むと、計画できます。</p></section>`
    : html`<section class="card"><h2>これまでの配信</h2>
<table data-results><caption class="unseen">配信の一覧、新しい順、50件まで</caption><thead><tr><th scope="col">計画</th><th scope="col">状態</th><th scope="col" class="n">対象</th><th scope="col" class="n">配信予定</th><th scope="col" class="n">除外</th><th scope="col">作成</th><th scope="col">承認</th></tr></thead>
<tbody>${campaigns.map(
        (one) =>
          html`<tr><th scope="row"><a href="${urls.campaign(one.id)}" data-result>${instantCell(one.plannedAt, now)}</a></th><td>${chipOf(one)}</td><td class="n">${formatCount(one.target)}</td><td class="n">${formatCount(one.planned)}</td><td class="n">${formatCount(one.excluded)}</td><td>${personWords(one.plannedBy, names)}</td><td>${
            one.approvedBy === null
              ? '—'
              : html`${personWords(one.approvedBy, names)}${one.approvedAt && html` <small>${instantCell(one.approvedAt, now)}</small>`}`
          }</td></tr>`,
      )}</tbody></table></section>`

const chipOf = ({ state, isAsked }: ListedCampaign): Html => stateChip(state, isAsked)
