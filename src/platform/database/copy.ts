import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from, to } from 'pg-copy-streams'
import { cleanError } from './errors.ts'
import { type Db, withClient } from './open.ts'

/**
 * `COPY … FROM STDIN` with these bytes, in the transaction that `db` is, if it is one. Answers with the number of rows.
 * An error of the source, like one of the rows, fails the statement as a whole.
 */
export function copyFrom(db: Db, sql: string, source: AsyncIterable<Buffer | string> | Readable): Promise<number> {
  return withClient(db, async (client) => {
    const sink = client.query(from(sql))
    try {
      await pipeline(source instanceof Readable ? source : Readable.from(source, { objectMode: false }), sink)
    } catch (error) {
      throw cleanError(error)
    }
    return sink.rowCount
  })
}

/** `COPY … TO STDOUT`; the stream lives only while `consume` runs. What it leaves unread is thrown away. */
export function copyTo<T>(db: Db, sql: string, consume: (bytes: Readable) => Promise<T>): Promise<T> {
  return withClient(db, async (client) => {
    const bytes = client.query(to(sql))
    try {
      const result = await consume(bytes)
      // The connection is free for the next statement only when the last byte has been taken off it.
      for await (const _rest of bytes);
      return result
    } catch (error) {
      throw cleanError(error)
    }
  })
}
