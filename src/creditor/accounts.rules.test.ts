import { describe, expect, test } from 'vitest'
import { openBanks } from '#platform/banks/banks'
import { accountProblems, accountsToCheck } from './accounts.rules.ts'

const banks = await openBanks()

const account = (bankCode: string, bankName: string, branchCode: string, branchName: string) => ({
  ...{ bankCode, bankName, branchCode, branchName },
  ...({ type: '普通', number: '1234567', holder: '株式会社みほん', holderKana: 'カ）ミホン' } as const),
})
const virtual = (branches: Record<string, string>) => ({
  ...{ bankCode: '0005', bankName: '三菱UFJ銀行', branches },
  ...{ holder: '株式会社みほん', holderKana: 'カ）ミホン' },
})

const keysOf = (file: Parameters<typeof accountsToCheck>[0], demo = false) =>
  accountProblems(accountsToCheck(file, { demo }), banks).map(({ key }) => key)

describe('an account of the creditor is one that customers can transfer to', () => {
  test.each([
    ['0001', 'みずほ', '107', '上野', []],
    ['0001', 'みずほ銀行', '107', '上野支店', []],
    ['0001', '株式会社みずほ銀行', '107', '上野支店', []],
    ['0005', '三菱ＵＦＪ銀行', '001', '本店', []],
    ['0005', '三菱UFJ銀行', '420', '三好ケ丘出張所', []],
    ['1001', '北海道信用金庫', '001', '本店営業部', []],
    ['0009', 'みずほ銀行', '107', '上野支店', ['transferAccounts.0.bankName', 'transferAccounts.0.branchName']],
    ['0001', 'みずほ銀行', '107', '上野毛支店', ['transferAccounts.0.branchName']],
    ['0001', 'みずほ銀行', '108', '上野支店', ['transferAccounts.0.branchName']],
    ['0001', 'みずほ銀行', '002', '上野支店', ['transferAccounts.0.branchCode']],
    ['0002', 'みずほ銀行', '107', '上野支店', ['transferAccounts.0.bankCode']],
    ['0000', '見本銀行', '001', '本店', ['transferAccounts.0.bankCode']],
  ])('%s %s %s %s: %j', (bankCode, bankName, branchCode, branchName, expected) => {
    expect(keysOf({ transferAccounts: [account(bankCode, bankName, branchCode, branchName)] })).toEqual(expected)
  })
})

test('every branch of the virtual accounts is looked up', () => {
  const transferAccounts = [account('0001', 'みずほ', '107', '上野')]
  expect(keysOf({ transferAccounts, virtualAccounts: virtual({ '313': '振込第一支店', '317': '振込第二' }) })).toEqual(
    [],
  )
  expect(keysOf({ transferAccounts, virtualAccounts: virtual({ '313': '振込第三', '000': '本店' }) })).toEqual([
    'virtualAccounts.branches.313',
    'virtualAccounts.branches.000',
  ])
})

test('the demo may invent a bank with the code 0000, and no other', () => {
  const invented = account('0000', '見本銀行', '001', '本店')
  expect(accountsToCheck({ transferAccounts: [invented] }, { demo: true })).toEqual([])
  expect(keysOf({ transferAccounts: [invented, account('0002', 'みほん', '001', '本店')] }, true)).toEqual([
    'transferAccounts.1.bankCode',
  ])
})
