import {
  type AccountsReport,
  type DepositsReport,
  type ImportAccountsOutcome,
  type ImportDepositsOutcome,
  importAccounts,
  importDeposits,
} from '#intake'
import { fileSource } from '#platform/source'
import { type Day, dayInJst } from '#values/day'
import { maskId } from '#values/mask'
import { formatYen, yen } from '#values/yen'
import type { Settings } from '../settings.ts'
import { table, terminal, withProgress } from '../terminal.ts'
import { waitsBecause } from './deposit-words.ts'
import { wordsOfRefused } from './refused-file-words.ts'
import { actorOf, withWorld } from './with-world.ts'

type Common = { readonly json?: boolean; readonly as?: string }

export const importDepositsCommand = (
  settings: Settings,
  options: Common & { readonly received?: Day },
  file: string,
): Promise<number> =>
  withWorld(settings, async (world) => {
    const source = await fileSource(file)
    const now = world.clock.now()
    const received = options.received ?? dayInJst(now)
    const outcome = await withProgress(source.name, (progress) =>
      importDeposits(world, source, { by: actorOf(options), now, received, progress }),
    )
    if (options.json) terminal.json(outcome)
    else if (outcome.kind === 'imported') terminal.data(depositsWords(outcome).join('\n'))
    else notImportedWords(outcome, file).forEach(terminal.say)
    return isDone(outcome) ? 0 : 1
  })

type Imported<Outcome> = Extract<Outcome, { readonly kind: 'imported' }>

const depositsWords = ({ id, report }: Imported<ImportDepositsOutcome>): readonly string[] => [
  `imported ${id}: ${report.lines} lines of ${fileKinds[report.file.kind]}`,
  table(rowsOf(report)),
  ...followUpWords(report),
]

const notImportedWords = (
  outcome: Exclude<ImportDepositsOutcome, { readonly kind: 'imported' }>,
  file: string,
): readonly string[] => {
  const nothing = 'Nothing has changed.'
  switch (outcome.kind) {
    case 'already-imported':
      return [`${file}: this file was imported before, as ${outcome.id}. ${nothing}`]
    case 'no-convenience-store':
      return [`${file}: the creditor’s file has no convenienceStore, so slips cannot be told. ${nothing}`]
    case 'other-account': {
      const accounts = outcome.accounts.map(
        ({ bankCode, branchCode, accountType, accountNumber }) =>
          `${bankCode}-${branchCode} ${accountType} ${maskId(accountNumber)}`,
      )
      const ours = 'transferAccounts, virtualAccounts'
      return [`${file}: these accounts are not the creditor’s (${ours}): ${accounts.join(', ')}. ${nothing}`]
    }
    case 'other-kind':
      return [
        `${file}: another kind of file for the same account and days is in force, and both tell of the same money ` +
          `under other numbers: ${outcome.importIds.join(', ')}. ${nothing}`,
      ]
    case 'malformed': {
      // Whoever mixes up the two has the right file and the wrong command.
      const isDebits = outcome.problems.some(({ kind, found }) => kind === 'other-format' && found === '91')
      const hint = isDebits ? [`annai import debits ${file} takes it in.`] : []
      return [...wordsOfRefused(file, outcome, meant), ...hint]
    }
    default:
      return wordsOfRefused(file, outcome, meant)
  }
}

const meant = 'a report of convenience-store payments'

const fileKinds = {
  '01': '振込入金通知 (01)',
  '03': '入出金取引明細 (03)',
  'convenience-store': 'convenience-store payments',
} as const

/** What became of every line, in yen. */
const rowsOf = ({ taken, notTaken }: DepositsReport): readonly (readonly string[])[] => {
  const { matched, unmatched, known, finalised, reversed, strayReversals } = taken
  const row = (what: string, { count, amount }: { readonly count: number; readonly amount: number }, why = '') =>
    count === 0 ? [] : [[what, String(count), formatYen(yen(amount)), why]]
  return [
    ...matched.flatMap((sum) => row('matched', sum, `${matchedBy[sum.how]}, ${sum.certainty}`)),
    ...unmatched.flatMap((sum) => row('unmatched', sum, waitsBecause[sum.because])),
    ...row('finalised', finalised, '確報 of a 速報 that is here'),
    ...row('reversed', reversed, 'taken back by the bank or the agent'),
    ...row('reversals', strayReversals, 'of money that is not here'),
    ...row('known', known, 'an earlier file told of them'),
    ...notTaken.flatMap((sum) => row('not taken', sum, notTakenBecause[sum.because])),
  ]
}

const matchedBy: Readonly<Record<DepositsReport['taken']['matched'][number]['how'], string>> = {
  'virtual-account': 'by the customer’s own account',
  slip: 'by the slip',
  reference: 'by the number in 振込依頼人コード or name',
  name: 'by amount and name',
}

const notTakenBecause: Readonly<Record<DepositsReport['notTaken'][number]['because'], string>> = {
  withdrawal: 'money that left the account',
  'other-kind': 'no transfer: cash, a cheque or a correction',
  repeated: 'the file tells it twice',
}

const followUpWords = ({ taken: { bills, unmatched } }: DepositsReport): readonly string[] => [
  `${bills.settled} bills are settled, ${bills.reopened} are owed again`,
  ...(bills.surplus > 0 ? [`${bills.surplus} deposits are more than was owed: annai deposits surplus`] : []),
  ...(unmatched.length > 0 ? ['for people: annai deposits unmatched'] : []),
]

export const importAccountsCommand = (settings: Settings, options: Common, file: string): Promise<number> =>
  withWorld(settings, async (world) => {
    const source = await fileSource(file)
    const now = world.clock.now()
    const outcome = await withProgress(source.name, (progress) =>
      importAccounts(world, source, { by: actorOf(options), now, progress }),
    )
    if (options.json) terminal.json(outcome)
    else if (outcome.kind === 'imported') terminal.data(accountsWords(outcome).join('\n'))
    else noAccountsWords(outcome, file).forEach(terminal.say)
    return isDone(outcome) ? 0 : 1
  })

const accountsWords = ({ id, report }: Imported<ImportAccountsOutcome>): readonly string[] => [
  `imported ${id}: ${report.added} of ${report.rows} accounts are new`,
  ...report.notAdded.map(sayNotAdded),
]

const noAccountsWords = (
  outcome: Exclude<ImportAccountsOutcome, { readonly kind: 'imported' }>,
  file: string,
): readonly string[] => {
  switch (outcome.kind) {
    case 'already-imported':
      return [`${file}: this file was imported before, as ${outcome.id}. Nothing has changed.`]
    case 'no-virtual-accounts':
      return [`${file}: the creditor’s file has no virtualAccounts, so the bank cannot be told. Nothing has changed.`]
    default:
      return wordsOfRefused(file, outcome, 'a list of accounts')
  }
}

const sayNotAdded = ({ because, count, lines }: AccountsReport['notAdded'][number]): string => {
  const more = count > lines.length ? ` and ${count - lines.length} more` : ''
  return `${count} ${notAddedBecause[because]}: lines ${lines.join(', ')}${more}`
}

const notAddedBecause = {
  'twice-in-file': 'stand in the file twice',
  known: 'were in the pool before',
  assigned: 'are a customer’s already and stay theirs',
} as const

const isDone = ({ kind }: { readonly kind: string }): boolean => kind === 'imported' || kind === 'already-imported'
