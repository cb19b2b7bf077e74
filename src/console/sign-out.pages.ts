import { inTransaction } from '#platform/database/database'
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
      // By itself: the provider may have to be asked where its page is, and no transaction waits for a stranger.
      commits: 'by-itself',
      run: async ({ operator, now }) => {
        const idToken = await inTransaction(desk.w.db, (tx) => endSession(within(desk, tx).w, operator, now))
        const away = await awayFrom(desk, idToken)
        return { kind: 'see-other', location: away ?? urls.signedOut, cookie: 'clear' }
      },
    },
    // Of an old page: signing out is offered again by the page that follows.
    again: () => seeOther(urls.home),
  },
]

/** The provider's own sign-out: without it the next press on サインイン would let in whoever sits here then. */
const awayFrom = async ({ w }: ConsoleDesk, idToken: string | undefined): Promise<string | undefined> =>
  w.signIn.kind === 'provider' && idToken !== undefined ? w.signIn.provider.signOutAddress(idToken) : undefined
