import type { Transaction } from '#platform/database/database'
import type { Asked, Fields, Reply, SentFile, StaleForm } from '#platform/http/http'
import type { Frame } from './frame.ts'
import type { Operator } from './operator.ts'
import type { Permission } from './roles.rules.ts'

/** A page, form or upload of the console, before the door (`door.pages.ts`) stands in front of it. */
export type ConsoleRoute = ConsolePage | ConsoleFragment | ConsoleForm | ConsoleUpload

type Entrance = {
  /** May hold `:id`, an id of ours: never a customer's number, name or phone, which would stand in logs and histories. */
  readonly path: string
  /** 'signed-in': whoever has a session, whatever their roles. */
  readonly may: Permission | 'signed-in'
}

export type ConsolePage = Entrance & {
  readonly kind: 'page'
  show(asked: OperatorAsked): Reply | Promise<Reply>
}

/** A part of a page that the page asks for by itself. It is no use of the session: who went away is signed out in time. */
export type ConsoleFragment = Entrance & {
  readonly kind: 'fragment'
  show(asked: OperatorAsked): Reply | Promise<Reply>
}

export type ConsoleForm = Entrance & {
  readonly kind: 'form'
  readonly act: ConsoleAct
  /** The page once more, with what was typed, when nothing was done. */
  again(sent: OperatorSent, because: StaleForm): Reply | Promise<Reply>
}

export type ConsoleAct =
  | { readonly commits: 'with-the-form'; run(sent: OperatorSent, tx: Transaction): Promise<Reply> }
  | { readonly commits: 'by-itself'; run(sent: OperatorSent): Promise<Reply> }

export type ConsoleUpload = Entrance & {
  readonly kind: 'upload'
  readonly bytesMax: number
  take(sent: OperatorSentFile): Promise<Reply>
  again(sent: OperatorSent, because: StaleForm): Reply | Promise<Reply>
}

export type OperatorAsked = Asked & {
  readonly operator: Operator
  /** What stands around a page: for `consolePage`. */
  readonly frame: Frame
}

export type OperatorSent = OperatorAsked & { readonly form: Fields }

export type OperatorSentFile = OperatorSent & Pick<SentFile, 'file'>
