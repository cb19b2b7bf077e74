/** Time that passes only from event to event. What is due at the same moment happens in the order it was planned. */
export type VirtualTime = {
  nowMs(): number
  at(ms: number, run: () => void): Planned
  after(ms: number, run: () => void): Planned
  /** Goes on until `isOver` says so, or nothing is planned any more. */
  run(isOver: () => boolean): Promise<void>
}

export type Planned = { cancel(): void }

type Event = { readonly atMs: number; readonly order: number; run: (() => void) | undefined }

export const openVirtualTime = (): VirtualTime => {
  const events = new EventHeap()
  let nowMs = 0
  let order = 0
  const at = (ms: number, run: () => void): Planned => {
    const event: Event = { atMs: Math.max(ms, nowMs), order: order++, run }
    events.push(event)
    return {
      cancel() {
        event.run = undefined
      },
    }
  }
  return {
    nowMs: () => nowMs,
    at,
    after: (ms, run) => at(nowMs + ms, run),
    async run(isOver) {
      await everythingSettled()
      while (!isOver()) {
        const event = events.pop()
        if (event === undefined) return
        const { run } = event
        if (run === undefined) continue
        nowMs = event.atMs
        run()
        await everythingSettled()
      }
    },
  }
}

/** Node runs what `nextTick` plans in a microtask only when no microtask is left: every continuation has run then. */
const everythingSettled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

class EventHeap {
  readonly #events: Event[] = []

  push(event: Event): void {
    const events = this.#events
    let at = events.push(event) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = events[above]
      if (parent === undefined || isBefore(parent, event)) break
      events[at] = parent
      at = above
    }
    events[at] = event
  }

  pop(): Event | undefined {
    const events = this.#events
    const [first] = events
    const last = events.pop()
    if (first === undefined || last === undefined || events.length === 0) return first
    let at = 0
    for (;;) {
      const left = events[2 * at + 1]
      const right = events[2 * at + 2]
      if (left === undefined) break
      const isRight = right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (isBefore(last, child)) break
      events[at] = child
      at = 2 * at + (isRight ? 2 : 1)
    }
    events[at] = last
    return first
  }
}

const isBefore = (one: Event, other: Event): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order)
