import type { ApprovalRequest, Campaign, CampaignState, Differences } from '#outreach'
import { type Html, html } from '#platform/html/html'
import {
  campaignTitle,
  type ExclusionRow,
  exclusionTable,
  hasRefusal,
  type Names,
  stateChip,
  type Told,
  toldOf,
} from './campaign-parts.views.ts'
import { handsets, verdict } from './campaign-text.views.ts'
import { personWords, reasonWords } from './campaign-words.ts'
import { form } from './form.views.ts'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import { formatCount, instantCell } from './list.views.ts'
import type { MaskedCustomer } from './masked-customers.ts'
import { urls } from './urls.ts'

export type ReviewView = {
  readonly campaign: Campaign
  readonly state: CampaignState
  readonly request: ApprovalRequest
  readonly exclusions: readonly ExclusionRow[]
  readonly names: Names
  readonly cost: string
  /** Nothing, when no campaign was approved before. */
  readonly differences:
    | (Differences & { readonly alsoInLast: number; readonly lastAt: Date; readonly lastId: string })
    | undefined
  /** In the order in which they were drawn; of one whose customer is gone nothing is left. */
  readonly drawn: readonly MaskedCustomer[]
  readonly partsEach: number
  readonly maySeeCases: boolean
  readonly approval:
    | { readonly kind: 'approve'; readonly approveFormId: string; readonly returnFormId: string }
    /** They had a hand in it. */
    | { readonly kind: 'own'; readonly withdrawFormId: string | undefined }
    | { readonly kind: 'look' }
  readonly told: Told
}

/** What a second person is asked to let go: how many, what it costs, what is different this time, and what really leaves. */
export const campaignReviewPage = (look: ConsoleLook, frame: Frame, view: ReviewView): string => {
  const { campaign, request, names } = view
  return consolePage(look, frame, {
    title: '配信の承認',
    here: 'campaigns',
    hasErrors: hasRefusal(view.told),
    body: html`<div class="head"><h1>${campaignTitle(campaign, frame.now)}${stateChip(view.state, true)}</h1></div>
${toldOf(view.told)}
<p class="sum"><small>${instantCell(campaign.plannedAt, frame.now)} 計画時点</small>対象 <b>${formatCount(campaign.target)}</b> <span>=</span> 配信予定 <b>${formatCount(campaign.planned)}</b> <span>+</span> 除外 <b>${formatCount(campaign.excluded)}</b>　<span>${view.cost}</span></p>
<div class="grid">
<div>
<section class="card"><h2>前回の配信との違い</h2>${differences(view, frame)}</section>
<section class="card"><h2>除外の理由</h2>${exclusionTable(campaign.id, view.exclusions, { caption: '除外の理由と件数', maySeeCases: view.maySeeCases })}</section>
</div>
<div>
${approval(view, frame)}
<section class="card"><h2>文面</h2>${verdict(look.creditor, campaign.text)}${handsets(look.creditor, campaign.text)}
<p class="soft">作成 ${personWords(campaign.textBy ?? campaign.plannedBy, names)}　依頼 ${personWords(request.askedBy, names)}（${instantCell(request.askedAt, frame.now)}）</p></section>
</div>
</div>
${drawnTable(view)}`,
  })
}

const approval = ({ approval, campaign, request, told }: ReviewView, frame: Frame): Html => {
  switch (approval.kind) {
    case 'approve':
      return html`<section class="card"><h2>承認</h2>
${form(
  urls.campaignApprove(campaign.id),
  approval.approveFormId,
  html`<div class="field${told.refused === 'number-differs' && ' wrong'}"><label for="typed">配信予定の件数を入力してください</label>
<p class="hint">ご自身で内容を確かめたしるしに、数字を入力していただきます。</p>
<input type="text" id="typed" name="typed" inputmode="numeric" autocomplete="off" required${told.refused === 'number-differs' && html` aria-invalid="true"`}> 件</div>
<p><button class="button">この内容で承認する</button></p>`,
)}
<details><summary>承認せずに差し戻す</summary>
${form(
  urls.campaignReturn(campaign.id),
  approval.returnFormId,
  html`<div class="field"><label for="because">差し戻しの理由</label><p class="hint">お客様のお名前や番号は書かないでください。</p><input type="text" id="because" name="because" maxlength="200" size="50" autocomplete="off"></div>
<p><button class="button quiet">差し戻す</button></p>`,
)}</details></section>`
    case 'own':
      return html`<section class="card"><h2>承認</h2><p>ほかの方の承認を待っています（${instantCell(request.askedAt, frame.now)} に依頼）。ご自身が計画・文面の作成・依頼をした配信は、どの役割でも承認できません。</p>
${
  approval.withdrawFormId !== undefined &&
  form(
    urls.campaignWithdraw(campaign.id),
    approval.withdrawFormId,
    html`<p><button class="button quiet">依頼を取り下げて直す</button></p>`,
  )
}</section>`
    case 'look':
      return html`<section class="card"><h2>承認</h2><p>承認者の確認を待っています（${instantCell(request.askedAt, frame.now)} に依頼）。</p></section>`
  }
}

const differences = ({ differences }: ReviewView, { now }: Frame): Html => {
  if (differences === undefined) return html`<p>前回の配信はありません。はじめての配信です。</p>`
  const { target, planned, isTextSame, areRulesSame, exclusions, alsoInLast, lastAt, lastId } = differences
  const row = (label: string, { before, now }: { readonly before: number; readonly now: number }) =>
    html`<tr><th scope="row">${label}</th><td class="n">${formatCount(before)}</td><td class="n">${formatCount(now)}</td><td class="n">${changeWords(now - before)}</td></tr>`
  return html`<p><a href="${urls.campaign(lastId)}">前回（${instantCell(lastAt, now)} 計画）</a>と比べています。文面は<b>${isTextSame ? '前回と同じ' : '前回と違います'}</b>。ルールと設定は<b>${areRulesSame ? '前回と同じ' : '前回と違います'}</b>。</p>
<table><caption class="unseen">前回の配信との件数の違い</caption><thead><tr><th scope="col">件数</th><th scope="col" class="n">前回</th><th scope="col" class="n">今回</th><th scope="col" class="n">差</th></tr></thead>
<tbody>${row('対象', target)}${row('配信予定', planned)}<tr><th scope="row">うち前回も配信予定だった方</th><td class="n"></td><td class="n">${formatCount(alsoInLast)}</td><td class="n">${percentWords(alsoInLast, planned.now)}</td></tr>
${exclusions.map((one) => row(`除外：${reasonWords(one.because)}`, one))}</tbody></table>`
}

const changeWords = (change: number): string =>
  change === 0 ? '±0' : `${change > 0 ? '+' : '−'}${formatCount(Math.abs(change))}`

const percentWords = (part: number, whole: number): string =>
  whole === 0 ? '' : `${((part / whole) * 100).toFixed(1)}%`

const drawnTable = ({
  drawn,
  campaign,
  partsEach,
}: ReviewView): Html => html`<section class="card below"><h2>無作為に選んだ${drawn.length}件</h2>
<div class="scroll" tabindex="0" role="group" aria-label="無作為に選んだ宛先と文面"><table><caption>配信予定の${formatCount(campaign.planned)}件から、承認の依頼のときに無作為に選びました。個人情報は伏せています。</caption><thead><tr><th scope="col">お客様</th><th scope="col">顧客番号</th><th scope="col">宛先</th><th scope="col">実際に送信される文面</th><th scope="col" class="n">通数</th></tr></thead>
<tbody>${drawn.map(
  ({ name, number, phone }) =>
    html`<tr><th scope="row" class="whole">${name}</th><td class="whole">${number}</td><td class="whole">${phone}</td><td>${campaign.text}</td><td class="n">${partsEach}</td></tr>`,
)}</tbody></table></div></section>`
