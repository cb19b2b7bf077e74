import type { Bank, Banks } from '#platform/banks/banks'
import type { Problem } from '#platform/config/schema'
import type { CreditorFile } from './creditor.schema.ts'

/** An account of the creditor's file, or the branches of its virtual ones, and the keys under which they stand there. */
export type AccountNames = {
  readonly key: string
  readonly bankCode: string
  readonly bankName: string
  readonly branches: readonly BranchNames[]
}

type BranchNames = {
  readonly code: string
  readonly name: string
  readonly codeKey: string
  readonly nameKey: string
}

/** 0000 is nobody's code: the demo's bank is invented, so that nobody pays into a real account by accident. */
const inventedBankCode = '0000'

/** Every account whose bank has to exist: all, but for those of the demo's invented bank. */
export const accountsToCheck = (
  { transferAccounts, virtualAccounts }: Pick<CreditorFile, 'transferAccounts' | 'virtualAccounts'>,
  { demo }: { readonly demo: boolean },
): readonly AccountNames[] => {
  const accounts = transferAccounts.map(({ bankCode, bankName, branchCode: code, branchName: name }, index) => {
    const key = `transferAccounts.${index}`
    const branch = { code, name, codeKey: `${key}.branchCode`, nameKey: `${key}.branchName` }
    return { key, bankCode, bankName, branches: [branch] }
  })
  const key = 'virtualAccounts'
  const branches = Object.entries(virtualAccounts?.branches ?? {}).map(([code, name]) => {
    const branchKey = `${key}.branches.${code}`
    return { code, name, codeKey: branchKey, nameKey: branchKey }
  })
  const all = virtualAccounts === undefined ? accounts : [...accounts, { key, ...virtualAccounts, branches }]
  return all.filter(({ bankCode }) => !demo || bankCode !== inventedBankCode)
}

/** A bank or a branch that does not exist, or is not the one named, would be found by the first customer who pays. */
export const accountProblems = (accounts: readonly AccountNames[], banks: Banks): readonly Problem[] =>
  accounts.flatMap(({ key, bankCode, bankName, branches }) => {
    const bank = banks.find(bankCode)
    if (bank === undefined) return [{ key: `${key}.bankCode`, message: `no bank has the code ${bankCode}` }]
    const called = { key: `${key}.bankName`, message: `the bank with the code ${bankCode} is called ${bank.name}` }
    const problems = shortBankName(bankName) === shortBankName(bank.name) ? [] : [called]
    return [...problems, ...branches.flatMap((branch) => branchProblems(bank, branch))]
  })

const branchProblems = (bank: Bank, { code, name, codeKey, nameKey }: BranchNames): readonly Problem[] => {
  const found = bank.branchName(code)
  if (found === undefined) return [{ key: codeKey, message: `${bank.name} has no branch with the code ${code}` }]
  if (shortBranchName(name) === shortBranchName(found)) return []
  return [{ key: nameKey, message: `the branch with the code ${code} is called ${found}` }]
}

/** みずほ銀行 is listed as みずほ, 北海道信用金庫 as 北海道信金. */
const shortBankName = (name: string): string =>
  shortForms.reduce((text, [long, short]) => text.replace(long, short), folded(name).replace(/^株式会社/, ''))

const shortForms: readonly (readonly [RegExp, string])[] = [
  [/信用農業協同組合連合会$/, '信連'],
  [/信用漁業協同組合連合会$/, '信漁連'],
  [/農業協同組合$/, '農協'],
  [/信用金庫$/, '信金'],
  [/信用組合$/, '信組'],
  [/労働金庫$/, '労金'],
  [/銀行$/, ''],
]

const shortBranchName = (name: string): string => folded(name).replace(/支店$/, '')

/** Widths and ヶ are written in several ways. */
const folded = (name: string): string => name.normalize('NFKC').replace(/\s/g, '').replaceAll('ヶ', 'ケ')
