import { writeAudit } from '#audit'
import type { Asked, Reply, Route, Sent } from '#platform/http/http'
import { badgesOf, countWaitingFor } from './badges.ts'
import type { ConsoleRoute, OperatorAsked } from './console-route.ts'
import { type ConsoleDesk, within } from './desk.ts'
import type { Frame } from './frame.ts'
import { actorOf, type Operator } from './operator.ts'
import { page, seeOther } from './replies.pages.ts'
import { may } from './roles.rules.ts'
import { openSession } from './session.ts'
import { refusedPage, sessionEndedPage } from './trouble.views.ts'
import { urls } from './urls.ts'

/** The one door: nothing of the console is answered before the session and the permission were looked at. */
export const behindTheDoor = (desk: ConsoleDesk, route: ConsoleRoute): Route => {
  const { path, may: who } = route
  switch (route.kind) {
    case 'page':
      return { kind: 'page', path, who, show: (asked) => enter(desk, route, asked, route.show) }
    case 'fragment':
      return { kind: 'page', path, who, show: (asked) => enter(desk, route, asked, route.show) }
    case 'form': {
      const { act } = route
      return {
        kind: 'form',
        path,
        who,
        admit: (sent) => refusalOf(desk, route, sent),
        act:
          act.commits === 'with-the-form'
            ? {
                commits: act.commits,
                run: (sent, tx) => enter(within(desk, tx), route, sent, (entered) => act.run(entered, tx)),
              }
            : { commits: act.commits, run: (sent) => enter(desk, route, sent, act.run) },
        again: (sent, because) => enter(desk, route, sent, (entered) => route.again(entered, because)),
      }
    }
    case 'upload':
      return {
        kind: 'upload',
        path,
        who,
        bytesMax: route.bytesMax,
        admit: (sent) => refusalOf(desk, route, sent),
        take: (sent) => enter(desk, route, sent, route.take),
        again: (sent, because) => enter(desk, route, sent, (entered) => route.again(entered, because)),
      }
  }
}

/** Before an act begins and before a file is read; the act looks once more, in its own transaction. */
const refusalOf = async (desk: ConsoleDesk, route: ConsoleRoute, sent: Sent): Promise<Reply | undefined> => {
  const admitted: Reply = { kind: 'text', body: '' }
  const reply = await enter(desk, route, sent, () => admitted)
  return reply === admitted ? undefined : reply
}

const enter = async <A extends Asked>(
  desk: ConsoleDesk,
  route: ConsoleRoute,
  asked: A,
  go: (asked: A & Pick<OperatorAsked, 'operator' | 'frame'>) => Reply | Promise<Reply>,
): Promise<Reply> => {
  const { w, look } = desk
  const isUse = route.kind !== 'fragment'
  const found = await openSession(w, asked.cookie, { now: asked.now, isUse })
  if (found.kind !== 'open') {
    if (route.kind === 'fragment') return { kind: 'page', status: 401, html: '' }
    if (route.kind === 'page' && found.kind === 'none') return seeOther(signInFor(asked.path))
    return page(sessionEndedPage(look, found, route.kind === 'page' ? asked.path : urls.home), 403)
  }
  const { operator, endsAt } = found
  const frame = await frameOf(desk, operator, asked, endsAt)
  if (route.may !== 'signed-in' && !may(operator.roles, route.may)) {
    await noteRefusal(desk, operator, route, asked)
    return page(refusedPage(look, frame), 403)
  }
  return go({ ...asked, operator, frame })
}

/** Somebody who tries doors leaves a trace; the address as it is written in the program, without ids. */
const noteRefusal = ({ w }: ConsoleDesk, operator: Operator, { path, kind, may }: ConsoleRoute, { now }: Asked) =>
  writeAudit(w.db, { at: now, actor: actorOf(operator), act: 'console.refused', facts: { path, kind, may } })

const frameOf = async (
  { w }: ConsoleDesk,
  operator: Operator,
  { now, formId }: Asked,
  endsAt: Date,
): Promise<Frame> => ({
  operator,
  now,
  badges: badgesOf(await countWaitingFor(w.db, operator, now)),
  searchFormId: formId(urls.search),
  signOutFormId: formId(urls.signOut),
  idleMinutes: Math.max(1, Math.floor((endsAt.getTime() - now.getTime()) / 60_000)),
})

/** After signing in one comes to where one wanted to go. The query stays behind: it may be long, and filters are quick. */
export const signInFor = (path: string): string =>
  path === urls.home ? urls.signIn : `${urls.signIn}?to=${encodeURIComponent(path)}`

/** Only a page of ours: what stands in an address may have been written by anybody. */
export const returnPath = (to: string | undefined): string =>
  to !== undefined && /^\/[A-Za-z0-9/_-]{0,200}$/.test(to) && !to.startsWith('//') ? to : urls.home
