import type { PduFields } from '#platform/gateways/smpp-pdu'
import { status } from '#platform/gateways/smpp-status'
import { type CarrierReceipt, fieldsOf } from './carrier-receipt-text.ts'

/** Receipts on their way, of every account to whoever is bound with its system id. */
export class Receipts {
  readonly #options: ReceiptOptions
  readonly #queues = new Map<string, ReceiptQueue>()

  constructor(options: ReceiptOptions) {
    this.#options = options
  }

  counts(): ReceiptCounts {
    const counts = { sent: 0, torn: 0, acknowledged: 0, unacknowledged: 0 }
    for (const queue of this.#queues.values()) {
      counts.sent += queue.sent
      counts.torn += queue.torn
      counts.acknowledged += queue.acknowledged
      counts.unacknowledged += queue.unacknowledged
    }
    return counts
  }

  /** Resolves when the first try has an answer or failed, or nobody is there to hear it. */
  send(account: string, receipt: CarrierReceipt, acknowledged: () => void): Promise<void> {
    return this.#queueOf(account).send(receipt, acknowledged)
  }

  /** Somebody bound who hears receipts. */
  open(account: string, port: ReceiptPort): void {
    this.#queueOf(account).open(port)
  }

  close(account: string, port: ReceiptPort): void {
    this.#queueOf(account).close(port)
  }

  stop(): void {
    for (const queue of this.#queues.values()) queue.stop()
  }

  #queueOf(account: string): ReceiptQueue {
    const queue = this.#queues.get(account) ?? new ReceiptQueue(this.#options)
    this.#queues.set(account, queue)
    return queue
  }
}

/** deliver_sm that were sent, those of them that were torn; receipts that were heard, and those that were not yet. */
export type ReceiptCounts = {
  readonly sent: number
  readonly torn: number
  readonly acknowledged: number
  readonly unacknowledged: number
}

export type ReceiptOptions = {
  readonly retryMs: number
  /** Which share of this deliver_sm leaves before its connection ends; nothing if it leaves whole. */
  readonly tearOf: (receipt: CarrierReceipt, attempt: number) => number | undefined
}

export type ReceiptPort = {
  /** @returns the status of the response. */
  deliver(fields: PduFields, tornAt?: number): Promise<DeliverAnswer>
}

export type DeliverAnswer = number | 'no-answer' | 'dropped'

/**
 * One account's receipts: kept until they are acknowledged, sent again when the answer is an error, when it does not
 * come, and after a new bind.
 */
class ReceiptQueue {
  readonly #options: ReceiptOptions
  /** In order of sending; a receipt leaves it only when it is acknowledged or refused for good. */
  readonly #waiting = new Set<Sending>()
  readonly #ports = new Map<ReceiptPort, number>()
  readonly #retries = new Set<NodeJS.Timeout>()
  #underWay = 0
  sent = 0
  torn = 0
  acknowledged = 0

  constructor(options: ReceiptOptions) {
    this.#options = options
  }

  get unacknowledged(): number {
    return this.#waiting.size + this.#retries.size + this.#underWay
  }

  send(receipt: CarrierReceipt, acknowledged: () => void): Promise<void> {
    const tried = Promise.withResolvers<void>()
    this.#waiting.add({ receipt, attempt: 0, tried: tried.resolve, acknowledged })
    const oldest = this.#waiting.values().next().value
    if (this.#waiting.size > waitingMax && oldest) this.#waiting.delete(oldest)
    if (this.#ports.size === 0) tried.resolve()
    this.#flush()
    return tried.promise
  }

  open(port: ReceiptPort): void {
    this.#ports.set(port, 0)
    this.#flush()
  }

  close(port: ReceiptPort): void {
    this.#ports.delete(port)
    if (this.#ports.size === 0) for (const { tried } of this.#waiting) tried()
  }

  stop(): void {
    for (const retry of this.#retries) clearTimeout(retry)
    this.#retries.clear()
    this.#waiting.clear()
    this.#ports.clear()
  }

  #flush(): void {
    for (const sending of this.#waiting) {
      const port = this.#freePort()
      if (port === undefined) return
      this.#waiting.delete(sending)
      void this.#sendOver(port, sending)
    }
  }

  #freePort(): ReceiptPort | undefined {
    for (const [port, underWay] of this.#ports) if (underWay < underWayMax) return port
    return undefined
  }

  async #sendOver(port: ReceiptPort, sending: Sending): Promise<void> {
    const { receipt, attempt } = sending
    this.#ports.set(port, (this.#ports.get(port) ?? 0) + 1)
    this.#underWay += 1
    const tornAt = this.#options.tearOf(receipt, attempt)
    this.sent += 1
    if (tornAt !== undefined) this.torn += 1
    const answer = await port.deliver(fieldsOf(receipt), tornAt)
    this.#underWay -= 1
    const underWay = this.#ports.get(port)
    if (underWay !== undefined) this.#ports.set(port, underWay - 1)
    if (isFinal(answer)) {
      this.acknowledged += 1
      sending.acknowledged()
    } else this.#retryLater({ ...sending, attempt: attempt + 1 })
    sending.tried()
    this.#flush()
  }

  #retryLater(sending: Sending): void {
    const retry = setTimeout(() => {
      this.#retries.delete(retry)
      this.#waiting.add(sending)
      this.#flush()
    }, this.#options.retryMs)
    retry.unref()
    this.#retries.add(retry)
  }
}

type Sending = {
  readonly receipt: CarrierReceipt
  /** How often it was tried before. */
  readonly attempt: number
  readonly tried: () => void
  readonly acknowledged: () => void
}

/** A carrier's window towards us. */
const underWayMax = 100
/** Beyond this the oldest is forgotten: the simulator must not eat the machine while nobody is bound. */
const waitingMax = 1_000_000

function isFinal(answer: DeliverAnswer): boolean {
  return answer === status.ok || answer === status.permanentReceiverError || answer === status.receiverRejects
}
