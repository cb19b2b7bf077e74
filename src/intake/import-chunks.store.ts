import { type Database, type Db, sql, type Transaction } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'

/** The copy of a file, sealed piece by piece while it is read. */
export interface ChunkWriter {
  /** Sealed at once and written behind: waits only for the piece before. */
  write(piece: Buffer): Promise<void>
  /** Answers when the copy is on disk. */
  keep(): Promise<void>
  /** As if nothing had been written. Harmless after `keep`. */
  discard(): Promise<void>
}

/**
 * Beside the import's own transaction, whose connection is busy with COPY. The copy is kept just before the import
 * is; what a crash between the two leaves behind is swept by the next import.
 */
export async function writeChunks(database: Database, vault: Vault, importId: string): Promise<ChunkWriter> {
  const tx = await database.startTransaction().execute()
  let number = 0
  let last: Promise<unknown> = Promise.resolve()
  let isOpen = true
  return {
    async write(piece) {
      const sealed = vault.seal(placeOf(importId, number), piece)
      await last
      last = tx.insertInto('import_chunks').values({ import_id: importId, number, sealed }).execute()
      // Whoever waits next gets the error; until then it must not count as unhandled.
      last.catch(() => {})
      number++
    },
    async keep() {
      await last
      isOpen = false
      await tx.commit().execute()
    },
    async discard() {
      if (!isOpen) return
      isOpen = false
      await last.catch(() => {})
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
  for await (const { number, sealed } of rows) yield vault.open(placeOf(importId, number), sealed)
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
