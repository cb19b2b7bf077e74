import type { DeliveryCurve } from '#messages'
import { type Html, html } from '#platform/html/html'
import type { Day } from '#values/day'
import { curvePoints, japaneseDayShort, timeShort } from './campaign-curve.rules.ts'
import { csvLinks } from './csv-reply.ts'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'
import {
  addressOf,
  asOf,
  choiceFilter,
  dayCell,
  dayFilter,
  emptyList,
  filters,
  formatCount,
  tabs,
} from './list.views.ts'
import { figureWords, type ReportTable, reportTable } from './report-table.views.ts'
import { may } from './roles.rules.ts'
import { groupMin, shownCount } from './small-groups.rules.ts'
import { urls } from './urls.ts'

export type ReportPeriod = { readonly from: Day; readonly until: Day }

export type PeriodReport = {
  readonly path: string
  readonly csv: string
  readonly title: string
  readonly labelHeader: string
  /** What the table comes to, in a sentence. */
  answer(table: ReportTable): string
  readonly explanation: string
  readonly chart: { readonly kind: 'bars' | 'line'; readonly unit: string }
}

const scripts = ['uPlot.iife.min', 'console-chart'] as const

/** A report about a period: its question, its table, and the chart that is drawn from the table. */
export const periodReportPage = (
  look: ConsoleLook,
  frame: Frame,
  {
    report,
    period,
    table,
    countedAt,
  }: {
    readonly report: PeriodReport
    readonly period: ReportPeriod
    readonly table: ReportTable
    readonly countedAt: Date
  },
): string =>
  consolePage(look, frame, {
    title: report.title,
    here: 'reports',
    scripts,
    body: html`<div class="head"><h1>${report.title}</h1>${may(frame.operator.roles, 'export') && csvLinks(addressOf(report.csv, period))}</div>
<p class="sum">${asOf(countedAt)}${dayCell(period.from, frame.now)}〜${dayCell(period.until, frame.now)}　${report.answer(table)}</p>
${reportTabs(report.path)}
${filters(report.path, html`${dayFilter('from', '期間（から）', period.from)}${dayFilter('until', '（まで）', period.until)}`)}
${table.rows.every(({ cells }) => cells.every((cell) => cell === 0 || cell === undefined)) ? emptyList('この期間には、数えるものがありません。') : html`<div class="card">${reportTable(table, report.labelHeader, report.chart)}</div>`}
<p class="soft below">${report.explanation}${smallGroups}</p>`,
  })

const smallGroups = `${groupMin}人未満のグループの数は、個人が推測されないよう「${groupMin}未満」と表示します。`

export type CampaignReportView = {
  readonly table: ReportTable
  readonly campaigns: readonly { readonly id: string; readonly label: string }[]
  readonly chosen: { readonly id: string; readonly countedAt: Date; readonly curve: DeliveryCurve } | undefined
}

export const campaignReportPage = (
  look: ConsoleLook,
  frame: Frame,
  { table, campaigns, chosen }: CampaignReportView,
): string =>
  consolePage(look, frame, {
    title: '配信の効果',
    here: 'reports',
    scripts,
    body: html`<div class="head"><h1>配信の効果</h1>${may(frame.operator.roles, 'export') && csvLinks(urls.reportsCsv)}</div>
<p class="sum">${asOf(chosen?.countedAt ?? frame.now)}${campaigns.length === 0 ? '承認された配信は、まだありません。' : html`${latestWords(table)}`}</p>
${reportTabs(urls.reports)}
${
  campaigns.length > 0 &&
  html`<div class="card">${reportTable(table, '配信', { kind: 'line', unit: '%' })}</div>
<section class="card"><h2>到達の推移</h2>${filters(
    urls.reports,
    choiceFilter(
      'campaign',
      '配信',
      campaigns.map(({ id, label }) => ({ value: id, label })),
      chosen?.id,
    ),
  )}${chosen && curveOf(chosen.curve)}</section>`
}
<p class="soft below">アクセスは、お届けの内容を入力された方の数です。ご案内の画面を開いただけの方は、どなたかわからないため含みません。${smallGroups}</p>`,
  })

/** The last row is the latest campaign. */
const latestWords = ({ rows }: ReportTable): Html => {
  const latest = rows.at(-1)
  const [target, sent, , , , , , , answered, cured] = latest?.cells ?? []
  return html`<span>最新の配信（${latest?.label}）</span>　対象 <b>${figureWords(target, 'count')}</b>人・送信 <b>${figureWords(sent, 'count')}</b>人・回答率 <b>${figureWords(answered, 'share')}</b>・完済率 <b>${figureWords(cured, 'share')}</b>`
}

const reportTabs = (here: string): Html =>
  tabs('レポート', [
    { label: '配信', href: urls.reports, isHere: here === urls.reports },
    { label: '案内開始日', href: urls.cohortReport, isHere: here === urls.cohortReport },
    { label: '曜日と時間帯', href: urls.hoursReport, isHere: here === urls.hoursReport },
    { label: 'ご予定の履行', href: urls.promisesReport, isHere: here === urls.promisesReport },
  ])

const curveOf = (curve: DeliveryCurve): Html => {
  const points = curvePoints(curve)
  const last = points.at(-1)
  if (last === undefined) return html`<p>まだ送信されていません。</p>`
  const days = new Set(points.map(({ minute }) => japaneseDayShort(minute)))
  return html`<p>送信 ${formatCount(last.sent)}件のうち、到達 ${formatCount(last.delivered)}件</p>${reportTable(
    {
      caption: '送信と到達の累計',
      columns: [
        { label: '送信', unit: 'count', isDrawn: true },
        { label: '到達', unit: 'count', isDrawn: true },
      ],
      rows: points.map(({ minute, sent, delivered }) => ({
        label: days.size > 1 ? `${japaneseDayShort(minute)} ${timeShort(minute)}` : timeShort(minute),
        cells: [shownCount(sent), shownCount(delivered)],
      })),
    },
    '時刻',
    { kind: 'line', unit: '件' },
  )}`
}
