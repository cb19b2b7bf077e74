import type { Day } from '#values/day'
import { type DepositsReader, depositLines, type TakeDepositLine } from './deposit-line.format.ts'
import { type Field, fieldText } from './zengin.format.ts'
import { format01, layout01, layout01B } from './zengin-01.format.ts'
import { masked } from './zengin-problem.format.ts'
import { numberIn, placeOf, readZengin, reportMismatches, type Where } from './zengin-reader.format.ts'

/** Reads a 振込入金通知 (01), form A or B, from its bytes as they come, and checks all of it. */
export function readDeposits01(received: Day, take: TakeDepositLine): DepositsReader {
  let headers: DepositLines['headers'] = []
  const reader = readZengin(format01, (checks) => {
    const { report } = checks
    const lines = depositLines(layout01, { received, take }, checks)
    headers = lines.headers
    let form: 'A' | 'B' | undefined
    let sums = newSums()

    /** Undefined when it cannot be told which amount the line is about; that has been reported. */
    const amountOf = (bytes: Buffer, at: number, where: Where): number | undefined => {
      const refuse = (kind: 'no-amount' | 'two-amounts' | 'mixed-forms', field: Field) => {
        report({ kind, ...placeOf(where, 'data', field) })
        return undefined
      }
      const found = hasSecondAmount(bytes, at) ? 'B' : 'A'
      form ??= found
      if (found !== form) return refuse('mixed-forms', amount2)
      const first = numberIn(bytes, at, amount)
      const second = form === 'B' ? numberIn(bytes, at, amount2) : 0
      if (first > 0 && second > 0) return refuse('two-amounts', amount2)
      return first + second > 0 ? first + second : refuse('no-amount', amount)
    }

    const isReversalAt = (bytes: Buffer, at: number, where: Where): boolean => {
      const byte = bytes[at + reversalAt]
      if (byte === one) return true
      if (byte !== space && byte !== zero) {
        const found = masked(fieldText(bytes, at, reversal))
        report({ kind: 'not-allowed', ...placeOf(where, 'data', reversal), found, expected: '1 (取消), 0 or blank' })
      }
      return false
    }

    return {
      begin() {
        lines.begin()
        sums = newSums()
      },
      header: lines.header,
      data(bytes, at, where) {
        const isReversal = isReversalAt(bytes, at, where)
        const money = amountOf(bytes, at, where)
        if (money === undefined) return
        sums[isReversal ? 'reversalCount' : 'transferCount']++
        sums[isReversal ? 'reversalAmount' : 'transferAmount'] += money
        lines.take(bytes, at, where, money, isReversal)
      },
      trailer(bytes, at, where) {
        reportMismatches(report, layout01.trailer, sums, { bytes, at, where })
        sums = newSums()
      },
      end() {},
    }
  })
  return {
    push: reader.push,
    end() {
      const read = reader.end()
      return read.kind === 'read' ? { ...read, headers, notTaken: [] } : read
    },
  }
}

type DepositLines = ReturnType<typeof depositLines>

const { amount, reversal } = layout01.data
const { amount2, ofWhichCheques2 } = layout01B.data
const reversalAt = reversal.at - 1
const [space, zero, one, nine] = [0x20, 0x30, 0x31, 0x39]

const newSums = () => ({ transferCount: 0, transferAmount: 0, reversalCount: 0, reversalAmount: 0 })

/** Form B has 金額(2) and うち他店券金額(2) where form A has text: digits all of them, filled with zeros. */
function hasSecondAmount(bytes: Buffer, at: number): boolean {
  const [from, to] = [at + amount2.at - 1, at + ofWhichCheques2.at - 1 + ofWhichCheques2.length]
  for (let index = from; index < to; index++) {
    const byte = bytes[index] as number
    if (byte < zero || byte > nine) return false
  }
  return true
}
