import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer } from 'node:tls'
import type { Command, Pdu, PduFields } from '#platform/gateways/smpp-pdu'
import { openWire, type Wire } from '#platform/gateways/smpp-wire'

/** The other side of SMPP sessions, where a test looks at connections rather than at messages. */
export type SmppCarrier = {
  readonly port: number
  /** In the order of connecting, those that are gone too. */
  readonly connections: readonly Connection[]
  /** The open connection bound by that command. */
  connection(bind: Command): Connection
  /** Binds are answered from now on, or not; those that waited are. */
  holdBinds(held: readonly Command[]): void
  close(): Promise<void>
}

export type Connection = {
  bind: Command | undefined
  /** Everything but binds, in order. */
  readonly heard: readonly Pdu[]
  isOpen: boolean
  /** @returns the status of the response. */
  deliver(fields: PduFields, command?: 'deliver_sm' | 'data_sm'): Promise<Pdu>
  cut(): void
}

export async function startSmppCarrier(options: CarrierOptions = {}): Promise<SmppCarrier> {
  const connections: (Connection & { answerBind: () => void })[] = []
  let held: readonly Command[] = []

  const accept = (socket: Socket) => {
    const heard: Pdu[] = []
    const awaited = new Map<number, (response: Pdu) => void>()
    let bindSequence = 0
    const wire: Wire = openWire(socket, {
      onPdu: (pdu) => {
        if (pdu.isResponse) awaited.get(pdu.sequence)?.(pdu)
        else if (pdu.command.startsWith('bind_')) {
          connection.bind = pdu.command as Command
          bindSequence = pdu.sequence
          if (!held.includes(connection.bind)) connection.answerBind()
        } else {
          heard.push(pdu)
          answer(pdu)
        }
      },
      onClosed: () => {
        connection.isOpen = false
      },
    })
    const answer = (pdu: Pdu) => {
      if (pdu.command === 'submit_sm') {
        const fields = options.onSubmit?.(pdu) ?? { message_id: `id-${pdu.sequence}` }
        if (fields !== 'nothing') wire.respond('submit_sm_resp', pdu.sequence, fields)
      }
      if (pdu.command === 'enquire_link') wire.respond('enquire_link_resp', pdu.sequence)
      if (pdu.command === 'unbind') wire.respond('unbind_resp', pdu.sequence)
    }
    const connection = {
      bind: undefined as Command | undefined,
      heard,
      isOpen: true,
      answerBind: () => wire.respond(`${connection.bind}_resp` as Command, bindSequence, { system_id: 'carrier' }),
      deliver: (fields: PduFields, command: 'deliver_sm' | 'data_sm' = 'deliver_sm') =>
        new Promise<Pdu>((resolve) => awaited.set(wire.request(command, fields), resolve)),
      cut: () => wire.destroy('cut by the test'),
    }
    connections.push(connection)
  }

  const { secure } = options
  const server: Server = secure === undefined ? createServer(accept) : createSecureServer(secure, accept)
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    connections,
    connection: (bind) => {
      const found = connections.find((connection) => connection.bind === bind && connection.isOpen)
      if (found === undefined) throw new Error(`nobody is bound by ${bind}`)
      return found
    },
    holdBinds: (commands) => {
      held = commands
      for (const connection of connections)
        if (connection.isOpen && connection.bind && !held.includes(connection.bind)) connection.answerBind()
    },
    close: async () => {
      for (const connection of connections) connection.cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type CarrierOptions = {
  readonly secure?: { readonly key: string; readonly cert: string }
  /** The fields of the response; an id of the sequence number unless said. */
  readonly onSubmit?: (pdu: Pdu) => PduFields | 'nothing'
}
