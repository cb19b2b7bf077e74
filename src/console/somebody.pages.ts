import type { Reply } from '#platform/http/http'
import { isUuid } from '#values/id'
import type { OperatorAsked } from './console-route.ts'
import { findSomebody, type Somebody } from './customer-file.ts'
import type { ConsoleDesk } from './desk.ts'
import { page } from './replies.pages.ts'
import { noSuchCustomerPage } from './somebody.views.ts'

/** For pages about the customer whose id stands in the address. An id of nobody leads nowhere, and says no more. */
export const withSomebody = async (
  desk: ConsoleDesk,
  asked: OperatorAsked,
  go: (somebody: Somebody) => Reply | Promise<Reply>,
  customerId = asked.params.id ?? '',
): Promise<Reply> => {
  const somebody = isUuid(customerId) ? await findSomebody(desk.w, customerId, asked) : undefined
  return somebody === undefined ? page(noSuchCustomerPage(desk.look, asked.frame), 404) : go(somebody)
}
