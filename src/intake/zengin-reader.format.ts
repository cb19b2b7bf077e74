import { createHash } from 'node:crypto'
import { classOfByte, type Field, fieldText, type RecordLayout, type RecordType } from './zengin.format.ts'
import { frameRecords, framingProblem, isBreak, utf8At } from './zengin-frame.format.ts'
import { masked, problemsMax, type ZenginProblem } from './zengin-problem.format.ts'

/** How the records of one kind of file look. */
export interface ZenginFormat {
  /** 種別コード. */
  readonly typeCode: string
  readonly recordLength: number
  readonly layout: Readonly<Record<RecordType, RecordLayout>> & { readonly header: HeaderLayout }
  readonly masks: Readonly<Record<RecordType, Uint8Array>>
}

/** Every header says what kind of file follows, and in which characters. */
interface HeaderLayout extends RecordLayout {
  readonly typeCode: Field
  readonly characterCode: Field
}

export interface Where {
  readonly record: number
  readonly offset: number
}

/**
 * What to do with records, each of them clean in itself: `bytes` holds one at `at` only during the call. Trailers come
 * only when every data record of their account was clean, for otherwise nobody can say what they should be.
 */
export interface RecordTaker {
  /** Another account begins, whether or not its header can be read. */
  begin(): void
  header(bytes: Buffer, at: number, where: Where): void
  data(bytes: Buffer, at: number, where: Where): void
  trailer(bytes: Buffer, at: number, where: Where): void
  end(bytes: Buffer, at: number, where: Where): void
  /** The file is over and its records were in order: what was only a suspicion is now a problem. */
  conclude?(): void
}

/** Where a taker tells what is wrong. */
export interface ZenginChecks {
  report(problem: ZenginProblem): void
  /** Nothing behind this can be trusted to be what it looks like. */
  stop(problem: ZenginProblem): void
  problemCount(): number
}

export interface ZenginReader {
  push(chunk: Buffer): void
  end(): ZenginRead
}

export type ZenginRead =
  | {
      readonly kind: 'read'
      readonly recordCount: number
      readonly dataCount: number
      /** SHA-256 over the records without separators and 0x1A: the identity of the file. */
      readonly contentHash: Buffer
      /** Record n of the file starts at byte (n - 1) × stride. */
      readonly stride: number
    }
  | ZenginRefused

export type ZenginRefused = {
  readonly kind: 'refused'
  readonly problems: readonly ZenginProblem[]
  readonly furtherProblems: number
}

/**
 * Reads a file of fixed-length records from its bytes as they come: cuts it, checks every byte against its field and the
 * order 1, 2…, 8, repeated, then one 9. What the records mean is the taker's.
 */
export function readZengin(format: ZenginFormat, takerFor: (checks: ZenginChecks) => RecordTaker): ZenginReader {
  const { recordLength, layout, masks } = format
  const problems: ZenginProblem[] = []
  const hash = hashOfRecords(recordLength)
  let problemCount = 0
  let recordCount = 0
  let dataCount = 0
  let expects: 'header' | 'data or trailer' | 'header or end' | 'nothing' = 'header'
  let isTorn = false
  let isStopped = false

  const report = (problem: ZenginProblem) => {
    problemCount++
    if (problems.length < problemsMax) problems.push(problem)
  }
  const stop = (problem: ZenginProblem) => {
    report(problem)
    isStopped = true
  }
  const taker = takerFor({ report, stop, problemCount: () => problemCount })

  const frame = frameRecords(recordLength, format.typeCode, {
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
        report({ kind: 'order', ...where, recordType: type, field: recordTypeField, expected: expects })
      }
      const isClean = isWellFormed(bytes, at, masks[type]) || inspect(bytes, at, where, type)
      if (isStopped) return
      take(type, bytes, at, where, isClean)
    },
  })

  const take = (type: RecordType, bytes: Buffer, at: number, where: Where, isClean: boolean) => {
    switch (type) {
      case 'header':
        expects = 'data or trailer'
        isTorn = false
        taker.begin()
        if (isClean && isReadable(bytes, at, where)) taker.header(bytes, at, where)
        return
      case 'data':
        expects = 'data or trailer'
        dataCount++
        if (isClean) taker.data(bytes, at, where)
        else isTorn = true
        return
      case 'trailer':
        expects = 'header or end'
        if (isClean && !isTorn) taker.trailer(bytes, at, where)
        isTorn = false
        return
      case 'end':
        expects = 'nothing'
        if (isClean) taker.end(bytes, at, where)
    }
  }

  /** Whether this account's records are of the kind that this reader is for. */
  const isReadable = (bytes: Buffer, at: number, where: Where): boolean => {
    const { typeCode, characterCode } = layout.header
    const [type, characters] = [fieldText(bytes, at, typeCode), fieldText(bytes, at, characterCode)]
    if (type !== format.typeCode) {
      stop({ kind: 'other-format', ...placeOf(where, 'header', typeCode), found: type, expected: format.typeCode })
    } else if (characters === '1') stop({ kind: 'ebcdic', ...placeOf(where, 'header', characterCode) })
    else if (characters !== '0') {
      const place = placeOf(where, 'header', characterCode)
      report({ kind: 'not-allowed', ...place, found: masked(characters), expected: '0 (JIS)' })
    }
    return !isStopped
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
    const found = bytes.subarray(at, at + recordLength)
    if (isBreak(found[0] ?? 0) || utf8At(found) !== undefined) return stop(torn(bytes, at, { record, offset }))
    const field = recordTypeField
    report({ kind: 'unknown-record-type', record, field, offset, found: masked(fieldText(bytes, at, field)) })
    isTorn = true
  }

  const torn = (bytes: Buffer, at: number, { record, offset }: Where) => {
    const separator = frame.stride() === recordLength ? '' : '\n'
    return framingProblem(bytes, at, { recordLength, record, offset, separator })
  }

  /** The slow way, field by field, for a record in which some byte is not what its field allows. Never clean. */
  const inspect = (bytes: Buffer, at: number, where: Where, type: RecordType): boolean => {
    const record = bytes.subarray(at, at + recordLength)
    if (record.some(isBreak) || utf8At(record) !== undefined) {
      stop(torn(bytes, at, where))
      return false
    }
    for (const field of Object.values(layout[type])) {
      if (isFieldWellFormed(record, 0, field, masks[type])) continue
      const kind = kinds[field.type]
      report({ kind, ...placeOf(where, type, field), found: masked(fieldText(record, 0, field)) })
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
      taker.conclude?.()
      if (problemCount > 0) {
        return { kind: 'refused', problems, furtherProblems: problemCount - problems.length }
      }
      return { kind: 'read', recordCount, dataCount, contentHash: hash.digest(), stride: frame.stride() }
    },
  }
}

/** Where a field of a record stands in the file. */
export function placeOf({ record, offset }: Where, recordType: RecordType, field: Field) {
  return { record, recordType, field, offset: offset + field.at - 1 }
}

/** Reports every figure of a trailer that is not what the records come to. */
export function reportMismatches<Key extends string>(
  report: ZenginChecks['report'],
  layout: Readonly<Record<NoInfer<Key>, Field>>,
  made: Readonly<Record<Key, number>>,
  { bytes, at, where, recordType = 'trailer' }: FigurePlace,
): void {
  for (const [key, expected] of Object.entries<number>(made)) {
    const field = layout[key as Key]
    const found = numberIn(bytes, at, field)
    if (found === expected) continue
    const figures = { found: String(found), expected: String(expected) }
    report({ kind: 'trailer-mismatch', ...placeOf(where, recordType, field), ...figures })
  }
}

interface FigurePlace {
  readonly bytes: Buffer
  readonly at: number
  readonly where: Where
  readonly recordType?: 'trailer' | 'end'
}

/** Fourteen digits at most, so always exact. */
export function numberIn(bytes: Buffer, recordAt: number, { at, length }: Field): number {
  let value = 0
  const from = recordAt + at - 1
  for (let index = from; index < from + length; index++) value = value * 10 + ((bytes[index] as number) - zero)
  return value
}

const zero = 0x30

const recordTypeField: Field = { name: 'データ区分', at: 1, length: 1, type: 'N' }

const kinds = { N: 'not-digits', C: 'not-single-byte', text: 'not-single-byte', code: 'not-a-code' } as const

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

function isFieldWellFormed(bytes: Buffer, recordAt: number, { at, length }: Field, masks: Uint8Array): boolean {
  return isWellFormed(bytes, recordAt + at - 1, masks.subarray(at - 1, at - 1 + length))
}

/** Records are gathered before they are hashed: a call for each costs more than the hashing. */
function hashOfRecords(recordLength: number) {
  const hash = createHash('sha256')
  const gathered = Buffer.allocUnsafe(recordLength * 512)
  let length = 0
  return {
    add(bytes: Buffer, at: number) {
      bytes.copy(gathered, length, at, at + recordLength)
      length += recordLength
      if (length < gathered.length) return
      hash.update(gathered)
      length = 0
    },
    digest: () => hash.update(gathered.subarray(0, length)).digest(),
  }
}
