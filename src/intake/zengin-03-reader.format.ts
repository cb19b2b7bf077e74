import type { Day } from '#values/day'
import { type DepositsReader, depositLines, type NotTaken, type TakeDepositLine } from './deposit-line.format.ts'
import { fieldText } from './zengin.format.ts'
import { format03, layout03 } from './zengin-03.format.ts'
import { masked } from './zengin-problem.format.ts'
import { numberIn, placeOf, readZengin, reportMismatches, type Where } from './zengin-reader.format.ts'

/**
 * Reads 入出金取引明細 (03) from its bytes as they come, and checks all of it. Taken is what came in (入払区分 1) by
 * 振込 or 振替 (取引区分 11, 14); everything else on the account is counted.
 */
export function readDeposits03(received: Day, take: TakeDepositLine): DepositsReader {
  const notTaken = { withdrawal: { count: 0, amount: 0 }, 'other-kind': { count: 0, amount: 0 } }
  let headers: ReturnType<typeof depositLines>['headers'] = []
  const reader = readZengin(format03, (checks) => {
    const { report } = checks
    const lines = depositLines(layout03, { received, take }, checks)
    headers = lines.headers
    let sums = newSums()
    let accountCount = 0
    let recordCount = 0

    const passOver = (because: NotTaken['because'], amount: number) => {
      notTaken[because].count++
      notTaken[because].amount += amount
    }

    /** Which way the money went; undefined when the record does not say, which has been reported. */
    const directionOf = (bytes: Buffer, at: number, where: Where): 'in' | 'out' | undefined => {
      const { direction } = layout03.data
      const byte = bytes[at + direction.at - 1]
      if (byte === one) return 'in'
      if (byte === two) return 'out'
      const found = masked(fieldText(bytes, at, direction))
      report({ kind: 'not-allowed', ...placeOf(where, 'data', direction), found, expected: '1 (入金) or 2 (出金)' })
      return undefined
    }

    return {
      begin() {
        lines.begin()
        sums = newSums()
        accountCount++
        recordCount++
      },
      header: lines.header,
      data(bytes, at, where) {
        const amount = numberIn(bytes, at, layout03.data.amount)
        const direction = directionOf(bytes, at, where)
        if (direction === undefined) return
        sums.dataCount++
        sums[`${direction}Count`]++
        sums[`${direction}Amount`] += amount
        if (direction === 'out') return passOver('withdrawal', amount)
        if (!takenKinds.includes(numberIn(bytes, at, layout03.data.kind))) return passOver('other-kind', amount)
        if (amount === 0) return report({ kind: 'no-amount', ...placeOf(where, 'data', layout03.data.amount) })
        lines.take(bytes, at, where, amount, false)
      },
      trailer(bytes, at, where) {
        reportMismatches(report, layout03.trailer, sums, { bytes, at, where })
        recordCount += sums.dataCount + 1
        sums = newSums()
      },
      end(bytes, at, where) {
        if (checks.problemCount() > 0) return
        const { end } = layout03
        reportMismatches(report, end, { accountCount }, { bytes, at, where, recordType: 'end' })
        // Whether the end record counts itself, or only data records count, is read in more than one way.
        const said = numberIn(bytes, at, end.recordCount)
        const headersAndTrailers = 2 * accountCount
        if ([recordCount + 1, recordCount, recordCount - headersAndTrailers].includes(said)) return
        const figures = { found: String(said), expected: String(recordCount + 1) }
        report({ kind: 'trailer-mismatch', ...placeOf(where, 'end', end.recordCount), ...figures })
      },
    }
  })
  return {
    push: reader.push,
    end() {
      const read = reader.end()
      if (read.kind === 'refused') return read
      const reasons = Object.keys(notTaken) as readonly NotTaken['because'][]
      const passedOver = reasons.map((because) => ({ because, ...notTaken[because] })).filter(({ count }) => count > 0)
      return { ...read, headers, notTaken: passedOver }
    },
  }
}

/** 11 振込, 14 振替. Cash (10), cheques (12, 13) and corrections (19) are for people. */
const takenKinds: readonly number[] = [11, 14]
const [one, two] = [0x31, 0x32]

const newSums = () => ({ inCount: 0, inAmount: 0, outCount: 0, outAmount: 0, dataCount: 0 })
