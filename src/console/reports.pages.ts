import { listCampaigns } from '#outreach'
import type { Database } from '#platform/database/database'
import type { Reply } from '#platform/http/http'
import { addDays, type Day, dayInJst, daysBetween, instantOfJst, japaneseDay, parseDay } from '#values/day'
import { isUuid } from '#values/id'
import { timeShort } from './campaign-curve.rules.ts'
import { openTallies, type Tallies } from './campaign-tally.ts'
import { countCohorts } from './cohort-report.store.ts'
import type { ConsoleRoute, OperatorAsked } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { listFile } from './export-list.ts'
import { countAnsweredHours } from './hours-report.store.ts'
import { countPromisedWeeks } from './promises-report.store.ts'
import { page } from './replies.pages.ts'
import { countedReport } from './report-figures.ts'
import { figureWords, type ReportTable, reportHeader, reportRows } from './report-table.views.ts'
import { busiestHour, campaignTable, cohortTable, hoursTable, promisesTable } from './report-tables.ts'
import { campaignReportPage, type PeriodReport, periodReportPage, type ReportPeriod } from './reports.views.ts'
import { urls } from './urls.ts'

export const reportsRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => {
  const tallies = openTallies(desk.w.db)
  return [
    { kind: 'page', path: urls.reports, may: 'see-reports', show: (asked) => showCampaigns(desk, tallies, asked) },
    listFile(desk, { path: urls.reportsCsv, may: 'export' }, (asked) => {
      return {
        title: '配信の効果',
        header: reportHeader(campaignTable([]), '配信'),
        rows: rowsOf(async () => campaignTable(await campaignFigures(desk, tallies, asked.now))),
      }
    }),
    ...periodReports.flatMap((report) => [
      {
        kind: 'page' as const,
        path: report.path,
        may: 'see-reports' as const,
        show: (asked: OperatorAsked) => showPeriod(desk, report, asked),
      },
      listFile(desk, { path: report.csv, may: 'export' }, (asked) => ({
        title: report.title,
        header: report.header,
        rows: rowsOf(async () => (await report.tableFor(desk, asked)).table),
      })),
    ]),
  ]
}

/** A report about a period, with what it counts and how that is shown. */
type Report = PeriodReport & {
  readonly header: readonly string[]
  tableFor(desk: ConsoleDesk, asked: OperatorAsked): Promise<{ readonly table: ReportTable; readonly countedAt: Date }>
}

/** What was counted is kept; what of it may be shown is decided anew every time. */
const periodReport = <Row>(
  report: PeriodReport & {
    count(db: Database, period: ReportPeriod): Promise<readonly Row[]>
    tableOf(rows: readonly Row[]): ReportTable
  },
): Report => ({
  ...report,
  header: reportHeader(report.tableOf([]), report.labelHeader),
  tableFor: async ({ w: { db } }, asked) => {
    const period = periodOf(asked)
    const key = { report: report.path, ...period }
    const { figures, countedAt } = await countedReport(db, key, () => report.count(db, period), asked.now)
    return { table: report.tableOf(figures), countedAt }
  },
})

const periodReports: readonly Report[] = [
  periodReport({
    path: urls.cohortReport,
    csv: urls.cohortReportCsv,
    title: '案内開始日ごとの効果',
    labelHeader: '案内開始日',
    chart: { kind: 'line', unit: '%' },
    answer: ({ total }) =>
      `案内対象 ${figureWords(total?.cells[0], 'count')}人・7日以内の完済率 ${figureWords(total?.cells[8], 'share')}`,
    explanation:
      '案内対象になった日ごとに、今日までの人数を数えています。送信はご案内を1通以上送れた方、認証は案内開始後に本人認証をされた方、入金はご請求に充当された方です。',
    tableOf: cohortTable,
    count: (db, period) => countCohorts(db, spanOf(period)),
  }),
  periodReport({
    path: urls.hoursReport,
    csv: urls.hoursReportCsv,
    title: '回答の曜日と時間帯',
    labelHeader: '時間帯',
    chart: { kind: 'bars', unit: '件' },
    answer: busiestHour,
    explanation: 'お客様がご自身で回答された件数です。コンタクトセンターの代理入力は含みません。',
    tableOf: hoursTable,
    count: (db, period) => countAnsweredHours(db, spanOf(period)),
  }),
  periodReport({
    path: urls.promisesReport,
    csv: urls.promisesReportCsv,
    title: 'ご予定の履行率',
    labelHeader: 'ご予定の日',
    chart: { kind: 'line', unit: '%' },
    answer: ({ total }) =>
      `ご予定 ${figureWords(total?.cells[0], 'count')}件・履行率 ${figureWords(total?.cells[5], 'share')}`,
    explanation:
      '変更されたご予定は、最後の日で数えています。履行率は、履行と不履行を合わせた件数のうち履行の割合で、取消と確認待ちは含みません。',
    tableOf: promisesTable,
    count: countPromisedWeeks,
  }),
]

const showPeriod = async (desk: ConsoleDesk, report: Report, asked: OperatorAsked): Promise<Reply> => {
  const counted = await report.tableFor(desk, asked)
  return page(periodReportPage(desk.look, asked.frame, { report, period: periodOf(asked), ...counted }))
}

/** Longer is counted too slowly to be looked at. */
const daysMax = 366

/** Four weeks, unless one asks otherwise. */
const periodOf = ({ query, now }: OperatorAsked): ReportPeriod => {
  const until = parseDay(query.until ?? '') ?? dayInJst(now)
  const from = parseDay(query.from ?? '') ?? addDays(until, -27)
  const [first, last] = from <= until ? [from, until] : [until, from]
  return { from: daysBetween(first, last) > daysMax ? addDays(last, -daysMax) : first, until: last }
}

/** The last day is among them. */
const spanOf = ({ from, until }: { readonly from: Day; readonly until: Day }) => ({
  from: instantOfJst(from, 0),
  until: instantOfJst(until, 24),
})

async function* rowsOf(count: () => Promise<ReportTable>) {
  yield* reportRows(await count())
}

/** As many as are compared at a glance; older ones are found in the list of campaigns. */
const campaignsShown = 10

const approvedCampaigns = async ({ w }: ConsoleDesk, now: Date) =>
  (await listCampaigns(w, now)).filter(({ approvedAt }) => approvedAt !== null).slice(0, campaignsShown)

const campaignFigures = async (desk: ConsoleDesk, tallies: Tallies, now: Date) => {
  const figures = []
  for (const campaign of (await approvedCampaigns(desk, now)).toReversed()) {
    const { count, funnel } = await tallies.of(campaign, now)
    figures.push({
      ...funnel,
      label: labelOf(campaign),
      target: count.target,
      sent: count.sent,
      delivered: count.delivered,
    })
  }
  return figures
}

const showCampaigns = async (desk: ConsoleDesk, tallies: Tallies, asked: OperatorAsked): Promise<Reply> => {
  const { w, look } = desk
  const campaigns = await approvedCampaigns(desk, asked.now)
  const asks = asked.query.campaign ?? ''
  const chosen = campaigns.find(({ id }) => isUuid(asks) && id === asks) ?? campaigns[0]
  return page(
    campaignReportPage(look, asked.frame, {
      table: campaignTable(await campaignFigures({ w, look }, tallies, asked.now)),
      campaigns: campaigns.map((campaign) => ({ id: campaign.id, label: labelOf(campaign) })),
      chosen: chosen && { id: chosen.id, ...(await tallies.of(chosen, asked.now)) },
    }),
  )
}

const labelOf = ({ plannedAt }: { readonly plannedAt: Date }): string =>
  `${japaneseDay(dayInJst(plannedAt))} ${timeShort(plannedAt)}`
