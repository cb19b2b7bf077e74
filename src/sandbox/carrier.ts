import type { PduFields } from '#platform/gateways/smpp-pdu'
import { status } from '#platform/gateways/smpp-status'
import { assert } from '#values/assert'
import { Arrivals, type BindArrivals } from './carrier-arrivals.ts'
import { type CarrierCounts, Counts } from './carrier-counts.ts'
import { Deliveries } from './carrier-deliveries.ts'
import { type CarrierMood, type Day, Intake } from './carrier-intake.ts'
import { type CarrierJournal, type JournalEntry, noJournal } from './carrier-journal.ts'
import { Listener } from './carrier-listener.ts'
import { Phones, type SandboxMessage } from './carrier-phone.ts'
import { Receipts } from './carrier-receipts.ts'
import { Reception } from './carrier-reception.ts'
import { fairWeather, impossibleIn, tearOf, type Weather } from './carrier-weather.rules.ts'

/**
 * The demo's carrier, and the one that tests go through: an SMPP server on loopback with phones behind it. Times,
 * lateness and expiry go by the demo's clock; only answers on the wire take real time.
 */
export async function startCarrier(options: CarrierOptions): Promise<Carrier> {
  const simulator = new Simulator({ ...defaults, ...options })
  await simulator.start(options.earlier ?? [])
  return simulator
}

export type Carrier = {
  readonly port: number
  /** Newest first, at most `limit` (100 unless said, 100,000 at most). */
  messages(filter?: { readonly to?: string; readonly limit?: number }): readonly SandboxMessage[]
  /** @returns a function that ends the listening. */
  onMessage(listener: (message: SandboxMessage) => void): () => void
  /**
   * Lets happen what fell due by the demo's clock, in order of time. Resolves when every receipt this caused has been
   * answered once, or nobody is bound to hear it. Call it after moving the clock; between moves it runs by itself.
   */
  runDue(now: Date): Promise<void>
  readonly mood: CarrierMood
  setMood(mood: CarrierMood): void
  readonly weather: Weather
  /** From here on; what was submitted before keeps the weather it was submitted in. */
  setWeather(weather: Partial<Weather>): void
  /** Cuts all connections at once, in the middle of whatever they do. */
  cutConnections(): void
  /** Receipts that nobody has acknowledged yet. */
  readonly unacknowledgedReceipts: number
  counts(): CarrierCounts
  /** When every submit_sm arrived, bind by bind. */
  arrivals(): readonly BindArrivals[]
  close(): Promise<void>
}

export type { CarrierMood }

export type CarrierOptions = {
  readonly now: () => Date
  /** What an earlier run has taken, in that order: it stays on the phones, or is still brought to its end. */
  readonly earlier?: readonly JournalEntry[]
  /** Without it any account may bind. */
  readonly account?: { readonly systemId: string; readonly password: string }
  /** PEM; in the clear without it. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** Begins every message id. Must differ from run to run: ids of an earlier run are still in the database. */
  readonly runId: string
  readonly journal?: CarrierJournal
  readonly weather?: Partial<Weather>
} & Partial<typeof defaults>

const defaults = {
  port: 0,
  /** Some carriers want eight septets in seven octets. */
  isGsm7Packed: false,
  /** A short moment, by the demo's clock. */
  deliveryMs: 300,
  slowAnswerMs: 3_000,
  slowDeliveryMs: 10_000,
  responseTimeoutMs: 5_000,
  receiptRetryMs: 1_000,
  /** How often the simulator looks at the demo's clock while something is to come. */
  tickMs: 50,
  /** Half a kilobyte each at most, so 150 MB. */
  messagesMax: 300_000,
  /** The rate of a contract is measured by a clock that nobody sets. */
  monotonicMs: (): number => performance.now(),
}

const listMax = 100_000

class Simulator implements Carrier {
  readonly #options: CarrierOptions & typeof defaults
  readonly #listener: Listener
  readonly #reception: Reception
  readonly #deliveries: Deliveries
  readonly #receipts: Receipts
  readonly #phones: Phones
  readonly #arrivals = new Arrivals()
  readonly #counts = new Counts()
  readonly #listeners = new Set<(message: SandboxMessage) => void>()
  #mood: CarrierMood = 'normal'
  #weather: Weather = fairWeather

  constructor(options: CarrierOptions & typeof defaults) {
    this.#options = options
    const journal = options.journal ?? noJournal
    const phones = new Phones(options.messagesMax)
    const receipts = new Receipts({
      retryMs: options.receiptRetryMs,
      tearOf: ({ key, copy }, attempt) => tearOf(this.#weather, `${key} receipt ${copy} try ${attempt}`),
    })
    this.#phones = phones
    this.#receipts = receipts
    const deliveries = new Deliveries({
      now: options.now,
      tickMs: options.tickMs,
      phones,
      receipts,
      journal,
      onArrived: (message) => {
        for (const listener of this.#listeners) listener(message)
      },
    })
    this.#deliveries = deliveries
    this.#reception = new Reception({
      intake: new Intake(options),
      arrivals: this.#arrivals,
      counts: this.#counts,
      journal,
      deliveries,
    })
    this.#listener = new Listener(
      {
        admit: (fields) => this.#admit(fields),
        responseTimeoutMs: options.responseTimeoutMs,
        ...(options.tls ? { tls: options.tls } : {}),
      },
      {
        onBound: (peer, account) => this.#counts.bound(peer.number, account),
        onListening: (peer, account) => receipts.open(account, peer),
        onSubmit: (peer, account, submit) => this.#reception.receive(submit, { peer, account }, this.#day()),
        onUnbound: (peer, account) => {
          this.#counts.unbound(peer.number)
          receipts.close(account, peer)
        },
      },
    )
    this.setWeather(options.weather ?? {})
  }
  async start(earlier: readonly JournalEntry[]): Promise<void> {
    this.#deliveries.resume(earlier)
    await this.#listener.listen(this.#options.port)
  }

  get port(): number {
    return this.#listener.port
  }

  get mood(): CarrierMood {
    return this.#mood
  }

  get weather(): Weather {
    return this.#weather
  }

  get unacknowledgedReceipts(): number {
    return this.#receipts.counts().unacknowledged
  }

  messages({ to, limit = 100 }: { readonly to?: string; readonly limit?: number } = {}): readonly SandboxMessage[] {
    return this.#phones.list({ limit: Math.min(limit, listMax), ...(to === undefined ? {} : { to }) })
  }

  onMessage(listener: (message: SandboxMessage) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  runDue(now: Date): Promise<void> {
    return this.#deliveries.runDue(now)
  }

  setMood(mood: CarrierMood): void {
    this.#mood = mood
    this.#listener.setOpen(mood !== 'down')
  }

  setWeather(weather: Partial<Weather>): void {
    const whole = { ...fairWeather, ...weather }
    assert(impossibleIn(whole) === undefined, 'the weather is possible')
    this.#weather = whole
  }

  cutConnections(): void {
    this.#listener.cut()
  }

  counts(): CarrierCounts {
    const receipts = { ...this.#receipts.counts(), toCome: this.#deliveries.toCome }
    return this.#counts.read({ receipts, connections: this.#listener.connections }, this.#arrivals.busiestSeconds())
  }

  arrivals(): readonly BindArrivals[] {
    return this.#arrivals.list()
  }

  async close(): Promise<void> {
    this.#deliveries.stop()
    this.#receipts.stop()
    await this.#listener.close()
  }

  #day(): Day {
    const { now, monotonicMs } = this.#options
    return { mood: this.#mood, weather: this.#weather, now: now(), monotonicMs: monotonicMs() }
  }

  #admit({ system_id, password }: PduFields): number {
    const { account } = this.#options
    if (account === undefined) return status.ok
    return system_id === account.systemId && password === account.password ? status.ok : status.invalidPassword
  }
}
