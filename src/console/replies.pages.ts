import type { Reply } from '#platform/http/http'

export const page = (html: string, status = 200): Reply => ({ kind: 'page', status, html })

export const seeOther = (location: string): Reply => ({ kind: 'see-other', location })
