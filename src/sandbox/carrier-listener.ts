import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { openPeer, type PeerHandlers, type PeerOptions } from './carrier-peer.ts'

/** Where clients connect: on loopback, in the clear or over TLS. */
export class Listener {
  readonly #server: Server
  /** Below TLS, so that a connection can be cut in its handshake too. */
  readonly #sockets = new Set<Socket>()
  #isOpen = true
  #connections = 0

  constructor(options: ListenerOptions, handlers: PeerHandlers) {
    const accept = (socket: Socket): void => {
      this.#connections += 1
      openPeer(socket, { ...options, number: this.#connections }, handlers)
    }
    this.#server = options.tls === undefined ? createServer(accept) : createTlsServer(options.tls, accept)
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      if (!this.#isOpen) socket.destroy()
    })
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** Connections now, and ever; over TLS the latter only with a finished handshake. */
  get connections(): { readonly now: number; readonly ever: number } {
    return { now: this.#sockets.size, ever: this.#connections }
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', resolve)
    })
  }

  /** While it is not open, connections end as soon as they are made. */
  setOpen(isOpen: boolean): void {
    this.#isOpen = isOpen
    if (!isOpen) this.cut()
  }

  /** @returns how many connections were cut. */
  cut(): number {
    const { size } = this.#sockets
    for (const socket of this.#sockets) socket.destroy()
    return size
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.cut()
    await closed
  }
}

export type ListenerOptions = Omit<PeerOptions, 'number'> & {
  /** PEM. */
  readonly tls?: { readonly key: string; readonly cert: string }
}
