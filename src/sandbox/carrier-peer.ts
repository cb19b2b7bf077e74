import type { Socket } from 'node:net'
import type { Pdu, PduFields } from '#platform/gateways/smpp-pdu'
import { status } from '#platform/gateways/smpp-status'
import { openWire } from '#platform/gateways/smpp-wire'
import type { ReceiptPort } from './carrier-receipts.ts'

/** One client of the simulator, from its connection to its end: bind, submit, receipts, good-bye. */
export function openPeer(socket: Socket, options: PeerOptions, handlers: PeerHandlers): Peer {
  let bound: BindCommand | undefined
  const awaited = new Map<number, (answer: number | 'no-answer' | 'dropped') => void>()
  const wire = openWire(socket, { onPdu: receive, onClosed: closed })
  const peer: Peer = { deliver, destroy: () => wire.destroy('cut by the carrier') }

  function receive(pdu: Pdu): void {
    if (pdu.command === 'deliver_sm_resp' || pdu.command === 'generic_nack') settle(pdu.sequence, pdu.status)
    else if (!pdu.isResponse) answer(pdu)
  }

  function answer(pdu: Pdu): void {
    switch (pdu.command) {
      case 'bind_transceiver':
      case 'bind_transmitter':
      case 'bind_receiver':
        bind(pdu.command, pdu)
        break
      case 'submit_sm':
        submit(pdu)
        break
      case 'enquire_link':
        wire.respond('enquire_link_resp', pdu.sequence)
        break
      case 'unbind':
        unbind(pdu)
        break
      default:
        wire.respond('generic_nack', pdu.sequence, {}, status.invalidCommand)
    }
  }

  function bind(command: BindCommand, { sequence, fields }: Pdu): void {
    const answer = bound === undefined ? options.admit(fields) : status.alreadyBound
    wire.respond(`${command}_resp`, sequence, { system_id: 'annai-sandbox' }, answer)
    if (answer !== status.ok) return
    bound = command
    if (bound !== 'bind_transmitter') handlers.onListening(peer)
  }

  function submit({ sequence, fields }: Pdu): void {
    const respond = ({ id, status: answer, afterMs }: SubmitAnswer) => {
      const send = () => wire.respond('submit_sm_resp', sequence, id === undefined ? {} : { message_id: id }, answer)
      if (afterMs > 0) setTimeout(send, afterMs).unref()
      else send()
    }
    if (bound === undefined || bound === 'bind_receiver') respond({ status: status.notBound, afterMs: 0 })
    else handlers.onSubmit(fields, respond)
  }

  function deliver(fields: PduFields): Promise<number | 'no-answer' | 'dropped'> {
    return new Promise((resolve) => {
      if (socket.destroyed) return resolve('dropped')
      const sequence = wire.request('deliver_sm', fields)
      const overdue = setTimeout(() => settle(sequence, 'no-answer'), options.responseTimeoutMs)
      awaited.set(sequence, (answer) => {
        clearTimeout(overdue)
        resolve(answer)
      })
    })
  }

  function settle(sequence: number, answer: number | 'no-answer' | 'dropped'): void {
    const resolve = awaited.get(sequence)
    awaited.delete(sequence)
    resolve?.(answer)
  }

  function unbind({ sequence }: Pdu): void {
    bound = undefined
    handlers.onDeaf(peer)
    wire.respond('unbind_resp', sequence)
    wire.end()
  }

  function closed(): void {
    handlers.onDeaf(peer)
    handlers.onClosed(peer)
    for (const sequence of [...awaited.keys()]) settle(sequence, 'dropped')
  }

  return peer
}

export type Peer = ReceiptPort & { destroy(): void }

type BindCommand = 'bind_transceiver' | 'bind_transmitter' | 'bind_receiver'

export type PeerOptions = {
  /** @returns the status of the answer to a bind. */
  readonly admit: (fields: PduFields) => number
  readonly responseTimeoutMs: number
}

export type PeerHandlers = {
  readonly onListening: (peer: Peer) => void
  /** It said good-bye or is gone: no receipts for it any more. */
  readonly onDeaf: (peer: Peer) => void
  readonly onSubmit: (fields: PduFields, respond: (answer: SubmitAnswer) => void) => void
  readonly onClosed: (peer: Peer) => void
}

export type SubmitAnswer = { readonly id?: string; readonly status: number; readonly afterMs: number }
