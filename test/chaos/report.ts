import type { Promptness } from './prompt.rules.ts'
import type { ChaosReport } from './run.ts'

/** The table of a run, as docs/chaos.md has it, and what was wrong. */
export const showReport = (report: ChaosReport, commit: string): string => {
  const { options, done, counts, figures, line, violations, promptness } = report
  const { submits } = counts
  const kills =
    done['kill-worker'] + done['kill-network'] + done['kill-database'] + done['kill-session'] + done['kill-carrier']
  const because = Object.entries(figures.doubtfulBecause).map(([word, count]) => `${word} ${count}`)
  const rows: readonly (readonly [string, string | number])[] = [
    ['commit, seed, receipts', `${commit}, ${options.seed}, ${options.receipts}`],
    ['notices, codes', `${figures.notices}, ${figures.codes}`],
    ['workers', options.workers],
    [
      'kills −9',
      `${kills} of ${options.kills}: worker ${done['kill-worker']}, database session ${done['kill-session']}, network ${done['kill-network']}, whole database ${done['kill-database']}${options.carriers === 2 ? `, carrier ${done['kill-carrier']}` : ''}`,
    ],
    ['workers put to sleep', done['pause-worker']],
    [
      'connections, cut by',
      `${counts.connectionsEver}; us ${done['cut-network']} times all, the network ${report.networkEndings}, the carrier ${submits['cut-before'] + submits['cut-after'] + submits.torn}`,
    ],
    ...(promptness === undefined ? [] : failoverRows(report, promptness)),
    ['answers that never came', submits.lost + submits.unanswered],
    ['throttled or queue full', submits.throttled + submits['queue-full'] + submits['over-rate']],
    ['taken by the carrier', figures.taken],
    ['doubtful at some time', `${figures.doubtful} (${because.join(', ')})`],
    ['repeated', figures.repeated],
    ['lost', figures.lost],
    ['duplicate codes', figures.duplicateCodes],
    ['duplicate notices', figures.duplicateNotices],
    ['delivered, not delivered, unknown', `${line.delivered}, ${line.undelivered}, ${line.unknown}`],
    [
      '対象 = 送信 + 除外 + 失敗 + 未送信',
      `${line.target} = ${line.sent} + ${line.excluded} + ${line.failed} + ${line.unsent}`,
    ],
    ['workers started in vain', report.workerRestarts],
    [
      'queueing, rough, calm',
      [report.queueingMs, report.roughMs, report.calmMs].map((ms) => `${Math.round(ms / 1_000)} s`).join(', '),
    ],
    ['violations', violations.length],
  ]
  return [
    '| | |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    '',
    ...wrongs(violations),
  ].join('\n')
}

const failoverRows = ({ done }: ChaosReport, p: Promptness): readonly (readonly [string, string])[] => [
  [
    'carriers that died, hung, turned everybody away for 2 to 12 s',
    `${done['kill-carrier']}, ${done['hang-carrier']}, ${done['turn-away']}`,
  ],
  [
    'codes judged, asked for in such a time, taken by the other carrier (and in all)',
    `${p.judged}, ${p.inTrouble}, ${p.moved} (${p.movedInAll})`,
  ],
  [
    'from a code’s commit to a carrier: median, p99, longest',
    [p.medianMs, p.p99Ms, p.longestMs].map((ms) => `${(ms / 1_000).toFixed(1)} s`).join(', '),
  ],
]

const shownPerCheck = 5

const wrongs = (violations: ChaosReport['violations']): readonly string[] =>
  [...Map.groupBy(violations, ({ check }) => check)].flatMap(([check, found]) => [
    `${check}: ${found.length}`,
    ...found.slice(0, shownPerCheck).map(({ id, detail }) => `  ${id} ${detail}`),
  ])
