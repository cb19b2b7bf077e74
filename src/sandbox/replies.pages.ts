import type { Reply } from '#platform/http/http'

export const page = (html: string): Reply => ({ kind: 'page', status: 200, html })
export const json = (value: unknown): Reply => ({ kind: 'json', status: 200, value })
export const refused = (message: string): Reply => ({ kind: 'json', status: 400, value: { error: message } })

/** The fields of a JSON body; of anything else there are none. */
export const fieldsOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {}
