import type { PduFields } from '#platform/gateways/smpp-pdu'
import { status } from '#platform/gateways/smpp-status'
import { receiptTime } from '#platform/gateways/smpp-time'

/**
 * Receipts on their way to whoever submitted: kept until they are acknowledged, sent again when the answer is an
 * error, when it does not come, and after a new bind.
 */
export class Receipts {
  readonly #retryMs: number
  /** In order of sending; a receipt leaves it only when it is acknowledged or refused for good. */
  readonly #waiting = new Set<Sending>()
  readonly #ports = new Map<ReceiptPort, number>()
  readonly #retries = new Set<NodeJS.Timeout>()

  constructor(retryMs: number) {
    this.#retryMs = retryMs
  }

  get unacknowledged(): number {
    return (
      this.#waiting.size + this.#retries.size + [...this.#ports.values()].reduce((sum, underWay) => sum + underWay, 0)
    )
  }

  /** Resolves when the first try has an answer or failed, or nobody is there to hear it. */
  send(receipt: CarrierReceipt, acknowledged: () => void = () => {}): Promise<void> {
    const tried = Promise.withResolvers<void>()
    this.#waiting.add({ receipt, tried: tried.resolve, acknowledged })
    const oldest = this.#waiting.values().next().value
    if (this.#waiting.size > waitingMax && oldest) this.#waiting.delete(oldest)
    if (this.#ports.size === 0) tried.resolve()
    this.#flush()
    return tried.promise
  }

  /** Somebody bound who hears receipts. */
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
    this.#ports.set(port, (this.#ports.get(port) ?? 0) + 1)
    const answer = await port.deliver(fieldsOf(sending.receipt))
    const underWay = this.#ports.get(port)
    if (underWay !== undefined) this.#ports.set(port, underWay - 1)
    if (isFinal(answer)) sending.acknowledged()
    else this.#retryLater(sending)
    sending.tried()
    this.#flush()
  }

  #retryLater(sending: Sending): void {
    const retry = setTimeout(() => {
      this.#retries.delete(retry)
      this.#waiting.add(sending)
      this.#flush()
    }, this.#retryMs)
    retry.unref()
    this.#retries.add(retry)
  }
}

export type CarrierReceipt = {
  readonly id: string
  readonly to: string
  readonly from: string
  readonly state: 'delivered' | 'expired' | 'undeliverable'
  readonly submittedAt: Date
  readonly doneAt: Date
  readonly reference: number | undefined
}

export type ReceiptPort = {
  /** @returns the status of the response. */
  deliver(fields: PduFields): Promise<number | 'no-answer' | 'dropped'>
}

type Sending = { readonly receipt: CarrierReceipt; readonly tried: () => void; readonly acknowledged: () => void }

/** A carrier's window towards us. */
const underWayMax = 100
/** Beyond this the oldest is forgotten: the simulator must not eat the machine while nobody is bound. */
const waitingMax = 1_000_000

function isFinal(answer: number | 'no-answer' | 'dropped'): boolean {
  return answer === status.ok || answer === status.permanentReceiverError || answer === status.receiverRejects
}

const words = {
  delivered: { stat: 'DELIVRD', state: 2, err: '000', dlvrd: '001' },
  expired: { stat: 'EXPIRED', state: 3, err: '002', dlvrd: '000' },
  undeliverable: { stat: 'UNDELIV', state: 5, err: '001', dlvrd: '000' },
} as const

/** The text of SMPP 3.4, appendix B, and the same in TLVs; without an excerpt of the message. */
function fieldsOf({ id, to, from, state, submittedAt, doneAt, reference }: CarrierReceipt): PduFields {
  const { stat, state: number, err, dlvrd } = words[state]
  const dates = `submit date:${receiptTime(submittedAt)} done date:${receiptTime(doneAt)}`
  return {
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: `81${to.slice(1)}`,
    destination_addr: from,
    esm_class: 0x04,
    short_message: Buffer.from(`id:${id} sub:001 dlvrd:${dlvrd} ${dates} stat:${stat} err:${err} text:`, 'latin1'),
    receipted_message_id: id,
    message_state: number,
    ...(reference === undefined ? {} : { user_message_reference: reference }),
  }
}
