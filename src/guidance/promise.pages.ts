import { totalOn } from '#bills'
import type { Asked, Reply, Route } from '#platform/http/http'
import { dayInJst, parseDay } from '#values/day'
import { takeAnswer } from './answer.pages.ts'
import { type Desk, page, seeOther, type Visiting, visitForm, visitPage, within } from './door.pages.ts'
import { promiseCheckPage, promiseDaysPage } from './promise.views.ts'
import { type Standing, showMenu, withStanding } from './standing.pages.ts'
import { urls } from './urls.ts'
import { findRedebits } from './ways.pages.ts'

export const promiseRoutes = (desk: Desk): readonly Route[] => [
  visitPage(desk, urls.promise, (asked, visiting) =>
    withStanding(desk, visiting, asked.now, (standing) => showPromise(desk, asked, visiting, standing)),
  ),
  visitForm(desk, urls.promise, {
    run: async (sent, visiting, tx) => {
      const [day, shownOn] = [parseDay(sent.form.day ?? ''), parseDay(sent.form.shownOn ?? '')]
      if (day === undefined || shownOn === undefined) return showMenu(within(desk, tx), visiting, sent.now, 'not-taken')
      return takeAnswer(desk, sent, visiting, tx, { kind: 'promise', day, shownOn })
    },
    again: (sent, visiting) => showMenu(desk, visiting, sent.now, 'not-taken'),
  }),
]

/** The check page of the day that was chosen, or the list of days. Nothing is recorded here. */
const showPromise = async (desk: Desk, asked: Asked, visiting: Visiting, standing: Standing): Promise<Reply> => {
  const { w, look } = desk
  const { offer, facts } = standing
  if (offer.kind !== 'days' || offer.choices.length === 0) return seeOther(urls.menu)
  const { day: typed } = asked.query
  if (typed === undefined) return page(promiseDaysPage(look, { ...visiting, choices: offer.choices }))
  const day = parseDay(typed)
  const choice = offer.choices.find((each) => each.day === day)
  const today = dayInJst(asked.now)
  if (choice === undefined) {
    const hasPassed = day !== undefined && day <= today
    return showMenu(desk, visiting, asked.now, hasPassed ? 'date-changed' : 'not-offered')
  }
  return page(
    promiseCheckPage(look, {
      ...visiting,
      formId: asked.formId(urls.promise),
      choice,
      shownOn: today,
      billCount: facts.bills.length,
      total: totalOn(facts.bills, w.creditor.products, choice.day),
      redebits: await findRedebits(desk, visiting, asked.now),
    }),
  )
}
