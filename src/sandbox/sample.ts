import type { Creditor } from '#creditor'
import { customersHeader, type Debit91, type Group91, write91 } from '#intake'
import { addDays, type Day, dayOfMonthOf, monthOf } from '#values/day'
import { toHalfWidthZengin } from '#values/kana'
import { otherPeople, type SampleContract, type SamplePerson, storyPeople, twoDigits } from './sample-people.ts'

export type NamedPerson = SamplePerson & { readonly story: string }

/** The people of the demo whose details can be typed in. */
export function samplePeople(_creditor: Creditor): readonly NamedPerson[] {
  return storyPeople.map(({ contracts: _, ...person }) => person)
}

/** The creditor's master, as it would come: CSV with a row per contract. */
export function sampleCustomers(creditor: Creditor): string {
  const rows = everybody().flatMap(({ person, contracts }) =>
    contracts.map((contract) => [
      person.customerNumber,
      person.family,
      person.given,
      person.birthDate,
      person.phone,
      contract.contractNumber,
      productKey(creditor, contract.product),
      contract.excluded ? '1' : '0',
      contract.debitNumber ?? '',
      ...accountCells(creditor, person),
      ...loanCells(creditor, contract),
      ...payEasyCells(creditor, contract),
    ]),
  )
  return [customersHeader, ...rows].map((cells) => `${cells.join(',')}\r\n`).join('')
}

/** Branch and number of the person's own account; those who have none get one from the pool once they are billed. */
function accountCells({ virtualAccounts }: Creditor, { customerNumber, isWithoutAccount }: SamplePerson) {
  const [branch] = Object.keys(virtualAccounts?.branches ?? {})
  if (branch === undefined || isWithoutAccount) return ['', '']
  return [branch, customerNumber.slice(0, 1) + customerNumber.slice(-6)]
}

/** 契約日, 貸付金額, 利率. */
function loanCells(creditor: Creditor, { product, contractNumber }: SampleContract) {
  if (creditor.products[productKey(creditor, product)]?.loan !== true) return ['', '', '']
  const drawn = Number(contractNumber.replace(/\D/g, '')) % 28
  const day = `${2018 + (drawn % 7)}-${twoDigits(1 + (drawn % 12))}-${twoDigits(1 + drawn)}`
  return [day, String(100_000 + drawn * 50_000), '18.0']
}

/** 収納機関番号, お客様番号, 確認番号; 納付区分 is for public bodies. */
function payEasyCells({ payEasy }: Creditor, { hasPayEasy, contractNumber }: SampleContract) {
  if (payEasy === undefined || !hasPayEasy) return ['', '', '', '']
  const digits = contractNumber.replace(/\D/g, '')
  return ['00000', digits.padStart(14, '0'), digits.slice(-6), '']
}

/** The bank's result of that 引落日 (Zengin 91), with a second part for the debits of a month before. */
export function sampleDebits(_creditor: Creditor, debitDay: Day): Buffer {
  const debits = everybody().flatMap(({ person, contracts }) =>
    contracts.flatMap((contract) => contract.debits.map((debit) => ({ person, contract, debit }))),
  )
  const part = (isLate: boolean) =>
    debits
      .filter(({ debit }) => (debit.isLate ?? false) === isLate)
      .map(({ person, contract, debit }) => asDebit(person, contract, debit.amount, debit.code))
  const groups: readonly Group91[] = [
    { header: headerOf(addDays(debitDay, -30)), debits: part(true) },
    { header: headerOf(debitDay), debits: [...part(false), ...strangers] },
  ]
  return Buffer.concat([...write91(groups)])
}

const bank = {
  bankCode: '0000',
  bankName: toHalfWidthZengin('ミホン'),
  branchCode: '001',
  branchName: toHalfWidthZengin('ホンテン'),
}

function headerOf(day: Day) {
  return {
    ...bank,
    originatorCode: '0123456789',
    originatorName: toHalfWidthZengin('ミホンシンパン'),
    debitDay: `${String(monthOf(day)).padStart(2, '0')}${String(dayOfMonthOf(day)).padStart(2, '0')}`,
    accountType: '1',
    accountNumber: '1234567',
  }
}

function asDebit(person: SamplePerson, contract: SampleContract, amount: number, resultCode: string): Debit91 {
  return {
    ...bank,
    accountType: '1',
    accountNumber: person.phone.slice(-7),
    payerName: toHalfWidthZengin(`${person.family} ${person.given}`),
    amount: String(amount),
    newCode: '0',
    customerNumber: (contract.debitNumber ?? person.customerNumber).padStart(20, '0'),
    resultCode,
  }
}

/** Whom the master does not know: reported, and nobody is asked to pay. */
const strangers: readonly Debit91[] = [
  {
    ...bank,
    accountType: '1',
    accountNumber: '9999999',
    payerName: toHalfWidthZengin('シラヌイ ゴンベエ'),
    amount: '7700',
    newCode: '0',
    customerNumber: '99999999'.padStart(20, '0'),
    resultCode: '1',
  },
]

function everybody() {
  const stories = storyPeople.map(({ story: _, contracts, ...person }) => ({
    person,
    contracts: contracts.map((contract): SampleContract => ({ ...contract, customerNumber: person.customerNumber })),
  }))
  return [...stories, ...otherPeople()]
}

/** Products by their order, so that the sample fits any creditor; without excluded ones it keeps to the others. */
function productKey({ products }: Creditor, product: SampleContract['product']): string {
  const keys = (isExcluded: boolean) => Object.keys(products).filter((key) => products[key]?.excluded === isExcluded)
  const served = keys(false)
  const [from, index] = 'served' in product ? [served, product.served] : [keys(true), product.excluded]
  const some = from.length > 0 ? from : served
  return some[index % some.length] ?? ''
}
