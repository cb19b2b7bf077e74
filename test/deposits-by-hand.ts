/**
 * Files of money written without any code of the program, so that the two cannot agree on the same mistake. Positions:
 * 全銀協 振込入金通知 (01, forms A and B) and 入出金取引明細 (03), 200 bytes a record, JIS X 0201.
 */

export type Money = {
  readonly inquiry?: string
  /** 和暦 YYMMDD. */
  readonly day?: string
  /** 起算日; the same day when left out. */
  readonly valueDay?: string
  readonly amount: number
  readonly payerCode?: string
  readonly payer?: string
  readonly reversal?: boolean
  /** Only 03: 入払区分 and 取引区分. */
  readonly direction?: '1' | '2'
  readonly kind?: string
}

export type Account = {
  readonly bank: string
  readonly branch: string
  readonly type?: string
  readonly number: string
  readonly from?: string
  readonly to?: string
}

type Part = { readonly account: Account; readonly money: readonly Money[] }
type Writing = { readonly separator?: string; readonly secondAmounts?: boolean }

export const bankNoticeByHand = (
  form: 'A' | 'B',
  parts: readonly Part[],
  { separator = '\r\n', secondAmounts = false }: Writing = {},
): Buffer => {
  const records = parts.flatMap(({ account, money }) => {
    const header = `1010${'081124'}${account.from ?? '081101'}${account.to ?? '081130'}${account.bank}${c('MIHON', 15)}${account.branch}${c('ﾎﾝﾃﾝ', 15)}${account.type ?? '1'}${account.number}${c('ｱﾝﾅｲ', 40)}`
    const data = money.map(({ inquiry = '000001', day = '081120', valueDay, amount, payerCode, payer, reversal }) => {
      const start = `2${inquiry}${day}${valueDay ?? day}`
      const who = `${c(payerCode ?? '', 10)}${c(payer ?? '', 48)}${c('ﾐﾎﾝｷﾞﾝｺｳ', 15)}${c('ｼﾝｼﾞﾕｸ', 15)}${reversal ? '1' : ' '}`
      if (form === 'A') return `${start}${n(amount, 10)}${n(0, 10)}${who}${c('EDI', 20)}`
      const [first, second] = secondAmounts ? [0, amount] : [amount, 0]
      return `${start}${n(first, 10)}${n(0, 10)}${who}${n(second, 12)}${n(0, 12)}${c('EDI', 20)}`
    })
    const sums = [money.filter(({ reversal }) => !reversal), money.filter(({ reversal }) => reversal)].map(
      (lines) => n(lines.length, 6) + n(total(lines), 12),
    )
    return [header, ...data, `8${sums.join('')}`]
  })
  return jis([...records, '9'], separator)
}

export const statementByHand = (parts: readonly Part[], { separator = '\r\n' }: Writing = {}): Buffer => {
  const records = parts.flatMap(({ account, money }) => {
    const header = `1030${'081124'}${account.from ?? '081101'}${account.to ?? '081130'}${account.bank}${c('MIHON', 15)}${account.branch}${c('ﾎﾝﾃﾝ', 15)}000${account.type ?? '1'}000${account.number}${c('ｱﾝﾅｲ', 40)}1${' '}${n(5_000_000, 14)}`
    const data = money.map(
      ({ inquiry = '00000001', day = '081120', valueDay, amount, payerCode, payer, direction = '1', kind = '11' }) =>
        `2${inquiry.padStart(8, '0')}${day}${valueDay ?? day}${direction}${kind}${n(amount, 12)}${n(0, 12)}${n(0, 6)}${n(0, 6)}0${n(0, 7)}000${c(payerCode ?? '', 10)}${c(payer ?? '', 48)}${c('ﾐﾎﾝｷﾞﾝｺｳ', 15)}${c('ｼﾝｼﾞﾕｸ', 15)}${c('ﾌﾘｺﾐ', 20)}${c('', 20)} `,
    )
    const [came, went] = [money.filter(isIn), money.filter((line) => !isIn(line))]
    const sums = [came, went].map((lines) => n(lines.length, 6) + n(total(lines), 13))
    return [header, ...data, `8${sums.join('')}1${n(5_000_000 + total(came) - total(went), 14)}${n(money.length, 7)}`]
  })
  return jis([...records, `9${n(records.length + 1, 10)}${n(parts.length, 5)}`], separator)
}

const isIn = ({ direction }: Money): boolean => direction !== '2'

const total = (lines: readonly Money[]): number => lines.reduce((sum, { amount }) => sum + amount, 0)

const n = (value: number, width: number): string => String(value).padStart(width, '0')

const c = (value: string, width: number): string => value.padEnd(width, ' ')

/** Half-width kana begin at U+FF61 in Unicode and at A1 here. */
const jis = (records: readonly string[], separator: string): Buffer =>
  Buffer.concat(
    records.map((record) =>
      Buffer.from([
        ...[...c(record, 200)].map((sign) => {
          const point = sign.charCodeAt(0)
          return point >= 0xff61 ? point - 0xff61 + 0xa1 : point
        }),
        ...Buffer.from(separator),
      ]),
    ),
  )
