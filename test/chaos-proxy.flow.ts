import type { Socket } from 'node:net'
import type { ConnectionPlan, Direction } from './chaos-proxy.plan.ts'

/** One direction of a connection: bytes leave in the order in which they came, later and slower as planned. */
export class Flow {
  readonly #options: FlowOptions
  readonly #queue: { readonly bytes: Buffer; readonly leavesAt: number }[] = []
  #timer: NodeJS.Timeout | undefined
  #pieces = 0
  #queuedBytes = 0
  #lastLeavesAt = 0
  #hasEnded = false
  #isSwallowing = false
  passedBytes = 0

  constructor(options: FlowOptions) {
    this.#options = options
    options.from.on('data', (bytes: Buffer) => this.#accept(bytes))
    options.from.on('end', () => {
      this.#hasEnded = true
      this.#release()
    })
    options.to.on('drain', () => this.#resumeIfRoom())
  }

  /** From now on everything is read and nothing passes. */
  swallow(): void {
    this.#isSwallowing = true
    this.#queue.length = 0
    this.#queuedBytes = 0
    this.#options.from.resume()
  }

  stop(): void {
    this.swallow()
    clearTimeout(this.#timer)
  }

  #accept(bytes: Buffer): void {
    if (this.#isSwallowing) return
    const { plan, direction, from } = this.#options
    const lasts = plan.bytesPerSecond === undefined ? 0 : (bytes.length / plan.bytesPerSecond) * 1_000
    const arrivesAt = performance.now() + plan.latencyMs(direction, this.#pieces)
    this.#pieces += 1
    this.#lastLeavesAt = Math.max(arrivesAt, this.#lastLeavesAt) + lasts
    this.#queue.push({ bytes, leavesAt: this.#lastLeavesAt })
    this.#queuedBytes += bytes.length
    if (this.#queuedBytes > queuedBytesMax) from.pause()
    this.#release()
  }

  #release(): void {
    clearTimeout(this.#timer)
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      const waitMs = first.leavesAt - performance.now()
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#release(), waitMs)
        return
      }
      this.#queue.shift()
      this.#queuedBytes -= first.bytes.length
      this.#pass(first.bytes)
    }
    this.#resumeIfRoom()
    if (this.#hasEnded && !this.#isSwallowing) this.#options.to.end()
  }

  #pass(bytes: Buffer): void {
    const room = (this.#options.endsAfterBytes ?? Number.POSITIVE_INFINITY) - this.passedBytes
    if (room <= 0 || bytes.length < room) {
      this.#write(bytes)
      return
    }
    this.#write(bytes.subarray(0, room))
    this.#options.onEnding()
    if (!this.#isSwallowing) this.#write(bytes.subarray(room))
  }

  #write(bytes: Buffer): void {
    const { from, to } = this.#options
    this.passedBytes += bytes.length
    if (to.writable && !to.write(bytes)) from.pause()
  }

  #resumeIfRoom(): void {
    const { from, to } = this.#options
    if (this.#queuedBytes <= queuedBytesMax && !to.writableNeedDrain) from.resume()
  }
}

export type FlowOptions = {
  readonly from: Socket
  readonly to: Socket
  readonly direction: Direction
  readonly plan: ConnectionPlan
  /** `onEnding` is called when exactly so many have passed, before the next. */
  readonly endsAfterBytes?: number
  readonly onEnding: () => void
}

/** What the network holds on its way; a real one has little room too. */
const queuedBytesMax = 1_048_576
