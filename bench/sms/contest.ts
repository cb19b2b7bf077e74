/** What one contestant is given: a database of its own, already made, and the carrier's port. */
export type Contest = {
  readonly databaseUrl: string
  /** The same as the superuser, for filling tables. */
  readonly adminUrl: string
  readonly sinkPort: number
  readonly messages: number
  /** submit_sm that may be unanswered at once. */
  readonly window: number
  /** Messages in one claim, and claims in hand at once. */
  readonly chunk: number
  readonly claims: number
  /** For Annai: the binds of its gateway, and what all of them together may submit in a second. */
  readonly binds: number
  readonly ratePerSecond: number
  /** A folder of its own. */
  readonly folder: string
  /** The start of the benchmark by the clock of all processes. */
  readonly tenMs: number
}

/** One way to send SMS, as the benchmark drives it. */
export type Contestant = {
  /** Puts all messages where they wait, durably. Not timed. */
  queue(): Promise<void>
  /** Sends them all. Whoever resolves before the last receipt is acknowledged is done when it is. */
  drain(): Promise<void>
  /** Counts in the store, when all is over, the messages whose receipt is recorded. */
  countDelivered(): Promise<number>
  /** Its processes beside this one, whose processor time is its own, too. */
  readonly pids?: readonly number[]
  close(): Promise<void>
}

export type OpenContestant = (contest: Contest) => Promise<Contestant>
