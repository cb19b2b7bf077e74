import { writeAudit } from '#audit'
import { sealCustomer } from '#customers'
import { inTransaction, type Transaction, withAdvisoryLock } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Source } from '#platform/source'
import { CsvBroken, type CsvRecord, readCsv } from '#platform/text/csv'
import { dayInJst } from '#values/day'
import { idWithRecord } from '#values/id'
import { assignMasterAccounts, rejectAccounts } from './accept-accounts.store.ts'
import {
  countRejections,
  countSharedIdentities,
  listRejections,
  rejectContradictions,
  rejectWholeCustomers,
  type Upserted,
  upsertContracts,
  upsertCustomers,
} from './accept-customers.store.ts'
import { type CustomerHeader, readCustomerHeader, rejectionColumns } from './customer-columns.format.ts'
import { type CustomerRow, readCustomerRow } from './customers.format.ts'
import { importsLock, insertImport, setReport } from './import.store.ts'
import type { Importing, IntakeWorld } from './intake-world.ts'
import { rejectedHeader, rejectedLine } from './rejected-rows.format.ts'
import {
  copyStagedPeople,
  copyStagedRows,
  createStagedCustomers,
  hasCustomers,
  type KnownCustomer,
  listKnownCustomers,
  type StagedPerson,
  type StagedRow,
} from './staged-customers.store.ts'
import { decodeText, lookAtText, type NotText } from './text-encoding.format.ts'

export type ImportCustomersOutcome =
  | { readonly kind: 'imported'; readonly id: string; readonly report: CustomersReport }
  | { readonly kind: 'not-text'; readonly because: NotText }
  | { readonly kind: 'empty' }
  | Extract<CustomerHeader, { readonly kind: 'wrong-header' }>
  /** Cells cannot be told apart from that line on. Nothing has changed. */
  | { readonly kind: 'broken-csv'; readonly line: number; readonly because: string }

export interface CustomersReport {
  readonly rows: number
  readonly rejected: number
  readonly customers: Upserted
  readonly contracts: Upserted
  /** Customers to whom the master gave their virtual account for the first time. */
  readonly newAccounts: number
  /** Customers who share phone, birth date and folded name with another 顧客番号. */
  readonly sharedIdentities: number
}

export interface ImportingCustomers extends Importing {
  /** Called with the file of rejected rows, when there are any. */
  readonly writeRejected: (text: AsyncIterable<string>) => Promise<void>
}

/**
 * Takes in the master. A file whose text, header or quotes are broken changes nothing; of any other the good rows are
 * upserted and the rest comes back with the reasons. The same file again changes nothing.
 */
export async function importCustomers(
  w: IntakeWorld,
  source: Source,
  importing: ImportingCustomers,
): Promise<ImportCustomersOutcome> {
  const { now, by } = importing
  const looked = await lookAtText(source.read())
  if (looked.kind === 'not-text') return looked
  const id = importing.id ?? newId(now)
  const file: File = { id, source, encoding: looked.encoding }
  try {
    return await inTransaction(w.db, async (tx) => {
      await withAdvisoryLock(tx, importsLock)
      await createStagedCustomers(tx)
      const staged = await stage(tx, w, file, importing)
      if (staged.kind !== 'staged') return staged
      await rejectContradictions(tx)
      if (staged.hasAccounts) await rejectAccounts(tx, w.creditor)
      await rejectWholeCustomers(tx)
      await insertImport(tx, {
        id,
        kind: 'customers',
        contentHash: looked.hash,
        fileName: source.name,
        byteCount: source.byteCount,
        recordCount: staged.rows,
        receivedOn: dayInJst(now),
        importedAt: now,
        importedBy: by,
      })
      const report: CustomersReport = {
        rows: staged.rows,
        rejected: await countRejections(tx),
        customers: await upsertCustomers(tx, { importId: id, now }),
        contracts: await upsertContracts(tx, { importId: id, now }),
        newAccounts: staged.hasAccounts ? await assignMasterAccounts(tx, w.creditor, { importId: id, now }) : 0,
        sharedIdentities: await countSharedIdentities(tx),
      }
      await setReport(tx, id, report)
      await writeAudit(tx, { at: now, actor: by, act: 'import.customers', facts: { import: id, ...report } })
      if (report.rejected > 0) await importing.writeRejected(rejectedText(tx, file))
      return { kind: 'imported', id, report }
    })
  } catch (error) {
    // Thrown out of the transaction, so that whatever was written is rolled back.
    if (error instanceof CsvBroken) return { kind: 'broken-csv', line: error.line, because: error.message }
    throw error
  }
}

interface File {
  readonly id: string
  readonly source: Source
  readonly encoding: 'utf-8' | 'shift_jis'
}

/** So many rows are in memory at a time; enough that the round trips for them do not count. */
const batchRows = 5_000

async function stage(tx: Transaction, w: IntakeWorld, file: File, { now, progress }: Importing) {
  const context = { creditor: w.creditor, today: dayInJst(now) }
  const isFirst = !(await hasCustomers(tx))
  const batch: RowsRead = []
  let header: Extract<CustomerHeader, { readonly kind: 'header' }> | undefined
  let rows = 0
  for await (const { cells, line } of records(file, progress)) {
    if (header === undefined) {
      const read = readCustomerHeader(cells)
      if (read.kind === 'wrong-header') return read
      header = read
      continue
    }
    rows++
    batch.push({ row: rows, line, read: readCustomerRow(cells, header, context) })
    if (batch.length >= batchRows) await stageBatch(tx, w, file.id, batch.splice(0), isFirst)
  }
  if (header === undefined) return { kind: 'empty' } as const
  await stageBatch(tx, w, file.id, batch, isFirst)
  return { kind: 'staged', rows, hasAccounts: header.at.has('accountNumber') } as const
}

type RowsRead = { readonly row: number; readonly line: number; readonly read: ReturnType<typeof readCustomerRow> }[]

async function stageBatch(tx: Transaction, w: IntakeWorld, importId: string, batch: RowsRead, isFirst: boolean) {
  const numbers = batch.flatMap(({ read }) => (read.kind === 'row' ? [read.row.customerNumber] : []))
  const known = isFirst ? new Map<string, KnownCustomer>() : await listKnownCustomers(tx, [...new Set(numbers)])
  const people = new Map<string, StagedPerson>()
  const staged = batch.map(({ row, line, read }): StagedRow => {
    if (read.kind === 'rejected') {
      return { row, line, customerNumber: read.customerNumber, reasons: read.reasons.join(' / ') }
    }
    const { customerNumber } = read.row
    const personValue = personValueOf(w, read.row)
    const knownOne = known.get(customerNumber)
    if (knownOne?.personValue !== personValue && !people.has(customerNumber)) {
      people.set(customerNumber, seal(w, read.row, row, idWithRecord(importId, row), knownOne))
    }
    return { row, line, customerNumber, reasons: undefined, contract: { ...read.row, personValue } }
  })
  await copyStagedRows(tx, staged)
  await copyStagedPeople(tx, [...people.values()])
}

/** Everything about a person that is stored, and the readings their index was made with. */
function personValueOf({ vault, creditor }: IntakeWorld, { family, given, birthDate, phone }: CustomerRow): string {
  const readings = creditor.policies.identity.alternateReadings
  const facts = JSON.stringify([family, given, birthDate, phone, readings.vu, readings.longVowel])
  return vault.blindIndex('person', facts).toString('hex')
}

function seal(
  { vault, creditor }: IntakeWorld,
  customer: CustomerRow,
  row: number,
  newCustomerId: string,
  known: KnownCustomer | undefined,
): StagedPerson {
  const id = known?.id ?? newCustomerId
  const { family, given, birthDate, phone, customerNumber } = customer
  const plain = { id, family, given, birthDate, phone, ...(known && { dataKey: known.dataKey }) }
  const { columns, identityValues, searchValues } = sealCustomer(
    vault,
    plain,
    creditor.policies.identity.alternateReadings,
  )
  return {
    row,
    customerNumber,
    id,
    isNew: known === undefined,
    dataKey: columns.data_key,
    person: columns.person,
    mobileNumber: columns.mobile_number,
    phoneValue: columns.phone_value,
    identityValues,
    searchValues,
  }
}

function records({ source, encoding }: File, progress?: Importing['progress']): AsyncIterable<CsvRecord> {
  const counted = async function* () {
    let bytesDone = 0
    for await (const piece of source.read()) {
      yield piece
      bytesDone += piece.length
      progress?.(bytesDone, source.byteCount)
    }
  }
  return readCsv(decodeText(counted(), encoding))
}

/** A second reading of the file beside the list of its rejected rows: neither is ever whole in memory. */
async function* rejectedText(tx: Transaction, file: File): AsyncIterable<string> {
  const rejections = listRejections(tx)[Symbol.asyncIterator]()
  let next = await rejections.next()
  let kept: readonly boolean[] | undefined
  let row = 0
  for await (const { cells, line } of records(file)) {
    if (kept === undefined) {
      kept = cells.map((cell) => !rejectionColumns.some((column) => column === cell.normalize('NFKC').trim()))
      yield rejectedHeader(cells.filter((_, index) => kept?.[index]))
      continue
    }
    row++
    if (next.done === true) return
    if (next.value.row !== row) continue
    yield rejectedLine(
      cells.filter((_, index) => kept?.[index] !== false),
      line,
      next.value.reasons,
    )
    next = await rejections.next()
  }
}
