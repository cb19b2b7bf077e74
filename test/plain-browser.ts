export type PlainPage = {
  readonly status: number
  readonly path: string
  readonly html: string
  readonly headers: Headers
  /** Ways on that were taken by 303 before this page. */
  readonly redirects: readonly string[]
}

/** The console's cookie is not the customers' site's. */
type SiteOfBrowser = { readonly address: string; readonly cookieName?: string }

/** A browser without a screen: keeps its cookie, follows 303, and sends forms as they stand in the page. */
export class PlainBrowser {
  cookie: string | undefined
  page: PlainPage | undefined
  readonly #site: SiteOfBrowser

  constructor(site: SiteOfBrowser, cookie?: string) {
    this.#site = site
    this.cookie = cookie
  }

  async open(path: string): Promise<PlainPage> {
    return this.#follow(path, { method: 'GET' }, [])
  }

  /** Sends the form of the current page that goes to `action`. */
  async send(action: string, fields: Readonly<Record<string, string>> = {}): Promise<PlainPage> {
    return this.#follow(action, this.formOf(action, fields), [])
  }

  /** The request of that form, to be sent more than once. */
  formOf(action: string, fields: Readonly<Record<string, string>> = {}): RequestInit {
    const html = this.page?.html ?? ''
    const form = new RegExp(`<form method="post" action="${action}"[^>]*>([\\s\\S]*?)</form>`).exec(html)?.[1]
    if (form === undefined) throw new Error(`The page has no form to ${action}`)
    const hidden = [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)]
    const body = new URLSearchParams([...hidden.map(([, name = '', value = '']): [string, string] => [name, value])])
    for (const [name, value] of Object.entries(fields)) body.set(name, value)
    return { method: 'POST', body }
  }

  async request(path: string, init: RequestInit): Promise<Response> {
    const name = this.#site.cookieName ?? 'annai'
    const response = await fetch(this.#site.address + path, {
      ...init,
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin', ...(this.cookie && { cookie: `${name}=${this.cookie}` }) },
    })
    const set = new RegExp(`^${name}=([^;]*)`).exec(response.headers.get('set-cookie') ?? '')?.[1]
    if (set !== undefined) this.cookie = set === '' ? undefined : set
    return response
  }

  async #follow(path: string, init: RequestInit, redirects: readonly string[]): Promise<PlainPage> {
    const response = await this.request(path, init)
    const location = response.headers.get('location')
    if (response.status === 303 && location !== null && redirects.length < 5)
      return this.#follow(location, { method: 'GET' }, [...redirects, location])
    const { status, headers } = response
    this.page = { status, path, html: await response.text(), headers, redirects }
    return this.page
  }
}
