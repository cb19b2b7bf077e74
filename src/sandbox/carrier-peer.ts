import type { Socket } from 'node:net'
import { encodePdu, type Pdu, type PduFields } from '#platform/gateways/smpp-pdu'
import { status } from '#platform/gateways/smpp-status'
import { openWire } from '#platform/gateways/smpp-wire'
import type { DeliverAnswer, ReceiptPort } from './carrier-receipts.ts'

/** One client of the simulator, from its connection to its end: bind, submit, receipts, good-bye. */
export function openPeer(socket: Socket, options: PeerOptions, handlers: PeerHandlers): Peer {
  let bound: { readonly by: BindCommand; readonly account: string } | undefined
  const awaited = new Map<number, (answer: DeliverAnswer) => void>()
  const wire = openWire(socket, { onPdu: receive, onClosed: closed })
  const peer: Peer = { number: options.number, deliver, destroy: () => wire.destroy('cut by the carrier') }

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
    bound = { by: command, account: fields.system_id ?? '' }
    handlers.onBound(peer, bound.account)
    if (command !== 'bind_transmitter') handlers.onListening(peer, bound.account)
  }

  function submit({ sequence, fields }: Pdu): void {
    const respond = ({ id, status: answer, afterMs, tornAt }: SubmitAnswer) => {
      const response = id === undefined ? {} : { message_id: id }
      const send = () => {
        if (tornAt === undefined) wire.respond('submit_sm_resp', sequence, response, answer)
        else tear(encodePdu('submit_sm_resp', sequence, response, answer), tornAt)
      }
      if (afterMs > 0) setTimeout(send, afterMs).unref()
      else send()
    }
    if (bound === undefined || bound.by === 'bind_receiver') respond({ status: status.notBound, afterMs: 0 })
    else handlers.onSubmit(peer, bound.account, { fields, respond })
  }

  function deliver(fields: PduFields, tornAt?: number): Promise<DeliverAnswer> {
    if (socket.destroyed) return Promise.resolve('dropped')
    if (tornAt !== undefined) return tear(encodePdu('deliver_sm', tornSequence, fields), tornAt)
    return new Promise((resolve) => {
      const sequence = wire.request('deliver_sm', fields)
      const overdue = setTimeout(() => settle(sequence, 'no-answer'), options.responseTimeoutMs)
      awaited.set(sequence, (answer) => {
        clearTimeout(overdue)
        resolve(answer)
      })
    })
  }

  /** Lets the beginning of a command leave, at least one octet and never the last, and ends the connection. */
  function tear(pdu: Buffer, share: number): Promise<'dropped'> {
    const octets = 1 + Math.floor(share * (pdu.length - 1))
    leave()
    return new Promise((resolve) => {
      socket.once('close', () => resolve('dropped'))
      // What the wire was given in this turn leaves first, and after its end the socket takes no more: a whole command
      // behind the half one would read as another answer.
      process.nextTick(() => {
        if (socket.writable) socket.end(pdu.subarray(0, octets), () => socket.destroy())
      })
    })
  }

  function settle(sequence: number, answer: DeliverAnswer): void {
    const resolve = awaited.get(sequence)
    awaited.delete(sequence)
    resolve?.(answer)
  }

  function unbind({ sequence }: Pdu): void {
    leave()
    wire.respond('unbind_resp', sequence)
    wire.end()
  }

  /** Takes and hears nothing more, although answers under way may still leave. */
  function leave(): void {
    if (bound) handlers.onUnbound(peer, bound.account)
    bound = undefined
  }

  function closed(): void {
    leave()
    for (const sequence of [...awaited.keys()]) settle(sequence, 'dropped')
  }

  return peer
}

/** The half command is never answered, so that its number need not fit in. */
const tornSequence = 1

export type Peer = ReceiptPort & {
  /** Counts connections from 1. */
  readonly number: number
  destroy(): void
}

type BindCommand = 'bind_transceiver' | 'bind_transmitter' | 'bind_receiver'

export type PeerOptions = {
  readonly number: number
  /** @returns the status of the answer to a bind. */
  readonly admit: (fields: PduFields) => number
  readonly responseTimeoutMs: number
}

export type PeerHandlers = {
  readonly onBound: (peer: Peer, account: string) => void
  /** Bound, and hears receipts. */
  readonly onListening: (peer: Peer, account: string) => void
  /** It said good-bye or is gone: no receipts for it any more. Called once for every bind. */
  readonly onUnbound: (peer: Peer, account: string) => void
  readonly onSubmit: (peer: Peer, account: string, submit: Submit) => void
}

export type Submit = { readonly fields: PduFields; readonly respond: (answer: SubmitAnswer) => void }

export type SubmitAnswer = {
  readonly id?: string
  readonly status: number
  readonly afterMs: number
  /** Which share of the answer leaves before the connection ends; all of it, and the connection stays, if absent. */
  readonly tornAt?: number
}
