import type { Answer, Claim } from './outbox.ts'

/** What this process has handed to carriers lately: their receipts find the message without asking the database. */
export type TakenIds = {
  /** After the answers are committed, never before: a receipt must not be tied to what may not be in the log. */
  remember(claim: Claim, answers: readonly Answer[]): void
  find(gateway: string, carrierId: string): Taken | undefined
}

type Taken = { readonly messageId: string; readonly part: number }

/** Most receipts come within minutes. Of two generations the older is forgotten when the younger is full. */
const generationMax = 25_000

export const keepTakenIds = (): TakenIds => {
  let young = new Map<string, Taken>()
  let old = new Map<string, Taken>()
  return {
    remember({ by: { gateway } }, answers) {
      for (const { message, outcomes } of answers)
        for (const [at, outcome] of outcomes.entries())
          if (outcome.kind === 'submitted' && outcome.carrierId !== '')
            young.set(`${gateway} ${outcome.carrierId}`, { messageId: message.messageId, part: at + 1 })
      if (young.size < generationMax) return
      old = young
      young = new Map()
    },
    find(gateway, carrierId) {
      const key = `${gateway} ${carrierId}`
      return young.get(key) ?? old.get(key)
    },
  }
}

/** The carrier's id of a message that it took in one part, '' where it gave none. */
export const takenWhole = ({ outcomes, parts, next }: Answer): string | undefined => {
  const [only] = outcomes
  const isWhole = parts === 1 && outcomes.length === 1 && next.kind === 'record' && next.state === 'submitted'
  return isWhole && only?.kind === 'submitted' ? only.carrierId : undefined
}
