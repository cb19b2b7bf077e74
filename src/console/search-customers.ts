import { listCustomersByReceipt } from '#answers'
import { searchCustomers, searchValue } from '#customers'
import type { Db } from '#platform/database/database'
import type { ConsoleWorld } from './desk.ts'
import type { SearchQuestion } from './search-question.rules.ts'

/** Two screens of a list; who wants to see more says more. */
export const foundPerPage = 25

export type Found = { readonly customerIds: readonly string[]; readonly next: string | undefined }

/** Whoever fits the question, a page at a time. */
export const findCustomers = async (
  db: Db,
  { vault }: Pick<ConsoleWorld, 'vault'>,
  question: Extract<SearchQuestion, { kind: 'question' }>,
  after?: string,
): Promise<Found> => {
  const { numbers, receiptNumber, terms } = question
  const byReceipt = receiptNumber === undefined ? [] : await listCustomersByReceipt(db, receiptNumber)
  const values = terms.map(({ label, text }) => ({ label, value: searchValue(vault, label, text) }))
  const found = await searchCustomers(db, { numbers, values }, { after, limit: foundPerPage + 1 })
  const ofReceipt = byReceipt.filter((id) => (after === undefined || id > after) && !found.includes(id))
  const all = [...found, ...ofReceipt].sort()
  const customerIds = all.slice(0, foundPerPage)
  return { customerIds, next: all.length > foundPerPage ? customerIds.at(-1) : undefined }
}
