import { type Creditor, findProduct, type ProductKey } from '#creditor'
import type { PayEasyNumbers } from '#customers'
import type { Day } from '#values/day'
import type { Phone } from '#values/phone'
import type { Yen } from '#values/yen'
import {
  readAmount,
  readContractNumber,
  readDigits,
  readFlag,
  readKana,
  readNumber,
  readPastDay,
  readPercent,
  readPhone,
  Wrong,
  wrong,
} from './customer-cells.format.ts'
import { type CustomerColumn, type CustomerHeader, customerColumns } from './customer-columns.format.ts'

/** A row as the program has it from here on. */
export interface CustomerRow {
  readonly customerNumber: string
  readonly family: string
  readonly given: string
  readonly birthDate: Day
  readonly phone: Phone
  readonly contractNumber: string
  readonly product: ProductKey
  readonly excluded: boolean
  readonly debitNumber: string | undefined
  /** The customer's own account at the creditor's bank for virtual accounts. */
  readonly account: { readonly branchCode: string; readonly number: string } | undefined
  readonly contractDay: Day | undefined
  readonly loanAmount: Yen | undefined
  readonly annualRatePercent: string | undefined
  readonly payEasy: PayEasyNumbers | undefined
}

export type CustomerRowRead =
  | { readonly kind: 'row'; readonly row: CustomerRow }
  /** Reasons in the words of whoever corrects the file; the customer's number when at least that could be read. */
  | { readonly kind: 'rejected'; readonly reasons: readonly string[]; readonly customerNumber: string | undefined }

export interface RowContext {
  readonly creditor: Creditor
  readonly today: Day
}

export function readCustomerRow(
  cells: readonly string[],
  { at, width }: Extract<CustomerHeader, { readonly kind: 'header' }>,
  { creditor, today }: RowContext,
): CustomerRowRead {
  const reasons: string[] = []
  const refuse = (column: CustomerColumn, { because }: Wrong): undefined => {
    reasons.push(`${customerColumns[column].japanese}：${because}`)
  }
  const cell = (column: CustomerColumn) => (cells[at.get(column) ?? -1] ?? '').trim()
  const checked = <T>(column: CustomerColumn, read: (text: string) => T | Wrong): T | undefined => {
    const found = read(cell(column))
    return found instanceof Wrong ? refuse(column, found) : found
  }
  const ifAny = <T>(column: CustomerColumn, read: (text: string) => T | Wrong): T | undefined =>
    cell(column) === '' ? undefined : checked(column, read)
  /** Of cells that mean something only together: once one is there, all of them are asked for. */
  const isAny = (...columns: readonly CustomerColumn[]): boolean => columns.some((column) => cell(column) !== '')
  const customerNumber = checked('customerNumber', readNumber)
  const row = {
    customerNumber,
    family: checked('family', readKana),
    given: checked('given', readKana),
    birthDate: checked('birthDate', (text) => readPastDay(text, today)),
    phone: checked('phone', (text) => readPhone(text, creditor)),
    contractNumber: checked('contractNumber', readContractNumber),
    product: checked('product', (text) => findProduct(creditor, text) ?? wrong(text, '設定にない商品です')),
    excluded: checked('excluded', readFlag),
    debitNumber: ifAny('debitNumber', readNumber),
    account: isAny('accountBranch', 'accountNumber')
      ? {
          branchCode: checked('accountBranch', (text) => readBranch(text, creditor)),
          number: checked('accountNumber', (text) => readDigits(text, 7)),
        }
      : undefined,
    contractDay: ifAny('contractDay', (text) => readPastDay(text, today)),
    loanAmount: ifAny('loanAmount', readAmount),
    annualRatePercent: ifAny('annualRatePercent', readPercent),
    payEasy: isAny('payEasyInstitution', 'payEasyPayer', 'payEasyConfirmation', 'payEasyCategory')
      ? {
          institutionNumber: checked('payEasyInstitution', (text) => readDigits(text, 5)),
          payerNumber: checked('payEasyPayer', (text) => readDigits(text, 1, 20)),
          confirmationNumber: checked('payEasyConfirmation', (text) => readDigits(text, 1, 6)),
          category: ifAny('payEasyCategory', (text) => readDigits(text, 1, 10)),
        }
      : undefined,
  }
  if (cells.length !== width) reasons.push(`列の数が見出しと異なります（${cells.length}列）`)
  if (reasons.length > 0) return { kind: 'rejected', reasons, customerNumber }
  return { kind: 'row', row: row as CustomerRow }
}

function readBranch(text: string, { virtualAccounts }: Creditor): string | Wrong {
  if (virtualAccounts === undefined) return wrong(text, '仮想口座は設定されていません')
  const code = readDigits(text, 3)
  return code instanceof Wrong || code in virtualAccounts.branches ? code : wrong(text, '設定にない支店です')
}
