import type { Transaction } from '#platform/database/database'
import type { Reply } from '#platform/http/http'
import type { Typed } from './case-act.views.ts'
import type { DoneInCase } from './case-done.rules.ts'
import type { ConsoleRoute, OperatorAsked, OperatorSent } from './console-route.ts'
import type { Somebody } from './customer-file.ts'
import { type ConsoleDesk, within } from './desk.ts'
import type { FieldProblem } from './form.views.ts'
import { page, seeOther } from './replies.pages.ts'
import type { Permission } from './roles.rules.ts'
import { withSomebody } from './somebody.pages.ts'
import { urls } from './urls.ts'

export type CaseAct = {
  /** With ':id' for the customer. */
  readonly path: string
  readonly may?: Permission
  /** The page with its form, and with what was typed when nothing was done. */
  readonly show: (desk: ConsoleDesk, asked: OperatorAsked, somebody: Somebody, typed: Typed) => Promise<string>
  readonly act: (
    desk: ConsoleDesk,
    sent: OperatorSent,
    somebody: Somebody,
    tx: Transaction,
  ) => Promise<DoneInCase | { readonly problems: readonly FieldProblem[] }>
  /** False where another act's page has the form. */
  readonly hasPage?: boolean
}

/** A page with a form about one customer, and the act of it; done, it leads back to the customer's page. */
export const caseActRoutes = (
  desk: ConsoleDesk,
  { path, may = 'act-on-case', show, act, hasPage = true }: CaseAct,
): readonly ConsoleRoute[] => {
  const shown = async (at: ConsoleDesk, asked: OperatorAsked, somebody: Somebody, typed: Typed): Promise<Reply> =>
    page(await show(at, asked, somebody, typed), typed.problems.length > 0 ? 422 : 200)
  const route: ConsoleRoute = {
    kind: 'form',
    path,
    may,
    act: {
      commits: 'with-the-form',
      run: (sent, tx) => {
        const inside = within(desk, tx)
        return withSomebody(inside, sent, async (somebody) => {
          const outcome = await act(inside, sent, somebody, tx)
          if (typeof outcome === 'object')
            return shown(inside, sent, somebody, { values: sent.form, problems: outcome.problems })
          return seeOther(`${urls.case(somebody.customer.id)}?done=${outcome}`)
        })
      },
    },
    again: (sent) =>
      withSomebody(desk, sent, (somebody) => shown(desk, sent, somebody, { values: sent.form, problems: [stale] })),
  }
  if (!hasPage) return [route]
  const untyped: Typed = { values: {}, problems: [] }
  return [
    {
      kind: 'page',
      path,
      may,
      show: (asked) => withSomebody(desk, asked, (somebody) => shown(desk, asked, somebody, untyped)),
    },
    route,
  ]
}

const stale: FieldProblem = {
  field: 'main',
  text: '画面を開いてから時間がたったか、すでに送信済みの画面のため、何も記録していません。内容を確かめて、もう一度送信してください。',
}
