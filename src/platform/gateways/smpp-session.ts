import { connect, type Socket } from 'node:net'
import { type Chance, systemChance } from '#platform/chance'
import { assert } from '#values/assert'
import { encodeGsm7 } from '#values/gsm-7'
import { encodeUcs2 } from '#values/ucs-2'
import type { Gateway, GatewayHealth, OutgoingPart, Part, Receipt, ReceiptHandler, SubmitOutcome } from './gateway.ts'
import { partsOf } from './parts.ts'
import { headerOf } from './smpp-concatenation.ts'
import { type Answer, type Link, openLink } from './smpp-link.ts'
import type { Pdu, PduFields } from './smpp-pdu.ts'
import { isReceipt, readReceipt } from './smpp-receipt.ts'
import { status, statusOf } from './smpp-status.ts'
import { absoluteTime, relativeTime } from './smpp-time.ts'
import { systemTimers, type Timer, type Timers } from './timers.ts'

/**
 * A gateway over SMPP 3.4: one transceiver that is always bound or on its way to be. It submits within a sliding
 * window, knows for every part whether it may have reached the carrier, and hands on receipts.
 */
export function openSmppSession(options: SmppOptions): Gateway {
  return new Session({ ...defaults, ...options })
}

export type SmppOptions = SmppAccount & Partial<typeof defaults>

type SmppAccount = {
  readonly host: string
  readonly port: number
  readonly systemId: string
  readonly password: string
  readonly systemType?: string
  /** Carriers that read only spans get the validity as one, which needs a clock. Absolute Japanese time otherwise. */
  readonly validityFrom?: () => Date
}

const defaults: {
  readonly windowMax: number
  /** Longer than carriers take on a bad day, short enough that a doubtful part is settled while it matters. */
  readonly responseTimeoutMs: number
  /** Silence after which the other side is asked whether it lives: below the minute of most firewalls. */
  readonly enquireEveryMs: number
  readonly backOffMinMs: number
  readonly backOffMaxMs: number
  /** A bind that held this long ends a row of failures. */
  readonly stableAfterMs: number
  /** How long closing waits for answers under way. */
  readonly drainMs: number
  readonly chance: Pick<Chance, 'int'>
  readonly timers: Timers
} = {
  windowMax: 10,
  responseTimeoutMs: 10_000,
  enquireEveryMs: 30_000,
  backOffMinMs: 500,
  backOffMaxMs: 30_000,
  stableAfterMs: 10_000,
  drainMs: 5_000,
  chance: systemChance,
  timers: systemTimers,
}

/** Beyond this the carrier is asked to come back later: receipts in hand are memory, and the store is behind. */
const receiptsInHandMax = 1_000

class Session implements Gateway {
  readonly windowMax: number
  readonly #options: SmppAccount & typeof defaults
  #state: GatewayHealth['state'] = 'connecting'
  #link: Link | undefined
  #outstanding = 0
  #receiptsInHand = 0
  #failedTries = 0
  #lastProblem: string | undefined
  #timer: Timer | undefined
  #onReceipt: ReceiptHandler | undefined
  #ready = newPromise()
  #onQuiet: (() => void) | undefined

  constructor(options: SmppAccount & typeof defaults) {
    this.#options = options
    this.windowMax = options.windowMax
    this.#connect()
  }

  split(text: string): readonly Part[] {
    return partsOf(text)
  }

  async submit(part: OutgoingPart): Promise<SubmitOutcome> {
    const fields = submitFields(part, this.#options.validityFrom)
    const link = this.#link
    switch (this.#state) {
      case 'closing':
      case 'closed':
        return { kind: 'not-sent', because: 'closing' }
      case 'in-doubt':
        return { kind: 'not-sent', because: 'link-in-doubt' }
      case 'connecting':
        return { kind: 'not-sent', because: 'no-bind' }
      case 'bound':
        if (link === undefined) return { kind: 'not-sent', because: 'no-bind' }
        if (this.#outstanding >= this.windowMax) return { kind: 'not-sent', because: 'window-full' }
        return this.#submitOver(link, part, fields)
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
    const isBound = this.#state !== 'connecting'
    this.#state = 'closing'
    this.#timer?.cancel()
    this.#ready.reject(new Error('The SMPP session was closed.'))
    await this.#drain()
    if (this.#link && isBound) await this.#sayGoodBye(this.#link)
    this.#link?.drop('closed by us')
    this.#state = 'closed'
  }

  async #sayGoodBye(link: Link): Promise<void> {
    const patience = this.#options.timers.after(this.#options.drainMs, () => link.drop('closed by us'))
    await link.unbind()
    patience.cancel()
  }

  async #submitOver(link: Link, part: OutgoingPart, fields: PduFields): Promise<SubmitOutcome> {
    this.#outstanding += 1
    const answer = await link.request('submit_sm', fields, (response) => this.#handOnLate(part, response))
    this.#outstanding -= 1
    if (answer.kind === 'timeout' && link === this.#link) this.#doubt(link)
    if (this.#isQuiet()) this.#onQuiet?.()
    return outcomeOf(answer)
  }

  /** After a time-out nothing more is risked on this link until the other side has shown that it lives. */
  #doubt(link: Link): void {
    if (this.#state !== 'bound') return
    this.#pause('in-doubt')
    void link.enquire().then((answer) => {
      if (answer.kind === 'answered' && link === this.#link && this.#state === 'in-doubt') this.#resume()
    })
  }

  #connect(): void {
    const { host, port, systemId, password, systemType, responseTimeoutMs, enquireEveryMs, timers } = this.#options
    const socket: Socket = connect({ host, port })
    const bind = {
      system_id: systemId,
      password,
      system_type: systemType ?? '',
      interface_version: 0x34,
    }
    const link = openLink(
      socket,
      { bind, responseTimeoutMs, enquireEveryMs, timers },
      {
        onBound: () => this.#becomeBound(),
        onDeliver: (fields) => this.#deliver(fields),
        onUnbind: () => this.#leave(link),
        onDropped: (reason) => this.#dropped(reason),
      },
    )
    this.#link = link
  }

  #becomeBound(): void {
    if (this.#state !== 'connecting') return
    this.#resume()
    this.#timer = this.#options.timers.after(this.#options.stableAfterMs, () => {
      this.#failedTries = 0
    })
  }

  /** The carrier said good-bye: it may still answer what is under way, but gets nothing new. */
  #leave(link: Link): void {
    if (this.#state === 'bound' || this.#state === 'in-doubt') this.#pause('connecting')
    this.#timer?.cancel()
    this.#timer = this.#options.timers.after(this.#options.responseTimeoutMs, () =>
      link.drop('the carrier said good-bye'),
    )
  }

  #resume(): void {
    this.#state = 'bound'
    this.#ready.resolve()
  }

  #pause(state: 'in-doubt' | 'connecting'): void {
    if (this.#state === 'bound') this.#ready = newPromise()
    this.#state = state
  }

  #dropped(reason: string): void {
    this.#link = undefined
    this.#timer?.cancel()
    this.#lastProblem = reason
    if (this.#state === 'closing' || this.#state === 'closed') return
    this.#pause('connecting')
    this.#failedTries += 1
    this.#timer = this.#options.timers.after(this.#backOffMs(), () => this.#connect())
  }

  /** Doubles with every failure; the jitter keeps many processes from coming back in the same instant. */
  #backOffMs(): number {
    const { backOffMinMs, backOffMaxMs, chance } = this.#options
    const ceiling = Math.min(backOffMinMs * 2 ** (this.#failedTries - 1), backOffMaxMs)
    return ceiling / 2 + chance.int(Math.max(1, Math.ceil(ceiling / 2)))
  }

  async #deliver(fields: PduFields): Promise<number> {
    // We only send: what a phone writes to us is not for us to take.
    if (!isReceipt(fields)) return status.receiverRejects
    const receipt = readReceipt(fields)
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
      if (this.#isQuiet()) this.#onQuiet?.()
    }
  }

  #handOnLate(part: OutgoingPart, { status: code, fields }: Pdu): void {
    const { word } = statusOf(code)
    void this.#handOn({
      carrierId: fields.message_id ?? '',
      state: code === status.ok ? 'accepted' : 'failed',
      ...(code === status.ok ? {} : { errorCode: word }),
      reference: part.reference,
      to: part.to,
      raw: `late submit_sm_resp ${word}`,
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

/** Nobody need wait for it: a rejection without a listener is no fault. */
function newPromise(): PromiseWithResolvers<void> {
  const made = Promise.withResolvers<void>()
  made.promise.catch(() => {})
  return made
}

function submitFields(outgoing: OutgoingPart, validityFrom: SmppAccount['validityFrom']): PduFields {
  const { part, reference } = outgoing
  const isOneOfSeveral = part.of > 1
  const header = isOneOfSeveral
    ? headerOf({ reference: reference & 0xff, part: part.number, parts: part.of })
    : Buffer.alloc(0)
  const userData = Buffer.concat([header, part.alphabet === 'gsm-7' ? encodeGsm7(part.text) : encodeUcs2(part.text)])
  assert(userData.length <= (part.alphabet === 'gsm-7' ? 160 : 140), 'a part fits one short message')
  return {
    ...sourceOf(outgoing.from),
    ...destinationOf(outgoing.to),
    esm_class: isOneOfSeveral ? 0x40 : 0,
    validity_period: outgoing.validUntil ? validityOf(outgoing.validUntil, validityFrom) : '',
    registered_delivery: 1,
    data_coding: part.alphabet === 'gsm-7' ? 0 : 8,
    short_message: userData,
    user_message_reference: reference & 0xffff,
  }
}

/** A moment that has passed becomes one second: the carrier shall let it expire rather than keep it for its default. */
function validityOf(until: Date, validityFrom: SmppAccount['validityFrom']): string {
  if (validityFrom === undefined) return absoluteTime(until)
  return relativeTime(until, validityFrom()) ?? '000000000001000R'
}

/** Type of number and numbering plan: SMPP 3.4, 5.2.5 and 5.2.6. */
const international = { ton: 1, npi: 1 }
const national = { ton: 2, npi: 1 }
const alphanumeric = { ton: 5, npi: 0 }

function sourceOf(from: string): PduFields {
  const { ton, npi } = kindOfSender(from)
  return { source_addr_ton: ton, source_addr_npi: npi, source_addr: from.replace('+', '') }
}

function kindOfSender(from: string) {
  if (/^\+\d+$/.test(from)) return international
  return /^\d+$/.test(from) ? national : alphanumeric
}

function destinationOf(to: string): PduFields {
  return { dest_addr_ton: international.ton, dest_addr_npi: international.npi, destination_addr: to.slice(1) }
}

function outcomeOf(answer: Answer): SubmitOutcome {
  if (answer.kind !== 'answered') return { kind: 'doubtful', because: answer.kind }
  const { word, meaning, next } = statusOf(answer.response.status)
  switch (next) {
    case 'go-on':
      return { kind: 'submitted', carrierId: answer.response.fields.message_id ?? '' }
    case 'slow-down':
      return { kind: 'throttled', status: word }
    case 'give-up':
      return { kind: 'refused', status: word, meaning, retry: 'never', blame: 'message' }
    case 'try-later':
      return { kind: 'refused', status: word, meaning, retry: 'later', blame: 'message' }
    case 'fix-gateway':
      return { kind: 'refused', status: word, meaning, retry: 'later', blame: 'gateway' }
  }
}
