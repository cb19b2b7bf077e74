import type { Concatenation } from '#platform/gateways/smpp-concatenation'

/** The phones of the demo: they put parts together again and keep what arrived, as long as there is room. */
export class Phones {
  readonly #messagesMax: number
  #messages: SandboxMessage[] = []
  readonly #incomplete = new Map<string, Map<number, string>>()

  constructor(messagesMax: number) {
    this.#messagesMax = messagesMax
  }

  /** @returns the message once its last part has come. */
  receive(part: ArrivedPart): SandboxMessage | undefined {
    const text = part.concatenation ? this.#join(part, part.concatenation) : part.text
    if (text === undefined) return undefined
    const { id, to, from, receivedAt } = part
    const message = { id, to, from, text, receivedAt }
    this.#messages.push(message)
    // Dropping a tenth at once keeps the cost of a full memory small.
    if (this.#messages.length > this.#messagesMax * 1.1) this.#messages = this.#messages.slice(-this.#messagesMax)
    return message
  }

  /** Newest first. */
  list({ to, limit }: { readonly to?: string; readonly limit: number }): readonly SandboxMessage[] {
    const listed: SandboxMessage[] = []
    for (let at = this.#messages.length - 1; at >= 0 && listed.length < limit; at--) {
      const message = this.#messages[at]
      if (message && (to === undefined || message.to === to)) listed.push(message)
    }
    return listed
  }

  #join(part: ArrivedPart, { reference, part: number, parts }: Concatenation): string | undefined {
    const key = `${part.from} ${part.to} ${reference} ${parts}`
    const known = this.#incomplete.get(key) ?? new Map<number, string>()
    this.#incomplete.set(key, known.set(number, part.text))
    if (known.size === parts) {
      this.#incomplete.delete(key)
      return Array.from({ length: parts }, (_, index) => known.get(index + 1) ?? '').join('')
    }
    this.#forgetOldestIncomplete()
    return undefined
  }

  #forgetOldestIncomplete(): void {
    const oldest = this.#incomplete.keys().next().value
    if (this.#incomplete.size > incompleteMax && oldest !== undefined) this.#incomplete.delete(oldest)
  }
}

/** As the sandbox shows it: one entry for a whole text, however many parts it came in. */
export type SandboxMessage = {
  readonly id: string
  /** Eleven digits. */
  readonly to: string
  readonly from: string
  readonly text: string
  readonly receivedAt: Date
}

export type ArrivedPart = {
  readonly id: string
  readonly to: string
  readonly from: string
  readonly text: string
  readonly concatenation?: Concatenation
  readonly receivedAt: Date
}

/** A real phone forgets half-received texts too; without a limit a lost part would be kept for ever. */
const incompleteMax = 10_000
