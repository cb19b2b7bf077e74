/** Whoever appends to a queue, takes from it or stops it, does so alone. */
export const queueLock = (queueId: string): string => `queue ${queueId}`

/** Whoever claims by a bind shares this; whoever takes the bind over has it alone. */
export const bindLock = (gateway: string, bind: number): string => `bind ${gateway} ${bind}`
