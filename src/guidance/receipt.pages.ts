import type { Route } from '#platform/http/http'
import { calendarFile } from './calendar.format.ts'
import { type Desk, page, seeOther, visitPage } from './door.pages.ts'
import { receiptPage } from './receipt.views.ts'
import { withStanding } from './standing.pages.ts'
import { urls } from './urls.ts'

export const receiptRoutes = (desk: Desk): readonly Route[] => [
  visitPage(desk, urls.receipt, (asked, visiting) =>
    withStanding(desk, visiting, asked.now, async ({ answer }) =>
      answer === undefined ? seeOther(urls.menu) : page(receiptPage(desk.look, visiting, answer)),
    ),
  ),
  visitPage(desk, urls.calendar, ({ now }, visiting) =>
    withStanding(desk, visiting, now, async ({ answer }) => {
      if (answer?.promisedDay == null) return seeOther(urls.menu)
      const uid = desk.w.vault.hash('form', Buffer.from(`calendar ${answer.receiptNumber}`)).toString('hex')
      const body = calendarFile({ uid, day: answer.promisedDay, now })
      return { kind: 'file', mediaType: 'text/calendar; charset=utf-8', name: 'yotei.ics', body }
    }),
  ),
]
