import type { ShownControl } from '#messages'
import type { Campaign, CampaignState } from '#outreach'
import { type Html, html } from '#platform/html/html'
import { curveChart } from './campaign-curve.views.ts'
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
import { followedDays } from './campaign-tally.rules.ts'
import type { Tally } from './campaign-tally.store.ts'
import { plainText, verdict } from './campaign-text.views.ts'
import { controlReasonWords, personWords, reasonWords, secondsWords } from './campaign-words.ts'
import { csvLinks } from './csv-reply.ts'
import { form } from './form.views.ts'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import { formatCount, instantCell } from './list.views.ts'
import { urls } from './urls.ts'

export type LiveView = {
  readonly campaign: Campaign
  readonly state: CampaignState
  readonly tally: Tally
  readonly exclusions: readonly ExclusionRow[]
  readonly controls: readonly ShownControl[]
  readonly names: Names
  readonly maySeeCases: boolean
  readonly mayExport: boolean
}

export type LivePage = LiveView & {
  /** For whoever may stop it. */
  readonly forms: { readonly pause: string; readonly resume: string; readonly cancel: string } | undefined
  readonly told: Told
}

/** An approved campaign: did everything arrive, and what came of it? */
export const campaignLivePage = (look: ConsoleLook, frame: Frame, view: LivePage): string =>
  consolePage(look, frame, {
    title: '配信',
    here: 'campaigns',
    hasErrors: hasRefusal(view.told),
    body: html`<div class="head"><h1>${campaignTitle(view.campaign, frame.now)}${stateChip(view.state, false, 'state')}</h1>
<div class="actions">${view.forms && controls(view, view.forms)}</div></div>
${toldOf(view.told)}${stopped(view, frame)}
${campaignLive(frame.now, view)}
<div class="grid below">
<section class="card"><h2>送らなかった理由</h2>${notSent(view)}</section>
<div>
<section class="card"><h2>文面</h2>${plainText(view.campaign.text)}${verdict(look.creditor, view.campaign.text)}
<p class="soft">作成 ${personWords(view.campaign.textBy ?? view.campaign.plannedBy, view.names)}　承認 ${view.campaign.approvedBy && personWords(view.campaign.approvedBy, view.names)}${view.campaign.approvedAt && html`（${instantCell(view.campaign.approvedAt, frame.now)}）`}</p></section>
${view.controls.length > 0 && controlsTable(view, frame)}
${view.forms && isCancellable(view) && cancelCard(view, view.forms.cancel)}
</div>
</div>`,
  })

/** What moves: asked for every two seconds while something may happen, and without JavaScript by loading the page again. */
export const campaignLive = (now: Date, { campaign, state, tally }: LiveView, isSwapped = false): Html =>
  html`<div id="live" hx-get="${urls.campaignLive(campaign.id)}" hx-trigger="every ${everySeconds(state, tally)}s" hx-swap="outerHTML">
${isSwapped && stateChip(state, false, 'state', true)}${reconciliation(tally, now)}
<div class="grid">
<section class="card"><h2>ご案内から入金まで</h2>${funnel(tally)}</section>
<section class="card"><h2>到達の推移</h2>${curveChart(tally.curve)}</section>
</div></div>`

/** Nothing changes quickly once everything has left and the carriers have answered. */
const everySeconds = (state: CampaignState, { count }: Tally): number =>
  state.kind === 'sending' || (state.kind === 'through' && awaited(count) > 0) ? 2 : 15

const awaited = ({ sent, delivered, undelivered }: Tally['count']): number => sent - delivered - undelivered

/** It always adds up: every figure is computed from the log. */
const reconciliation = ({ count, countedAt }: Tally, now: Date): Html =>
  html`<p class="sum"><small>${instantWithSeconds(countedAt, now)} 現在</small>対象 <b>${formatCount(count.target)}</b> <span>=</span> 送信 <b>${formatCount(count.sent)}</b> <span>+</span> 除外 <b>${formatCount(count.excluded)}</b> <span>+</span> 失敗 <b>${formatCount(count.failed)}</b> <span>+</span> 未送信 <b>${formatCount(count.unsent)}</b>　<span>（送信のうち 到達 ${formatCount(count.delivered)}・不達 ${formatCount(count.undelivered)}・確認中 ${formatCount(awaited(count))}）</span></p>`

const instantWithSeconds = (instant: Date, now: Date): Html => {
  const seconds = String(instant.getUTCSeconds()).padStart(2, '0')
  return html`${instantCell(instant, now)}:${seconds}`
}

const funnel = ({ count, funnel }: Tally): Html => {
  const steps: readonly (readonly [string, number])[] = [
    ['対象', count.target],
    ['送信', count.sent],
    ['到達', count.delivered],
    ['アクセス', funnel.accessed],
    ['認証', funnel.identified],
    ['回答', funnel.answered],
    ['入金', funnel.paid],
  ]
  return html`<table class="bars"><caption class="unseen">ご案内から入金までの人数と、対象に対する割合</caption><thead class="unseen"><tr><th scope="col">段階</th><th scope="col">割合の棒</th><th scope="col">人数</th><th scope="col">割合</th></tr></thead>
<tbody>${steps.map(([label, people]) => {
    const percent = count.target === 0 ? 0 : (people / count.target) * 100
    return html`<tr><th scope="row">${label}</th><td class="bar"><svg width="100%" height="20" aria-hidden="true"><rect width="${percent.toFixed(1)}%" height="20" rx="3"></rect></svg></td><td class="n"><b>${formatCount(people)}</b></td><td class="n soft">${percent.toFixed(1)}%</td></tr>`
  })}</tbody></table>
<p class="soft after">承認から${followedDays}日間。アクセスは、認証画面でお届けの内容を入力された方です。ご案内の画面を開いただけの方は、どなたか分からないため数えません。</p>`
}

/** When planned, and after that when a notice was about to leave. */
const notSent = ({ campaign, exclusions, tally: { count }, maySeeCases, mayExport }: LiveView): Html => {
  const rows = (reasons: Readonly<Record<string, number>>) =>
    Object.entries(reasons).map(
      ([because, count]) =>
        html`<tr><th scope="row">${reasonWords(because)}</th><td class="n">${formatCount(count)}</td></tr>`,
    )
  const since = rows(count.excludedSince)
  const deferred = rows(count.deferred)
  const small = (caption: string, inside: readonly Html[]) =>
    inside.length > 0 &&
    html`<table class="after"><caption>${caption}</caption><thead class="unseen"><tr><th scope="col">理由</th><th scope="col">件数</th></tr></thead><tbody>${inside}</tbody></table>`
  return html`${exclusionTable(campaign.id, exclusions, { caption: '計画のときに除外した理由', maySeeCases })}
${small('送信の直前の確認で除外', since)}${small('未送信のうち、時間をおいて確認し直すもの', deferred)}
${mayExport && exclusions.length > 0 && html`<p class="after">計画で除外された方の一覧 ${csvLinks(urls.campaignExcludedCsv(campaign.id))}</p>`}`
}

/** Stopped or waiting: until when, by whom and why, before anything else. */
const stopped = ({ state, names, controls }: LiveView, { now }: Frame): Html | undefined => {
  const took = controls[0] && tookWords(controls[0])
  switch (state.kind) {
    case 'paused':
      return html`<div class="note warn"><p><b>一時停止中です。</b>新しい送信は行われません（${instantCell(state.at, now)} ${personWords(state.by, names)}${state.because && html`：${controlReasonWords(state.because)}`}）。${took && html`止まるまで ${took}。`}</p></div>`
    case 'cancelled':
      return html`<div class="note bad"><p><b>中止しました。</b>残りは送信されません（${instantCell(state.at, now)} ${personWords(state.by, names)}${state.because && html`：${controlReasonWords(state.because)}`}）。</p></div>`
    case 'outside-hours':
      return html`<div class="note"><p>いまは送信できる時間ではありません。${state.next ? html`${instantCell(state.next, now)} に再開します。` : 'この先1年、送信できる日がありません。'}</p></div>`
    case 'expired':
      return html`<div class="note bad"><p>送信期限（${instantCell(state.since, now)}）を過ぎたため、残りは送信されません。</p></div>`
    default:
      return undefined
  }
}

const controls = (
  { campaign, state }: LivePage,
  { pause, resume }: { readonly pause: string; readonly resume: string },
) => {
  if (state.kind === 'paused')
    return form(urls.campaignResume(campaign.id), resume, html`<button class="button">再開する</button>`)
  if (state.kind === 'sending' || state.kind === 'outside-hours')
    return form(urls.campaignPause(campaign.id), pause, html`<button class="button bad">一時停止する</button>`)
  return undefined
}

const isCancellable = ({ state }: LiveView): boolean =>
  state.kind === 'sending' || state.kind === 'outside-hours' || state.kind === 'paused'

const cancelCard = (
  { campaign, tally }: LivePage,
  formId: string,
): Html => html`<section class="card"><details><summary>この配信を中止する</summary>
${form(
  urls.campaignCancel(campaign.id),
  formId,
  html`<p>中止すると元に戻せません。すでに送信したものは取り消せません。</p>
<div class="field"><label for="unsent">未送信の件数を入力してください</label><p class="hint">送信が進むと件数は減ります。先に一時停止すると確かです。いまは${formatCount(tally.count.unsent)}件です。</p><input type="text" id="unsent" name="unsent" inputmode="numeric" autocomplete="off"> 件</div>
<p><button class="button bad">中止する</button></p>`,
)}</details></section>`

/** Nothing while nobody knows, and of what stops nothing. */
const tookWords = ({ tookMs, inHand }: ShownControl): string | undefined =>
  tookMs === null ? undefined : `${secondsWords(tookMs)}、送信途中 ${formatCount(inHand ?? 0)}件`

const acts = { paused: '一時停止', resumed: '再開', cancelled: '中止' } as const

const controlsTable = (
  { controls, names }: LiveView,
  { now }: Frame,
): Html => html`<section class="card"><h2>操作の記録</h2>
<table><caption class="unseen">一時停止・再開・中止の記録、新しい順</caption><thead><tr><th scope="col">日時</th><th scope="col">操作</th><th scope="col">だれが</th><th scope="col">止まるまで</th></tr></thead>
<tbody>${controls.map(
  (one) =>
    html`<tr><th scope="row">${instantWithSeconds(one.at, now)}</th><td>${acts[one.act]}</td><td>${personWords(one.by, names)}${one.because && html`<br><small>${controlReasonWords(one.because)}</small>`}</td><td>${
      tookWords(one) ?? '—'
    }</td></tr>`,
)}</tbody></table></section>`
