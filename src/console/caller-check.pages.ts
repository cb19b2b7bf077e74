import { writeAudit } from '#audit'
import { mobileRules } from '#guidance'
import type { Transaction } from '#platform/database/database'
import type { Fields, Reply } from '#platform/http/http'
import { dayInJst } from '#values/day'
import { checkCaller, checkLimit, type Said } from './caller-check.rules.ts'
import { countChecks, insertCheck } from './caller-check.store.ts'
import { showCase } from './case.pages.ts'
import type { ConsoleRoute, OperatorSent } from './console-route.ts'
import type { Somebody } from './customer-file.ts'
import { type ConsoleDesk, within } from './desk.ts'
import { actorOf } from './operator.ts'
import { seeOther } from './replies.pages.ts'
import { withSomebody } from './somebody.pages.ts'
import { urls } from './urls.ts'

/** Takes what a caller says, and answers only whether it is so. */
export const callerCheckRoute = (desk: ConsoleDesk): ConsoleRoute => ({
  kind: 'form',
  path: urls.caseCheck(':id'),
  may: 'act-on-case',
  act: {
    commits: 'with-the-form',
    run: (sent, tx) => {
      const inside = within(desk, tx)
      return withSomebody(inside, sent, (somebody) => check(inside, sent, somebody, tx))
    },
  },
  again: (sent) => withSomebody(desk, sent, (somebody) => showCase(desk, sent, somebody, { kind: 'stale' })),
})

const check = async (desk: ConsoleDesk, sent: OperatorSent, somebody: Somebody, tx: Transaction): Promise<Reply> => {
  const { policies, demo } = desk.w.creditor
  const { operator, now, form } = sent
  const { customer } = somebody
  const customerId = customer.id
  const by = actorOf(operator)
  const limit = checkLimit(await countChecks(tx, { customerId, by }, now))
  if (limit !== undefined) {
    await writeAudit(tx, { at: now, actor: by, act: 'caller.check-refused', customerId, facts: { because: limit } })
    return seeOther(`${urls.case(customerId)}?limited=${limit}`)
  }
  const rules = { mobile: mobileRules(policies, demo), readings: policies.identity.alternateReadings }
  const said = saidIn(form)
  const outcome = checkCaller(customer, said, rules, dayInJst(now))
  if (outcome.kind === 'unclear') return showCase(desk, sent, somebody, { ...outcome, said })
  const { asked, matched } = outcome
  const id = await insertCheck(tx, { customerId, asked, matched, by }, now)
  await writeAudit(tx, { at: now, actor: by, act: 'caller.checked', customerId, facts: { asked, matched } })
  return seeOther(`${urls.case(customerId)}?check=${id}`)
}

const saidIn = ({ name = '', birthDate = '', phone = '' }: Fields): Said => ({ name, birthDate, phone })
