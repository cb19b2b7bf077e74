import type { RefusalReason } from './carrier-intake.ts'
import type { ReceiptCounts } from './carrier-receipts.ts'
import type { SubmitFate, TakenAnswer } from './carrier-weather.rules.ts'

/** What the carrier has seen so far, in numbers that a test compares with our log. */
export type CarrierCounts = {
  /** submit_sm that arrived, and how many of them were taken. */
  readonly arrived: number
  readonly taken: number
  readonly submits: Readonly<Record<SubmitCount, number>>
  readonly receipts: ReceiptCounts & {
    /** Messages that have not ended, and receipts that wait for their moment. */
    readonly toCome: number
  }
  readonly connections: { readonly now: number; readonly ever: number }
  readonly accounts: Readonly<Record<string, AccountCounts>>
}

export type AccountCounts = {
  /** Binds now, and the most there were at once. */
  readonly binds: number
  readonly bindsPeak: number
  /** submit_sm in the busiest second, whatever was answered: more than the contract allows is an overrun. */
  readonly busiestSecond: number
}

/** `not-written`: the journal failed, so it was not taken. */
export type SubmitCount = SubmitFate | RefusalReason | 'not-written'

export class Counts {
  readonly #submits: Record<SubmitCount, number> = { ...noSubmits }
  readonly #accounts = new Map<string, { readonly binds: Set<number>; peak: number }>()

  submitted(as: SubmitCount): void {
    this.#submits[as] += 1
  }

  bound(bind: number, account: string): void {
    const known = this.#accounts.get(account) ?? { binds: new Set(), peak: 0 }
    this.#accounts.set(account, known)
    known.binds.add(bind)
    known.peak = Math.max(known.peak, known.binds.size)
  }

  unbound(bind: number): void {
    for (const { binds } of this.#accounts.values()) binds.delete(bind)
  }

  read(others: Pick<CarrierCounts, 'receipts' | 'connections'>, busiest: Readonly<Record<string, number>>) {
    const submits = { ...this.#submits }
    const taken = takenFates.reduce((sum, fate) => sum + submits[fate], 0)
    const arrived = Object.values(submits).reduce((sum, count) => sum + count, 0)
    const accounts = [...this.#accounts].map(([account, { binds, peak }]) => {
      return [account, { binds: binds.size, bindsPeak: peak, busiestSecond: busiest[account] ?? 0 }] as const
    })
    return { arrived, taken, submits, ...others, accounts: Object.fromEntries(accounts) }
  }
}

const takenFates = ['answered', 'cut-after', 'unanswered', 'torn'] as const satisfies readonly TakenAnswer[]

const noSubmits: Readonly<Record<SubmitCount, number>> = {
  answered: 0,
  throttled: 0,
  'queue-full': 0,
  'system-error': 0,
  refused: 0,
  lost: 0,
  'cut-before': 0,
  'cut-after': 0,
  unanswered: 0,
  torn: 0,
  'over-rate': 0,
  unreadable: 0,
  'not-written': 0,
}
