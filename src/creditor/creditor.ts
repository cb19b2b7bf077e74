import { openBanks } from '#platform/banks/banks'
import { readConfigFile } from '#platform/config/file'
import { type Problem, parseBySchema, withDefaults } from '#platform/config/schema'
import { Fault } from '#platform/fault'
import { accountProblems, accountsToCheck } from './accounts.rules.ts'
import { type CreditorFile, CreditorSchema, ProductSchema } from './creditor.schema.ts'
import { redebitProblems } from './redebit-days.ts'

/** The creditor this deployment serves: its validated file, and the address its site is really reached at. */
export type Creditor = CreditorFile & {
  /** The address in the notice: the file's, or the one the demo listens on. */
  readonly siteAddress: string
  /** True only under `annai demo`: 0900 numbers are mobile numbers, the clock can be moved. */
  readonly demo: boolean
}

export type ProductKey = string
export type Product = Creditor['products'][string]
export type Policies = Creditor['policies']
export type ResultMeaning =
  | 'paid'
  | 'bill'
  | 'account-repair'
  | 'stopped-by-depositor'
  | 'stopped-by-creditor'
  | 'manual'
export type TransferAccount = Creditor['transferAccounts'][number]

/** Reads and checks a creditor's file. Fault `config-invalid` lists every problem with its key. */
export const readCreditor = async (
  path: string,
  { demo, siteAddress }: { readonly demo: boolean; readonly siteAddress?: string },
): Promise<Creditor> => {
  const file = await readCreditorFile(path)
  const accounts = accountsToCheck(file, { demo })
  const problems = accounts.length === 0 ? [] : accountProblems(accounts, await openBanks())
  if (problems.length > 0) throw invalid(path, problems)
  return { ...file, siteAddress: siteAddress ?? file.site.address, demo }
}

/** What the file says of policies, whether or not customers could pay into its accounts: for questions about it. */
export const readPolicies = async (path: string): Promise<Policies> => (await readCreditorFile(path)).policies

/** The file's keys, then what no schema can say. */
export const parseCreditor = (
  file: unknown,
): { readonly value: CreditorFile } | { readonly problems: readonly Problem[] } => {
  const parsed = parseBySchema(CreditorSchema, withProductDefaults(file))
  if ('problems' in parsed) return parsed
  const problems = [...contradictions(parsed.value), ...redebitProblems(parsed.value)]
  return problems.length > 0 ? { problems } : parsed
}

/** The host of the site, as the domain-bound line of a code names it: without a port. */
export const siteHost = (creditor: Creditor): string => new URL(creditor.siteAddress).hostname

/** The product named by key or by its Japanese name. */
export const findProduct = (creditor: Pick<Creditor, 'products'>, named: string): ProductKey | undefined =>
  Object.keys(creditor.products).find((key) => key === named || creditor.products[key]?.name === named)

/** What a result code of the bank leads to; an unknown code is for people, never "paid". */
export const meaningOfResult = (policies: Policies, code: string): ResultMeaning =>
  policies.resultCodes[code] ?? 'manual'

const readCreditorFile = async (path: string): Promise<CreditorFile> => {
  const parsed = parseCreditor(await readConfigFile(path))
  if ('problems' in parsed) throw invalid(path, parsed.problems)
  return parsed.value
}

const invalid = (path: string, problems: readonly Problem[]): Fault =>
  new Fault(
    'config-invalid',
    [`${path} is not valid:`, ...problems.map(({ key, message }) => `  ${key}: ${message}`)].join('\n'),
  )

const withProductDefaults = (file: unknown): unknown => {
  if (!isRecord(file) || !isRecord(file.products)) return file
  const products = Object.entries(file.products).map(([key, product]) => [key, withDefaults(ProductSchema, product)])
  return { ...file, products: Object.fromEntries(products) }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const contradictions = ({ policies, contact, products, brand, texts }: CreditorFile): readonly Problem[] => {
  const problems: Problem[] = []
  const refuse = (key: string, message: string) => problems.push({ key, message })
  const { opens, closes } = policies.contact
  if (opens < '08:00') refuse('policies.contact.opens', 'must not be before 08:00 (貸金業法21条1項1号)')
  if (closes > '21:00') refuse('policies.contact.closes', 'must not be after 21:00 (貸金業法21条1項1号)')
  if (opens >= closes) refuse('policies.contact.closes', 'must be after policies.contact.opens')
  if (contact.hours.opens >= contact.hours.closes) refuse('contact.hours.closes', 'must be after contact.hours.opens')
  if (policies.visit.idleMinutes > policies.visit.absoluteMinutes)
    refuse('policies.visit.idleMinutes', 'must not be longer than policies.visit.absoluteMinutes')
  if (policies.resultCodes['0'] !== 'paid') refuse('policies.resultCodes.0', 'must be "paid" (振替済)')
  for (const [code, meaning] of Object.entries(policies.resultCodes)) {
    if (code !== '0' && meaning === 'paid') refuse(`policies.resultCodes.${code}`, 'only 0 means "paid"')
    if (code !== '1' && meaning === 'bill') refuse(`policies.resultCodes.${code}`, 'only 1 (資金不足) starts guidance')
  }
  const names = Object.values(products).map(({ name }) => name)
  for (const [key, { name }] of Object.entries(products))
    if (names.filter((other) => other === name).length > 1) refuse(`products.${key}.name`, `"${name}" is used twice`)
  for (const key of ['notice', 'code', 'receipt'] as const)
    if (!texts[key].includes('{company}') && !texts[key].includes(brand.companyName))
      refuse(`texts.${key}`, 'must name the company ({company})')
  return problems
}
