import { type Creditor, findProduct, type ProductKey } from '#creditor'
import { parseBirthDate } from '#values/birth-date'
import type { Day } from '#values/day'
import { parseKanaName } from '#values/kana'
import { type Phone, parseMobile } from '#values/phone'

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
  const cell = (column: CustomerColumn) => (cells[at.get(column) ?? -1] ?? '').trim()
  const checked = <T>(column: CustomerColumn, read: (text: string) => T | Wrong): T | undefined => {
    const found = read(cell(column))
    if (!(found instanceof Wrong)) return found
    reasons.push(`${customerColumns[column].japanese}：${found.because}`)
    return undefined
  }
  const customerNumber = checked('customerNumber', readNumber)
  const row = {
    customerNumber,
    family: checked('family', readKana),
    given: checked('given', readKana),
    birthDate: checked('birthDate', (text) => readBirthDate(text, today)),
    phone: checked('phone', (text) => readPhone(text, creditor)),
    contractNumber: checked('contractNumber', readContractNumber),
    product: checked('product', (text) => findProduct(creditor, text) ?? wrong(text, '設定にない商品です')),
    excluded: checked('excluded', readFlag),
    debitNumber: checked('debitNumber', (text) => (text === '' ? '' : readNumber(text))),
  }
  if (cells.length !== width) reasons.push(`列の数が見出しと異なります（${cells.length}列）`)
  if (reasons.length > 0) return { kind: 'rejected', reasons, customerNumber }
  return { kind: 'row', row: { ...(row as CustomerRow), debitNumber: row.debitNumber || undefined } }
}

/** Names longer than this are no names, and a bank's field has 30 bytes. */
const nameLengthMax = 50
const contractLengthMax = 40
/** 顧客番号 has 20 bytes in the result file; a longer number could never be matched. */
const numberLengthMax = 20

class Wrong {
  readonly because: string

  constructor(because: string) {
    this.because = because
  }
}

const columns = Object.keys(customerColumns) as readonly CustomerColumn[]

function columnNamed(name: string): CustomerColumn | undefined {
  return columns.find(
    (column) => customerColumns[column].english === name.toLowerCase() || customerColumns[column].japanese === name,
  )
}

function isRejectionColumn(name: string): boolean {
  return rejectionColumns.some((column) => column === name)
}

function wrong(text: string, because: string): Wrong {
  return new Wrong(text === '' ? '入力がありません' : because)
}

function readNumber(text: string): string | Wrong {
  const isNumber = /^[\x20-\x7e\uff61-\uff9f]+$/.test(text)
  if (!isNumber) return wrong(text, '半角の文字で入力してください')
  return text.length > numberLengthMax ? wrong(text, `${numberLengthMax}文字までです`) : text
}

function readKana(text: string): string | Wrong {
  if (text.length > nameLengthMax) return wrong(text, `${nameLengthMax}文字までです`)
  return parseKanaName(text) ?? wrong(text, 'カナではありません')
}

function readBirthDate(text: string, today: Day): Day | Wrong {
  const read = parseBirthDate(text, today)
  switch (read.kind) {
    case 'birth-date':
      return read.day
    case 'missing':
      return wrong(text, '')
    case 'future':
      return wrong(text, '未来の日付です')
    case 'year':
      return wrong(text, '年が正しくありません')
    case 'malformed':
    case 'month':
    case 'day':
    case 'no-such-day':
      return wrong(text, '実在する日付ではありません')
  }
}

function readPhone(text: string, { policies, demo }: Creditor): Phone | Wrong {
  const rules = { prefixes: policies.identity.mobilePrefixes, allowDemo0900: demo }
  const read = parseMobile(text, rules)
  return read.kind === 'mobile' ? read.phone : wrong(text, '携帯電話番号ではありません')
}

function readContractNumber(text: string): string | Wrong {
  if (text.length > contractLengthMax) return wrong(text, `${contractLengthMax}文字までです`)
  return text === '' || /\p{Cc}/u.test(text) ? wrong(text, '使えない文字があります') : text
}

function readFlag(text: string): boolean | Wrong {
  if (text === '0' || text === '1') return text === '1'
  return wrong(text, '0か1を入力してください')
}
