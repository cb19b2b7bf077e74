import { endVisit } from '#identity'
import type { Route } from '#platform/http/http'
import { type Desk, page, seeOther } from './door.pages.ts'
import { endPage } from './end.views.ts'
import { urls } from './urls.ts'

/** The last page is public: whoever presses again, or after the time-out, sees it too. */
export const endRoutes = (desk: Desk): readonly Route[] => [
  { kind: 'page', path: urls.end, who: 'public', show: () => page(endPage(desk.look)) },
  {
    kind: 'form',
    path: urls.end,
    who: 'visit',
    act: {
      commits: 'by-itself',
      run: async ({ cookie, now }) => {
        if (cookie !== undefined) await endVisit(desk.w, cookie, now)
        return { kind: 'see-other', location: urls.end, cookie: 'clear' }
      },
    },
    // Ending is never refused to the visit's own browser, however old its page is.
    again: async ({ cookie, now }) => {
      if (cookie !== undefined) await endVisit(desk.w, cookie, now)
      return { ...seeOther(urls.end), cookie: 'clear' }
    },
  },
]
