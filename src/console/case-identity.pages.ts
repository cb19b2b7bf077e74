import { unlockIdentity } from '#identity'
import { callerCheckRoute } from './caller-check.pages.ts'
import { caseActRoutes } from './case-act.pages.ts'
import { confirmPage } from './case-act.views.ts'
import type { ConsoleRoute } from './console-route.ts'
import type { ConsoleDesk } from './desk.ts'
import { actorOf } from './operator.ts'
import { urls } from './urls.ts'

export const identityRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  callerCheckRoute(desk),
  ...caseActRoutes(desk, {
    path: urls.caseUnlock(':id'),
    show: async ({ look }, asked, somebody, typed) =>
      confirmPage(look, asked.frame, {
        somebody,
        typed,
        formId: asked.formId(urls.caseUnlock(somebody.customer.id)),
        heading: '認証の解除',
        action: urls.caseUnlock(somebody.customer.id),
        words: [
          '本人認証や認証番号の入力回数が上限に達したお客様が、いますぐもう一度お試しいただけるようにします。',
          'お電話の相手がご本人であることを、照合で確かめてから行ってください。解除したことは記録されます。',
        ],
        button: '解除する',
        isGrave: false,
      }),
    act: async ({ w }, { operator, now }, { customer }, tx) => {
      const { id: customerId, person, phone } = customer
      await unlockIdentity(tx, w, { customerId, person, phone, by: actorOf(operator), now })
      return 'unlocked'
    },
  }),
]
