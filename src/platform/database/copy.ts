import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from, to } from 'pg-copy-streams'
import { type Db, withClient } from './open.ts'

/**
 * `COPY … FROM STDIN` with these bytes, in the transaction that `db` is, if it is one. Answers with the number of rows.
 * An error of the source, like one of the rows, fails the statement as a whole.
 */
export function copyFrom(db: Db, sql: string, source: AsyncIterable<Buffer | string> | Readable): Promise<number> {
  return withClient(db, async (client) => {
    const sink = client.query(from(sql))
    await pipeline(source instanceof Readable ? source : Readable.from(source, { objectMode: false }), sink)
    return sink.rowCount
  })
}

/**
 * `COPY … TO STDOUT`; the stream lives only while `consume` runs. What it leaves unread is read off and thrown away.
 * When it throws or destroys the stream, the connection goes with it: nothing else stops the server from sending.
 */
export function copyTo<T>(db: Db, sql: string, consume: (bytes: Readable) => Promise<T>): Promise<T> {
  return withClient(db, async (client) => {
    const bytes = client.query(to(sql))
    let fromServer: unknown
    // Also because an error that comes after its reader has left would otherwise end the process.
    bytes.on('error', (error) => {
      if (error instanceof pg.DatabaseError) fromServer = error
    })
    try {
      const result = await consume(bytes)
      assert(!bytes.destroyed || bytes.readableEnded, 'A COPY was given up half-way')
      for await (const _rest of bytes);
      return result
    } catch (error) {
      // After an error of its own the server is done; otherwise it is still sending, and `end` cuts it off.
      if (error !== fromServer) await (client as unknown as pg.Client).end().catch(() => undefined)
      throw error
    }
  })
}
