/**
 * A phone that is none: what is sent to it goes to a carrier that this program plays itself, on this machine, over a
 * connection of its own. Nothing that it is given knows a real carrier, so no real number can be reached through it.
 */
export type TestPhone = {
  /** '090-0000-0000' */
  readonly number: string
  /** Resolves when the text has arrived on the phone, or will not. */
  send(text: string): Promise<TestOutcome>
  /** What arrived last. */
  last(): TestMessage | undefined
}

export type TestOutcome = { readonly kind: 'arrived' } | { readonly kind: 'not-arrived'; readonly because: string }

export type TestMessage = { readonly text: string; readonly from: string; readonly receivedAt: Date }
