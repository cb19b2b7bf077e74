import { writeAudit } from '#audit'
import { inTransaction } from '#platform/database/database'
import type { Asked, Reply, Route } from '#platform/http/http'
import type { ProvidedPerson, SignInSecrets } from '#platform/sign-in/provider'
import { type ConsoleDesk, within } from './desk.ts'
import { returnPath } from './door.pages.ts'
import { page, seeOther } from './replies.pages.ts'
import type { Role } from './roles.rules.ts'
import { beginSession, demoSubject, openSession } from './session.ts'
import { putSignIn, takeSignIn } from './sign-in.store.ts'
import { signInFailedPage, signInPage } from './sign-in.views.ts'
import type { SignInWay } from './sign-in-way.ts'
import { urls } from './urls.ts'

type ByProvider = Extract<SignInWay, { kind: 'provider' }>

/** As long as somebody may take to type a password at the provider's. */
const awayMaxMs = 10 * 60_000

export const providerSignInRoutes = (desk: ConsoleDesk, way: ByProvider): readonly Route[] => [
  { kind: 'page', path: urls.signIn, who: 'public', show: (asked) => showSignIn(desk, asked) },
  { kind: 'page', path: urls.signInStart, who: 'public', show: (asked) => start(desk, way, asked) },
  { kind: 'page', path: urls.signInReturn, who: 'public', show: (asked) => comeBack(desk, way, asked) },
]

const showSignIn = async ({ w, look }: ConsoleDesk, asked: Asked): Promise<Reply> => {
  const to = returnPath(asked.query.to)
  const found = await openSession(w, asked.cookie, { now: asked.now, isUse: false })
  return found.kind === 'open' ? seeOther(to) : page(signInPage(look, to))
}

/** The beginning belongs to this browser: an answer that somebody else began is of no use in it. */
const start = async ({ w }: ConsoleDesk, { provider }: ByProvider, { cookie, query, now }: Asked): Promise<Reply> => {
  const token = cookie ?? w.chance.bytes(32).toString('base64url')
  const { address, secrets } = await provider.begin()
  const browser = browserOf(w, token)
  const sealed = w.vault.seal(placeOf(browser), JSON.stringify(secrets))
  const oldestKept = new Date(now.getTime() - awayMaxMs)
  await putSignIn(w.db, browser, { secrets: sealed, returnTo: returnPath(query.to) }, { now, oldestKept })
  return { kind: 'see-other', location: address, cookie: { set: token } }
}

const comeBack = async (desk: ConsoleDesk, way: ByProvider, asked: Asked): Promise<Reply> => {
  const { w, look } = desk
  const { cookie, now, query } = asked
  if (cookie === undefined) return page(signInFailedPage(look, 'stale'), 403)
  const browser = browserOf(w, cookie)
  const begun = await takeSignIn(w.db, browser, new Date(now.getTime() - awayMaxMs))
  if (begun === undefined) return page(signInFailedPage(look, 'stale'), 403)
  const secrets = JSON.parse(w.vault.open(placeOf(browser), begun.secrets).toString()) as SignInSecrets
  const end = await way.provider.finish(query, secrets)
  if (end.kind === 'refused') {
    await noteRefused(desk, end.because, now)
    return page(signInFailedPage(look, 'refused'), 403)
  }
  const roles = rolesOf(way, end.person)
  if (roles.length === 0 || end.person.subject.startsWith(demoSubject)) {
    await noteRefused(desk, 'no-role', now)
    return page(signInFailedPage(look, 'no-role'), 403)
  }
  const { subject, name, idToken } = end.person
  const token = await inTransaction(w.db, (tx) =>
    beginSession(within(desk, tx).w, { subject, name, roles, idToken }, { oldToken: cookie, now }),
  )
  return { kind: 'see-other', location: begun.returnTo, cookie: { set: token } }
}

const rolesOf = ({ roleNames }: ByProvider, { roleWords }: ProvidedPerson): readonly Role[] => [
  ...new Set(roleWords.flatMap((word) => roleNames.get(word) ?? [])),
]

const noteRefused = ({ w }: ConsoleDesk, because: string, now: Date): Promise<void> =>
  writeAudit(w.db, { at: now, actor: 'system', act: 'session.refused', facts: { because: because.slice(0, 60) } })

const browserOf = ({ vault }: ConsoleDesk['w'], token: string): Buffer => vault.blindIndex('operator-sign-in', token)

const placeOf = (browser: Buffer) => ({
  table: 'operator_sign_ins',
  column: 'secrets',
  row: browser.toString('hex'),
})
