import type { Asked, Reply, Route, Sent } from '#platform/http/http'
import { demoPeople } from './demo-people.rules.ts'
import { type ConsoleDesk, within } from './desk.ts'
import { returnPath } from './door.pages.ts'
import { providerSignInRoutes } from './provider-sign-in.pages.ts'
import { page, seeOther } from './replies.pages.ts'
import { beginSession, demoSubject, openSession } from './session.ts'
import { demoSignInPage, signedOutPage } from './sign-in.views.ts'
import { urls } from './urls.ts'

/** What is answered to people who have not signed in. */
export const signInRoutes = (desk: ConsoleDesk): readonly Route[] => [
  { kind: 'page', path: urls.signedOut, who: 'public', show: () => page(signedOutPage(desk.look)) },
  ...(desk.w.signIn.kind === 'demo' ? demoRoutes(desk) : providerSignInRoutes(desk, desk.w.signIn)),
]

/** A demo's sign-in: choose whom to be. */
const demoRoutes = (desk: ConsoleDesk): readonly Route[] => [
  { kind: 'page', path: urls.signIn, who: 'public', show: (asked) => showDemo(desk, asked) },
  {
    kind: 'form',
    path: urls.demoSignIn,
    who: 'public',
    act: { commits: 'with-the-form', run: (sent, tx) => takeDemo(within(desk, tx), sent) },
    again: (sent) => showDemo(desk, sent, 422),
  },
]

const showDemo = async ({ w, look }: ConsoleDesk, asked: Asked, status = 200): Promise<Reply> => {
  const to = returnPath(asked.query.to)
  const found = await openSession(w, asked.cookie, { now: asked.now, isUse: false })
  if (found.kind === 'open' && status === 200) return seeOther(to)
  return page(demoSignInPage(look, { people: demoPeople, to, formId: asked.formId(urls.demoSignIn) }), status)
}

const takeDemo = async (desk: ConsoleDesk, sent: Sent): Promise<Reply> => {
  const person = demoPeople.find(({ key }) => key === sent.form.person)
  if (person === undefined) return showDemo(desk, sent, 422)
  const who = { subject: `${demoSubject}${person.key}`, name: person.name, roles: person.roles }
  const token = await beginSession(desk.w, who, { oldToken: sent.cookie, now: sent.now })
  return { kind: 'see-other', location: returnPath(sent.form.to), cookie: { set: token } }
}
