/** The columns of the master, by the names its header may have. */
export const customerColumns = {
  customerNumber: { english: 'customer_number', japanese: '顧客番号' },
  family: { english: 'kana_family_name', japanese: 'カナ姓' },
  given: { english: 'kana_given_name', japanese: 'カナ名' },
  birthDate: { english: 'birth_date', japanese: '生年月日' },
  phone: { english: 'mobile_number', japanese: '携帯電話番号' },
  contractNumber: { english: 'contract_number', japanese: '契約番号' },
  product: { english: 'product', japanese: '商品' },
  excluded: { english: 'excluded', japanese: '対象外' },
  debitNumber: { english: 'debit_number', japanese: '引落顧客番号', optional: true },
  accountBranch: { english: 'virtual_account_branch', japanese: '仮想口座支店', optional: true },
  accountNumber: { english: 'virtual_account_number', japanese: '仮想口座番号', optional: true },
  contractDay: { english: 'contract_day', japanese: '契約日', optional: true },
  loanAmount: { english: 'loan_amount', japanese: '貸付金額', optional: true },
  annualRatePercent: { english: 'annual_rate_percent', japanese: '利率', optional: true },
  payEasyInstitution: { english: 'pay_easy_institution', japanese: '収納機関番号', optional: true },
  payEasyPayer: { english: 'pay_easy_payer', japanese: 'お客様番号', optional: true },
  payEasyConfirmation: { english: 'pay_easy_confirmation', japanese: '確認番号', optional: true },
  payEasyCategory: { english: 'pay_easy_category', japanese: '納付区分', optional: true },
} as const

export type CustomerColumn = keyof typeof customerColumns

/** Added to a file of rejected rows, and passed over when the corrected file comes back. */
export const rejectionColumns = ['行', '理由'] as const

export type CustomerHeader =
  | { readonly kind: 'header'; readonly at: ReadonlyMap<CustomerColumn, number>; readonly width: number }
  | {
      readonly kind: 'wrong-header'
      readonly missing: readonly string[]
      readonly unknown: readonly string[]
      readonly doubled: readonly string[]
    }

/** Which cell is what, whatever the order. Names are named as they stand in the file. */
export function readCustomerHeader(cells: readonly string[]): CustomerHeader {
  const at = new Map<CustomerColumn, number>()
  const [unknown, doubled]: [string[], string[]] = [[], []]
  for (const [index, cell] of cells.entries()) {
    const name = cell.normalize('NFKC').trim()
    const column = columnNamed(name)
    if (column === undefined) {
      if (!isRejectionColumn(name)) unknown.push(name)
    } else if (at.has(column)) doubled.push(name)
    else at.set(column, index)
  }
  const missing = columns
    .filter((column) => !at.has(column) && !('optional' in customerColumns[column]))
    .map((column) => `${customerColumns[column].english} (${customerColumns[column].japanese})`)
  if (missing.length + unknown.length + doubled.length > 0) return { kind: 'wrong-header', missing, unknown, doubled }
  return { kind: 'header', at, width: cells.length }
}

/** The header of a master with every column, for examples and samples. */
export const customersHeader: readonly string[] = Object.values(customerColumns).map(({ english }) => english)

const columns = Object.keys(customerColumns) as readonly CustomerColumn[]

function columnNamed(name: string): CustomerColumn | undefined {
  return columns.find(
    (column) => customerColumns[column].english === name.toLowerCase() || customerColumns[column].japanese === name,
  )
}

function isRejectionColumn(name: string): boolean {
  return rejectionColumns.some((column) => column === name)
}
