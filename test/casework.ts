import { randomBytes } from 'node:crypto'
import { type Creditor, type Policies, readCreditor } from '#creditor'
import { bareNumber } from '#customers'
import type { Chance } from '#platform/chance'
import { type Db, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { type Day, day, dayInJst, instantOfJst } from '#values/day'

/** Tuesday 24 November 2026, ten in the morning in Japan; Monday was a public holiday. */
export const tuesday = day('2026-11-24')
export const ten = instantOfJst(tuesday, 10)
export const at = (on: string, hour: number, minute = 0, second = 0): Date =>
  instantOfJst(day(on), hour, minute, second)

export const creditorWith = async (change: (policies: Policies) => void = () => {}): Promise<Creditor> => {
  const creditor = structuredClone(await readCreditor('creditor/demo.yaml', { demo: true }))
  change(creditor.policies)
  return creditor
}

/** Says these digits, then counts on. */
export const chanceOf = (...digits: readonly string[]): Chance => {
  const left = [...digits]
  let next = 0
  return {
    digits: (count) => left.shift() ?? String(++next).padStart(count, '0'),
    bytes: (count) => Buffer.alloc(count, 1),
    int: () => 0,
  }
}

export type BillInFile = {
  readonly principal?: number
  readonly dueDay?: Day
  /** Null: the contract cannot be told. */
  readonly product?: string | null
  readonly excluded?: boolean
  readonly resultCode?: string
}

export type OpenedCase = {
  readonly customerId: string
  readonly customerNumber: string
  readonly caseId: string
  readonly billIds: readonly string[]
  readonly contractNumbers: readonly string[]
  readonly phoneValue: Buffer
}

let customers = 0

/** A customer with an open case, as the imports leave them; personal data stays a sealed blob that nobody opens here. */
export const openCase = async (
  db: Db,
  {
    bills = [{}],
    phoneValue = randomBytes(32),
    customerNumber = `C${String(++customers).padStart(7, '0')}`,
    now = ten,
  }: {
    readonly bills?: readonly BillInFile[]
    readonly phoneValue?: Buffer
    readonly customerNumber?: string
    readonly now?: Date
  } = {},
): Promise<OpenedCase> => {
  const customerId = newId(now)
  const sealed = Buffer.from('sealed')
  await sql`
    insert into customers
      (id, customer_number, customer_number_bare, data_key, person, mobile_number, phone_value, import_id, updated_at)
    values (${customerId}, ${customerNumber}, ${bareNumber(customerNumber)}, ${sealed}, ${sealed}, ${sealed},
      ${phoneValue}, ${await putImport(db, now)}, ${now})`.execute(db)
  return { customerId, customerNumber, phoneValue, ...(await addCase(db, { customerId, customerNumber }, bills, now)) }
}

/** Another case of a customer whose last one is closed. */
export const addCase = async (
  db: Db,
  { customerId, customerNumber }: { readonly customerId: string; readonly customerNumber: string },
  bills: readonly BillInFile[],
  now = ten,
): Promise<Pick<OpenedCase, 'caseId' | 'billIds' | 'contractNumbers'>> => {
  const [caseId, importId] = [newId(now), await putImport(db, now)]
  const billIds: string[] = []
  const contractNumbers: string[] = []
  await sql`insert into cases (customer_id, id, opened_at, import_id)
    values (${customerId}, ${caseId}, ${now}, ${importId})`.execute(db)
  for (const [index, bill] of bills.entries()) {
    const {
      principal = 12_300,
      dueDay = day('2026-11-20'),
      product = 'card',
      excluded = false,
      resultCode = '1',
    } = bill
    const [billId, contractId] = [newId(now), product === null ? null : newId(now)]
    billIds.push(billId)
    if (contractId !== null) {
      const contractNumber = `K${contractId.slice(-12)}`
      contractNumbers.push(contractNumber)
      await sql`insert into contracts (customer_id, id, contract_number, product, excluded, import_id)
        values (${customerId}, ${contractId}, ${contractNumber}, ${product}, ${excluded}, ${importId})`.execute(db)
    }
    await sql`insert into debits (import_id, record, header, customer_number, amount, result_code, outcome)
      values (${importId}, ${index + 1}, 1, ${customerNumber}, ${principal}, ${resultCode}, 'bill')`.execute(db)
    await sql`insert into bills
        (customer_id, id, case_id, contract_id, product, debit_number, import_id, record, principal, due_day, billed_at)
      values (${customerId}, ${billId}, ${caseId}, ${contractId}, ${product}, ${customerNumber}, ${importId},
        ${index + 1}, ${principal}, ${dueDay}, ${now})`.execute(db)
  }
  return { caseId, billIds, contractNumbers }
}

export const endBill = async (
  db: Db,
  customerId: string,
  billId: string | undefined,
  {
    how = 'settled',
    onDay,
    now,
  }: { readonly how?: 'settled' | 'withdrawn'; readonly onDay: string; readonly now: Date },
): Promise<string> => {
  const importId = await putImport(db, now)
  await sql`insert into bill_endings (customer_id, bill_id, how, on_day, ended_at, import_id)
    values (${customerId}, ${billId}, ${how}, ${onDay}, ${now}, ${importId})`.execute(db)
  return importId
}

export const putHold = async (db: Db, customerId: string, reason: string, now = ten): Promise<void> => {
  await sql`insert into holds (customer_id, id, reason, placed_at, placed_by)
    values (${customerId}, ${newId(now)}, ${reason}, ${now}, 'operator:sato')`.execute(db)
}

const putImport = async (db: Db, now: Date): Promise<string> => {
  const id = newId(now)
  await sql`insert into imports
      (id, kind, content_hash, file_name, byte_count, record_count, received_on, imported_at, imported_by, report)
    values (${id}, 'debits', ${randomBytes(32)}, 'result.txt', 1, 1, ${dayInJst(now)}, ${now}, 'cli:sato', '{}')`.execute(
    db,
  )
  return id
}
