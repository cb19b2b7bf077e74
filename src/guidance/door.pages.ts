import { openVisit, type Visit } from '#identity'
import type { Transaction } from '#platform/database/database'
import type { Html } from '#platform/html/html'
import type { Asked, FormRoute, PageRoute, Reply, Sent, StaleForm } from '#platform/http/http'
import { visitEndedPage } from './end.views.ts'
import type { Look } from './layout.views.ts'
import { urls } from './urls.ts'
import type { GuidanceWorld } from './world.ts'

/** Anybody; a browser that stands before a code; a browser whose customer has signed in. */
export type Who = 'public' | 'challenge' | 'visit'

export type Desk = { readonly w: GuidanceWorld; readonly look: Look }

export type Visiting = { readonly visit: Visit; readonly endFormId: string; readonly idleMinutes: number }

/** The same desk in a transaction: a second connection there could leave every connection waiting for another. */
export const within = (desk: Desk, tx: Transaction): Desk => ({ ...desk, w: { ...desk.w, db: tx } })

export const page = (html: string, status = 200): Reply => ({ kind: 'page', status, html })

export const seeOther = (location: string): Reply => ({ kind: 'see-other', location })

export const visitPage = (
  desk: Desk,
  path: string,
  show: (asked: Asked, visiting: Visiting) => Promise<Reply>,
  /** What somebody has to know who comes when the visit has ended. */
  whenEnded?: Html,
): PageRoute => ({
  kind: 'page',
  path,
  who: 'visit' satisfies Who,
  show: (asked) => withVisit(desk, asked, (visiting) => show(asked, visiting), whenEnded),
})

export const visitForm = (
  desk: Desk,
  path: string,
  act: {
    readonly run: (sent: Sent, visiting: Visiting, tx: Transaction) => Promise<Reply>
    readonly again: (sent: Sent, visiting: Visiting, because: StaleForm) => Promise<Reply>
  },
): FormRoute => ({
  kind: 'form',
  path,
  who: 'visit' satisfies Who,
  act: {
    commits: 'with-the-form',
    run: (sent, tx) => withVisit(within(desk, tx), sent, (visiting) => act.run(sent, visiting, tx)),
  },
  again: (sent, because) => withVisit(desk, sent, (visiting) => act.again(sent, visiting, because)),
})

/** For acts that call out: no transaction waits for a stranger's server. */
export const visitFormCallingOut = (
  desk: Desk,
  path: string,
  act: {
    readonly run: (sent: Sent, visiting: Visiting) => Promise<Reply>
    readonly again: (sent: Sent, visiting: Visiting, because: StaleForm) => Promise<Reply>
  },
): FormRoute => ({
  kind: 'form',
  path,
  who: 'visit' satisfies Who,
  act: { commits: 'by-itself', run: (sent) => withVisit(desk, sent, (visiting) => act.run(sent, visiting)) },
  again: (sent, because) => withVisit(desk, sent, (visiting) => act.again(sent, visiting, because)),
})

/** Lets in who has an open visit. Somebody who never signed in starts at the notice. */
const withVisit = async (
  { w, look }: Desk,
  asked: Asked,
  go: (visiting: Visiting) => Promise<Reply>,
  whenEnded?: Html,
): Promise<Reply> => {
  if (asked.cookie === undefined) return seeOther(urls.notice)
  const found = await openVisit(w, asked.cookie, asked.now)
  switch (found.kind) {
    case 'open':
      return go(visitingOf(found.visit, asked))
    case 'ended':
      return page(visitEndedPage(look, found.because, whenEnded), 403)
    case 'none':
      return seeOther(urls.notice)
  }
}

/** For public pages that look different to somebody who has signed in. */
export const findVisiting = async ({ w }: Desk, asked: Asked): Promise<Visiting | undefined> => {
  if (asked.cookie === undefined) return undefined
  const found = await openVisit(w, asked.cookie, asked.now)
  return found.kind === 'open' ? visitingOf(found.visit, asked) : undefined
}

/** The visit ends at the earlier of its two times; the page warns before either. */
const visitingOf = (visit: Visit, asked: Asked): Visiting => {
  const endsAt = Math.min(visit.idleAt.getTime(), visit.expiresAt.getTime())
  return {
    visit,
    endFormId: asked.formId(urls.end),
    idleMinutes: Math.max(1, Math.floor((endsAt - asked.now.getTime()) / 60_000)),
  }
}
