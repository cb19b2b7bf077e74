import { siteHost } from '#creditor'
import { codeText, noticeText } from '#messages'
import type { Route } from '#platform/http/http'
import { contactPage } from './contact.views.ts'
import { isOpenNow } from './contact-hours.rules.ts'
import { type Desk, findVisiting, page, seeOther } from './door.pages.ts'
import { genuinePage } from './genuine.views.ts'
import { noticePage } from './notice.views.ts'
import { urls } from './urls.ts'

/** What anybody may read: nothing here is about a person. */
export const publicRoutes = (desk: Desk): readonly Route[] => {
  const { w, look } = desk
  const notice = noticePage(look)
  const genuine = genuinePage(look, {
    noticeText: noticeText(w.creditor),
    codeText: codeText(w.creditor, '12345678'.slice(0, w.creditor.policies.code.digits)),
    host: siteHost(w.creditor),
  })
  return [
    { kind: 'page', path: '/', who: 'public', show: () => seeOther(urls.notice) },
    { kind: 'page', path: urls.notice, who: 'public', show: () => constant(notice) },
    { kind: 'page', path: urls.genuine, who: 'public', show: () => constant(genuine) },
    {
      kind: 'page',
      path: urls.contact,
      who: 'public',
      show: async (asked) => {
        const visit = await findVisiting(desk, asked)
        const isOpen = isOpenNow(w.creditor.contact.hours, w.holidays, asked.now)
        return page(contactPage(look, { isOpen, ...(visit && { visit }) }))
      },
    },
    {
      kind: 'page',
      path: urls.security,
      who: 'public',
      show: ({ now }) => ({ kind: 'text', body: securityText(w.creditor.siteAddress, now) }),
    },
  ]
}

const constant = (html: string) => ({ kind: 'page', status: 200, html, isConstant: true }) as const

/** RFC 9116 wants an end that is less than a year away. */
const securityTextDays = 180

const securityText = (siteAddress: string, now: Date): string => {
  const expires = new Date(now.getTime() + securityTextDays * 86_400_000).toISOString()
  const { origin } = new URL(siteAddress)
  return [
    `Contact: ${origin}${urls.contact}`,
    `Expires: ${expires}`,
    'Preferred-Languages: ja, en',
    `Canonical: ${origin}${urls.security}`,
    '',
  ].join('\n')
}
