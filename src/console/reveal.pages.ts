import { writeAudit } from '#audit'
import type { Reply } from '#platform/http/http'
import { revealPage, type Typed } from './case-act.views.ts'
import type { ConsoleRoute, OperatorAsked } from './console-route.ts'
import { type ConsoleDesk, within } from './desk.ts'
import { actorOf } from './operator.ts'
import { page, seeOther } from './replies.pages.ts'
import { isRevealField, isRevealReason, type RevealField } from './reveal.rules.ts'
import { insertReveal } from './reveal.store.ts'
import { withSomebody } from './somebody.pages.ts'
import { urls } from './urls.ts'

/** The one way to see a customer's data in clear: one field, for a reason, for minutes, in this session. */
export const revealRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  {
    kind: 'page',
    path: urls.reveal,
    may: 'reveal',
    show: (asked) => ask(desk, asked, asked.query, { values: {}, problems: [] }),
  },
  {
    kind: 'form',
    path: urls.reveal,
    may: 'reveal',
    act: {
      commits: 'with-the-form',
      run: async (sent, tx) => {
        const { form, operator, now } = sent
        const { field, reason, customer = '' } = form
        if (!isRevealField(field) || !isRevealReason(reason)) return ask(within(desk, tx), sent, form, missing(form))
        return withSomebody(
          within(desk, tx),
          sent,
          async () => {
            const by = actorOf(operator)
            await insertReveal(tx, { customerId: customer, field, reason, sessionId: operator.sessionId, by }, now)
            await writeAudit(tx, {
              at: now,
              actor: by,
              act: 'person.revealed',
              customerId: customer,
              facts: { field, reason },
            })
            return seeOther(`${urls.case(customer)}?done=revealed`)
          },
          customer,
        )
      },
    },
    again: (sent) => ask(desk, sent, sent.form, missing(sent.form)),
  },
]

const missing = (values: Typed['values']): Typed => ({
  values,
  problems: [{ field: 'reason', text: '表示する理由を選んで、もう一度押してください。まだ表示していません。' }],
})

const ask = (
  { w, look }: ConsoleDesk,
  asked: OperatorAsked,
  { customer, field }: Readonly<Record<string, string | undefined>>,
  typed: Typed,
): Promise<Reply> =>
  withSomebody(
    { w, look },
    asked,
    (somebody) => {
      const of: RevealField = isRevealField(field) ? field : 'phone'
      const formId = asked.formId(urls.reveal)
      return page(
        revealPage(look, asked.frame, { somebody, typed, formId, field: of }),
        typed.problems.length > 0 ? 422 : 200,
      )
    },
    customer ?? '',
  )
