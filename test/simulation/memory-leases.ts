import type { HeldLease, LeaseRow, Place, WorkerRow } from '../../src/messages/lease-book.ts'
import type { MemoryLog } from './memory-log.ts'
import { placeOf, type Tables } from './tables.ts'

/** The lease book in memory, to the letter of the database's; a worker's lock belongs to a connection. */
export class MemoryLeases {
  readonly tables: Tables
  readonly log: MemoryLog

  constructor(log: MemoryLog) {
    this.tables = log.tables
    this.log = log
  }

  enter(worker: string, binds: readonly Place[], connection: object): void {
    this.tables.locks.set(worker, connection)
    this.tables.workers.set(worker, { beat: 0, isEnded: false })
    for (const place of binds)
      if (!this.tables.leases.has(placeOf(place)))
        this.tables.leases.set(placeOf(place), { ...place, worker: null, epoch: 0, beat: 0, isBound: false })
  }

  unlock(worker: string, connection: object): void {
    if (this.tables.locks.get(worker) === connection) this.tables.locks.delete(worker)
  }

  beat(worker: string, held: readonly (HeldLease & { readonly isBound: boolean })[]): void {
    const row = this.tables.workers.get(worker)
    if (row !== undefined) row.beat += 1
    for (const { isBound, ...mine } of held) {
      const lease = this.tables.leases.get(placeOf(mine))
      if (lease?.worker !== worker || lease.epoch !== mine.epoch) continue
      lease.beat += 1
      lease.isBound = isBound
    }
  }

  /** @param isGone what the reading node knows of a worker's process. */
  read(isGone: (worker: string) => boolean = () => false): {
    readonly leases: readonly LeaseRow[]
    readonly workers: readonly WorkerRow[]
  } {
    const leases = [...this.tables.leases.values()].map((lease) => ({ ...lease }))
    const workers = [...this.tables.workers].flatMap(([id, { beat, isEnded }]) =>
      isEnded ? [] : [{ id, beat, isGone: isGone(id) }],
    )
    return { leases: leases.sort(byPlace), workers: workers.sort((one, other) => (one.id < other.id ? -1 : 1)) }
  }

  take(seen: Omit<LeaseRow, 'isBound'>, worker: string): number | undefined {
    const lease = this.tables.leases.get(placeOf(seen))
    if (lease === undefined || lease.epoch !== seen.epoch || lease.beat !== seen.beat) return undefined
    lease.worker = worker
    lease.epoch += 1
    lease.beat = 0
    lease.isBound = false
    return lease.epoch
  }

  release({ epoch, ...place }: HeldLease): void {
    const lease = this.tables.leases.get(placeOf(place))
    if (lease?.epoch !== epoch) return
    lease.worker = null
    lease.isBound = false
  }

  settle(worker: string, { isLost, now }: { readonly isLost: boolean; readonly now: Date }): number {
    if (this.tables.locks.has(worker) && !isLost) return 0
    const row = this.tables.workers.get(worker)
    if (row === undefined || row.isEnded) return 0
    row.isEnded = true
    this.releaseLeasesOf(worker)
    return this.log.abandonClaims(worker, now)
  }

  releaseLeasesOf(worker: string): void {
    for (const lease of this.tables.leases.values()) if (lease.worker === worker) this.release(lease)
  }
}

const byPlace = (one: LeaseRow, other: LeaseRow): number =>
  one.gateway === other.gateway ? one.bind - other.bind : one.gateway < other.gateway ? -1 : 1
