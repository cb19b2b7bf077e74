import { connect, createServer, type Server, type Socket } from 'node:net'
import { Flow } from './chaos-proxy.flow.ts'
import {
  type Chaos,
  type ConnectionPlan,
  type Direction,
  type EndingKind,
  noChaos,
  planOf,
} from './chaos-proxy.plan.ts'

/**
 * A bad network in one process: whoever connects here speaks with `to`, through delays, cuts in the middle of a
 * command, one-sided silence and connections that nobody hears end. The seed and the number of a connection decide.
 */
export async function startChaosProxy(options: ChaosProxyOptions): Promise<ChaosProxy> {
  const proxy = new BadNetwork(options)
  await proxy.admit()
  return proxy
}

export type ChaosProxyOptions = {
  readonly to: { readonly port: number; readonly host?: string }
  readonly seed: string
  readonly chaos?: Partial<Chaos>
  /** Where it listens; a free port if that is 0 or absent. */
  readonly port?: number
}

export type ChaosProxy = {
  readonly port: number
  readonly counts: ChaosCounts
  /** For connections made from now on. */
  setChaos(chaos: Partial<Chaos>): void
  /** @returns how many connections were cut. */
  cutAll(): number
  /** Nobody listens here any more; connections that are there stay. */
  refuse(): void
  /** Listens again, on the same port. */
  admit(): Promise<void>
  close(): Promise<void>
}

export type ChaosCounts = {
  /** Ever made, and there now. */
  readonly connections: number
  readonly open: number
  /** Connections that ended as planned, by how; `cut` counts those of `cutAll` too. */
  readonly endings: Readonly<Record<EndingKind, number>>
  readonly bytes: Readonly<Record<Direction, number>>
}

class BadNetwork implements ChaosProxy {
  readonly #options: ChaosProxyOptions
  readonly #open = new Set<Connection>()
  readonly #endings: Record<EndingKind, number> = { cut: 0, 'answers-lost': 0, 'requests-lost': 0, 'half-open': 0 }
  readonly #bytes: Record<Direction, number> = { requests: 0, answers: 0 }
  #chaos: Chaos
  #server: Server | undefined
  #connections = 0
  port = 0

  constructor(options: ChaosProxyOptions) {
    this.#options = options
    this.#chaos = { ...noChaos, ...options.chaos }
    this.port = options.port ?? 0
  }

  get counts(): ChaosCounts {
    const bytes = { ...this.#bytes }
    for (const connection of this.#open) {
      bytes.requests += connection.requests.passedBytes
      bytes.answers += connection.answers.passedBytes
    }
    return { connections: this.#connections, open: this.#open.size, endings: { ...this.#endings }, bytes }
  }

  setChaos(chaos: Partial<Chaos>): void {
    this.#chaos = { ...noChaos, ...chaos }
  }

  cutAll(): number {
    const { size } = this.#open
    this.#endings.cut += size
    for (const connection of [...this.#open]) connection.destroy()
    return size
  }

  refuse(): void {
    this.#server?.close()
    this.#server = undefined
  }

  admit(): Promise<void> {
    if (this.#server !== undefined) return Promise.resolve()
    const server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client))
    this.#server = server
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.port, '127.0.0.1', () => {
        const address = server.address()
        this.port = typeof address === 'object' && address !== null ? address.port : 0
        resolve()
      })
    })
  }

  async close(): Promise<void> {
    this.refuse()
    for (const connection of [...this.#open]) connection.destroy()
  }

  #accept(client: Socket): void {
    this.#connections += 1
    const { to, seed } = this.#options
    const plan = planOf(seed, this.#chaos, this.#connections)
    const carrier = connect({ host: to.host ?? '127.0.0.1', port: to.port, allowHalfOpen: true })
    const connection: Connection = new Connection(client, carrier, plan, {
      onEnding: (kind) => {
        this.#endings[kind] += 1
      },
      onClosed: () => {
        this.#open.delete(connection)
        this.#bytes.requests += connection.requests.passedBytes
        this.#bytes.answers += connection.answers.passedBytes
      },
    })
    this.#open.add(connection)
  }
}

class Connection {
  readonly requests: Flow
  readonly answers: Flow
  readonly #client: Socket
  readonly #carrier: Socket
  #hasEnding = false
  #closed = 0

  constructor(client: Socket, carrier: Socket, plan: ConnectionPlan, handlers: ConnectionHandlers) {
    this.#client = client
    this.#carrier = carrier
    for (const socket of [client, carrier]) {
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => this.#close(handlers.onClosed))
    }
    const flow = (from: Socket, to: Socket, direction: Direction) =>
      new Flow({
        from,
        to,
        direction,
        plan,
        ...(plan.ending?.direction === direction ? { endsAfterBytes: plan.ending.afterBytes } : {}),
        onEnding: () => {
          if (plan.ending === undefined) return
          this.#end(plan.ending.kind)
          handlers.onEnding(plan.ending.kind)
        },
      })
    this.requests = flow(client, carrier, 'requests')
    this.answers = flow(carrier, client, 'answers')
  }

  destroy(): void {
    this.#client.destroy()
    this.#carrier.destroy()
  }

  #end(kind: EndingKind): void {
    if (kind !== 'requests-lost') this.answers.swallow()
    if (kind !== 'answers-lost') this.requests.swallow()
    // Neither end hears of the other any more, except in a cut, where both hear the same.
    this.#hasEnding = kind === 'half-open' || kind === 'cut'
    if (kind !== 'cut') return
    // Destroying at once would throw away bytes that still have to leave, and with them the exact place.
    this.#client.destroySoon()
    this.#carrier.destroySoon()
  }

  #close(onClosed: () => void): void {
    this.#closed += 1
    if (!this.#hasEnding) this.destroy()
    if (this.#closed < 2) return
    this.requests.stop()
    this.answers.stop()
    onClosed()
  }
}

type ConnectionHandlers = {
  readonly onEnding: (kind: EndingKind) => void
  readonly onClosed: () => void
}
