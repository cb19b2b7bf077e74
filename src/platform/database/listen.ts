import pg from 'pg'
import { connectionSettings } from './settings.ts'

/** How soon a broken connection is tried again; until then the callers' own polling finds what is due. */
const retryMs = 1_000

/** Calls `onWord` for every `NOTIFY` on the channel, over a connection of its own that comes back when it breaks. */
export function listen(url: string, channel: string, onWord: (word: string) => void): { close(): Promise<void> } {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  const connect = async (): Promise<void> => {
    const next = new pg.Client({ ...connectionSettings(url), application_name: 'annai: listens' })
    client = next
    next.on('notification', ({ payload }) => onWord(payload ?? ''))
    next.on('error', () => {})
    next.on('end', retry)
    try {
      await next.connect()
      await next.query(`listen ${pg.escapeIdentifier(channel)}`)
    } catch {
      await next.end().catch(() => undefined)
    }
  }
  const retry = () => {
    if (isClosed) return
    clearTimeout(timer)
    timer = setTimeout(() => void connect(), retryMs)
  }

  void connect()
  return {
    async close() {
      isClosed = true
      clearTimeout(timer)
      await client?.end().catch(() => undefined)
    },
  }
}
