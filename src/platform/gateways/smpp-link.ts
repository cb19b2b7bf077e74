import type { Socket } from 'node:net'
import type { Command, Pdu, PduFields } from './smpp-pdu.ts'
import { status, statusOf } from './smpp-status.ts'
import { openWire, type Wire } from './smpp-wire.ts'
import type { Timers } from './timers.ts'

/**
 * One connection to a carrier from its bind to its end. Every request gets exactly one answer: the response, a
 * time-out, or "dropped" the moment the connection ends.
 */
export type Link = {
  /** @param onLate hears a response that came after its time-out. */
  request(command: Command, fields: PduFields, onLate?: (response: Pdu) => void): Promise<Answer>
  /** Asks whether the other side still lives; if it does not answer in time the link drops itself. */
  enquire(): Promise<Answer>
  /** Says good-bye and ends. */
  unbind(): Promise<void>
  drop(reason: string): void
}

export type Answer =
  | { readonly kind: 'answered'; readonly response: Pdu }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'dropped' }

export type LinkOptions = {
  readonly bind: PduFields
  readonly responseTimeoutMs: number
  readonly enquireEveryMs: number
  readonly timers: Timers
}

export type LinkHandlers = {
  readonly onBound: () => void
  /** Answers a deliver_sm with the status to respond. */
  readonly onDeliver: (fields: PduFields) => Promise<number>
  /** The carrier said good-bye: nothing new may be sent here. */
  readonly onUnbind: () => void
  /** Called once. */
  readonly onDropped: (reason: string) => void
}

/** Responses that are overdue are still recognised when they come, up to this many on one link. */
const lateMax = 10_000

type Waiting = { readonly settle: (answer: Answer) => void; readonly onLate: (response: Pdu) => void }

export function openLink(socket: Socket, options: LinkOptions, handlers: LinkHandlers): Link {
  const waiting = new Map<number, Waiting>()
  const late = new Map<number, Waiting['onLate']>()
  let isDropped = false
  let keepAlive = options.timers.after(options.responseTimeoutMs, () => drop('no connection in time'))

  const wire: Wire = openWire(socket, { onPdu: receive, onClosed: dropped })
  socket.once('connect', () => void bind())

  async function bind(): Promise<void> {
    keepAlive.cancel()
    const answer = await request('bind_transceiver', options.bind)
    if (answer.kind === 'timeout') return drop('no answer to the bind')
    if (answer.kind === 'dropped') return
    const { word, meaning } = statusOf(answer.response.status)
    if (answer.response.status !== status.ok) return drop(`the bind was refused: ${word}, ${meaning}`)
    handlers.onBound()
  }

  function request(command: Command, fields: PduFields, onLate: Waiting['onLate'] = () => {}): Promise<Answer> {
    if (isDropped) return Promise.resolve({ kind: 'dropped' })
    return new Promise((resolve) => {
      const sequence = wire.request(command, fields)
      const timer = options.timers.after(options.responseTimeoutMs, () => {
        waiting.delete(sequence)
        rememberLate(sequence, onLate)
        resolve({ kind: 'timeout' })
      })
      const settle = (answer: Answer) => {
        timer.cancel()
        resolve(answer)
      }
      waiting.set(sequence, { settle, onLate })
    })
  }

  function receive(pdu: Pdu): void {
    rearm()
    if (pdu.isResponse) receiveResponse(pdu)
    else receiveRequest(pdu)
  }

  function receiveRequest(pdu: Pdu): void {
    switch (pdu.command) {
      case 'deliver_sm':
        void deliver(pdu)
        break
      case 'enquire_link':
        wire.respond('enquire_link_resp', pdu.sequence)
        break
      case 'unbind':
        wire.respond('unbind_resp', pdu.sequence)
        handlers.onUnbind()
        break
      default:
        wire.respond('generic_nack', pdu.sequence, {}, status.invalidCommand)
    }
  }

  function receiveResponse(response: Pdu): void {
    const asked = waiting.get(response.sequence)
    const onLate = late.get(response.sequence)
    waiting.delete(response.sequence)
    late.delete(response.sequence)
    if (asked) asked.settle({ kind: 'answered', response })
    else if (onLate) onLate(response)
    // A nack that names none of our requests says that the carrier has lost the thread of our bytes.
    else if (response.command === 'generic_nack') drop(`generic_nack: ${statusOf(response.status).word}`)
  }

  async function deliver(pdu: Pdu): Promise<void> {
    const answer = await handlers.onDeliver(pdu.fields)
    if (!isDropped) wire.respond('deliver_sm_resp', pdu.sequence, {}, answer)
  }

  async function enquire(): Promise<Answer> {
    const answer = await request('enquire_link', {})
    if (answer.kind === 'timeout') drop('no answer to enquire_link')
    return answer
  }

  async function unbind(): Promise<void> {
    await request('unbind', {})
    wire.end()
    drop('closed by us')
  }

  /** Any command from the other side proves that it lives. */
  function rearm(): void {
    keepAlive.cancel()
    if (!isDropped) keepAlive = options.timers.after(options.enquireEveryMs, () => void enquire())
  }

  function rememberLate(sequence: number, onLate: Waiting['onLate']): void {
    late.set(sequence, onLate)
    const oldest = late.keys().next().value
    if (late.size > lateMax && oldest !== undefined) late.delete(oldest)
  }

  function drop(reason: string): void {
    wire.destroy(reason)
    dropped(reason)
  }

  function dropped(reason: string): void {
    if (isDropped) return
    isDropped = true
    keepAlive.cancel()
    for (const { settle } of waiting.values()) settle({ kind: 'dropped' })
    waiting.clear()
    late.clear()
    handlers.onDropped(reason)
  }

  return { request, enquire, unbind, drop }
}
