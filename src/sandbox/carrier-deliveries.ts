import { receiptsOf, wantsReceipt } from './carrier-ends.rules.ts'
import type { CarrierJournal, JournalEntry, TakenMessage } from './carrier-journal.ts'
import type { Phones, SandboxMessage } from './carrier-phone.ts'
import type { CarrierReceipt } from './carrier-receipt-text.ts'
import type { Receipts } from './carrier-receipts.ts'
import { Schedule } from './carrier-schedule.ts'

/** From the moment a message was taken to its last receipt, by the demo's clock. */
export class Deliveries {
  readonly #options: DeliveryOptions
  readonly #schedule = new Schedule<(dueAt: Date) => readonly Promise<void>[]>()
  #tick: NodeJS.Timeout | undefined

  constructor(options: DeliveryOptions) {
    this.#options = options
  }

  /** Ends and receipts that are still to come. */
  get toCome(): number {
    return this.#schedule.size
  }

  resume(earlier: readonly JournalEntry[]): void {
    for (const { message, endedAt, isAcknowledged } of earlier) {
      if (endedAt === undefined) this.add(message)
      else {
        if (message.fate === 'delivered') this.#arrive(message, endedAt)
        if (!isAcknowledged) this.#sendReceipts(message, endedAt)
      }
    }
  }

  add(message: TakenMessage): void {
    this.#later(message.dueAt, (dueAt) => this.end(message, dueAt))
  }

  /** The message comes to its end at that moment; returns what is to be waited for. */
  end(message: TakenMessage, doneAt: Date): readonly Promise<void>[] {
    if (message.fate === 'delivered') this.#arrive(message, doneAt)
    // When this is lost, the next run lets it end once more; nobody sees the difference.
    const written = this.#options.journal.ended(message.id, doneAt).catch(() => {})
    return [written, ...this.#sendReceipts(message, doneAt)]
  }

  async runDue(now: Date): Promise<void> {
    const answered: Promise<void>[] = []
    for (let due = this.#schedule.take(now); due; due = this.#schedule.take(now)) {
      answered.push(...due.item(due.dueAt))
    }
    if (this.#schedule.isEmpty) this.stop()
    await Promise.all(answered)
  }

  stop(): void {
    clearInterval(this.#tick)
    this.#tick = undefined
  }

  #sendReceipts(message: TakenMessage, doneAt: Date): readonly Promise<void>[] {
    if (!wantsReceipt(message.registeredDelivery, message.fate)) return []
    return receiptsOf(message.conduct).flatMap(({ of, afterEndMs }, copy) => {
      const receipt = { ...receiptAbout(message, of, doneAt), copy }
      if (afterEndMs === 0) return [this.#send(receipt, message.account)]
      this.#later(new Date(doneAt.getTime() + afterEndMs), () => [this.#send(receipt, message.account)])
      return []
    })
  }

  #send(receipt: CarrierReceipt, account: string): Promise<void> {
    const { journal, now, receipts } = this.#options
    return receipts.send(account, receipt, () => void journal.acknowledged(receipt.id, now()).catch(() => {}))
  }

  #arrive({ id, to, from, text, concatenation }: TakenMessage, receivedAt: Date): void {
    const part = { id, to, from, text, receivedAt, ...(concatenation ? { concatenation } : {}) }
    const message = this.#options.phones.receive(part)
    if (message) this.#options.onArrived(message)
  }

  #later(dueAt: Date, act: (dueAt: Date) => readonly Promise<void>[]): void {
    this.#schedule.add(dueAt, act)
    this.#tick ??= setInterval(() => void this.runDue(this.#options.now()), this.#options.tickMs).unref()
  }
}

export type DeliveryOptions = {
  readonly now: () => Date
  readonly tickMs: number
  readonly phones: Phones
  readonly receipts: Receipts
  readonly journal: CarrierJournal
  readonly onArrived: (message: SandboxMessage) => void
}

/** Nobody's number, so that a stray receipt cannot be taken for one about a message whose id is not known. */
const strayTo = '09000000099'

function receiptAbout(message: TakenMessage, of: 'end' | 'way' | 'stray', doneAt: Date) {
  const { id, key, to, from, submittedAt, fate } = message
  const reference = message.reference === undefined ? {} : { reference: message.reference }
  switch (of) {
    case 'end':
      return { id, key, to, from, state: fate, submittedAt, doneAt, ...reference }
    case 'way':
      return { id, key, to, from, state: 'enroute' as const, submittedAt, doneAt, ...reference }
    case 'stray':
      return { id: `stray-${id}`, key, to: strayTo, from, state: fate, submittedAt, doneAt }
  }
}
