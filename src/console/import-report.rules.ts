import type {
  AccountsReport,
  CustomersReport,
  DebitsReport,
  DepositsReport,
  Import,
  ImportKind,
  UploadOutcome,
} from '#intake'
import { debitOutcomes } from '#intake'
import { formatYen, yen } from '#values/yen'
import { unmatchedWords } from './unmatched-words.rules.ts'

/** What became of a file, in plain words: the first sentence answers, the table adds up. */
export type ImportReport = {
  readonly tone: 'good' | 'warn' | 'bad'
  readonly headline: string
  readonly counts: readonly ImportCount[]
  /** What somebody should know or do besides. */
  readonly notes: readonly string[]
}

export type ImportCount = {
  readonly what: string
  readonly count: number
  /** Yen. */
  readonly amount?: number
  readonly why?: string
}

/** Of an import, as it was told when it was done. What was undone since then is the page's affair. */
export const reportOfImport = (kind: ImportKind, report: Import['report']): ImportReport => {
  switch (kind) {
    case 'customers':
      return ofCustomers(report as CustomersReport)
    case 'debits':
      return ofDebits(report as DebitsReport)
    case 'deposits':
      return ofDeposits(report as DepositsReport)
    case 'virtual-accounts':
      return ofAccounts(report as AccountsReport)
  }
}

/** Of a file that nothing was taken from. Every one of these sentences ends by saying so. */
export const reportOfRefusal = ({ outcome }: Pick<UploadOutcome, 'outcome'>): ImportReport => {
  const refused = (headline: string, ...notes: readonly string[]): ImportReport => ({
    tone: 'bad',
    headline: `${headline}取込は行われていません。`,
    counts: [],
    notes,
  })
  switch (outcome.kind) {
    case 'imported':
      throw new Error('Bug: an import is no refusal')
    case 'already-imported':
      return {
        tone: 'warn',
        headline: '同じ内容のファイルが、すでに取り込まれています。今回は何も変わっていません。',
        counts: [],
        notes: [],
      }
    case 'malformed':
    case 'wrong-rows': {
      const count = outcome.problems.length + outcome.furtherProblems
      return refused(`ファイルに${number(count)}か所の誤りがあります。`, '直したファイルを、もう一度お送りください。')
    }
    case 'wrong-header':
      return refused(
        '1行目の見出しが、この種類のファイルのものではありません。',
        'ファイルの種類の選び間違いがないか、ご確認ください。',
      )
    case 'broken-csv':
      return refused(`${number(outcome.line)}行目から先を、CSVとして読めません。`)
    case 'not-text':
      return refused('文字のファイルとして読めません。')
    case 'empty':
      return refused('ファイルに中身がありません。')
    case 'same-debits':
      return refused(
        '同じ委託者・口座・引落日の結果が、すでに取り込まれています。',
        '訂正されたファイルのときは、前の取込の画面から「訂正ファイルで置き換える」を選んでください。',
      )
    case 'replaces-other':
      return refused('置き換えようとした取込は、このファイルとは別の引落日・口座のものです。')
    case 'no-such-import':
      return refused('置き換えようとした取込が見つかりません。')
    case 'stays':
    case 'ended-before':
      return refused('置き換えようとした取込は、すでに取り消されているか、置き換えられないものです。')
    case 'notice-has-left':
      return refused('置き換えようとした取込からは、すでにご案内が送信されています。')
    case 'no-convenience-store':
      return refused('払込票（convenienceStore）が設定されていないため、コンビニの入金ファイルを読めません。')
    case 'no-virtual-accounts':
      return refused('仮想口座（virtualAccounts）が設定されていないため、口座の一覧を取り込めません。')
    case 'other-account':
      return refused(
        '当社の口座ではない口座の入金が含まれています。',
        ...outcome.accounts.map(
          ({ bankCode, branchCode, accountType, accountNumber }) =>
            `銀行 ${bankCode}　支店 ${branchCode}　${accountType} ****${accountNumber.slice(-3)}`,
        ),
      )
    case 'other-kind':
      return refused(
        '同じ口座・同じ期間の入金が、別の種類のファイル（01と03）ですでに取り込まれています。',
        '同じ入金が二重になるため、どちらか一方だけをお使いください。',
      )
    case 'failed':
      return refused(
        '取込の途中で3回、処理が止まりました。',
        '運用の担当者に、この画面のアドレスをお知らせください。ファイルは消去されています。',
      )
  }
}

const ofCustomers = ({
  rows,
  rejected,
  customers,
  contracts,
  newAccounts,
  sharedIdentities,
}: CustomersReport): ImportReport => {
  const isSame = customers.new + customers.changed + contracts.new + contracts.changed + rejected === 0
  const count = (what: string, of: CustomersReport['customers']): readonly ImportCount[] => [
    { what: `${what}：新規`, count: of.new },
    { what: `${what}：変更`, count: of.changed },
    { what: `${what}：変わりなし`, count: of.unchanged },
  ]
  return {
    tone: rejected > 0 ? 'warn' : 'good',
    headline: isSame
      ? `${number(rows)}行のすべてが、登録済みの内容と同じでした。変わったものはありません。`
      : rejected > 0
        ? `${number(rows)}行のうち${number(rows - rejected)}行を取り込みました。${number(rejected)}行は取り込めませんでした。`
        : `${number(rows)}行をすべて取り込みました。`,
    counts: [
      ...count('お客様', customers),
      ...count('ご契約', contracts),
      ...(rejected > 0 ? [{ what: '取り込めなかった行', count: rejected, why: '下の表をご覧ください' }] : []),
    ],
    notes: [
      ...(newAccounts > 0 ? [`${number(newAccounts)}人のお客様に、仮想口座が割り当てられました。`] : []),
      ...(sharedIdentities > 0
        ? [
            `${number(sharedIdentities)}人のお客様は、氏名・生年月日・携帯電話番号が別の顧客番号と同じです。同じ方として、まとめてご案内します。`,
          ]
        : []),
    ],
  }
}

const ofDebits = ({ debits, totals, surplus }: DebitsReport): ImportReport => {
  const billed = totals.find(({ outcome }) => outcome === 'billed')
  const unclear = totals.filter(({ outcome }) => debitOutcomes[outcome].report)
  const waiting = unclear.reduce((sum, { count }) => sum + count, 0)
  return {
    tone: waiting > 0 ? 'warn' : 'good',
    headline:
      `${number(debits)}件の振替結果を取り込みました。` +
      (billed === undefined
        ? '新しい案内の対象はありません。'
        : `新しい案内の対象は${number(billed.count)}件、${money(billed.amount)}です。`),
    counts: totals.map(({ outcome, count, amount }) => ({
      what: outcomeNames[outcome],
      count,
      amount,
      why: debitOutcomes[outcome].because,
    })),
    notes: [
      ...(waiting > 0
        ? [`案内の対象にならず、確認が必要なものが${number(waiting)}件あります。下の表をご覧ください。`]
        : []),
      ...(surplus > 0 ? [`${number(surplus)}件の入金が、ご請求より多くなりました（過入金）。`] : []),
    ],
  }
}

const outcomeNames: Readonly<Record<DebitsReport['totals'][number]['outcome'], string>> = {
  billed: '案内の対象',
  'failed-again': '再振替も不能',
  'unknown-customer': '顧客番号なし',
  'several-customers': '顧客番号が重複',
  'excluded-product': 'サービス対象外',
  'contract-unclear': '契約が不明',
  'zero-amount': '0円',
  'account-repair': '口座の確認',
  'stopped-by-depositor': '預金者による停止',
  'stopped-by-creditor': '委託者による停止',
  manual: '個別の確認',
  paid: '振替済',
  settled: '再振替で入金',
  'paid-twice': '二重の入金',
  'settles-unclear': '入金先が不明',
  'paid-other-amount': '金額が異なる入金',
}

const ofDeposits = ({ file, lines, notTaken, taken }: DepositsReport): ImportReport => {
  const { matched, unmatched, known, finalised, reversed, strayReversals, bills } = taken
  const counts: readonly ImportCount[] = [
    ...matched.map(({ how, certainty, count, amount }) => ({
      what: certainty === 'certain' ? '消込' : '消込（推定）',
      count,
      amount,
      why: matchedBy[how],
    })),
    ...unmatched.map(({ because, count, amount }) => ({ what: '未照合', count, amount, why: unmatchedWords[because] })),
    { what: '確報', ...finalised, why: '速報が取込済みの入金' },
    { what: '取消', ...reversed, why: '銀行または代行会社による取消' },
    { what: '取消（入金なし）', ...strayReversals, why: '取り消される入金が見つかりません' },
    { what: '取込済み', ...known, why: '前のファイルにある入金' },
    ...notTaken.map(({ because, count, amount }) => ({ what: '対象外', count, amount, why: notTakenBecause[because] })),
  ].filter(({ count }) => count > 0)
  const waiting = total(unmatched) + strayReversals.count
  return {
    tone: waiting > 0 ? 'warn' : 'good',
    headline: `${depositFiles[file.kind]}の${number(lines)}件を取り込み、${number(total(matched))}件を消し込みました。${
      waiting > 0 ? `${number(waiting)}件は、人の確認を待っています。` : '人の確認を待つ入金はありません。'
    }`,
    counts,
    notes: [
      `${number(bills.settled)}件のご請求が入金済みになりました。`,
      ...(bills.reopened > 0 ? [`${number(bills.reopened)}件のご請求が、取消により再び未入金になりました。`] : []),
      ...(bills.surplus > 0 ? [`${number(bills.surplus)}件の入金が、ご請求より多くなりました（過入金）。`] : []),
    ],
  }
}

const depositFiles: Readonly<Record<DepositsReport['file']['kind'], string>> = {
  '01': '振込入金通知（01）',
  '03': '入出金取引明細（03）',
  'convenience-store': 'コンビニ入金',
}

const matchedBy: Readonly<Record<DepositsReport['taken']['matched'][number]['how'], string>> = {
  'virtual-account': 'お客様専用の口座',
  slip: '払込票の番号',
  reference: '依頼人番号・名義の番号',
  name: '金額と名義',
}

const notTakenBecause: Readonly<Record<DepositsReport['notTaken'][number]['because'], string>> = {
  withdrawal: '口座からの出金',
  'other-kind': '振込ではないもの（現金・小切手・訂正）',
  repeated: 'ファイルの中で重複',
}

const ofAccounts = ({ rows, added, notAdded }: AccountsReport): ImportReport => ({
  tone: 'good',
  headline: `${number(rows)}行のうち、新しい仮想口座は${number(added)}口座です。`,
  counts: [
    { what: '新しい口座', count: added },
    ...notAdded.map(({ because, count, lines }) => ({
      what: '変更なし',
      count,
      why: `${notAddedBecause[because]}（${lines.slice(0, linesShown).join('、')}行目${count > linesShown ? 'ほか' : ''}）`,
    })),
  ],
  notes: [],
})

const linesShown = 10

const notAddedBecause: Readonly<Record<AccountsReport['notAdded'][number]['because'], string>> = {
  'twice-in-file': 'ファイルの中で重複',
  known: '登録済み',
  assigned: 'お客様に割り当て済み',
}

const total = (sums: readonly { readonly count: number }[]) => sums.reduce((sum, { count }) => sum + count, 0)

const number = (count: number): string => count.toLocaleString('ja-JP')

const money = (amount: number): string => formatYen(yen(amount))
