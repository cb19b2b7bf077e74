import { addDays, type Day, resolveEraDay } from '#values/day'
import { type Field, fieldText, textOf } from './zengin.format.ts'
import { masked } from './zengin-problem.format.ts'
import { placeOf, type Where, type ZenginChecks } from './zengin-reader.format.ts'

/** Which account, and of which days, one part of a bank's file tells. */
export interface DepositHeader {
  /** 1 for the first account of the file. */
  readonly number: number
  readonly typeCode: '01' | '03'
  readonly bankCode: string
  readonly branchCode: string
  readonly accountType: '普通' | '当座' | '貯蓄' | 'その他'
  readonly accountNumber: string
  /** bank-branch-number. */
  readonly account: string
  /** 勘定日(自) and (至). */
  readonly from: Day
  /** At most the day the file came, though its period may have been asked for until the end of a month. */
  readonly to: Day
}

/** Where the header's facts stand: 01 and 03 have the same, but not in the same places. */
interface HeaderFields {
  readonly typeCode: { readonly is: '01' | '03' }
  readonly fromDay: Field
  readonly toDay: Field
  readonly bankCode: Field
  readonly branchCode: Field
  readonly accountType: Field
  readonly accountNumber: Field
}

/** Undefined when its days are none; that has been reported. */
export function readDepositHeader(
  fields: HeaderFields,
  { bytes, at, where }: { readonly bytes: Buffer; readonly at: number; readonly where: Where },
  { number, received, report }: { number: number; received: Day; report: ZenginChecks['report'] },
): DepositHeader | undefined {
  const text = (field: Field) => fieldText(bytes, at, field)
  const dayAt = (field: Field, last: Day): Day | undefined => {
    const found = resolveEraDay(text(field), last)
    if (found !== undefined) return found
    report({ kind: 'no-such-day', ...placeOf(where, 'header', field), found: masked(text(field)), expected: eraDay })
    return undefined
  }
  const from = dayAt(fields.fromDay, received)
  const to = dayAt(fields.toDay, addDays(received, daysAheadMax))
  if (from === undefined || to === undefined) return undefined
  if (to < from) {
    report({
      kind: 'outside-period',
      ...placeOf(where, 'header', fields.toDay),
      found: to,
      expected: `${from} or later`,
    })
    return undefined
  }
  const [bankCode, branchCode] = [text(fields.bankCode), text(fields.branchCode)]
  // 03 has ten digits of which no bank uses the first three.
  const accountNumber = text(fields.accountNumber).replace(/^000(?=[0-9]{7}$)/, '')
  return {
    number,
    typeCode: fields.typeCode.is,
    bankCode,
    branchCode,
    accountType: accountTypes[text(fields.accountType)] ?? 'その他',
    accountNumber,
    account: `${bankCode}-${branchCode}-${accountNumber}`,
    from,
    to: to < received ? to : received,
  }
}

/** A period that was asked for may end with the month. */
const daysAheadMax = 31

/** The days of one file: few, and looked up for every record. */
export interface EraDays {
  at(bytes: Buffer, recordAt: number, field: Field): Day | 'blank' | 'no-day'
}

export function eraDays(received: Day): EraDays {
  const known = new Map<number, Day | 'blank' | 'no-day'>()
  return {
    at(bytes, recordAt, { at }) {
      const from = recordAt + at - 1
      const key = bytes.readUIntBE(from, yymmdd)
      const found = known.get(key)
      if (found !== undefined) return found
      const text = textOf(bytes, from, yymmdd)
      const read = /^( *|0*)$/.test(text) ? 'blank' : (resolveEraDay(text, received) ?? 'no-day')
      known.set(key, read)
      return read
    },
  }
}

export const isDay = (found: Day | 'blank' | 'no-day'): found is Day => found !== 'blank' && found !== 'no-day'

/** What a refused day should have been. */
export const eraDay = '和暦 YYMMDD, not after the day the file came and of the last five years'

const yymmdd = 6

const accountTypes: Readonly<Record<string, DepositHeader['accountType']>> = { 1: '普通', 2: '当座', 4: '貯蓄' }
