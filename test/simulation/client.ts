import type { LeaseBook } from '../../src/messages/lease-book.ts'
import { bindLock } from '../../src/messages/lock-names.ts'
import type { Claim, Outbox } from '../../src/messages/outbox.ts'
import type { Connection } from './memory-database.ts'
import type { MemoryLeases } from './memory-leases.ts'
import type { MemoryLog } from './memory-log.ts'
import type { MemoryReceipts } from './memory-receipts.ts'

export type Memory = { readonly log: MemoryLog; readonly leases: MemoryLeases; readonly receipts: MemoryReceipts }

/** The outbox as a node reaches it: over a connection on which requests and answers are lost. */
export const outboxOver = (
  { call }: Connection,
  { log, receipts }: Memory,
  onClaim: (claim: Claim) => void,
): Outbox => ({
  listDue: (lane, now) => call(() => log.listDue(lane, now), { moment: 'listDue' }),
  claim: (stream, by, limit, now) =>
    call(
      () => {
        const claim = log.claim(stream, by, limit, now)
        onClaim(claim)
        return claim
      },
      { moment: 'claim', lock: bindLock(by.gateway, by.bind) },
    ),
  advance: (claim, answers, limit, now) =>
    call(
      () => {
        const next = log.advance(claim, answers, limit, now)
        onClaim(next)
        return next
      },
      { moment: 'claim', lock: bindLock(claim.by.gateway, claim.by.bind) },
    ),
  putBack: (by, now) => call(() => log.putBack(by, now), { lock: bindLock(by.gateway, by.bind) }),
  record: (claim, answers, now) => call(() => log.record(claim, answers, now), { moment: 'record' }),
  keepReceipts: (gateway, kept, now) => {
    const batch = [...kept]
    return call(() => receipts.keep(gateway, batch, now))
  },
})

/** The lease book as a node reaches it; the lock of its worker is a session that may break. */
export const leaseBookOver = (
  connection: Connection,
  { leases }: Memory,
  processes: { readonly entered: (worker: string) => void; readonly isGone: (worker: string) => boolean },
): LeaseBook => ({
  async enter(worker, binds) {
    processes.entered(worker)
    const lost = Promise.withResolvers<void>()
    const session = await connection.call(() => {
      const token = {}
      leases.enter(worker, binds, token)
      return connection.openSession({ giveUp: () => leases.unlock(worker, token), onLost: lost.resolve })
    })
    return { lost: lost.promise, release: async () => session.close() }
  },
  beat: (worker, held) => {
    const beating = [...held]
    return connection.call(() => leases.beat(worker, beating))
  },
  read: () => connection.call(() => leases.read(processes.isGone)),
  take: (seen, worker) => connection.call(() => leases.take(seen, worker), { lock: bindLock(seen.gateway, seen.bind) }),
  release: (lease) => connection.call(() => leases.release(lease)),
  settle: (worker, how) => connection.call(() => leases.settle(worker, how), { moment: 'settle' }),
})
