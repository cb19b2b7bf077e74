import { beginIdentity, getChallenge } from '#identity'
import type { Asked, Reply, Route, Sent } from '#platform/http/http'
import { dayInJst } from '#values/day'
import { domestic } from '#values/phone'
import { type Desk, page } from './door.pages.ts'
import { mobileRules, readIdentityForm, type TypedIdentity } from './identity.rules.ts'
import { type IdentityView, identityPage, lockedPage, pausedPage } from './identity.views.ts'
import { urls } from './urls.ts'

export const identityRoutes = (desk: Desk): readonly Route[] => [
  { kind: 'page', path: urls.identity, who: 'public', show: (asked) => showForm(desk, asked) },
  {
    kind: 'form',
    path: urls.identity,
    who: 'public',
    act: { commits: 'by-itself', run: (sent) => takeForm(desk, sent) },
    again: (sent) => again(desk, sent, { faults: new Map(), isStale: true }),
  },
]

const untyped: TypedIdentity = { family: '', given: '', birthDate: '', phone: '' }

const showForm = async (desk: Desk, asked: Asked): Promise<Reply> => {
  const typed = asked.query.edit === '1' ? await typedBefore(desk, asked) : undefined
  const view = { formId: asked.formId(urls.identity), faults: new Map(), today: dayInJst(asked.now) }
  return page(identityPage(desk.look, { ...view, typed: typed ?? untyped }))
}

/** 修正する: what the code page shows, ready to be corrected. */
const typedBefore = async ({ w }: Desk, { cookie, now }: Asked): Promise<TypedIdentity | undefined> => {
  const challenge = cookie === undefined ? undefined : await getChallenge(w, cookie, now)
  if (challenge === undefined) return undefined
  const { family, given, birthDate, phone } = challenge.typed
  return { family, given, birthDate: birthDate.replaceAll('-', ''), phone: domestic(phone) }
}

/** Well-formed always leads to the code page: whether anybody matches is not to be seen here. */
const takeForm = async (desk: Desk, sent: Sent): Promise<Reply> => {
  const { w, look } = desk
  const { cookie, client, now } = sent
  const form = readIdentityForm(typedInto(sent), mobileRules(w.creditor.policies, w.creditor.demo), dayInJst(now))
  if (form.kind === 'faulty') return again(desk, sent, { faults: form.faults })
  const { family, given, birthDate, phone } = form
  const begun = await beginIdentity(w, { family, given, birthDate, phone, client, ...(cookie && { cookie }) }, now)
  switch (begun.kind) {
    case 'challenged':
      return { kind: 'see-other', location: urls.code, cookie: { set: begun.cookie } }
    case 'locked':
      return page(lockedPage(look, begun.until, now), 429)
    case 'paused':
      return page(pausedPage(look, begun.until, now), 503)
  }
}

const again = async ({ look }: Desk, sent: Sent, view: Pick<IdentityView, 'faults' | 'isStale'>): Promise<Reply> =>
  page(
    identityPage(look, {
      ...view,
      formId: sent.formId(urls.identity),
      typed: typedInto(sent),
      today: dayInJst(sent.now),
    }),
    422,
  )

const typedInto = ({ form }: Sent): TypedIdentity => ({
  family: form.family ?? '',
  given: form.given ?? '',
  birthDate: form.birthDate ?? '',
  phone: form.phone ?? '',
})
