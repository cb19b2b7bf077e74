import type { ConsoleRoute } from './console-route.ts'
import { type ConsoleDesk, within } from './desk.ts'
import { seeOther } from './replies.pages.ts'
import { endSession } from './session.ts'
import { urls } from './urls.ts'

export const signOutRoutes = (desk: ConsoleDesk): readonly ConsoleRoute[] => [
  {
    kind: 'form',
    path: urls.signOut,
    may: 'signed-in',
    act: {
      commits: 'with-the-form',
      run: async ({ operator, now }, tx) => {
        await endSession(within(desk, tx).w, operator, now)
        return { kind: 'see-other', location: urls.signedOut, cookie: 'clear' }
      },
    },
    // Of an old page: signing out is offered again by the page that follows.
    again: () => seeOther(urls.home),
  },
]
