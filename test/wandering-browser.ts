export type SeenPage = {
  readonly url: URL
  readonly status: number
  readonly html: string
  readonly by: readonly URL[]
}

/** A browser without a screen that goes from one site to another, with the cookies of each. */
export class WanderingBrowser {
  readonly cookies = new Map<string, string>()
  /** Called before every step, so that a test can change what comes back. */
  readonly #turn: (url: URL) => URL

  constructor(turn: (url: URL) => URL = (url) => url) {
    this.#turn = turn
  }

  open(address: string | URL): Promise<SeenPage> {
    return this.#go(new URL(address), { method: 'GET' }, [])
  }

  /** Sends the first form of a page, with what is typed into it. */
  send({ url, html }: SeenPage, typed: Readonly<Record<string, string>>, action?: string): Promise<SeenPage> {
    const forms = [...html.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)]
    const found = forms.find(([, to = '']) => action === undefined || to === action)
    if (found === undefined) throw new Error(`no such form at ${url.pathname}`)
    const [, to = '', inside = ''] = found
    const body = new URLSearchParams(typed)
    for (const [input] of inside.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(input)?.[1]
      if (name !== undefined) body.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? '')
    }
    return this.#go(new URL(to.replaceAll('&amp;', '&'), url), { method: 'POST', body }, [])
  }

  async #go(asked: URL, init: RequestInit, by: readonly URL[]): Promise<SeenPage> {
    const url = this.#turn(asked)
    const own = [...this.cookies].filter(([key]) => key.startsWith(`${url.host} `))
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: {
        cookie: own.map(([key, value]) => `${key.slice(url.host.length + 1)}=${value}`).join('; '),
        ...(init.method === 'POST' && { 'sec-fetch-site': 'same-origin', origin: url.origin }),
      },
    })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split(/=(.*)/s)
      this.cookies.set(`${url.host} ${name}`, value)
    }
    const location = response.headers.get('location')
    if (location === null || response.status < 300 || by.length > 12)
      return { url, status: response.status, html: await response.text(), by }
    return this.#go(new URL(location, url), { method: 'GET' }, [...by, url])
  }
}
