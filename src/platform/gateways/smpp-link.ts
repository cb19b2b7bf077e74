import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { type Answer, Answers } from './smpp-answers.ts'
import type { Command, Pdu, PduFields } from './smpp-pdu.ts'
import { status, statusOf } from './smpp-status.ts'
import { openWire, type Wire } from './smpp-wire.ts'
import type { Timers } from './timers.ts'

/** One connection to a carrier from its bind to its end. */
export type Link = {
  /** @param onLate hears a response that came after its time-out. */
  request(command: Command, fields: PduFields, onLate?: (response: Pdu) => void): Promise<Answer>
  /** Asks whether the other side still lives; if it does not answer in time the link drops itself. */
  enquire(): Promise<Answer>
  /** Says good-bye and ends. */
  unbind(): Promise<void>
  drop(reason: string): void
}

export type LinkOptions = {
  readonly bindCommand: 'bind_transceiver' | 'bind_transmitter' | 'bind_receiver'
  readonly bindFields: PduFields
  readonly responseTimeoutMs: number
  readonly enquireEveryMs: number
  readonly timers: Timers
}

export type LinkHandlers = {
  readonly onBound: () => void
  /** Answers a deliver_sm or data_sm with the status to respond. */
  readonly onDeliver: (fields: PduFields) => Promise<number>
  /** The carrier said good-bye: nothing new may be sent here. */
  readonly onUnbind: () => void
  /** Called once. */
  readonly onDropped: (reason: string) => void
}

export function openLink(socket: Socket, options: LinkOptions, handlers: LinkHandlers): Link {
  const answers = new Answers(options.timers, options.responseTimeoutMs)
  let isDropped = false
  let quietQuarters = 0
  let timer = options.timers.after(options.responseTimeoutMs, () => drop('no connection in time'))

  const wire: Wire = openWire(socket, { onPdu: receive, onClosed: dropped })
  socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => void bind())

  async function bind(): Promise<void> {
    timer.cancel()
    listenForSilence()
    const answer = await request(options.bindCommand, options.bindFields)
    if (answer.kind === 'timeout') return drop('no answer to the bind')
    if (answer.kind === 'dropped') return
    const { word, meaning } = statusOf(answer.response.status)
    if (answer.response.status !== status.ok) return drop(`the bind was refused: ${word}, ${meaning}`)
    handlers.onBound()
  }

  function request(command: Command, fields: PduFields, onLate: (response: Pdu) => void = () => {}): Promise<Answer> {
    if (isDropped) return Promise.resolve({ kind: 'dropped' })
    return new Promise((resolve) => answers.expect(wire.request(command, fields), resolve, onLate))
  }

  function receive(pdu: Pdu): void {
    quietQuarters = 0
    if (!pdu.isResponse) receiveRequest(pdu)
    // A nack that names none of our requests says that the carrier has lost the thread of our bytes.
    else if (!answers.receive(pdu) && pdu.command === 'generic_nack') drop(`generic_nack: ${statusOf(pdu.status).word}`)
  }

  function receiveRequest(pdu: Pdu): void {
    switch (pdu.command) {
      case 'deliver_sm':
      case 'data_sm':
        void deliver(pdu.command, pdu)
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

  async function deliver(command: 'deliver_sm' | 'data_sm', pdu: Pdu): Promise<void> {
    const answer = await handlers.onDeliver(pdu.fields)
    if (!isDropped) wire.respond(`${command}_resp`, pdu.sequence, {}, answer)
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

  /** Any command from the other side proves that it lives; a timer moved by each would cost more than counting. */
  function listenForSilence(): void {
    timer = options.timers.after(options.enquireEveryMs / 4, () => {
      quietQuarters += 1
      if (quietQuarters % 4 === 0) void enquire()
      listenForSilence()
    })
  }

  function drop(reason: string): void {
    wire.destroy(reason)
    dropped(reason)
  }

  function dropped(reason: string): void {
    if (isDropped) return
    isDropped = true
    timer.cancel()
    answers.drop()
    handlers.onDropped(reason)
  }

  return { request, enquire, unbind, drop }
}
