import { createHash } from 'node:crypto'
import { type Day, resolveMonthDay } from '#values/day'
import { classOfByte, type Field, fieldText, type RecordLayout, type RecordType } from './zengin.format.ts'
import { layout91, masks91, recordLength91 } from './zengin-91.format.ts'
import { frameRecords, framingProblem, isBreak, utf8At } from './zengin-frame.format.ts'
import { masked, problemsMax, type ZenginProblem } from './zengin-problem.format.ts'

/** The header of one account's part. */
export interface DebitHeader {
  /** 1 for the first account of the file. */
  readonly number: number
  readonly originatorCode: string
  readonly bankCode: string
  readonly branchCode: string
  readonly accountType: string
  readonly accountNumber: string
  /** 引落日, its year found by the day the file was received. */
  readonly day: Day
}

export interface DebitsReader {
  push(chunk: Buffer): void
  end(): DebitsRead
}

export type DebitsRead =
  | {
      readonly kind: 'read'
      readonly headers: readonly DebitHeader[]
      readonly recordCount: number
      readonly debitCount: number
      /** SHA-256 over the records without separators and 0x1A: the identity of the file. */
      readonly contentHash: Buffer
      /** Record n of the file starts at byte (n - 1) × stride. */
      readonly stride: number
    }
  | { readonly kind: 'refused'; readonly problems: readonly ZenginProblem[]; readonly furtherProblems: number }

/**
 * A debit without a copy: `bytes` holds its record at `at` only during the call. Called until the first problem; what
 * was handed out before then has to be thrown away when the file turns out to be refused.
 */
export type TakeDebit = (bytes: Buffer, at: number, record: number, header: number, amount: number) => void

/** Reads a result of 口座振替 (91) from its bytes as they come, and checks all of it. */
export function readDebits(received: Day, takeDebit: TakeDebit): DebitsReader {
  const problems: ZenginProblem[] = []
  const headers: DebitHeader[] = []
  const hash = hashOfRecords()
  let problemCount = 0
  let recordCount = 0
  let debitCount = 0
  let expects: 'header' | 'data or trailer' | 'header or end' | 'nothing' = 'header'
  let group = newGroup()
  let requestProblem: ZenginProblem | undefined
  let isStopped = false

  const report = (problem: ZenginProblem) => {
    problemCount++
    if (problems.length < problemsMax) problems.push(problem)
  }
  const stop = (problem: ZenginProblem) => {
    report(problem)
    isStopped = true
  }

  const frame = frameRecords(recordLength91, {
    refuse: stop,
    record(bytes, at, record, offset) {
      if (isStopped) return
      recordCount = record
      hash.add(bytes, at)
      const type = typeOf(bytes[at] ?? 0)
      const where = { record, offset }
      if (type === undefined) return wrongType(bytes, at, where)
      if (expects === 'nothing') return stop({ kind: 'after-end', ...where, recordType: type })
      if (!isExpected(type)) {
        report({ kind: 'order', ...where, recordType: type, field: layout91.end.recordType, expected: expects })
      }
      const isClean = isWellFormed(bytes, at, masks91[type]) || inspect(bytes, at, where, type)
      if (isStopped) return
      take[type](bytes, at, where, isClean)
    },
  })

  const take: Readonly<Record<RecordType, (bytes: Buffer, at: number, where: Where, isClean: boolean) => void>> = {
    header(bytes, at, where, isClean) {
      expects = 'data or trailer'
      group = newGroup()
      if (isClean) takeHeader(bytes, at, where)
    },
    data(bytes, at, { record }, isClean) {
      expects = 'data or trailer'
      debitCount++
      if (!isClean) {
        group.isTorn = true
        return
      }
      const amount = numberIn(bytes, at, amountField)
      const isPaid = bytes[at + resultCodeAt] === codeOfPaid
      group.totalCount++
      group.totalAmount += amount
      if (isPaid) {
        group.paidCount++
        group.paidAmount += amount
      }
      if (problemCount === 0) takeDebit(bytes, at, record, headers.length, amount)
    },
    trailer(bytes, at, where, isClean) {
      expects = 'header or end'
      if (isClean && !group.isTorn) reconcile(bytes, at, where)
      group = newGroup()
    },
    end() {
      expects = 'nothing'
    },
  }

  const takeHeader = (bytes: Buffer, at: number, where: Where) => {
    const { header } = layout91
    const text = (field: Field) => fieldText(bytes, at, field)
    const refuse = (kind: ZenginProblem['kind'], field: Field, expected?: string): ZenginProblem => ({
      kind,
      ...at91(where, 'header', field),
      found: masked(text(field)),
      ...(expected !== undefined && { expected }),
    })
    if (text(header.typeCode) !== header.typeCode.is) {
      return stop({ ...refuse('other-format', header.typeCode, header.typeCode.is), found: text(header.typeCode) })
    }
    if (text(header.characterCode) === '1')
      return stop({ kind: 'ebcdic', ...at91(where, 'header', header.characterCode) })
    if (text(header.characterCode) !== '0') report(refuse('not-allowed', header.characterCode, '0 (JIS)'))
    const day = resolveMonthDay(text(header.debitDay), received)
    if (day === undefined) return report(refuse('no-such-day', header.debitDay, 'MMDD'))
    headers.push({
      number: headers.length + 1,
      originatorCode: text(header.originatorCode),
      bankCode: text(header.bankCode),
      branchCode: text(header.branchCode),
      accountType: text(header.accountType),
      accountNumber: text(header.accountNumber),
      day,
    })
  }

  const reconcile = (bytes: Buffer, at: number, where: Where) => {
    const { trailer } = layout91
    const made: Readonly<Record<Exclude<keyof typeof trailer, 'recordType' | 'filler'>, number>> = {
      totalCount: group.totalCount,
      totalAmount: group.totalAmount,
      paidCount: group.paidCount,
      paidAmount: group.paidAmount,
      failedCount: group.totalCount - group.paidCount,
      failedAmount: group.totalAmount - group.paidAmount,
    }
    const said = (key: keyof typeof made) => numberIn(bytes, at, trailer[key])
    const countsNobody = said('paidCount') === 0 && said('paidAmount') === 0 && said('failedCount') === 0
    if (group.totalCount > 0 && group.paidCount === group.totalCount && countsNobody) {
      requestProblem ??= { kind: 'request-file', ...at91(where, 'trailer', trailer.paidCount) }
      return
    }
    for (const key of Object.keys(made) as readonly (keyof typeof made)[]) {
      if (said(key) === made[key]) continue
      const figures = { found: String(said(key)), expected: String(made[key]) }
      report({ kind: 'trailer-mismatch', ...at91(where, 'trailer', trailer[key]), ...figures })
    }
  }

  const isExpected = (type: RecordType): boolean => {
    switch (expects) {
      case 'header':
        return type === 'header'
      case 'data or trailer':
        return type === 'data' || type === 'trailer'
      case 'header or end':
        return type === 'header' || type === 'end'
      case 'nothing':
        return false
    }
  }

  const wrongType = (bytes: Buffer, at: number, { record, offset }: Where) => {
    const found = bytes.subarray(at, at + recordLength91)
    if (isBreak(found[0] ?? 0) || utf8At(found) !== undefined) return stop(torn(bytes, at, { record, offset }))
    const field = layout91.end.recordType
    report({ kind: 'unknown-record-type', record, field, offset, found: masked(fieldText(bytes, at, field)) })
    group.isTorn = true
  }

  const torn = (bytes: Buffer, at: number, { record, offset }: Where) => {
    const separator = frame.stride() === recordLength91 ? '' : '\n'
    return framingProblem(bytes, at, { recordLength: recordLength91, record, offset, separator })
  }

  /** The slow way, field by field, for a record in which some byte is not what its field allows. Never clean. */
  const inspect = (bytes: Buffer, at: number, where: Where, type: RecordType): boolean => {
    const record = bytes.subarray(at, at + recordLength91)
    if (record.some(isBreak) || utf8At(record) !== undefined) {
      stop(torn(bytes, at, where))
      return false
    }
    const layout: RecordLayout = layout91[type]
    for (const field of Object.values(layout)) {
      if (isWellFormed(record.subarray(field.at - 1, field.at - 1 + field.length), 0, fieldMask(type, field))) continue
      const kind = kinds[field.type]
      report({ kind, ...at91(where, type, field), found: masked(fieldText(record, 0, field)) })
    }
    return false
  }

  return {
    push(chunk) {
      if (!isStopped) frame.push(chunk)
    },
    end() {
      if (!isStopped) frame.end()
      if (!isStopped && expects !== 'nothing') {
        report({ kind: 'no-end', record: recordCount, offset: recordCount * frame.stride(), expected: expects })
      }
      if (requestProblem !== undefined) report(requestProblem)
      if (problemCount > 0) {
        return { kind: 'refused', problems, furtherProblems: problemCount - problems.length }
      }
      return { kind: 'read', headers, recordCount, debitCount, contentHash: hash.digest(), stride: frame.stride() }
    },
  }
}

interface Where {
  readonly record: number
  readonly offset: number
}

const amountField = layout91.data.amount
const resultCodeAt = layout91.data.resultCode.at - 1
const codeOfPaid = 0x30

const kinds = { N: 'not-digits', C: 'not-single-byte', number: 'not-single-byte', code: 'not-a-code' } as const

function newGroup() {
  return { totalCount: 0, totalAmount: 0, paidCount: 0, paidAmount: 0, isTorn: false }
}

function at91({ record, offset }: Where, recordType: RecordType, field: Field) {
  return { record, recordType, field, offset: offset + field.at - 1 }
}

function typeOf(byte: number): RecordType | undefined {
  switch (byte) {
    case 0x31:
      return 'header'
    case 0x32:
      return 'data'
    case 0x38:
      return 'trailer'
    case 0x39:
      return 'end'
    default:
      return undefined
  }
}

/** The way nearly every byte of a file goes: one look-up each. */
function isWellFormed(bytes: Buffer, at: number, masks: Uint8Array): boolean {
  for (let index = 0; index < masks.length; index++) {
    if (((classOfByte[bytes[at + index] as number] as number) & (masks[index] as number)) === 0) return false
  }
  return true
}

function fieldMask(type: RecordType, { at, length }: Field): Uint8Array {
  return masks91[type].subarray(at - 1, at - 1 + length)
}

/** Twelve digits at most, so always exact. */
function numberIn(bytes: Buffer, recordAt: number, { at, length }: Field): number {
  let value = 0
  const from = recordAt + at - 1
  for (let index = from; index < from + length; index++) value = value * 10 + ((bytes[index] as number) - 0x30)
  return value
}

/** Records are gathered before they are hashed: a call for each costs more than the hashing. */
function hashOfRecords() {
  const hash = createHash('sha256')
  const gathered = Buffer.alloc(recordLength91 * 512)
  let length = 0
  return {
    add(bytes: Buffer, at: number) {
      bytes.copy(gathered, length, at, at + recordLength91)
      length += recordLength91
      if (length < gathered.length) return
      hash.update(gathered)
      length = 0
    },
    digest: () => hash.update(gathered.subarray(0, length)).digest(),
  }
}
