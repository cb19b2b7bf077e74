import type { NoticeTextProblem } from '#messages'
import type { Campaign, CampaignState, RequestEnd } from '#outreach'
import { type Html, html } from '#platform/html/html'
import {
  campaignTitle,
  type ExclusionRow,
  exclusionTable,
  hasRefusal,
  lastEnd,
  type Names,
  stateChip,
  type Told,
  toldOf,
} from './campaign-parts.views.ts'
import { textPreview } from './campaign-text.views.ts'
import { personWords, textProblemWords } from './campaign-words.ts'
import { csvLinks } from './csv-reply.ts'
import { errorSummary, form } from './form.views.ts'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import { formatCount, instantCell } from './list.views.ts'
import type { TestMessage } from './test-phone.ts'
import { urls } from './urls.ts'

export type PlanView = {
  readonly campaign: Campaign
  readonly state: CampaignState
  readonly exclusions: readonly ExclusionRow[]
  readonly end: RequestEnd | undefined
  readonly names: Names
  readonly cost: string
  readonly maySeeCases: boolean
  readonly mayExport: boolean
  /** For whoever may plan: the ids of the forms. */
  readonly forms: { readonly text: string; readonly test: string; readonly ask: string } | undefined
  /** What somebody wrote that could not be saved. */
  readonly typed?: { readonly text: string; readonly problems: readonly NoticeTextProblem[] }
  readonly testPhone: { readonly number: string; readonly last: TestMessage | undefined } | undefined
  readonly sandboxAddress: string | undefined
  readonly told: Told
}

/** A campaign that nobody was asked to approve yet: whom does it reach, whom not, and what does it say? */
export const campaignPlanPage = (look: ConsoleLook, frame: Frame, view: PlanView): string => {
  const { campaign, exclusions, typed } = view
  return consolePage(look, frame, {
    title: '配信の計画',
    here: 'campaigns',
    hasErrors: hasRefusal(view.told) || typed !== undefined,
    body: html`<div class="head"><h1>${campaignTitle(campaign, frame.now)}${stateChip(view.state, false)}</h1></div>
${typed ? errorSummary(typed.problems.map((problem) => ({ field: 'text', text: textProblemWords(problem) }))) : toldOf(view.told)}
${lastEnd(view.end, view.names, frame.now)}
<p class="sum"><small>${instantCell(campaign.plannedAt, frame.now)} 計画時点</small>対象 <b>${formatCount(campaign.target)}</b> <span>=</span> 配信予定 <b>${formatCount(campaign.planned)}</b> <span>+</span> 除外 <b>${formatCount(campaign.excluded)}</b></p>
<div class="grid">
<div>
<section class="card"><h2>1 除外の理由</h2>
${exclusionTable(campaign.id, exclusions, { caption: '除外の理由と件数', maySeeCases: view.maySeeCases })}
${view.mayExport && exclusions.length > 0 && html`<p class="after">除外された方の一覧 ${csvLinks(urls.campaignExcludedCsv(campaign.id))}</p>`}
<p class="soft after">計画 ${personWords(campaign.plannedBy, view.names)}。送信の直前にも、1件ずつ同じルールで確認し直します。</p></section>
<section class="card"><h2>2 文面</h2>
${view.forms ? textForm(look, view, view.forms.text) : textPreview(look.creditor, campaign.text)}</section>
</div>
<div>
${view.forms && testCard(view, view.forms.test)}
${view.forms && askCard(view, view.forms)}
</div>
</div>`,
  })
}

const textForm = (look: ConsoleLook, { campaign, typed }: PlanView, formId: string): Html => {
  const text = typed?.text ?? campaign.text
  return html`${form(
    urls.campaignText(campaign.id),
    formId,
    html`<div class="field${typed && ' wrong'}"><label for="text">送信する文章</label>
<textarea id="text" name="text" rows="4"${typed && html` aria-invalid="true"`} aria-describedby="preview" hx-get="${urls.campaignPreview(campaign.id)}" hx-trigger="input changed delay:300ms" hx-target="#preview" hx-swap="outerHTML" hx-sync="this:replace">${text}</textarea></div>
<p><button class="button quiet">文面を保存する</button></p>`,
  )}${textPreview(look.creditor, text)}`
}

const testCard = ({ campaign, testPhone, sandboxAddress }: PlanView, formId: string): Html =>
  testPhone === undefined
    ? html`<section class="card"><h2>3 テスト送信</h2><p>この環境にはテスト用の電話がありません。</p></section>`
    : html`<section class="card"><h2>3 テスト送信</h2>
<p>保存した文面を、この機械の中のテスト用の電話（${testPhone.number}）へ送ります。お客様や実際の通信事業者へはつながりません。</p>
${form(urls.campaignTest(campaign.id), formId, html`<p><button class="button quiet">テスト送信する</button></p>`)}
${testPhone.last && arrived(testPhone.last, campaign.text)}
${sandboxAddress && html`<p><a href="${sandboxAddress}">テスト用の電話の画面を開く</a></p>`}</section>`

const arrived = (last: TestMessage, text: string): Html =>
  html`<div class="note ${last.text === text ? 'good' : 'warn'}"><p>${
    last.text === text ? '届いた文面は、保存した文面と一字一句同じです。' : '最後に届いた文面は、いまの文面と違います。'
  }</p><p class="sms">${last.text}</p></div>`

const askCard = (
  { campaign, cost }: PlanView,
  { ask }: { readonly ask: string },
): Html => html`<section class="card"><h2>4 承認の依頼</h2>
<p>配信予定 <b class="n">${formatCount(campaign.planned)}</b>件　${cost}</p>
<p>計画・文面・依頼に関わっていない承認者が、内容を確認して承認します。依頼のあとに文面・宛先・ルールが変わると、依頼は無効になります。</p>
${
  campaign.planned === 0
    ? html`<p>送信する方がいないため、依頼できません。</p>`
    : form(urls.campaignAsk(campaign.id), ask, html`<p><button class="button">承認を依頼する</button></p>`)
}</section>`
