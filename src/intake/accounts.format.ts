import type { Creditor } from '#creditor'
import type { CsvColumns, CsvHeader } from './csv-header.format.ts'
import { type CsvProblem, rowProblems, WrongCell } from './csv-problem.format.ts'

/** The columns of a bank's list of virtual accounts. */
export const accountColumns = {
  bankCode: { english: 'bank_code', japanese: '銀行コード' },
  branchCode: { english: 'branch_code', japanese: '支店コード' },
  accountType: { english: 'account_type', japanese: '預金種目' },
  accountNumber: { english: 'account_number', japanese: '口座番号' },
} as const satisfies CsvColumns<string>

export type AccountColumn = keyof typeof accountColumns

export interface VirtualAccount {
  readonly bankCode: string
  readonly branchCode: string
  readonly accountType: '普通' | '当座' | '貯蓄'
  readonly accountNumber: string
}

export type AccountRead =
  | { readonly kind: 'account'; readonly account: VirtualAccount }
  | { readonly kind: 'wrong'; readonly problems: readonly CsvProblem[] }

/**
 * One account. Codes and numbers have all their digits: where a spreadsheet has eaten zeros in front nobody can be sure
 * that it ate nothing else, and what is written here is somebody's account for good.
 */
export function readAccount(
  { cells, line }: { readonly cells: readonly string[]; readonly line: number },
  { at, width }: Extract<CsvHeader<AccountColumn>, { readonly kind: 'header' }>,
  { bankCode: ourBank, branches }: NonNullable<Creditor['virtualAccounts']>,
): AccountRead {
  const row = rowProblems(line)
  const checked = <T>(column: AccountColumn, read: (cell: string) => T | WrongCell): T | undefined => {
    const cell = (cells[at.get(column) ?? -1] ?? '').normalize('NFKC').trim()
    return row.check(accountColumns[column].japanese, cell, read)
  }
  const account = {
    bankCode: checked('bankCode', (cell) => readCode(cell, 4, (code) => code === ourBank)),
    branchCode: checked('branchCode', (cell) => readCode(cell, 3, (code) => branches[code] !== undefined)),
    accountType: checked(
      'accountType',
      (cell) => types.get(cell) ?? new WrongCell('not 普通 (1), 当座 (2) or 貯蓄 (4)'),
    ),
    accountNumber: checked('accountNumber', (cell) => readCode(cell, 7, () => true)),
  }
  if (cells.length !== width) row.add(`the row has ${cells.length} cells and the header ${width}`)
  if (row.problems.length > 0) return { kind: 'wrong', problems: row.problems }
  return { kind: 'account', account: account as VirtualAccount }
}

/** By name, or by the code of the banks' files. */
const types: ReadonlyMap<string, VirtualAccount['accountType']> = new Map([
  ['普通', '普通'],
  ['当座', '当座'],
  ['貯蓄', '貯蓄'],
  ['1', '普通'],
  ['2', '当座'],
  ['4', '貯蓄'],
])

function readCode(cell: string, digits: number, isOurs: (code: string) => boolean): string | WrongCell {
  if (!/^\d+$/.test(cell) || cell.length !== digits) return new WrongCell(`not ${digits} digits`)
  return isOurs(cell) ? cell : new WrongCell('not in virtualAccounts of the creditor’s file')
}
