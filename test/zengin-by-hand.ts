/**
 * A 91 result file written without any code of the program, so that the two cannot agree on the same mistake.
 * Positions: 全銀協 口座振替, 120 bytes a record.
 */
export const resultFileByHand = (
  debitDay: string,
  debits: readonly { readonly customerNumber: string; readonly amount: number; readonly result: string }[],
): Buffer => {
  const mmdd = debitDay.slice(5, 7) + debitDay.slice(8, 10)
  const n = (value: string | number, width: number) => String(value).padStart(width, '0')
  const c = (value: string, width: number) => value.padEnd(width, ' ')
  const sum = (results: (result: string) => boolean) => {
    const chosen = debits.filter(({ result }) => results(result))
    return (
      n(chosen.length, 6) +
      n(
        chosen.reduce((total, { amount }) => total + amount, 0),
        12,
      )
    )
  }
  const header = `1910${n('9876543210', 10)}${c('ANNAI TEST', 40)}${mmdd}${n('0000', 4)}${c('MIHON', 15)}${n('001', 3)}${c('HONTEN', 15)}1${n('1234567', 7)}`
  const data = debits.map(
    ({ customerNumber, amount, result }) =>
      `2${n('0001', 4)}${c('MIHON', 15)}${n('002', 3)}${c('SHITEN', 15)}${c('', 4)}1${n('7654321', 7)}${c('TEST', 30)}${n(amount, 10)}0${n(customerNumber, 20)}${result}`,
  )
  const trailer = `8${sum(() => true)}${sum((result) => result === '0')}${sum((result) => result !== '0')}`
  return Buffer.from([header, ...data, trailer, '9'].map((record) => `${c(record, 120)}\r\n`).join(''), 'latin1')
}
