import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { decodePdu, encodePdu, type Pdu, type PduFields } from '#platform/gateways/smpp-pdu'
import { encodeUcs2 } from '#values/ucs-2'

/**
 * An SMPP client that only looks: no window, no time-outs, no second try. It shows what a carrier puts on the wire,
 * down to the half command before a cut.
 */
export async function connectClient(port: number, options: ClientOptions = {}): Promise<CarrierClient> {
  const { ca } = options
  const socket = ca === undefined ? connect({ port, host: '127.0.0.1' }) : connectTls({ port, host: '127.0.0.1', ca })
  const client = new Client(socket, options.respond ?? (() => 0))
  await client.bind(options)
  return client
}

export type ClientOptions = {
  readonly as?: 'bind_transceiver' | 'bind_transmitter' | 'bind_receiver'
  readonly systemId?: string
  /** The certificate, PEM, of a carrier that speaks TLS. */
  readonly ca?: string
  /** The status to answer a receipt with; nothing to leave it unanswered. */
  readonly respond?: (receipt: PduFields) => number | undefined
}

export type CarrierClient = {
  /** The response, or that the connection ended before it. Never resolves if neither comes. */
  submit(to: string, fields?: PduFields): Promise<Pdu | 'dropped'>
  /** In the order in which they came. */
  readonly receipts: readonly PduFields[]
  /** What came, in order: the `response` to a submit, or a `receipt`. */
  readonly steps: readonly ('response' | 'receipt')[]
  readonly closed: Promise<void>
  /** Octets of a command that did not become whole. */
  readonly torn: number
  destroy(): void
}

class Client implements CarrierClient {
  readonly receipts: PduFields[] = []
  readonly steps: ('response' | 'receipt')[] = []
  readonly closed: Promise<void>
  readonly #socket: Socket
  readonly #respond: (receipt: PduFields) => number | undefined
  readonly #waiting = new Map<number, (answer: Pdu | 'dropped') => void>()
  #unread: Buffer = Buffer.alloc(0)
  #sequence = 0

  constructor(socket: Socket, respond: (receipt: PduFields) => number | undefined) {
    this.#socket = socket
    this.#respond = respond
    socket.setNoDelay(true)
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    socket.on('error', () => {})
    this.closed = new Promise((resolve) =>
      socket.on('close', () => {
        for (const settle of this.#waiting.values()) settle('dropped')
        resolve()
      }),
    )
  }

  get torn(): number {
    return this.#unread.length
  }

  async bind({ as = 'bind_transceiver', systemId = 'annai' }: ClientOptions): Promise<void> {
    const answer = await this.#request(as, { system_id: systemId, password: '', interface_version: 0x34 })
    if (answer === 'dropped' || answer.status !== 0) throw new Error('the carrier refused the bind')
  }

  submit(to: string, fields: PduFields = {}): Promise<Pdu | 'dropped'> {
    const text = { data_coding: 8, short_message: encodeUcs2('お知らせ') }
    return this.#request('submit_sm', { destination_addr: to, registered_delivery: 1, ...text, ...fields })
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #request(command: Parameters<typeof encodePdu>[0], fields: PduFields): Promise<Pdu | 'dropped'> {
    this.#sequence += 1
    const sequence = this.#sequence
    return new Promise((resolve) => {
      if (this.#socket.destroyed) return resolve('dropped')
      this.#waiting.set(sequence, resolve)
      this.#socket.write(encodePdu(command, sequence, fields))
    })
  }

  #read(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes])
    while (this.#unread.length >= 4 && this.#unread.length >= this.#unread.readUInt32BE(0)) {
      const length = this.#unread.readUInt32BE(0)
      const frame = this.#unread.subarray(0, length)
      this.#unread = this.#unread.subarray(length)
      this.#receive(decodePdu(frame))
    }
  }

  #receive(pdu: Pdu): void {
    if (pdu.command === 'deliver_sm') {
      this.steps.push('receipt')
      this.receipts.push(pdu.fields)
      const status = this.#respond(pdu.fields)
      if (status !== undefined) this.#socket.write(encodePdu('deliver_sm_resp', pdu.sequence, {}, status))
      return
    }
    if (pdu.command === 'submit_sm_resp') this.steps.push('response')
    this.#waiting.get(pdu.sequence)?.(pdu)
    this.#waiting.delete(pdu.sequence)
  }
}
