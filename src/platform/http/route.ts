import type { Transaction } from '#platform/database/database'

/** What a server answers to, in words that know neither a socket nor a framework. */

export type Route = PageRoute | FormRoute | UploadRoute | ProgramRoute | CallbackRoute

type Entrance = {
  /** Parts like `:id` match one part of an address; what stood there is in `params`. */
  readonly path: string
  /** Who may enter. Every route says so; what the word means is the pages' own affair. */
  readonly who: string
}

export type PageRoute = Entrance & {
  readonly kind: 'page'
  show(asked: Asked): Reply | Promise<Reply>
}

/** A form sent by a page of ours: same origin, with the id it was shown with. */
export type FormRoute = Entrance & {
  readonly kind: 'form'
  /** Says no before anything is done or remembered: the answer for somebody who may not send this. */
  admit?(sent: Sent): Promise<Reply | undefined>
  readonly act: FormAct
  /** The page once more, with what was typed, when nothing was done. */
  again(sent: Sent, because: StaleForm): Reply | Promise<Reply>
}

/** A file sent by a page of ours, with the form's fields before it: the id first, so that it is known before any byte. */
export type UploadRoute = Entrance & {
  readonly kind: 'upload'
  /** Longer files are refused with 413. */
  readonly bytesMax: number
  /** As for a form; before a byte of the file was read. */
  admit?(sent: Sent): Promise<Reply | undefined>
  /** Commits by itself: no transaction waits for somebody's line. Answered with a page, the form may be sent again. */
  take(sent: SentFile): Promise<Reply>
  again(sent: Sent, because: StaleForm): Reply | Promise<Reply>
}

/** Called by programs with JSON: no browser's cookie decides anything here. */
export type ProgramRoute = Entrance & {
  readonly kind: 'program'
  readonly method: 'GET' | 'POST'
  answer(asked: Asked & { readonly body: unknown }): Reply | Promise<Reply>
}

/** Called by a carrier or a payment provider, who signs what it sends: the bytes come as they are, of whatever type. */
export type CallbackRoute = Entrance & {
  readonly kind: 'callback'
  readonly method: 'GET' | 'POST'
  readonly bodyMax: number
  answer(called: Called): Promise<{ readonly status: number; readonly body: string }>
}

export type Called = {
  readonly method: string
  /** Whole and public, with its query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly rawBody: Buffer
}

export type FormAct =
  /** The effect and the memory of this form stand or fall together. */
  | { readonly commits: 'with-the-form'; run(sent: Sent, tx: Transaction): Promise<Reply> }
  /** For acts that must commit a part before they go on, such as counting a try. */
  | { readonly commits: 'by-itself'; run(sent: Sent): Promise<Reply> }

/** expired: not our id, another page's, another browser's, or too old. changed: it was sent before with other contents. */
export type StaleForm = 'expired' | 'changed'

export type Fields = Readonly<Record<string, string | undefined>>

export type Asked = {
  /** The address that was asked for, without its query. */
  readonly path: string
  /** What stood in the places of the route's `:parts`. */
  readonly params: Fields
  readonly query: Fields
  /** Only a value that could be one of ours. */
  readonly cookie: string | undefined
  /** The address of the browser, seen through trusted proxies only. */
  readonly client: string
  readonly now: Date
  /** An id for a form on this page that will be sent to `path`. */
  formId(path: string): string
}

export type Sent = Asked & { readonly form: Fields }

export type SentFile = Sent & {
  readonly file: {
    /** As the browser calls it, without a path. Empty when no file was chosen. */
    readonly name: string
    /** Read once, as it arrives. Throws when the file is longer than the route takes. */
    readonly bytes: AsyncIterable<Uint8Array>
  }
}

export type Reply =
  | {
      readonly kind: 'page'
      readonly status: number
      readonly html: string
      /** The same bytes for everybody until the program ends: compressed once. */
      readonly isConstant?: boolean
    }
  | { readonly kind: 'see-other'; readonly location: string; readonly cookie?: CookieChange }
  | {
      readonly kind: 'file'
      readonly mediaType: string
      readonly name: string
      /** In pieces when it is long: each is asked for when the one before has left. */
      readonly body: string | Uint8Array | AsyncIterable<string | Uint8Array>
    }
  | { readonly kind: 'text'; readonly body: string }
  | { readonly kind: 'json'; readonly status: number; readonly value: unknown }

export type CookieChange = { readonly set: string } | 'clear'
