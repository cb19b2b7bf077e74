import { type Chance, systemChance } from '#platform/chance'
import type { Gateway, GatewayHealth, OutgoingPart, Receipt, ReceiptHandler, SubmitOutcome } from './gateway.ts'
import { type Http, type HttpOptions, openHttp } from './http-exchange.ts'
import { Flight } from './http-flight.ts'
import { expired, outcomeOfStatus, statusOfHttp } from './http-status.ts'
import { type Validity, type ValidityLimits, validityOf } from './http-validity.ts'
import { wholeText } from './parts.ts'
import { systemTimers, type Timer, type Timers } from './timers.ts'

/**
 * What all HTTP carriers have in common: a window, a time-out, knowing what surely left, holding back from a carrier
 * that does not answer. Connections come and go by themselves, so `bound` means "may be tried".
 */
export class HttpGateway implements Gateway {
  readonly windowMax: number
  readonly #carrier: HttpCarrier
  readonly #options: HttpGatewayDefaults
  readonly #http: Http
  #state: GatewayHealth['state'] = 'connecting'
  #sending: Sending | undefined
  /** After a trouble a single part is risked, and the others wait for what becomes of it. */
  #isOnTrial = false
  #outstanding = 0
  #receiptsInHand = 0
  #failedTries = 0
  #lastProblem: string | undefined
  #timer: Timer | undefined
  #onReceipt: ReceiptHandler | undefined
  #ready = newPromise()
  #onQuiet: (() => void) | undefined

  constructor(carrier: HttpCarrier, options: HttpGatewayOptions) {
    this.#carrier = carrier
    this.#options = { ...defaults, ...options }
    this.windowMax = this.#options.windowMax
    this.#http = openHttp({
      timeoutMs: this.#options.responseTimeoutMs + this.#options.lateAnswerMs,
      connectionsMax: this.windowMax * 4,
      ...(this.#options.ca === undefined ? {} : { ca: this.#options.ca }),
    })
    void this.#load()
  }

  /** The carrier cuts it by itself. */
  split = (text: string) => wholeText(text)

  async submit(part: OutgoingPart): Promise<SubmitOutcome> {
    const validity = validityOf(part.validUntil, this.#options.now(), this.#carrier.validity)
    const sending = this.#sending
    switch (this.#state) {
      case 'closing':
      case 'closed':
        return { kind: 'not-sent', because: 'closing' }
      case 'in-doubt':
        return { kind: 'not-sent', because: 'link-in-doubt' }
      case 'connecting':
        return { kind: 'not-sent', because: 'no-bind' }
      case 'bound':
        if (sending === undefined) return { kind: 'not-sent', because: 'no-bind' }
        if (this.#outstanding >= this.windowMax) return { kind: 'not-sent', because: 'window-full' }
        if (validity.kind === 'expired') return expired
        if (this.#isOnTrial) this.#pause('in-doubt')
        return this.#send(sending, part, validity)
    }
  }

  onReceipt(handler: ReceiptHandler): void {
    this.#onReceipt = handler
  }

  health(): GatewayHealth {
    return {
      state: this.#state,
      outstanding: this.#outstanding,
      failedTries: this.#failedTries,
      ...(this.#lastProblem === undefined ? {} : { lastProblem: this.#lastProblem }),
    }
  }

  whenReady(): Promise<void> {
    return this.#ready.promise
  }

  async close(): Promise<void> {
    if (this.#state === 'closing' || this.#state === 'closed') return
    this.#pause('closing')
    this.#timer?.cancel()
    this.#ready.reject(new Error('The gateway was closed.'))
    await this.#drain()
    this.#state = 'closed'
    this.#http.close()
  }

  /** For the callback: whether the receipt is stored, so that the carrier may forget it. */
  handOn = async (receipt: Receipt): Promise<boolean> => {
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
      if (this.#isQuiet()) this.#onQuiet?.()
    }
  }

  /** The carrier's client library is loaded only where it is configured: some take a tenth of a second. */
  async #load(): Promise<void> {
    try {
      this.#sending = await this.#carrier.load(this.#http)
      if (this.#state === 'connecting') this.#resume()
    } catch (error) {
      this.#lastProblem = 'the client library cannot be loaded'
      if (this.#state === 'connecting') this.#state = 'closed'
      this.#ready.reject(error)
    }
  }

  async #send(sending: Sending, part: OutgoingPart, validity: LivingValidity): Promise<SubmitOutcome> {
    const flight = new Flight()
    this.#outstanding += 1
    let isLate = false
    const settled = flight.carry(() => sending(part, validity)).catch(() => outcomeOf(flight))
    const answered = settled.then((outcome) => {
      // That nothing came in time is known already; a late end without an answer says nothing new.
      if (!isLate || flight.exchange?.kind === 'answered') this.#learnFrom(flight)
      if (isLate) this.#handOnLate(part, outcome)
      return outcome
    })
    const outcome = await this.#withinTime(answered, () => {
      isLate = true
      return this.#giveUp(flight)
    })
    this.#outstanding -= 1
    if (this.#isQuiet()) this.#onQuiet?.()
    return outcome
  }

  #withinTime(answered: Promise<SubmitOutcome>, giveUp: () => SubmitOutcome): Promise<SubmitOutcome> {
    return new Promise((resolve) => {
      const timer = this.#options.timers.after(this.#options.responseTimeoutMs, () => resolve(giveUp()))
      void answered.then((outcome) => {
        timer.cancel()
        resolve(outcome)
      })
    })
  }

  #giveUp(flight: Flight): SubmitOutcome {
    const nothingLeft = flight.giveUp()
    this.#holdBack(nothingLeft ? 'connecting' : 'in-doubt', 'no answer in time')
    return nothingLeft ? { kind: 'not-sent', because: 'no-bind' } : { kind: 'doubtful', because: 'timeout' }
  }

  /** Any answer shows that the carrier lives, also a refusal. */
  #learnFrom({ exchange }: Flight): void {
    switch (exchange?.kind) {
      case 'answered':
        this.#failedTries = 0
        this.#isOnTrial = false
        if (this.#state === 'in-doubt' || this.#state === 'connecting') this.#resume()
        return
      case 'unanswered':
        this.#holdBack('in-doubt', exchange.problem)
        return
      case 'not-written':
        this.#holdBack('connecting', exchange.problem)
        return
      case undefined:
        this.#holdBack('connecting', 'the client library made no request')
    }
  }

  /** Many parts fail at once when a carrier goes away: together they are one failure. */
  #holdBack(state: 'in-doubt' | 'connecting', problem: string): void {
    this.#lastProblem = problem
    if (this.#state === 'closing' || this.#state === 'closed') return
    if (this.#timer !== undefined) return
    this.#pause(state)
    this.#failedTries += 1
    this.#timer = this.#options.timers.after(this.#backOffMs(), () => {
      this.#isOnTrial = true
      this.#resume()
    })
  }

  #resume(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#state = 'bound'
    this.#ready.resolve()
  }

  #pause(state: 'in-doubt' | 'connecting' | 'closing'): void {
    if (this.#state === 'bound') this.#ready = newPromise()
    this.#state = state
  }

  /** Doubles with every failure; the jitter keeps many processes from coming back in the same instant. */
  #backOffMs(): number {
    const { backOffMinMs, backOffMaxMs, chance } = this.#options
    const ceiling = Math.min(backOffMinMs * 2 ** (this.#failedTries - 1), backOffMaxMs)
    return ceiling / 2 + chance.int(Math.max(1, Math.ceil(ceiling / 2)))
  }

  /** A refusal that may pass settles nothing: the part stays doubtful, so that a notice is sent again later. */
  #handOnLate(part: OutgoingPart, outcome: SubmitOutcome): void {
    const isTaken = outcome.kind === 'submitted'
    if (!isTaken && !(outcome.kind === 'refused' && outcome.retry === 'never')) return
    void this.handOn({
      carrierId: isTaken ? outcome.carrierId : '',
      state: isTaken ? 'accepted' : 'failed',
      ...(isTaken ? {} : { errorCode: outcome.status }),
      reference: part.reference,
      to: part.to,
      raw: isTaken ? 'late answer' : `late answer ${outcome.status}`,
    })
  }

  #isQuiet(): boolean {
    return this.#outstanding === 0 && this.#receiptsInHand === 0
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

/** What is the carrier's own. */
export type HttpCarrier = {
  readonly validity: ValidityLimits
  /** Loads the client library and puts our transport under it. */
  load(http: Http): Promise<Sending>
}

/** Rejects only where the carrier gave no answer that can be read; what is known then follows from the request. */
export type Sending = (part: OutgoingPart, validity: LivingValidity) => Promise<SubmitOutcome>

export type LivingValidity = Exclude<Validity, { readonly kind: 'expired' }>

export type HttpGatewayOptions = Partial<HttpGatewayDefaults> & Pick<HttpOptions, 'ca'>

type HttpGatewayDefaults = {
  readonly windowMax: number
  /** Longer than carriers take on a bad day, short enough that a doubtful part is settled while it matters. */
  readonly responseTimeoutMs: number
  /** How long an answer that comes after its time-out is still heard, and handed on as a receipt. */
  readonly lateAnswerMs: number
  readonly backOffMinMs: number
  readonly backOffMaxMs: number
  /** How long closing waits for answers under way. */
  readonly drainMs: number
  /** The clock that validity is counted from: the demo's differs from the machine's. */
  readonly now: () => Date
  readonly chance: Pick<Chance, 'int'>
  readonly timers: Timers
  readonly ca?: string
}

const defaults: HttpGatewayDefaults = {
  windowMax: 10,
  responseTimeoutMs: 10_000,
  lateAnswerMs: 50_000,
  backOffMinMs: 500,
  backOffMaxMs: 30_000,
  drainMs: 5_000,
  now: () => new Date(),
  chance: systemChance,
  timers: systemTimers,
}

/** Beyond this the carrier is asked to come back later: receipts in hand are memory, and the store is behind. */
const receiptsInHandMax = 1_000

/** The library made nothing of it: then what became of its request tells. */
function outcomeOf({ exchange }: Flight): SubmitOutcome {
  switch (exchange?.kind) {
    case undefined:
    case 'not-written':
      return { kind: 'not-sent', because: 'no-bind' }
    case 'unanswered':
      return { kind: 'doubtful', because: exchange.because }
    case 'answered':
      return outcomeOfStatus(statusOfHttp(exchange.status))
  }
}

/** Nobody need wait for it: a rejection without a listener is no fault. */
function newPromise(): PromiseWithResolvers<void> {
  const made = Promise.withResolvers<void>()
  made.promise.catch(() => {})
  return made
}
