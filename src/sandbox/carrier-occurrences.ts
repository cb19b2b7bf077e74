/** How often something was seen, for as many things as there is room for; the oldest are forgotten. */
export class Occurrences {
  readonly #max: number
  readonly #counts = new Map<string, number>()

  constructor(max: number) {
    this.#max = max
  }

  /** @returns how often it was seen before this time. */
  see(thing: string): number {
    const before = this.#counts.get(thing) ?? 0
    this.#counts.set(thing, before + 1)
    const oldest = this.#counts.keys().next().value
    if (this.#counts.size > this.#max && oldest !== undefined) this.#counts.delete(oldest)
    return before
  }
}
