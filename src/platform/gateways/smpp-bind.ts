import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Answer } from './smpp-answers.ts'
import { type Link, openLink } from './smpp-link.ts'
import type { SmppAccount, SmppSettings } from './smpp-options.ts'
import type { Command, Pdu, PduFields } from './smpp-pdu.ts'
import { status } from './smpp-status.ts'
import type { Timer } from './timers.ts'

/** A bind that is always bound or on its way to be, over one connection after the other. */
export class KeptBind {
  readonly #role: BindRole
  readonly #options: SmppAccount & SmppSettings
  readonly #handlers: BindHandlers
  #state: BindState = 'connecting'
  #link: Link | undefined
  #isClosing = false
  #failedTries = 0
  #lastProblem: string | undefined
  #timer: Timer | undefined

  constructor(role: BindRole, options: SmppAccount & SmppSettings, handlers: BindHandlers) {
    this.#role = role
    this.#options = options
    this.#handlers = handlers
    this.#connect()
  }

  get state(): BindState {
    return this.#state
  }

  /** Connections lost or refused since the last one that held. */
  get failedTries(): number {
    return this.#failedTries
  }

  /** Why the last connection ended or could not be made. */
  get lastProblem(): string | undefined {
    return this.#lastProblem
  }

  /** After a time-out nothing more is risked until the other side has shown that it lives. */
  async request(command: Command, fields: PduFields, onLate: (response: Pdu) => void): Promise<Answer> {
    const link = this.#link
    if (link === undefined) return { kind: 'dropped' }
    const answer = await link.request(command, fields, onLate)
    if (answer.kind === 'timeout' && link === this.#link) this.#doubt(link)
    // What has carried a message has held, however short it lived: it may come back at once.
    if (command === 'submit_sm' && answer.kind === 'answered' && answer.response.status === status.ok)
      this.#failedTries = 0
    return answer
  }

  /** Makes no new connection from now on; says good-bye once what is under way has `drained`. */
  async close(drained: Promise<void>): Promise<void> {
    this.#isClosing = true
    this.#timer?.cancel()
    await drained
    if (this.#link && this.#state !== 'connecting') await this.#sayGoodBye(this.#link)
    this.#link?.drop('closed by us')
  }

  async #sayGoodBye(link: Link): Promise<void> {
    const patience = this.#options.timers.after(this.#options.drainMs, () => link.drop('closed by us'))
    await link.unbind()
    patience.cancel()
  }

  #connect(): void {
    const { systemId, password, systemType, responseTimeoutMs, enquireEveryMs, timers } = this.#options
    const link = openLink(
      openSocket(this.#options),
      {
        bindCommand: `bind_${this.#role}`,
        bindFields: {
          system_id: systemId,
          password,
          system_type: systemType ?? '',
          interface_version: 0x34,
        },
        responseTimeoutMs,
        enquireEveryMs,
        timers,
      },
      {
        onBound: () => this.#becomeBound(),
        onDeliver: this.#handlers.onDeliver,
        onUnbind: () => this.#leave(link),
        onDropped: (reason) => this.#dropped(reason),
      },
    )
    this.#link = link
  }

  #becomeBound(): void {
    if (this.#isClosing) return
    this.#become('bound')
    this.#timer = this.#options.timers.after(this.#options.stableAfterMs, () => {
      this.#failedTries = 0
    })
  }

  #doubt(link: Link): void {
    if (this.#state !== 'bound') return
    this.#become('in-doubt')
    void link.enquire().then((answer) => {
      if (answer.kind === 'answered' && link === this.#link && this.#state === 'in-doubt') this.#become('bound')
    })
  }

  /** The carrier said good-bye: it may still answer what is under way, but gets nothing new. */
  #leave(link: Link): void {
    this.#become('connecting')
    this.#timer?.cancel()
    this.#timer = this.#options.timers.after(this.#options.responseTimeoutMs, () =>
      link.drop('the carrier said good-bye'),
    )
  }

  #dropped(reason: string): void {
    this.#link = undefined
    this.#timer?.cancel()
    this.#lastProblem = reason
    if (!this.#isClosing) {
      this.#failedTries += 1
      this.#timer = this.#options.timers.after(this.#backOffMs(), () => this.#connect())
    }
    this.#become('connecting')
  }

  #become(state: BindState): void {
    this.#state = state
    this.#handlers.onChange()
  }

  /** Doubles with every failure; the jitter keeps many processes from coming back in the same instant. */
  #backOffMs(): number {
    const { backOffMinMs, backOffMaxMs, chance } = this.#options
    const ceiling = Math.min(backOffMinMs * 2 ** (this.#failedTries - 1), backOffMaxMs)
    return ceiling / 2 + chance.int(Math.max(1, Math.ceil(ceiling / 2)))
  }
}

type BindRole = 'transceiver' | 'transmitter' | 'receiver'

type BindState = 'connecting' | 'bound' | 'in-doubt'

type BindHandlers = {
  readonly onChange: () => void
  readonly onDeliver: (fields: PduFields) => Promise<number>
}

/** Whatever the environment says, a certificate that cannot be verified ends the connection. */
function openSocket({ host, port, tls }: SmppAccount & SmppSettings): Socket {
  if (tls === false) return connect({ host, port })
  return connectTls({ host, port, ...(tls === true ? {} : tls), rejectUnauthorized: true, minVersion: 'TLSv1.2' })
}
