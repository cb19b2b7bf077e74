/** A browser without a screen: keeps the cookie, sends forms from the same origin, follows 303. */
export class WebSession {
  readonly #origin: string
  #cookie = ''

  constructor(origin: string) {
    this.#origin = origin
  }

  get(path: string): Promise<string> {
    return this.#ask(path)
  }

  post(path: string, fields: Readonly<Record<string, string>>): Promise<string> {
    return this.#ask(path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: this.#origin, 'sec-fetch-site': 'same-origin' },
    })
  }

  async #ask(path: string, options: RequestInit = {}): Promise<string> {
    const answer = await fetch(new URL(path, this.#origin), {
      ...options,
      redirect: 'manual',
      headers: { ...options.headers, ...(this.#cookie && { cookie: this.#cookie }) },
    })
    for (const cookie of answer.headers.getSetCookie()) this.#cookie = cookie.split(';')[0] ?? ''
    const location = answer.headers.get('location')
    return location === null ? answer.text() : this.#ask(location)
  }
}

export type Form = {
  readonly action: string
  readonly hidden: Readonly<Record<string, string>>
  /** The names of what is typed in, in the order of the page. */
  readonly typed: readonly string[]
}

/** The form of a page that is sent to `action`. */
export const formOf = (page: string, action: string): Form => {
  const form = page.match(new RegExp(`<form[^>]*action="${action}"[^>]*>[\\s\\S]*?</form>`))?.[0]
  if (form === undefined) throw new Error(`no form for ${action} on the page`)
  const inputs = [...form.matchAll(/<input[^>]*>/g)].map(([tag]) => ({
    name: tag.match(/name="([^"]*)"/)?.[1] ?? '',
    value: tag.match(/value="([^"]*)"/)?.[1] ?? '',
    isHidden: /type="hidden"/.test(tag),
  }))
  return {
    action,
    hidden: Object.fromEntries(inputs.filter(({ isHidden }) => isHidden).map(({ name, value }) => [name, value])),
    typed: inputs.filter(({ isHidden }) => !isHidden).map(({ name }) => name),
  }
}

export const postForm = (web: WebSession, form: Form, values: readonly string[]): Promise<string> =>
  web.post(form.action, {
    ...form.hidden,
    ...Object.fromEntries(form.typed.map((name, index) => [name, values[index] ?? ''])),
  })
