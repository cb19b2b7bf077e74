import type { OutgoingPart, Receipt, ReceiptState } from '#platform/gateways/gateway'
import type { Draws } from './draws.ts'
import type { Story } from './story.ts'
import type { VirtualTime } from './virtual-time.ts'

/**
 * A carrier's side: takes parts or not, and tells later what became of each. It keeps a receipt until somebody on our
 * side has said that it was received, and remembers everything.
 */
export type Carrier = {
  readonly name: string
  /** What a part that reaches it is answered with. */
  take(part: OutgoingPart): CarrierAnswer
  /** From here on its answers get lost, its receipts come, and so on, as its weather has it. */
  setSpell(spell: Spell, ms: number): void
  spell(): Spell
  /** Receipts go to whoever is bound. */
  bound(receiver: Receiver): { leave(): void }
  accepted(): readonly Accepted[]
  receipts(): readonly SentReceipt[]
  /** Tells of something that we never sent. */
  sayUnknown(): void
}

export type CarrierAnswer =
  | { readonly kind: 'accepted'; readonly carrierId: string }
  | { readonly kind: 'throttled' }
  | { readonly kind: 'refused'; readonly retry: 'never' | 'later' }

export type Spell = 'fine' | 'throttling' | 'refusing' | 'answers-lost' | 'requests-lost' | 'slow'

export type Accepted = {
  readonly gateway: string
  readonly messageId: string
  readonly part: number
  readonly carrierId: string
  readonly atMs: number
}

/** Resolves when our side has said "received". */
export type Receiver = (receipt: Receipt) => Promise<void>

export type SentReceipt = {
  readonly receipt: Receipt
  /** Nothing, where it speaks of what we never sent. */
  readonly of: Accepted | undefined
  isAcknowledged: boolean
}

/** What the carrier writes into a receipt besides its own id. */
export type Dialect = {
  /** Some name no id, neither when they take a part nor in a receipt. */
  readonly hasId: boolean
  readonly hasReference: boolean
  readonly hasPhone: boolean
}

export const openCarrier = (w: {
  readonly name: string
  readonly time: VirtualTime
  readonly draws: Draws
  readonly dialect: Dialect
  readonly troubleShare: number
  readonly story: Story
}): Carrier => {
  const { name, time, dialect, story } = w
  const accepted: Accepted[] = []
  const receipts: SentReceipt[] = []
  const receivers: Receiver[] = []
  const attempts = new Map<string, number>()
  let spell: Spell = 'fine'
  let spells = 0
  let turn = 0

  const deliver = (sent: SentReceipt): void => {
    const again = (): void => {
      time.after(4_000, () => deliver(sent))
    }
    const receiver = receivers[turn++ % Math.max(1, receivers.length)]
    if (receiver === undefined) {
      again()
      return
    }
    let isAnswered = false
    const patience = time.after(5_000, () => {
      if (isAnswered) return
      isAnswered = true
      deliver(sent)
    })
    receiver(sent.receipt).then(
      () => {
        sent.isAcknowledged = true
        isAnswered = true
        patience.cancel()
      },
      () => {
        if (isAnswered) return
        isAnswered = true
        patience.cancel()
        again()
      },
    )
  }

  const plan = (draws: Draws, of: Accepted, outgoing: OutgoingPart, state: ReceiptState, afterMs: number): void => {
    const sent: SentReceipt = {
      of,
      isAcknowledged: false,
      receipt: {
        carrierId: of.carrierId,
        state,
        raw: `${name} receipt ${receipts.length}`,
        ...(dialect.hasReference && { reference: outgoing.reference }),
        ...(dialect.hasPhone && { to: outgoing.to }),
      },
    }
    receipts.push(sent)
    const copies = draws.happens(0.15) ? 2 : 1
    for (let copy = 0; copy < copies; copy++)
      time.after(afterMs + copy * draws.between(0, 3_000), () => {
        story.tell(() => `${name} says ${state} of ${of.messageId} part ${of.part}`)
        deliver(sent)
      })
  }

  /** What becomes of a part follows from the part alone, whatever else goes wrong. */
  const planReceipts = (draws: Draws, of: Accepted, outgoing: OutgoingPart): void => {
    const soonMs = draws.happens(0.2) ? 0 : draws.between(10, 3_000)
    const lateMs = draws.happens(0.1) ? draws.between(5_000, 30_000) : soonMs
    if (draws.happens(0.1))
      plan(draws, of, outgoing, draws.pick(['enroute', 'accepted']), draws.between(0, lateMs + 500))
    const fate = draws.fraction()
    if (fate < 0.05) return
    if (fate < 0.15) plan(draws, of, outgoing, draws.pick(['failed', 'expired']), lateMs)
    else plan(draws, of, outgoing, 'delivered', lateMs)
  }

  return {
    name,
    take(outgoing) {
      const { messageId = '', part } = outgoing
      const key = `${messageId} ${part.number}`
      const attempt = (attempts.get(key) ?? 0) + 1
      attempts.set(key, attempt)
      const draws = w.draws.row(`${key} ${attempt}`)
      if (spell === 'throttling' || draws.happens(w.troubleShare)) return { kind: 'throttled' }
      if (spell === 'refusing' || draws.happens(w.troubleShare / 2))
        return { kind: 'refused', retry: draws.happens(0.2) ? 'never' : 'later' }
      const carrierId = dialect.hasId ? `${accepted.length + 1}` : ''
      const taken: Accepted = { gateway: name, messageId, part: part.number, carrierId, atMs: time.nowMs() }
      accepted.push(taken)
      planReceipts(w.draws.row(key), taken, outgoing)
      return { kind: 'accepted', carrierId }
    },
    setSpell(next, ms) {
      spell = next
      spells += 1
      const mine = spells
      time.after(ms, () => {
        if (spells === mine) spell = 'fine'
      })
    },
    spell: () => spell,
    bound(receiver) {
      receivers.push(receiver)
      return {
        leave() {
          const at = receivers.indexOf(receiver)
          if (at >= 0) receivers.splice(at, 1)
        },
      }
    },
    sayUnknown() {
      const raw = `${name} receipt ${receipts.length}`
      const receipt: Receipt = { carrierId: `unknown ${receipts.length}`, state: 'delivered', raw }
      const sent = { of: undefined, isAcknowledged: false, receipt }
      receipts.push(sent)
      deliver(sent)
    },
    accepted: () => accepted,
    receipts: () => receipts,
  }
}
