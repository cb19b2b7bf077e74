import { getChallenge, openVisit, resendCode, tryCode } from '#identity'
import type { Asked, Reply, Route, Sent } from '#platform/http/http'
import { type CodeView, codePage } from './code.views.ts'
import { type Desk, page, seeOther } from './door.pages.ts'
import { urls } from './urls.ts'

export const codeRoutes = (desk: Desk): readonly Route[] => [
  { kind: 'page', path: urls.code, who: 'challenge', show: (asked) => showCode(desk, asked, 200) },
  {
    kind: 'form',
    path: urls.code,
    who: 'challenge',
    act: { commits: 'by-itself', run: (sent) => takeCode(desk, sent) },
    again: (sent) => showCode(desk, sent, 422, { typed: sent.form.code ?? '' }),
  },
  {
    kind: 'form',
    path: urls.resend,
    who: 'challenge',
    act: { commits: 'by-itself', run: (sent) => resend(desk, sent) },
    again: (sent) => withChallenge(desk, sent, async () => seeOther(urls.code)),
  },
]

const showCode = (desk: Desk, asked: Asked, status: number, stale?: CodeView['stale']): Promise<Reply> =>
  withChallenge(desk, asked, async (cookie) => {
    const challenge = await getChallenge(desk.w, cookie, asked.now)
    if (challenge === undefined) return withoutChallenge(desk, asked)
    const formIds = { formId: asked.formId(urls.code), resendFormId: asked.formId(urls.resend) }
    return page(codePage(desk.look, { challenge, ...formIds, now: asked.now, ...(stale && { stale }) }), status)
  })

/** The outcome of a try is kept with the browser, so the page it leads to says it, also when it is loaded again. */
const takeCode = (desk: Desk, sent: Sent): Promise<Reply> =>
  withChallenge(desk, sent, async (cookie) => {
    const tried = await tryCode(desk.w, cookie, sent.form.code ?? '', sent.now)
    switch (tried.kind) {
      case 'accepted':
        return { kind: 'see-other', location: urls.menu, cookie: { set: tried.visitToken } }
      case 'malformed':
        return showCode(desk, sent, 422)
      case 'wrong':
      case 'used-up':
      case 'expired':
      case 'locked':
        return seeOther(urls.code)
      case 'none':
        return withoutChallenge(desk, sent)
    }
  })

const resend = (desk: Desk, sent: Sent): Promise<Reply> =>
  withChallenge(desk, sent, async (cookie) => {
    const resent = await resendCode(desk.w, cookie, sent.now)
    return resent.kind === 'none' ? withoutChallenge(desk, sent) : seeOther(urls.code)
  })

const withChallenge = (desk: Desk, asked: Asked, go: (cookie: string) => Promise<Reply>): Promise<Reply> =>
  asked.cookie === undefined ? withoutChallenge(desk, asked) : go(asked.cookie)

/** Back from the menu with the browser's button, or after the code page was left open: on to where one stands. */
const withoutChallenge = async ({ w }: Desk, { cookie, now }: Asked): Promise<Reply> => {
  const found = cookie === undefined ? undefined : await openVisit(w, cookie, now)
  return seeOther(found?.kind === 'open' ? urls.menu : urls.identity)
}
