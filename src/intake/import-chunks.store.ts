import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { type Database, type Db, sql, type Transaction } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'

/** The copy of a file, compressed and sealed piece by piece while it is read. */
export interface ChunkWriter {
  /** Sealed at once and written behind: waits only when several pieces before it are still on their way. */
  write(piece: Buffer): Promise<void>
  /** Answers when the copy is on disk. */
  keep(): Promise<void>
  /** As if nothing had been written. Harmless after `keep`. */
  discard(): Promise<void>
}

/** Records are mostly spaces and zeros: even the fastest level leaves an eighth of them to encrypt, log and store. */
const fastest = { [constants.ZSTD_c_compressionLevel]: 1 }

/** A little more than the database needs to have work while the next piece is read. */
const onTheWayMax = 4

/**
 * Beside the import's own transaction, whose connection is busy with COPY. The copy is kept just before the import
 * is; what a crash between the two leaves behind is swept by the next import.
 */
export async function writeChunks(database: Database, vault: Vault, importId: string): Promise<ChunkWriter> {
  const tx = await database.startTransaction().execute()
  const onTheWay: Promise<unknown>[] = []
  let number = 0
  let isOpen = true
  return {
    async write(piece) {
      const sealed = vault.seal(placeOf(importId, number), zstdCompressSync(piece, { params: fastest }))
      const written = tx.insertInto('import_chunks').values({ import_id: importId, number, sealed }).execute()
      // Whoever waits for it gets the error; until then it must not count as unhandled.
      written.catch(() => {})
      onTheWay.push(written)
      number++
      if (onTheWay.length > onTheWayMax) await onTheWay.shift()
    },
    async keep() {
      await Promise.all(onTheWay)
      isOpen = false
      await tx.commit().execute()
    },
    async discard() {
      if (!isOpen) return
      isOpen = false
      await Promise.allSettled(onTheWay)
      await tx.rollback().execute()
    },
  }
}

/** What was read of the file, as it came. */
export async function* readChunks(db: Db, vault: Vault, importId: string): AsyncIterable<Buffer> {
  const rows = db
    .selectFrom('import_chunks')
    .select(['number', 'sealed'])
    .where('import_id', '=', importId)
    .orderBy('number')
    .stream(8)
  for await (const { number, sealed } of rows) yield zstdDecompressSync(vault.open(placeOf(importId, number), sealed))
}

/** Copies whose import never came to be. Only under the lock of imports: a running one is not in `imports` yet. */
export async function sweepOrphanedChunks(tx: Transaction): Promise<void> {
  await sql`
    delete from import_chunks
    where import_id in (
      with recursive ids as (
        (select import_id from import_chunks order by import_id limit 1)
        union all
        select (select c.import_id from import_chunks c where c.import_id > ids.import_id order by c.import_id limit 1)
        from ids where ids.import_id is not null
      )
      select import_id from ids where import_id is not null and not exists (select from imports i where i.id = import_id)
    )`.execute(tx)
}

const placeOf = (importId: string, number: number) => ({
  table: 'import_chunks',
  column: 'sealed',
  row: `${importId}.${number}`,
})
