import type { Computer } from './computer.ts'
import type { Draws } from './draws.ts'
import type { VirtualTime } from './virtual-time.ts'
import type { Moment } from './weather.ts'

/**
 * The server: it may be down, and nodes may be cut off from it. Each call reaches it after a while, happens there at once
 * and as a whole, and its answer takes a while again; the request or the answer may be lost on the way.
 */
export type DatabaseServer = {
  isDown(): boolean
  /** Crashes and is back after so long. Sessions, and the locks in them, are gone. */
  crash(ms: number): void
  /** Everything takes long for so long. */
  slowDown(ms: number): void
  /** Nothing gets through between this computer and the server; the server gives its sessions up after a moment. */
  cutOff(computer: Computer, ms: number): void
  /** Its sessions break and nothing else, as a firewall does it. */
  breakSessions(computer: Computer): void
  /** Its process has ended, and the operating system has said so. */
  forget(computer: Computer): void
  connect(computer: Computer): Connection
}

export type Call = {
  /** What this transaction holds until it commits; it waits for others that do. */
  readonly lock?: string
  readonly moment?: Moment
}

export type Connection = {
  call<Result>(operation: () => Result, how?: Call): Promise<Result>
  /** A session that something is held by: `onLost` hears when it broke, the server gives up what it held at once. */
  openSession(session: { readonly giveUp: () => void; readonly onLost: () => void }): { close(): void }
}

type Session = {
  readonly computer: Computer
  readonly giveUp: () => void
  readonly onLost: () => void
}

export const openDatabaseServer = (w: {
  readonly time: VirtualTime
  readonly draws: Draws
  readonly lossShare: () => number
  readonly onCommit: () => void
}): DatabaseServer => {
  const { time, lossShare } = w
  const sessions = new Set<Session>()
  const cutOffUntil = new Map<Computer, number>()
  const lockedUntil = new Map<string, number>()
  let downUntilMs = 0
  let slowUntilMs = 0
  let crashes = 0

  const isDown = () => time.nowMs() < downUntilMs
  const endOfCut = (computer: Computer) => Math.max(time.nowMs(), cutOffUntil.get(computer) ?? 0)
  const isCutOff = (computer: Computer) => endOfCut(computer) > time.nowMs()
  const breakSession = (session: Session): void => {
    if (!sessions.delete(session)) return
    session.giveUp()
    time.at(endOfCut(session.computer) + 1, () => session.computer.receive(session.onLost))
  }
  const breakSessionsOf = (computer: Computer): void => {
    for (const session of [...sessions]) if (session.computer === computer) breakSession(session)
  }

  return {
    isDown,
    crash(ms) {
      downUntilMs = Math.max(downUntilMs, time.nowMs() + ms)
      crashes += 1
      for (const session of [...sessions]) breakSession(session)
    },
    slowDown(ms) {
      slowUntilMs = time.nowMs() + ms
    },
    cutOff(computer, ms) {
      cutOffUntil.set(computer, time.nowMs() + ms)
      // The server's keep-alive notices before the client's does.
      if (ms > noticesCutAfterMs) time.after(noticesCutAfterMs, () => breakSessionsOf(computer))
    },
    breakSessions: breakSessionsOf,
    forget: breakSessionsOf,
    connect(computer) {
      const draws = w.draws.row(computer.name)
      const latency = () =>
        time.nowMs() < slowUntilMs || draws.happens(0.01) ? draws.between(50, 1_500) : draws.between(0.2, 3)
      return {
        call: (operation, { lock = '' } = {}) =>
          new Promise((resolve, reject) => {
            const fail = (because: string) => {
              time.at(endOfCut(computer) + 1, () => computer.receive(() => reject(new Error(`Simulated: ${because}`))))
            }
            const commit = () => {
              const before = crashes
              let result: Parameters<typeof resolve>[0]
              try {
                result = operation()
              } catch (error) {
                time.after(latency(), () => computer.receive(() => reject(error)))
                return
              }
              w.onCommit()
              const isLost = draws.happens(lossShare())
              time.after(latency(), () => {
                if (isLost || crashes !== before || isCutOff(computer)) fail('the answer was lost')
                else computer.receive(() => resolve(result))
              })
            }
            const arrive = () => {
              const waitMs = (lockedUntil.get(lock) ?? 0) - time.nowMs()
              if (lock !== '' && waitMs > 0) return void time.after(waitMs, arrive)
              if (isCutOff(computer)) return fail('cut off from the database')
              if (isDown()) return fail('the database is down')
              if (draws.happens(lossShare())) return fail('the request was lost')
              // Who has died meanwhile has sent his request none the less, or not.
              if (!computer.isAlive() && draws.happens(0.5)) return
              if (!draws.happens(lossShare() / 4)) return commit()
              // A session that breaks while the server still works at it: the node hears of a failure before it happens.
              fail('the connection broke')
              const lateMs = draws.between(5, 2_000)
              lockedUntil.set(lock, time.nowMs() + lateMs)
              time.after(lateMs, () => {
                if (!isDown()) commit()
              })
            }
            time.after(latency(), arrive)
          }),
        openSession(session) {
          const opened = { ...session, computer }
          sessions.add(opened)
          if (!computer.isAlive()) breakSession(opened)
          return {
            close() {
              if (sessions.delete(opened)) opened.giveUp()
            },
          }
        },
      }
    },
  }
}

const noticesCutAfterMs = 1_000
