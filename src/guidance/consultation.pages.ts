import type { Asked, Reply, Route } from '#platform/http/http'
import { takeAnswer } from './answer.pages.ts'
import { readConsultation, type TypedConsultation } from './consultation.rules.ts'
import { consultationPage } from './consultation.views.ts'
import { type Desk, page, type Visiting, visitForm, visitPage } from './door.pages.ts'
import { withStanding } from './standing.pages.ts'
import { urls } from './urls.ts'

export const consultationRoutes = (desk: Desk): readonly Route[] => [
  visitPage(desk, urls.consultation, (asked, visiting) => showConsultation(desk, asked, visiting, untyped, 200)),
  visitForm(desk, urls.consultation, {
    run: (sent, visiting, tx) => {
      const details = readConsultation(typedInto(sent.form))
      return takeAnswer(desk, sent, visiting, tx, { kind: 'consultation', details })
    },
    again: (sent, visiting) => showConsultation(desk, sent, visiting, typedInto(sent.form), 422),
  }),
]

const untyped: TypedConsultation = { topic: undefined, callTime: undefined, reachBy: undefined }

const showConsultation = (
  desk: Desk,
  asked: Asked,
  visiting: Visiting,
  typed: TypedConsultation,
  status: 200 | 422,
): Promise<Reply> =>
  withStanding(desk, visiting, asked.now, async () => {
    const formId = asked.formId(urls.consultation)
    return page(consultationPage(desk.look, { ...visiting, formId, typed, isStale: status === 422 }), status)
  })

const typedInto = ({ topic, callTime, reachBy }: Asked['query']): TypedConsultation => ({ topic, callTime, reachBy })
