/** The one place that says what time it is. Rules and stores get `now`, never the clock. */
export type Clock = { now(): Date }

export const machineClock: Clock = { now: () => new Date() }
