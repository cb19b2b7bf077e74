import { createServer, type Server } from 'node:net'
import { readHeader } from '#platform/gateways/smpp-concatenation'
import type { PduFields } from '#platform/gateways/smpp-pdu'
import { status } from '#platform/gateways/smpp-status'
import { parseTime } from '#platform/gateways/smpp-time'
import { type CarrierJournal, type JournalEntry, noJournal, type TakenMessage } from './carrier-journal.ts'
import { type Conduct, conductFor, domesticNumber } from './carrier-numbers.rules.ts'
import { openPeer, type Peer, type SubmitAnswer } from './carrier-peer.ts'
import { Phones, type SandboxMessage } from './carrier-phone.ts'
import { type CarrierReceipt, Receipts } from './carrier-receipts.ts'
import { Schedule } from './carrier-schedule.ts'

/**
 * The demo's carrier: an SMPP server on loopback with phones behind it. Times, lateness and expiry go by the demo's
 * clock; only answers on the wire take real time.
 */
export async function startCarrier(options: CarrierOptions): Promise<Carrier> {
  const simulator = new Simulator({ ...defaults, ...options })
  simulator.resume(options.earlier ?? [])
  await simulator.listen()
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
  /** Cuts all connections at once, in the middle of whatever they do. */
  cutConnections(): void
  /** Receipts that nobody has acknowledged yet. */
  readonly unacknowledgedReceipts: number
  close(): Promise<void>
}

/**
 * - `slow`: answers and deliveries take longer.
 * - `throttled`: every message is answered with "too fast".
 * - `silent`: takes and delivers messages, but never answers that it did.
 * - `down`: no connection holds.
 */
export type CarrierMood = 'normal' | 'slow' | 'throttled' | 'silent' | 'down'

export type CarrierOptions = {
  readonly now: () => Date
  /** What an earlier run has taken, in that order: it stays on the phones, or is still brought to its end. */
  readonly earlier?: readonly JournalEntry[]
  /** Without it any account may bind. */
  readonly account?: { readonly systemId: string; readonly password: string }
  /** Begins every message id. Must differ from run to run: ids of an earlier run are still in the database. */
  readonly runId: string
  readonly journal?: CarrierJournal
} & Partial<typeof defaults>

const defaults = {
  port: 0,
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
}

const listMax = 100_000
/** Nobody sends that many messages to the magic numbers; a limit all the same. */
const refusalsMax = 10_000

class Simulator implements Carrier {
  readonly #options: CarrierOptions & typeof defaults
  readonly #server: Server
  readonly #peers = new Set<Peer>()
  readonly #phones: Phones
  readonly #receipts: Receipts
  readonly #journal: CarrierJournal
  readonly #schedule = new Schedule<TakenMessage>()
  readonly #refusals = new Map<string, number>()
  readonly #listeners = new Set<(message: SandboxMessage) => void>()
  #mood: CarrierMood = 'normal'
  #accepted = 0
  #tick: NodeJS.Timeout | undefined

  constructor(options: CarrierOptions & typeof defaults) {
    this.#options = options
    this.#phones = new Phones(options.messagesMax)
    this.#journal = options.journal ?? noJournal
    this.#receipts = new Receipts(options.receiptRetryMs)
    this.#server = createServer((socket) => {
      const peer = openPeer(
        socket,
        { admit: (fields) => this.#admit(fields), responseTimeoutMs: options.responseTimeoutMs },
        {
          onListening: (listening) => this.#receipts.open(listening),
          onSubmit: (fields, respond) => this.#submit(fields, respond),
          onDeaf: (deaf) => this.#receipts.close(deaf),
          onClosed: (closed) => this.#peers.delete(closed),
        },
      )
      this.#peers.add(peer)
      if (this.#mood === 'down') peer.destroy()
    })
  }

  resume(earlier: readonly JournalEntry[]): void {
    for (const { message, endedAt, isAcknowledged } of earlier) {
      if (endedAt === undefined) this.#schedule.add(message.dueAt, message)
      else {
        if (message.fate === 'delivered') this.#arrive(message, endedAt)
        if (!isAcknowledged) this.#sendReceipts(message, endedAt)
      }
    }
    this.#startTicking()
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.#options.port, '127.0.0.1', resolve)
    })
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  get mood(): CarrierMood {
    return this.#mood
  }

  get unacknowledgedReceipts(): number {
    return this.#receipts.unacknowledged
  }

  messages({ to, limit = 100 }: { readonly to?: string; readonly limit?: number } = {}): readonly SandboxMessage[] {
    return this.#phones.list({ limit: Math.min(limit, listMax), ...(to === undefined ? {} : { to }) })
  }

  onMessage(listener: (message: SandboxMessage) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async runDue(now: Date): Promise<void> {
    const answered: Promise<void>[] = []
    for (let due = this.#schedule.take(now); due; due = this.#schedule.take(now)) {
      answered.push(...this.#settle(due.item, due.dueAt))
    }
    if (this.#schedule.isEmpty) this.#stopTicking()
    await Promise.all(answered)
  }

  setMood(mood: CarrierMood): void {
    this.#mood = mood
    if (mood === 'down') this.cutConnections()
  }

  cutConnections(): void {
    for (const peer of this.#peers) peer.destroy()
  }

  async close(): Promise<void> {
    this.#stopTicking()
    this.#receipts.stop()
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.cutConnections()
    await closed
  }

  #admit({ system_id, password }: PduFields): number {
    const { account } = this.#options
    if (account === undefined) return status.ok
    return system_id === account.systemId && password === account.password ? status.ok : status.invalidPassword
  }

  #submit(fields: PduFields, respond: (answer: SubmitAnswer) => void): void {
    const afterMs = this.#mood === 'slow' ? this.#options.slowAnswerMs : 0
    const decision = this.#decide(fields)
    if (typeof decision === 'number') {
      respond({ status: decision, afterMs })
      return
    }
    // What is not written down was not taken: the sender hears an error and keeps the message.
    this.#journal.taken(decision).then(
      () => this.#take(decision, () => respond({ id: decision.id, status: status.ok, afterMs })),
      () => respond({ status: status.systemError, afterMs }),
    )
  }

  #take(message: TakenMessage, respond: () => void): void {
    if (message.conduct.receipts === 'before-the-response') this.#settle(message, this.#options.now())
    else this.#schedule.add(message.dueAt, message)
    this.#startTicking()
    if (this.#mood !== 'silent') respond()
  }

  /** Whether the carrier takes it: a status if not. */
  #decide(fields: PduFields): TakenMessage | number {
    if (this.#mood === 'throttled') return status.throttled
    const to = domesticNumber(fields.destination_addr ?? '')
    if (to === undefined) return status.invalidDestination
    const userData = fields.message_payload ?? fields.short_message ?? Buffer.alloc(0)
    const hasHeader = ((fields.esm_class ?? 0) & 0x40) !== 0
    const text = hasHeader ? readHeader(userData) : { body: userData }
    if (text === undefined) return status.invalidMessage
    const conduct = conductFor(to)
    const refusal = this.#nextRefusal(`${to} ${fields.user_message_reference ?? ''}`, conduct)
    if (refusal !== undefined) return refusal
    this.#accepted += 1
    const submittedAt = this.#options.now()
    const fate = this.#fate(fields, submittedAt, conduct)
    return {
      id: `${this.#options.runId}${this.#accepted.toString(36)}`,
      to,
      from: fields.source_addr ?? '',
      body: text.body,
      isUcs2: fields.data_coding === 8,
      concatenation: text.concatenation,
      reference: fields.user_message_reference,
      registeredDelivery: fields.registered_delivery ?? 0,
      submittedAt,
      conduct,
      fate,
      dueAt: this.#dueAt(fields, { fate, submittedAt, conduct }),
    }
  }

  /** Each message is refused anew; its parts, which share their reference, are refused once for all. */
  #nextRefusal(message: string, { firstAnswers }: Conduct): number | undefined {
    const tries = this.#refusals.get(message) ?? 0
    const answer = firstAnswers[tries]
    if (answer === undefined) return undefined
    this.#refusals.set(message, tries + 1)
    const oldest = this.#refusals.keys().next().value
    if (this.#refusals.size > refusalsMax && oldest !== undefined) this.#refusals.delete(oldest)
    return answer === 'throttled' ? status.throttled : status.systemError
  }

  #fate(fields: PduFields, submittedAt: Date, conduct: Conduct): TakenMessage['fate'] {
    const validUntil = parseTime(fields.validity_period ?? '', submittedAt)
    if (validUntil !== undefined && validUntil <= this.#arrivalAt(submittedAt, conduct)) return 'expired'
    return conduct.end
  }

  #dueAt(
    fields: PduFields,
    { fate, submittedAt, conduct }: Pick<TakenMessage, 'fate' | 'submittedAt' | 'conduct'>,
  ): Date {
    const arrivalAt = this.#arrivalAt(submittedAt, conduct)
    return fate === 'expired' ? (parseTime(fields.validity_period ?? '', submittedAt) ?? arrivalAt) : arrivalAt
  }

  #arrivalAt(submittedAt: Date, { lateByMs }: Conduct): Date {
    const takesMs = this.#mood === 'slow' ? this.#options.slowDeliveryMs : this.#options.deliveryMs
    return new Date(submittedAt.getTime() + takesMs + lateByMs)
  }

  /** The message comes to its end at that moment; returns what is to be waited for. */
  #settle(message: TakenMessage, doneAt: Date): readonly Promise<void>[] {
    if (message.fate === 'delivered') this.#arrive(message, doneAt)
    // When this is lost, the next run lets it end once more; nobody sees the difference.
    const written = this.#journal.ended(message.id, doneAt).catch(() => {})
    return [written, ...this.#sendReceipts(message, doneAt)]
  }

  #sendReceipts(message: TakenMessage, doneAt: Date): readonly Promise<void>[] {
    if (!wantsReceipt(message)) return []
    const { id, to, from, submittedAt, reference } = message
    const receipt: CarrierReceipt = { id, to, from, state: message.fate, submittedAt, doneAt, reference }
    const times = message.conduct.receipts === 'twice' ? 2 : 1
    const acknowledged = () => void this.#journal.acknowledged(id).catch(() => {})
    return Array.from({ length: times }, () => this.#receipts.send(receipt, acknowledged))
  }

  #arrive({ id, to, from, body, isUcs2, concatenation }: TakenMessage, receivedAt: Date): void {
    const part = { id, to, from, body, isUcs2, receivedAt, ...(concatenation ? { concatenation } : {}) }
    const message = this.#phones.receive(part)
    if (message) for (const listener of this.#listeners) listener(message)
  }

  #startTicking(): void {
    if (this.#tick !== undefined || this.#schedule.isEmpty) return
    this.#tick = setInterval(() => void this.runDue(this.#options.now()), this.#options.tickMs)
    this.#tick.unref()
  }

  #stopTicking(): void {
    clearInterval(this.#tick)
    this.#tick = undefined
  }
}

/** registered_delivery, bits 1 and 0: 1 always, 2 only for a failure (SMPP 3.4, 5.2.17). */
function wantsReceipt({ conduct, registeredDelivery, fate }: TakenMessage): boolean {
  if (conduct.receipts === 'none') return false
  const wanted = registeredDelivery & 0x03
  return wanted === 1 || (wanted === 2 && fate !== 'delivered')
}
