import { copyFrom, type Db, sql, type Transaction } from '#platform/database/database'
import type { CustomerRow } from './customers.format.ts'

/** One row of the master, read. Either clean, or with the reasons why not. */
export interface StagedRow {
  /** The record, from 1 after the header. */
  readonly row: number
  readonly line: number
  readonly customerNumber: string | undefined
  readonly reasons: string | undefined
  readonly contract?: StagedContract
}

export type StagedContract = Omit<CustomerRow, 'family' | 'given' | 'birthDate' | 'phone' | 'customerNumber'> & {
  /** Tells whether two rows are about the same person, without telling who: hex. */
  readonly personValue: string
}

/** Somebody who is new or has changed, sealed. */
export interface StagedPerson {
  readonly row: number
  readonly customerNumber: string
  readonly id: string
  readonly isNew: boolean
  readonly dataKey: Buffer
  readonly person: Buffer
  readonly mobileNumber: Buffer
  readonly phoneValue: Buffer
  readonly identityValues: readonly Buffer[]
  readonly searchValues: readonly { readonly label: string; readonly value: Buffer }[]
}

export interface KnownCustomer {
  readonly id: string
  readonly dataKey: Buffer
  readonly personValue: string | undefined
}

/** For as long as the transaction lasts. Nothing in them is readable: people are sealed before they are staged. */
export async function createStagedCustomers(tx: Transaction): Promise<void> {
  await sql`
    set local work_mem = '64MB';
    set local jit = off;
    create temp table staged_rows (
      row integer not null,
      line integer not null,
      customer_number text,
      reasons text,
      person_value text collate "C",
      contract_number text,
      product text,
      excluded boolean,
      debit_number text,
      account_branch text,
      account_number text,
      contract_day date,
      loan_amount bigint,
      annual_rate_percent text,
      pay_easy jsonb
    ) on commit drop;
    create temp table staged_people (
      row integer not null,
      customer_number text not null,
      id uuid not null,
      is_new boolean not null,
      data_key bytea not null,
      person bytea not null,
      mobile_number bytea not null,
      phone_value bytea not null
    ) on commit drop;
    create temp table staged_values (row integer not null, label text, value bytea not null) on commit drop`.execute(tx)
}

export async function hasCustomers(db: Db): Promise<boolean> {
  return (await db.selectFrom('customers').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** By customer number. */
export async function listKnownCustomers(
  db: Db,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, KnownCustomer>> {
  const { rows } = await sql<{ number: string; id: string; data_key: Buffer; person_value: Buffer | null }>`
    select customer_number as number, id, data_key, person_value
    from customers where customer_number = any(${numbers}::text[])`.execute(db)
  return new Map(
    rows.map(({ number, id, data_key, person_value }) => [
      number,
      { id, dataKey: data_key, personValue: person_value?.toString('hex') },
    ]),
  )
}

export async function copyStagedRows(tx: Transaction, rows: readonly StagedRow[]): Promise<void> {
  await copyLines(
    tx,
    'staged_rows',
    rows.map(({ row, line, customerNumber, reasons, contract }) => [
      String(row),
      String(line),
      customerNumber,
      reasons,
      ...(contract === undefined ? noContract : contractCells(contract)),
    ]),
  )
}

/** In the order of the columns of `staged_rows`. */
function contractCells(contract: StagedContract): readonly Cell[] {
  return [
    contract.personValue,
    contract.contractNumber,
    contract.product,
    contract.excluded ? 't' : 'f',
    contract.debitNumber,
    contract.account?.branchCode,
    contract.account?.number,
    contract.contractDay,
    contract.loanAmount?.toString(),
    contract.annualRatePercent,
    contract.payEasy && JSON.stringify(contract.payEasy),
  ]
}

const noContract: readonly Cell[] = Array.from({ length: 11 })

export async function copyStagedPeople(tx: Transaction, people: readonly StagedPerson[]): Promise<void> {
  await copyLines(
    tx,
    'staged_people',
    people.map((one) => [
      String(one.row),
      one.customerNumber,
      one.id,
      one.isNew ? 't' : 'f',
      ...[one.dataKey, one.person, one.mobileNumber, one.phoneValue].map(bytes),
    ]),
  )
  const values = people.flatMap(({ row, identityValues, searchValues }) => [
    ...identityValues.map((value) => [String(row), undefined, bytes(value)]),
    ...searchValues.map(({ label, value }) => [String(row), label, bytes(value)]),
  ])
  await copyLines(tx, 'staged_values', values)
}

type Cell = string | undefined

async function copyLines(tx: Transaction, table: string, rows: readonly (readonly Cell[])[]): Promise<void> {
  if (rows.length === 0) return
  const text = rows.map((row) => `${row.map(copyCell).join('\t')}\n`).join('')
  await copyFrom(tx, `copy ${table} from stdin`, once(Buffer.from(text)))
}

async function* once(piece: Buffer): AsyncIterable<Buffer> {
  yield piece
}

function bytes(value: Buffer): string {
  return `\\x${value.toString('hex')}`
}

/** The text format of COPY: \N is null, and backslashes and breaks are written out. */
function copyCell(cell: Cell): string {
  if (cell === undefined) return '\\N'
  return cell.replace(/[\\\t\n\r]/g, (sign) => escapes[sign] ?? sign)
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
