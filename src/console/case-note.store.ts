import type { Db } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { CustomerKey, Place } from '#platform/vault/vault'

export type CaseNote = {
  readonly id: string
  readonly text: string
  readonly writtenAt: Date
  readonly writtenBy: string
}

/** Longer ones are letters. */
export const noteSignsMax = 1_000

export const insertNote = async (
  tx: Db,
  key: CustomerKey,
  note: { readonly customerId: string; readonly text: string; readonly by: string },
  now: Date,
): Promise<string> => {
  const id = newId(now)
  await tx
    .insertInto('case_notes')
    .values({
      customer_id: note.customerId,
      id,
      sealed: key.seal(notePlace(id), note.text),
      written_at: now,
      written_by: note.by,
    })
    .execute()
  return id
}

/** What a promise is compared with: nobody reads further back. */
const notesMax = 30

/** The latest first. */
export const listNotes = async (db: Db, key: CustomerKey, customerId: string): Promise<readonly CaseNote[]> => {
  const rows = await db
    .selectFrom('case_notes')
    .select(['id', 'sealed', 'written_at', 'written_by'])
    .where('customer_id', '=', customerId)
    .orderBy('id', 'desc')
    .limit(notesMax)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    text: readNote(key, row.id, row.sealed),
    writtenAt: row.written_at,
    writtenBy: row.written_by,
  }))
}

export const readNote = (key: CustomerKey, id: string, sealed: Uint8Array): string =>
  key.open(notePlace(id), sealed).toString()

const notePlace = (id: string): Place => ({ table: 'case_notes', column: 'sealed', row: id })
