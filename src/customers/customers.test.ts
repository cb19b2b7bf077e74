import { afterAll, beforeAll, expect, test } from 'vitest'
import { openVault } from '#platform/vault/vault'
import { day } from '#values/day'
import { phone } from '#values/phone'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import {
  findCustomerByNumber,
  getPerson,
  getPhone,
  identityValueTyped,
  listContracts,
  listCustomersByNumber,
  phoneValue,
  sealCustomer,
  searchValue,
} from './customers.ts'
import { identityValuesHeld } from './index-value.rules.ts'

const vault = openVault({ derive: (label) => Buffer.alloc(32, label) })
const taro = {
  id: '018f0000-0000-7000-8000-000000000001',
  family: 'ジャックス',
  given: 'タロウ',
  birthDate: day('1998-01-01'),
  phone: phone('+819001112222'),
}

test('whoever types the name swapped, small or without long marks meets a value held', () => {
  const held = identityValuesHeld(vault, taro, taro.phone, {}).map((value) => value.toString('hex'))
  const typed = (family: string, given: string) =>
    identityValueTyped(vault, { ...taro, family, given }, taro.phone).toString('hex')
  expect(held).toHaveLength(2)
  for (const [family, given] of [
    ['ジャックス', 'タロウ'],
    ['タロウ', 'ジャックス'],
    ['ｼﾞﾔﾂｸｽ', 'ﾀﾛｳ'],
    ['じゃっくす たろう', ''],
  ] as const)
    expect(held).toContain(typed(family, given))
  expect(held).not.toContain(typed('ジャックス', 'ジロウ'))
})

test('another birth date or phone is another identity', () => {
  const value = identityValueTyped(vault, taro, taro.phone)
  expect(identityValueTyped(vault, { ...taro, birthDate: day('1998-01-02') }, taro.phone)).not.toEqual(value)
  expect(identityValueTyped(vault, taro, phone('+819001112223'))).not.toEqual(value)
})

test('an alternate reading switched on is one more value in each order', () => {
  const yuko = { ...taro, given: 'ユーコ' }
  expect(identityValuesHeld(vault, yuko, taro.phone, {})).toHaveLength(2)
  expect(identityValuesHeld(vault, yuko, taro.phone, { longVowel: true })).toHaveLength(4)
})

test('nothing of a person is readable in what is stored', () => {
  const sealed = sealCustomer(vault, taro, {})
  const stored = Buffer.concat([
    ...Object.values(sealed.columns),
    ...sealed.identityValues,
    ...sealed.searchValues.map(({ value }) => value),
  ])
  for (const canary of [taro.family, taro.given, '1998', '9001112222', '2222'])
    expect(stored.includes(canary)).toBe(false)
})

test('each column opens with its own name and row, and no other', () => {
  const { columns } = sealCustomer(vault, taro, {})
  const key = vault.customerKey(taro.id, columns.data_key)
  const place = (column: string, row: string) => ({ table: 'customers', column, row })
  expect(key.open(place('mobile_number', taro.id), columns.mobile_number).toString()).toBe(taro.phone)
  expect(key.open(place('person', taro.id), columns.person).toString()).toContain(taro.birthDate)
  expect(() => key.open(place('person', taro.id), columns.mobile_number)).toThrow()
  expect(() => key.open(place('person', 'another'), columns.person)).toThrow()
})

test('a customer met again is sealed under the same key', () => {
  const first = sealCustomer(vault, taro, {}).columns.data_key
  const again = sealCustomer(vault, { ...taro, given: 'ジロウ', dataKey: first }, {})
  expect(again.columns.data_key).toEqual(first)
})

test('the operators’ search compares folded names and whole numbers', () => {
  const { searchValues } = sealCustomer(vault, taro, {})
  expect(searchValues).toContainEqual({ label: 'family', value: searchValue(vault, 'family', 'じゃつくす') })
  expect(searchValues).toContainEqual({ label: 'phone-last4', value: searchValue(vault, 'phone-last4', '2222') })
  expect(searchValue(vault, 'family', 'タロウ')).not.toEqual(searchValue(vault, 'given', 'タロウ'))
})

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  const { db } = database
  const importId = '018f0000-0000-7000-8000-0000000000ff'
  await db
    .insertInto('imports')
    .values({
      id: importId,
      kind: 'customers',
      content_hash: Buffer.alloc(32),
      file_name: 'customers.csv',
      byte_count: 1,
      record_count: 1,
      received_on: '2026-11-24',
      imported_at: new Date(0),
      imported_by: 'cli:test',
      report: '{}',
    })
    .execute()
  const numbers = ['00012345', '12345', '77', '0', 'A-1']
  await db
    .insertInto('customers')
    .values(
      numbers.map((customer_number, at) => {
        const id = taro.id.slice(0, -1) + (at + 1)
        return {
          id,
          customer_number,
          customer_number_bare: customer_number.replace(/^0+(?=.)/, ''),
          ...sealCustomer(vault, { ...taro, id }, {}).columns,
          import_id: importId,
          updated_at: new Date(0),
        }
      }),
    )
    .execute()
  await db
    .insertInto('contracts')
    .values({
      customer_id: taro.id,
      id: '018f0000-0000-7000-8000-0000000000c1',
      contract_number: 'C-1',
      product: 'card',
      excluded: false,
      import_id: importId,
    })
    .execute()
})
afterAll(() => database.drop())

test('person and phone are read back', async () => {
  expect(await getPerson(database.db, vault, taro.id)).toEqual({
    family: taro.family,
    given: taro.given,
    birthDate: taro.birthDate,
  })
  expect(await getPhone(database.db, vault, taro.id)).toBe(taro.phone)
  const customer = await findCustomerByNumber(database.db, '12345')
  expect(customer?.phoneValue).toEqual(phoneValue(vault, taro.phone))
})

test('one customer’s ciphertexts in another customer’s row do not open', async () => {
  const { db } = database
  const [a, b] = [taro.id.slice(0, -1) + 4, taro.id.slice(0, -1) + 5]
  const stolen = await db.selectFrom('customers').selectAll().where('id', '=', a).executeTakeFirstOrThrow()
  const { data_key, person } = stolen
  await db.updateTable('customers').set({ data_key, person }).where('id', '=', b).execute()
  await expect(getPerson(db, vault, b)).rejects.toThrow(expect.objectContaining({ code: 'sealed-unreadable' }))
})

test.each([
  ['12345', ['12345']],
  ['00012345', ['00012345']],
  ['0012345', ['00012345', '12345']],
  [' 077 ', ['77']],
  ['000', ['0']],
  ['A-1', ['A-1']],
  ['78', []],
])('the customer number %s means %j', async (typed, expected) => {
  const found = await listCustomersByNumber(database.db, typed)
  expect(found.map(({ customerNumber }) => customerNumber)).toEqual(expected)
  expect((await findCustomerByNumber(database.db, typed))?.customerNumber).toBe(
    expected.length === 1 ? expected[0] : undefined,
  )
})

test('contracts are listed by customer', async () => {
  expect(await listContracts(database.db, [])).toEqual([])
  expect(await listContracts(database.db, [taro.id])).toEqual([
    {
      customerId: taro.id,
      id: expect.any(String),
      contractNumber: 'C-1',
      product: 'card',
      excluded: false,
      contractDay: null,
      loanAmount: null,
      annualRatePercent: null,
    },
  ])
})
