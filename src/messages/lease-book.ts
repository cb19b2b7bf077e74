/**
 * Which worker holds which bind. The database's is `openLeaseBook`; a simulation brings its own, so that the keeping of
 * binds is tried against pauses, deaths and late messages.
 */
export type LeaseBook = {
  /** A new worker: it holds a lock while it lives, and its binds are known from now on. */
  enter(worker: string, binds: readonly Place[], now: Date): Promise<WorkerLock>
  /** Says that this worker lives and which of its binds are bound. What is not its own any more stays as it is. */
  beat(worker: string, held: readonly (HeldLease & { readonly isBound: boolean })[]): Promise<void>
  /** All leases, and the workers that have not ended. */
  read(): Promise<{ readonly leases: readonly LeaseRow[]; readonly workers: readonly WorkerRow[] }>
  /**
   * Takes a bind from whoever is seen to have it, if that is still so. Claims under the old epoch have ended or are
   * refused from now on. The new epoch; undefined when somebody else was faster.
   */
  take(seen: Omit<LeaseRow, 'isBound'>, worker: string): Promise<number | undefined>
  /** Gives a bind back; whoever sees it may take it at once. */
  release(lease: HeldLease): Promise<void>
  /**
   * What this worker has in hand becomes doubtful, and its binds are free, if its lock can be had or it is given up for
   * lost. How many messages.
   */
  settle(worker: string, how: { readonly isLost: boolean; readonly now: Date }): Promise<number>
}

export type WorkerLock = {
  /** Resolves when the lock is not held any more: others may think this worker dead. */
  readonly lost: Promise<void>
  release(): Promise<void>
}

export type Place = { readonly gateway: string; readonly bind: number }

/** The epoch is the fencing token: it grows with every owner. */
export type HeldLease = Place & { readonly epoch: number }

export type LeaseRow = HeldLease & {
  readonly worker: string | null
  readonly beat: number
  /** As its owner last said. */
  readonly isBound: boolean
}

export type WorkerRow = {
  readonly id: string
  readonly beat: number
  /** Its process is known to have ended: nothing of it can act any more. */
  readonly isGone: boolean
}
