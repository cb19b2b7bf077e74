import type { GatewayView } from '#messages'
import type { Campaign, CampaignState } from '#outreach'
import { type Html, html } from '#platform/html/html'
import { type WaitingForMe, waitingMax } from './badges.ts'
import type { Tally } from './campaign-tally.store.ts'
import { stateWords } from './campaign-words.ts'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import { asOf, countWords, formatCount, instantCell } from './list.views.ts'
import type { Operator } from './operator.ts'
import { urls } from './urls.ts'

export type TodaysCampaign = {
  readonly campaign: Campaign & { readonly state: CampaignState }
  readonly tally: Tally
}

export type HomeView = {
  readonly now: Date
  readonly operator: Operator
  readonly waiting: WaitingForMe
  readonly campaigns: readonly TodaysCampaign[]
  readonly gateways: readonly GatewayView[]
}

/** What waits for me, how today goes, and whether the carriers are well. It brings itself up to date. */
export const homePage = (look: ConsoleLook, frame: Frame, view: HomeView): string =>
  consolePage(look, frame, {
    title: 'ホーム',
    here: 'home',
    body: html`<div class="head"><h1>ホーム</h1></div>
<div id="home" hx-get="${urls.homeLive}" hx-trigger="every 15s" hx-swap="innerHTML">${homeLive(view)}</div>`,
  })

export const homeLive = (view: HomeView): Html => {
  const tasks = tasksOf(view.waiting)
  return html`<p class="sum">${asOf(view.now)}${sentence(tasks)}</p>
<div class="grid">
<section class="card" aria-labelledby="home-waiting"><h2 id="home-waiting">あなたの対応待ち</h2>${waitingTable(tasks)}</section>
<section class="card" aria-labelledby="home-gateways"><h2 id="home-gateways">通信事業者</h2>${gatewayTable(view)}</section>
</div>
<section class="card" aria-labelledby="home-campaigns"><h2 id="home-campaigns">本日の配信</h2>${campaignTable(view)}</section>`
}

type Task = { readonly label: string; readonly count: number; readonly href: string }

const tasksOf = ({ toApprove, calls, unmatched }: WaitingForMe): readonly Task[] => [
  ...(toApprove === undefined ? [] : [{ label: '配信の承認', count: toApprove, href: urls.campaigns }]),
  ...(calls === undefined
    ? []
    : [
        { label: 'ご相談', count: calls.consultations, href: urls.consultations },
        { label: '本日がお支払いのご予定日', count: calls.promisesToday, href: urls.promises },
        { label: 'ご予定日までにご入金なし', count: calls.brokenPromises, href: urls.brokenPromises },
      ]),
  ...(unmatched === undefined ? [] : [{ label: '照合できない入金', count: unmatched, href: urls.deposits }]),
]

const sentence = (tasks: readonly Task[]): Html => {
  if (tasks.length === 0) return html`あなたの役割には、対応待ちの一覧はありません。`
  const count = tasks.reduce((sum, task) => sum + task.count, 0)
  if (count === 0) return html`対応待ちはありません。`
  return html`対応待ちが <b>${countWords(count, waitingMax * tasks.length)}</b> あります。`
}

const waitingTable = (tasks: readonly Task[]): Html =>
  tasks.length === 0
    ? html`<p>配信の承認・ご相談・入金の照合は、その役割の方の画面に表示されます。</p>`
    : html`<table><caption class="unseen">あなたの対応待ち</caption>
<thead><tr><th scope="col">内容</th><th scope="col" class="n">件数</th></tr></thead>
<tbody>${tasks.map(
        ({ label, count, href }) =>
          html`<tr><th scope="row"><a id="home-${href.slice(1)}" href="${href}">${label}</a></th><td class="n">${countWords(count, waitingMax)}</td></tr>
`,
      )}</tbody></table>`

const campaignTable = ({ campaigns, now }: HomeView): Html =>
  campaigns.length === 0
    ? html`<p>本日の配信はありません。</p>`
    : html`<div class="scroll" tabindex="0" role="group" aria-labelledby="home-campaigns"><table><caption class="unseen">本日の配信</caption>
<thead><tr><th scope="col">承認</th><th scope="col">状態</th>${columns.map(([label]) => html`<th scope="col" class="n">${label}</th>`)}<th scope="col">現在</th></tr></thead>
<tbody>${campaigns.map(
        ({ campaign, tally }) =>
          html`<tr><th scope="row"><a id="home-${campaign.id}" href="${urls.campaign(campaign.id)}">${campaign.approvedAt && instantCell(campaign.approvedAt, now)} 承認の配信</a></th><td>${chip(campaign.state)}</td>${columns.map(
            ([, of]) => html`<td class="n">${formatCount(of(tally.count))}</td>`,
          )}<td>${instantCell(tally.countedAt, now)}</td></tr>
`,
      )}</tbody></table></div>
<p class="soft">対象 = 送信 + 除外 + 失敗 + 未送信。到達は送信の内数です。</p>`

const columns: readonly (readonly [string, (count: Tally['count']) => number])[] = [
  ['対象', (count) => count.target],
  ['送信', (count) => count.sent],
  ['除外', (count) => count.excluded],
  ['失敗', (count) => count.failed],
  ['未送信', (count) => count.unsent],
  ['うち到達', (count) => count.delivered],
]

const chip = (state: CampaignState): Html => {
  const { words, tone } = stateWords(state, { isAsked: false })
  return html`<span class="chip ${tone}">${words}</span>`
}

const gatewayTable = ({ gateways, now }: HomeView): Html =>
  gateways.length === 0
    ? html`<p>送信の処理が動いていません（annai work）。</p>`
    : html`<table><caption class="unseen">通信事業者との接続</caption>
<thead><tr><th scope="col">名前</th><th scope="col">状態</th><th scope="col" class="n">接続</th></tr></thead>
<tbody>${gateways.map(
        (view) =>
          html`<tr><th scope="row">${view.gateway}</th><td>${healthOf(view, now)}</td><td class="n">${view.bound} / ${view.binds}</td></tr>
`,
      )}</tbody></table>`

const healthOf = ({ bound, state }: GatewayView, now: Date): Html => {
  const since = state && html` <small>${instantCell(new Date(state.sinceMs), now)}から</small>`
  if (bound === 0 || state?.kind === 'away') return html`<span class="chip stop">接続なし</span>${since}`
  switch (state?.kind) {
    case 'demoted':
      return html`<span class="chip stop">停止中（不調）</span>${since}`
    case 'coming-back':
      return html`<span class="chip warn">回復中</span>${since}`
    default:
      return html`<span class="chip go">正常</span>`
  }
}
