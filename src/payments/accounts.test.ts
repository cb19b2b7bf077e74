import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Creditor } from '#creditor'
import { type Database, inTransaction, sql, withAdvisoryLock } from '#platform/database/database'
import { newId } from '#platform/ids'
import { at, creditorWith, endBill, openCase, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { findTransferAccounts } from './account.store.ts'
import { assignAccounts, assignAccountsAfterImports, virtualAccountsLock } from './assign-accounts.jobs.ts'

let it: TestDatabase
let db: Database
let creditor: Creditor
beforeAll(async () => {
  it = await testDatabase()
  db = it.db
})
afterAll(() => it.drop())
beforeEach(async () => {
  creditor = await creditorWith()
  await sql`truncate virtual_accounts, cases cascade`.execute(it.ownerDb)
})

const fillPool = async (numbers: readonly string[], { bank = '0000', branch = '101' } = {}) => {
  const importId = newId(ten)
  await sql`
    insert into imports
      (id, kind, content_hash, file_name, byte_count, record_count, received_on, imported_at, imported_by, report)
    values (${importId}, 'virtual-accounts', ${randomBytes(32)}, 'pool.csv', 1, 1, '2026-11-24', ${ten}, 'cli:sato', '{}')
  `.execute(db)
  await sql`
    insert into virtual_accounts (bank_code, branch_code, account_number, account_type, import_id)
    select ${bank}, ${branch}, number, '普通', ${importId} from unnest(${numbers}::text[]) as number`.execute(db)
}

const assign = (now = ten) => assignAccounts({ db, creditor }, now)

const held = async () =>
  (
    await sql<{ number: string; customerId: string }>`
      select account_number as number, customer_id as "customerId" from virtual_accounts
      where customer_id is not null order by 1`.execute(db)
  ).rows.map(({ number, customerId }) => [number, customerId])

test('who has an open case gets an account of the pool, who waits longest first', async () => {
  const [first, second, third] = [await openCase(db), await openCase(db), await openCase(db)]
  await fillPool(['0000002', '0000001'])
  expect(await assign()).toBe(2)
  expect(await held()).toEqual([
    ['0000001', first.customerId],
    ['0000002', second.customerId],
  ])
  const { rows } = await sql<object>`
    select customer_id as "customerId", actor, facts from audit_lines where act = 'account.assigned'
      and customer_id in (${first.customerId}, ${third.customerId})`.execute(db)
  expect(rows).toEqual([{ customerId: first.customerId, actor: 'system', facts: { how: 'pool', branchCode: '101' } }])
  await fillPool(['0000003'])
  expect(await assign()).toBe(1)
  expect(await assign()).toBe(0)
})

test('an account is kept for ever: when the case is closed, and when the next is opened', async () => {
  const one = await openCase(db)
  await fillPool(['0000001', '0000002'])
  await assign()
  await endBill(db, one.customerId, one.billIds[0], { onDay: '2026-11-24', now: ten })
  await sql`update cases set closed_at = ${ten}, closed_because = 'settled' where id = ${one.caseId}`.execute(db)
  const other = await openCase(db)
  await assign(at('2027-11-24', 10))
  await sql`update cases set closed_at = null, closed_because = null where id = ${one.caseId}`.execute(db)
  expect(await assign(at('2028-11-24', 10))).toBe(0)
  expect(await held()).toEqual([
    ['0000001', one.customerId],
    ['0000002', other.customerId],
  ])
})

test('the tables themselves keep an account from having two customers, and a customer from having two accounts', async () => {
  const [one, other] = [await openCase(db), await openCase(db)]
  await fillPool(['0000001', '0000002'])
  await assign()
  const second = sql`
    update virtual_accounts set customer_id = ${one.customerId} where customer_id = ${other.customerId}`
  await expect(second.execute(db)).rejects.toMatchObject({ code: '23505' })
})

test('nobody without an open case gets one, and nobody twice however many look at once', async () => {
  const one = await openCase(db)
  const closed = await openCase(db)
  await sql`update cases set closed_at = ${ten}, closed_because = 'withdrawn' where id = ${closed.caseId}`.execute(db)
  await fillPool(['0000001', '0000002', '0000003'])
  await Promise.all([assign(), assign(), assign()])
  expect(await held()).toEqual([['0000001', one.customerId]])
})

test('while a master that names accounts is taken in, none is given', async () => {
  await openCase(db)
  await fillPool(['0000001'])
  await inTransaction(db, async (tx) => {
    await withAdvisoryLock(tx, virtualAccountsLock)
    expect(await assign()).toBe(0)
  })
  expect(await assign()).toBe(1)
})

test('the sweep looks again when a file has come, until everybody has an account or none is left', async () => {
  const sweep = assignAccountsAfterImports({ db, creditor })
  const one = await openCase(db)
  expect(await sweep(ten)).toBe(0)
  await fillPool(['0000001', '0000002'])
  expect(await sweep(ten)).toBe(1)
  expect(await sweep(ten)).toBe(0)
  // No file says so: it is not looked for.
  await sql`update virtual_accounts set customer_id = null, assigned_at = null, assigned_how = null`.execute(db)
  expect(await sweep(ten)).toBe(0)
  const other = await openCase(db)
  expect(await sweep(ten)).toBe(2)
  expect((await held()).map(([, customerId]) => customerId)).toEqual([one.customerId, other.customerId])
})

test('only accounts that the creditor’s file can name are given', async () => {
  await openCase(db)
  await fillPool(['0000001'], { branch: '999' })
  await fillPool(['0000002'], { bank: '0001' })
  expect(await assign()).toBe(0)
  const { virtualAccounts: _, ...without } = creditor
  creditor = without
  await fillPool(['0000003'])
  expect(await assign()).toBe(0)
})

test('a customer pays into their own account, by its names; others into the creditor’s', async () => {
  const [own, other] = [await openCase(db), await openCase(db)]
  await fillPool(['0000001'])
  await assign()
  const customerIds = [other.customerId, own.customerId]
  const account = {
    bankCode: '0000',
    bankName: '見本銀行',
    branchCode: '101',
    branchName: '第一振込支店',
    type: '普通',
    number: '0000001',
    holder: '株式会社ジャックス',
    holderKana: 'カ）ジャックス',
  }
  expect(await findTransferAccounts(db, creditor, customerIds)).toEqual([
    { kind: 'creditor', customerId: other.customerId, accounts: creditor.transferAccounts },
    { kind: 'own', customerId: own.customerId, account },
  ])
  // A branch that the file names no more cannot be shown; the money still finds its way by the account's number.
  creditor = { ...creditor, virtualAccounts: { ...account, branches: { '102': '第二振込支店' } } }
  expect((await findTransferAccounts(db, creditor, [own.customerId])).map(({ kind }) => kind)).toEqual(['creditor'])
})
