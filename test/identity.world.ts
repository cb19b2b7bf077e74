import { randomBytes } from 'node:crypto'
import { type Policies, readCreditor } from '#creditor'
import { sealCustomer } from '#customers'
import type { IdentityForm, IdentityWorld } from '#identity'
import { type Chance, systemChance } from '#platform/chance'
import type { Database } from '#platform/database/database'
import { newId } from '#platform/ids'
import { openVault } from '#platform/vault/vault'
import { addDays, type Day, day, dayInJst, instantOfJst } from '#values/day'
import { type Phone, phone } from '#values/phone'

/** Tuesday, ten in the morning in Japan. */
export const ten = instantOfJst(day('2026-11-24'), 10)

export const later = (from: Date, time: { readonly minutes?: number; readonly seconds?: number }): Date =>
  new Date(from.getTime() + (time.minutes ?? 0) * 60_000 + (time.seconds ?? 0) * 1000)

export type Somebody = {
  readonly customerId: string
  readonly caseId: string
  readonly billId: string
  readonly form: IdentityForm
}

/** The creditor of the demo with other numbers, keys of its own, and the last code that was made. */
export async function identityWorld(db: Database, change: (policies: Policies) => void = () => {}) {
  const read = await readCreditor('creditor/demo.yaml', { demo: true, siteAddress: 'http://localhost:8080/v' })
  const creditor = structuredClone(read)
  change(creditor.policies)
  const made: string[] = []
  const chance: Chance = {
    ...systemChance,
    digits(count) {
      // A zero in front, so that a code that loses it is found out.
      const code = `0${systemChance.digits(count - 1)}`
      made.push(code)
      return code
    },
  }
  const vault = openVault({ derive: (label) => Buffer.alloc(32, label) })
  const world: IdentityWorld = { db, vault, creditor, chance }
  return { world, lastCode: () => made.at(-1) ?? '' }
}

let phones = 0
/** Sample numbers belong to nobody, and every test file has a database of its own. */
export const newPhone = (): Phone => phone(`+8190000${String(++phones).padStart(5, '0')}`)

export const typed = (changes: Partial<IdentityForm> = {}): IdentityForm => ({
  family: 'ジャックス',
  given: 'タロウ',
  birthDate: day('1998-01-01'),
  phone: newPhone(),
  client: '192.0.2.1',
  ...changes,
})

/** A code of the right length that is not this one. */
export const anotherThan = (code: string): string => code.replace(/.$/, (last) => String((Number(last) + 1) % 10))

/** Customers as an import leaves them, each with a contract, a case and a bill. */
export async function insertCustomer(
  world: IdentityWorld,
  what: {
    readonly form?: Partial<IdentityForm>
    readonly product?: string
    readonly excluded?: boolean
    readonly holds?: readonly ('legal' | 'death' | 'dispute' | 'hardship' | 'wrong-number')[]
    readonly settledOn?: Day
    readonly hasBill?: boolean
  } = {},
): Promise<Somebody> {
  const { db, vault } = world
  const form = typed(what.form)
  const [customerId, contractId, caseId, billId] = [newId(ten), newId(ten), newId(ten), newId(ten)]
  const importId = await insertImport(db)
  const sealed = sealCustomer(vault, { ...form, id: customerId }, {})
  await db
    .insertInto('customers')
    .values({
      id: customerId,
      customer_number: customerId,
      customer_number_bare: customerId,
      ...sealed.columns,
      import_id: importId,
      updated_at: ten,
    })
    .execute()
  await db
    .insertInto('identity_index')
    .values(sealed.identityValues.map((value) => ({ value, customer_id: customerId })))
    .execute()
  const product = what.product ?? 'card'
  await db
    .insertInto('contracts')
    .values({
      customer_id: customerId,
      id: contractId,
      contract_number: contractId,
      product,
      excluded: what.excluded ?? false,
      import_id: importId,
    })
    .execute()
  if (what.hasBill !== false) {
    await db
      .insertInto('cases')
      .values({ customer_id: customerId, id: caseId, opened_at: ten, import_id: importId })
      .execute()
    await db
      .insertInto('bills')
      .values({
        customer_id: customerId,
        id: billId,
        case_id: caseId,
        contract_id: contractId,
        product,
        debit_number: '1',
        import_id: importId,
        record: 1,
        principal: 10_000,
        due_day: addDays(dayInJst(ten), -4),
        billed_at: ten,
      })
      .execute()
  }
  if (what.settledOn !== undefined)
    await db
      .insertInto('bill_endings')
      .values({
        customer_id: customerId,
        bill_id: billId,
        how: 'settled',
        on_day: what.settledOn,
        ended_at: ten,
        import_id: importId,
      })
      .execute()
  for (const reason of what.holds ?? []) await insertHold(db, customerId, reason)
  return { customerId, caseId, billId, form }
}

export async function insertHold(
  db: Database,
  customerId: string,
  reason: 'legal' | 'death' | 'dispute' | 'hardship' | 'wrong-number',
): Promise<void> {
  await db
    .insertInto('holds')
    .values({ customer_id: customerId, id: newId(ten), reason, placed_at: ten, placed_by: 'operator:test' })
    .execute()
}

async function insertImport(db: Database): Promise<string> {
  const id = newId(ten)
  await db
    .insertInto('imports')
    .values({
      id,
      kind: 'customers',
      content_hash: randomBytes(32),
      file_name: 'customers.csv',
      byte_count: 1,
      record_count: 1,
      received_on: dayInJst(ten),
      imported_at: ten,
      imported_by: 'cli:test',
      report: '{}',
    })
    .execute()
  return id
}
