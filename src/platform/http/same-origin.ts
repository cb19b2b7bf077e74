import type { IncomingHttpHeaders } from 'node:http'

type OriginFacts = {
  /** What the browser says about where the request comes from, when it is new enough to say so. */
  readonly secFetchSite: string | undefined
  readonly origin: string | undefined
  readonly host: string | undefined
}

type Headers = IncomingHttpHeaders

/** May this form have an effect? */
export function isFromOurPages(headers: Headers, siteOrigin: string): boolean {
  return isSameOrigin(originFacts(headers), siteOrigin)
}

/** Programs say nothing about origins; a browser on another site's page does. */
export function isNoForeignPage(headers: Headers): boolean {
  const facts = originFacts(headers)
  if (facts.secFetchSite !== undefined) return facts.secFetchSite === 'same-origin' || facts.secFetchSite === 'none'
  return facts.origin === undefined || facts.origin === `http://${facts.host}`
}

/**
 * Whether a page of ours sent this. Browsers that do not say `Sec-Fetch-Site` still send `Origin` with a form, because
 * our referrer policy lets them; a request with neither is no browser's and is refused.
 */
function isSameOrigin({ secFetchSite, origin, host }: OriginFacts, siteOrigin: string): boolean {
  if (secFetchSite !== undefined) return secFetchSite === 'same-origin'
  if (origin === undefined) return false
  return origin === siteOrigin || (isLoopback(origin) && origin === `http://${host}`)
}

/** The demo answers to localhost and to 127.0.0.1 alike. */
function isLoopback(origin: string): boolean {
  return /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(origin)
}

function originFacts(headers: Headers): OriginFacts {
  const site = headers['sec-fetch-site']
  return {
    secFetchSite: Array.isArray(site) ? site.join() : site,
    origin: headers.origin,
    host: headers.host,
  }
}
