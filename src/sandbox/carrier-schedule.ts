/** What is still to happen, by the demo's clock: a binary heap, earliest first, in order of arrival within a moment. */
export class Schedule<Item> {
  readonly #heap: Entry<Item>[] = []
  #arrivals = 0

  get isEmpty(): boolean {
    return this.#heap.length === 0
  }

  get size(): number {
    return this.#heap.length
  }

  add(dueAt: Date, item: Item): void {
    this.#arrivals += 1
    this.#heap.push({ dueMs: dueAt.getTime(), arrival: this.#arrivals, item })
    this.#rise(this.#heap.length - 1)
  }

  /** Takes the earliest item if it is due. */
  take(now: Date): { readonly dueAt: Date; readonly item: Item } | undefined {
    const first = this.#heap[0]
    if (first === undefined || first.dueMs > now.getTime()) return undefined
    const last = this.#heap.pop()
    if (last !== undefined && last !== first) {
      this.#heap[0] = last
      this.#sink(0)
    }
    return { dueAt: new Date(first.dueMs), item: first.item }
  }

  #rise(at: number): void {
    const parent = (at - 1) >> 1
    if (at > 0 && this.#isBefore(at, parent)) {
      this.#swap(at, parent)
      this.#rise(parent)
    }
  }

  #sink(at: number): void {
    const [left, right] = [2 * at + 1, 2 * at + 2]
    const child = this.#isBefore(right, left) ? right : left
    if (this.#isBefore(child, at)) {
      this.#swap(child, at)
      this.#sink(child)
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]]
    if (one === undefined || other === undefined) return one !== undefined
    return one.dueMs === other.dueMs ? one.arrival < other.arrival : one.dueMs < other.dueMs
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a], this.#heap[b]]
    if (one === undefined || other === undefined) return
    this.#heap[a] = other
    this.#heap[b] = one
  }
}

type Entry<Item> = { readonly dueMs: number; readonly arrival: number; readonly item: Item }
