import type { Asked, Reply, Route } from '#platform/http/http'
import { dayInJst } from '#values/day'
import { takeAnswer } from './answer.pages.ts'
import { type Desk, page, seeOther, type Visiting, visitForm, visitPage } from './door.pages.ts'
import { readPaid, type TypedPaid } from './paid.rules.ts'
import { paidPage } from './paid.views.ts'
import { withStanding } from './standing.pages.ts'
import { urls } from './urls.ts'

export const paidRoutes = (desk: Desk): readonly Route[] => [
  visitPage(desk, urls.paid, (asked, visiting) => showPaid(desk, asked, visiting, untyped, 200)),
  visitForm(desk, urls.paid, {
    run: (sent, visiting, tx) => {
      const details = readPaid(typedInto(sent.form), dayInJst(sent.now))
      return takeAnswer(desk, sent, visiting, tx, { kind: 'already-paid', details })
    },
    again: (sent, visiting) => showPaid(desk, sent, visiting, typedInto(sent.form), 422),
  }),
]

const untyped: TypedPaid = { paidOn: undefined, method: undefined }

const showPaid = (desk: Desk, asked: Asked, visiting: Visiting, typed: TypedPaid, status: 200 | 422): Promise<Reply> =>
  withStanding(desk, visiting, asked.now, async ({ offer }) => {
    if (offer.kind === 'on-hold') return seeOther(urls.menu)
    const formId = asked.formId(urls.paid)
    const view = { ...visiting, formId, today: dayInJst(asked.now), typed, isStale: status === 422 }
    return page(paidPage(desk.look, view), status)
  })

const typedInto = ({ paidOn, method }: Asked['query']): TypedPaid => ({ paidOn, method })
