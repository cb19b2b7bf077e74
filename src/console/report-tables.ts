import { addDays, type Day, dayOfMonthOf, japaneseDay, monthOf } from '#values/day'
import type { Cohort } from './cohort-report.store.ts'
import type { AnsweredHour } from './hours-report.store.ts'
import type { PromisedWeek } from './promises-report.store.ts'
import { figureWords, type ReportRow, type ReportTable } from './report-table.views.ts'
import { groupMin, shownCount, shownShare, shownTotal } from './small-groups.rules.ts'

export type CampaignFigures = {
  readonly label: string
  readonly target: number
  readonly sent: number
  readonly delivered: number
  readonly accessed: number
  readonly identified: number
  readonly answered: number
  readonly paid: number
  readonly cured: number
}

const funnelSteps = ['対象', '送信', '到達', 'アクセス', '認証', '回答', '入金', '完済'] as const

/** A row a campaign. One to fewer than ten people tells nothing but that it was. */
export const campaignTable = (campaigns: readonly CampaignFigures[]): ReportTable => ({
  caption:
    '配信ごとの人数と割合（古い順）。回答・入金・完済は、配信から14日以内のもの。完済率は、送信したお客様のうち完済した方の割合',
  columns: [
    ...funnelSteps.map((label) => ({ label, unit: 'count' as const })),
    { label: '回答率', unit: 'share', isDrawn: true },
    { label: '完済率', unit: 'share', isDrawn: true },
  ],
  rows: campaigns.map((one): ReportRow => {
    const { target, sent, delivered, accessed, identified, answered, paid, cured } = one
    const counts = [target, sent, delivered, accessed, identified, answered, paid, cured]
    return {
      label: one.label,
      cells: [
        ...counts.map((count) => (target < groupMin && target > 0 ? 'few' : shownCount(count))),
        shownShare(answered, sent),
        shownShare(cured, sent),
      ],
    }
  }),
})

const cohortColumns = [
  ['対象', 'cases'],
  ['送信', 'sent'],
  ['到達', 'delivered'],
  ['認証', 'identified'],
  ['回答', 'answered'],
  ['入金', 'paid'],
  ['完済', 'cured'],
] as const

const cureColumns = [
  ['3日以内', 'curedIn3'],
  ['7日以内', 'curedIn7'],
  ['14日以内', 'curedIn14'],
] as const

/** A row a day on which guidance began. */
export const cohortTable = (cohorts: readonly Cohort[]): ReportTable => ({
  caption: '案内を始めた日ごとの人数と、完済した方の割合',
  columns: [
    ...cohortColumns.map(([label]) => ({ label, unit: 'count' as const })),
    ...cureColumns.map(([label]) => ({ label: `完済率（${label}）`, unit: 'share' as const, isDrawn: true })),
  ],
  rows: cohorts.map((cohort) => ({
    label: japaneseDay(cohort.day),
    cells: [
      ...cohortColumns.map(([, key]) => shownCount(cohort[key])),
      ...cureColumns.map(([, key]) => shownShare(cohort[key], cohort.cases)),
    ],
  })),
  total: {
    label: '合計',
    cells: [
      ...cohortColumns.map(([, key]) => shownTotal(groupsOf(cohorts.map((cohort) => cohort[key])))),
      ...cureColumns.map(([, key]) =>
        totalShare(
          cohorts.map((cohort) => cohort[key]),
          cohorts.map(({ cases }) => cases),
        ),
      ),
    ],
  },
})

const groupsOf = (counts: readonly number[]) => counts.map((count) => ({ count, people: count }))

const totalShare = (parts: readonly number[], wholes: readonly number[]) => {
  const [part, whole] = [shownTotal(groupsOf(parts)), shownTotal(groupsOf(wholes))]
  return part === 'few' || whole === 'few' ? 'few' : shownShare(part, whole)
}

/** Monday first, as weeks are worked. */
const weekdays = [1, 2, 3, 4, 5, 6, 0] as const
const weekdayNames = ['日', '月', '火', '水', '木', '金', '土'] as const
const hours = Array.from({ length: 24 }, (_, hour) => hour)

/** A row an hour, a column a weekday. */
export const hoursTable = (answered: readonly AnsweredHour[]): ReportTable => {
  const cellOf = (weekday: number, hour: number) => {
    const found = answered.find((each) => each.weekday === weekday && each.hour === hour)
    return { count: found?.answers ?? 0, people: found?.people ?? 0 }
  }
  const shown = ({ count, people }: ReturnType<typeof cellOf>) => shownCount(count, people)
  const ofHour = (hour: number) => weekdays.map((weekday) => cellOf(weekday, hour))
  const ofWeekday = (weekday: number) => hours.map((hour) => cellOf(weekday, hour))
  return {
    caption: 'お客様がご自身で回答した件数（曜日と時間帯）',
    columns: [
      ...weekdays.map((weekday) => ({ label: weekdayNames[weekday], unit: 'count' as const })),
      { label: '合計', unit: 'count', isDrawn: true },
    ],
    rows: hours.map((hour) => ({
      label: `${hour}時台`,
      cells: [...ofHour(hour).map(shown), shownTotal(ofHour(hour))],
    })),
    total: {
      label: '合計',
      cells: [
        ...weekdays.map((weekday) => shownTotal(ofWeekday(weekday))),
        shownTotal(weekdays.flatMap((weekday) => ofWeekday(weekday))),
      ],
    },
  }
}

/** The hour with the most answers, as far as it may be told. */
export const busiestHour = ({ rows, total }: ReportTable): string => {
  const sumOf = ({ cells }: ReportRow) => {
    const sum = cells.at(-1)
    return typeof sum === 'number' ? sum : 0
  }
  const busiest = rows.toSorted((one, other) => sumOf(other) - sumOf(one))[0]
  const all = `お客様の回答 ${figureWords(total?.cells.at(-1), 'count')}件`
  return busiest === undefined || sumOf(busiest) === 0
    ? all
    : `${all}・いちばん多いのは${busiest.label}（${figureWords(busiest.cells.at(-1), 'count')}件）`
}

const promiseColumns = [
  ['ご予定', 'promises'],
  ['履行', 'kept'],
  ['不履行', 'broken'],
  ['取消', 'cancelled'],
  ['確認待ち', 'pending'],
] as const

/** A row a week of promised days. Only what has been decided by money counts in the rate. */
export const promisesTable = (weeks: readonly PromisedWeek[]): ReportTable => ({
  caption: 'ご予定の日の週ごとの件数。履行率は、履行と不履行のうち履行の割合',
  columns: [
    ...promiseColumns.map(([label]) => ({ label, unit: 'count' as const })),
    { label: '履行率', unit: 'share', isDrawn: true },
  ],
  rows: weeks.map((week) => ({
    label: weekLabel(week.monday),
    cells: [
      ...promiseColumns.map(([, key]) => shownCount(week[key], Math.min(week[key], week.people))),
      shownShare(week.kept, week.kept + week.broken),
    ],
  })),
  total: {
    label: '合計',
    cells: [
      ...promiseColumns.map(([, key]) =>
        shownTotal(weeks.map((week) => ({ count: week[key], people: Math.min(week[key], week.people) }))),
      ),
      totalShare(
        weeks.map(({ kept }) => kept),
        weeks.map(({ kept, broken }) => kept + broken),
      ),
    ],
  },
})

const weekLabel = (monday: Day): string => `${shortDay(monday)}〜${shortDay(addDays(monday, 6))}`

const shortDay = (day: Day): string => `${monthOf(day)}/${dayOfMonthOf(day)}`
