import { writeAudit } from '#audit'
import { caseActRoutes } from './case-act.pages.ts'
import { wishesPage } from './case-act.views.ts'
import type { ConsoleRoute } from './console-route.ts'
import { noWish, readWish } from './contact-wish.rules.ts'
import { findWish, insertWish } from './contact-wish.store.ts'
import type { ConsoleDesk } from './desk.ts'
import { actorOf } from './operator.ts'
import { urls } from './urls.ts'

export const wishRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] =>
  caseActRoutes(desk, {
    path: urls.caseWishes(':id'),
    show: async ({ w, look }, asked, somebody, typed) => {
      const { id } = somebody.customer
      const wish = (await findWish(w.db, id)) ?? noWish
      return wishesPage(look, asked.frame, { somebody, typed, wish, formId: asked.formId(urls.caseWishes(id)) })
    },
    act: async (_, { form, operator, now }, { customer }, tx) => {
      const wish = readWish(form)
      if (wish === undefined) return { problems: [{ field: 'callTime', text: 'それぞれ1つ選んでください。' }] }
      const by = actorOf(operator)
      await insertWish(tx, { customerId: customer.id, wish, by }, now)
      await writeAudit(tx, { at: now, actor: by, act: 'wish.noted', customerId: customer.id, facts: wish })
      return 'wishes'
    },
  })
