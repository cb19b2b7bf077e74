import { type Actor, writeAudit } from '#audit'
import { inTransaction } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { Day } from '#values/day'
import type { ImportKind } from './import.store.ts'
import type { IntakeWorld } from './intake-world.ts'
import { insertUpload } from './upload.store.ts'
import { deleteUploadPart, writeUpload } from './upload-chunks.store.ts'

export interface ReceivingUpload {
  readonly kind: ImportKind
  /** As the browser tells it. */
  readonly fileName: string
  readonly received: Day
  readonly replaces?: string | undefined
  readonly by: Actor
  readonly now: Date
}

export type ReceiveUploadOutcome = { readonly kind: 'received'; readonly id: string } | { readonly kind: 'empty' }

/** Keeps a file, sealed, until a worker takes it in. Should it not come to its end, nothing of it is kept. */
export async function receiveUpload(
  w: Pick<IntakeWorld, 'db' | 'vault'>,
  receiving: ReceivingUpload,
  bytes: AsyncIterable<Uint8Array>,
): Promise<ReceiveUploadOutcome> {
  const { kind, received, replaces, by, now } = receiving
  const id = newId(now)
  try {
    const byteCount = await writeUpload(w, id, 'file', bytes)
    if (byteCount === 0) return { kind: 'empty' }
    await inTransaction(w.db, async (tx) => {
      await insertUpload(tx, {
        id,
        kind,
        fileName: nameOf(receiving.fileName),
        byteCount,
        receivedOn: received,
        ...(replaces !== undefined && { replaces }),
        uploadedBy: by,
        uploadedAt: now,
      })
      await writeAudit(tx, {
        at: now,
        actor: by,
        act: 'upload.received',
        facts: { import: id, kind, bytes: byteCount },
      })
    })
    return { kind: 'received', id }
  } catch (error) {
    await deleteUploadPart(w.db, id, 'file')
    throw error
  }
}

/** Without its folder, which may name people, and not longer than a page can bear. */
function nameOf(told: string): string {
  const name = told
    .split(/[/\\]/)
    .at(-1)
    ?.replace(/\p{Cc}/gu, '')
    .trim()
  return name ? [...name].slice(0, nameLengthMax).join('') : 'file'
}

const nameLengthMax = 200
