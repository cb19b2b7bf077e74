import type { Gateway, GatewayHealth, OutgoingPart, Part, Receipt, ReceiptHandler, SubmitOutcome } from './gateway.ts'
import { partsOf, wholeText } from './parts.ts'
import { KeptBind } from './smpp-bind.ts'
import { type SmppAccount, type SmppOptions, type SmppSettings, smppDefaults } from './smpp-options.ts'
import type { PduFields } from './smpp-pdu.ts'
import { isReceipt, readReceipt } from './smpp-receipt.ts'
import { status } from './smpp-status.ts'
import { lateReceipt, outcomeOf, submitFields } from './smpp-submit.ts'

export type { SmppOptions } from './smpp-options.ts'

/**
 * A gateway over SMPP 3.4: a transceiver, or a transmitter and a receiver, always bound or on their way to be. It
 * submits within a sliding window, knows for every part whether it may have reached the carrier, and hands on
 * receipts.
 */
export function openSmppSession(options: SmppOptions): Gateway {
  return new Session({ ...smppDefaults, ...options })
}

/** Beyond this the carrier is asked to come back later: receipts in hand are memory, and the store is behind. */
const receiptsInHandMax = 1_000

class Session implements Gateway {
  readonly windowMax: number
  readonly #options: SmppAccount & SmppSettings
  readonly #sender: KeptBind
  /** Where the sender does not hear receipts itself. */
  readonly #receiver: KeptBind | undefined
  #state: GatewayHealth['state'] = 'connecting'
  #outstanding = 0
  #receiptsInHand = 0
  #onReceipt: ReceiptHandler | undefined
  #ready = newPromise()
  #onQuiet: (() => void) | undefined

  constructor(options: SmppAccount & SmppSettings) {
    this.#options = options
    this.windowMax = options.windowMax
    const isPair = options.bind === 'transmitter-and-receiver'
    const handlers = { onChange: () => this.#update(), onDeliver: (fields: PduFields) => this.#deliver(fields) }
    this.#sender = new KeptBind(isPair ? 'transmitter' : 'transceiver', options, handlers)
    this.#receiver = isPair ? new KeptBind('receiver', options, handlers) : undefined
  }

  split(text: string): readonly Part[] {
    const { long, gsm7 } = this.#options
    return (long === 'payload' ? wholeText : partsOf)(text, { hasGsm7: gsm7 !== 'off' })
  }

  async submit(part: OutgoingPart): Promise<SubmitOutcome> {
    switch (this.#state) {
      case 'closing':
      case 'closed':
        return { kind: 'not-sent', because: 'closing' }
      case 'in-doubt':
        return { kind: 'not-sent', because: 'link-in-doubt' }
      case 'connecting':
        return { kind: 'not-sent', because: 'no-bind' }
      case 'bound':
        if (this.#outstanding >= this.windowMax) return { kind: 'not-sent', because: 'window-full' }
        return this.#submitBound(part)
    }
  }

  onReceipt(handler: ReceiptHandler): void {
    this.#onReceipt = handler
  }

  health(): GatewayHealth {
    const isDeaf = this.#receiver !== undefined && this.#receiver.state === 'connecting'
    const lastProblem = this.#lastProblem(isDeaf)
    return {
      state: this.#state,
      outstanding: this.#outstanding,
      failedTries: this.#sender.failedTries + (this.#receiver?.failedTries ?? 0),
      ...(isDeaf && this.#state === 'bound' ? { isDeaf } : {}),
      ...(lastProblem === undefined ? {} : { lastProblem }),
    }
  }

  async whenReady(): Promise<void> {
    if (this.#isLeaving()) throw new Error('The SMPP session was closed.')
    await this.#ready.promise
  }

  async close(): Promise<void> {
    if (this.#isLeaving()) return
    this.#state = 'closing'
    this.#ready.reject(new Error('The SMPP session was closed.'))
    const drained = this.#drain()
    await Promise.all([this.#sender.close(drained), this.#receiver?.close(drained)])
    this.#state = 'closed'
  }

  async #submitBound(part: OutgoingPart): Promise<SubmitOutcome> {
    const { receiptIds } = this.#options
    const fields = submitFields(part, this.#options)
    this.#outstanding += 1
    const answer = await this.#sender.request('submit_sm', fields, (response) => {
      const receipt = lateReceipt(part, response, receiptIds)
      if (receipt !== undefined) void this.#handOn(receipt)
    })
    this.#outstanding -= 1
    this.#tellIfQuiet()
    return outcomeOf(answer, receiptIds)
  }

  /** A pair that was once complete goes on without its receiver, until it must bind to submit again. */
  #update(): void {
    if (this.#isLeaving()) return
    const wasReady = this.#state !== 'connecting'
    const isComplete = this.#receiver === undefined || this.#receiver.state === 'bound'
    const before = this.#state
    this.#state = wasReady || isComplete ? this.#sender.state : 'connecting'
    if (before === 'bound' && this.#state !== 'bound') this.#ready = newPromise()
    if (this.#state === 'bound') this.#ready.resolve()
  }

  #lastProblem(isDeaf: boolean): string | undefined {
    if (this.#receiver === undefined) return this.#sender.lastProblem
    const ofSender = this.#sender.lastProblem && `transmitter: ${this.#sender.lastProblem}`
    const ofReceiver = this.#receiver.lastProblem && `receiver: ${this.#receiver.lastProblem}`
    return isDeaf && this.#sender.state === 'bound' ? ofReceiver : (ofSender ?? ofReceiver)
  }

  async #deliver(fields: PduFields): Promise<number> {
    // We only send: what a phone writes to us is not for us to take.
    if (!isReceipt(fields)) return status.receiverRejects
    const receipt = readReceipt(fields, this.#options.receiptIds)
    if (receipt === undefined) return status.permanentReceiverError
    return (await this.#handOn(receipt)) ? status.ok : status.temporaryReceiverError
  }

  async #handOn(receipt: Receipt): Promise<boolean> {
    if (this.#onReceipt === undefined || this.#receiptsInHand >= receiptsInHandMax) return false
    this.#receiptsInHand += 1
    try {
      await this.#onReceipt(receipt)
      return true
    } catch {
      // Whoever stores receipts reports its own faults; the carrier keeps this one for us.
      return false
    } finally {
      this.#receiptsInHand -= 1
      this.#tellIfQuiet()
    }
  }

  #isLeaving(): boolean {
    return this.#state === 'closing' || this.#state === 'closed'
  }

  #isQuiet(): boolean {
    return this.#outstanding === 0 && this.#receiptsInHand === 0
  }

  #tellIfQuiet(): void {
    if (this.#onQuiet && this.#isQuiet()) this.#onQuiet()
  }

  #drain(): Promise<void> {
    if (this.#isQuiet()) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = this.#options.timers.after(this.#options.drainMs, resolve)
      this.#onQuiet = () => {
        timer.cancel()
        resolve()
      }
    })
  }
}

/** Nobody need wait for it: a rejection without a listener is no fault. */
function newPromise(): PromiseWithResolvers<void> {
  const made = Promise.withResolvers<void>()
  made.promise.catch(() => {})
  return made
}
