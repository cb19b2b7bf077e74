import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { type Db, sql } from '#platform/database/database'
import { Fault } from '#platform/fault'
import { firstIdAt } from '#platform/ids'
import { pieceBytesMax, type Source } from '#platform/source'
import type { Vault } from '#platform/vault/vault'

/** `rejected`: the rows of a customer file that could not be taken in, for whoever corrects them. */
export type UploadPart = 'file' | 'rejected'

interface UploadChunks {
  readonly db: Db
  readonly vault: Vault
}

/**
 * Writes what comes, compressed and sealed piece by piece, each by itself: an upload over a slow line must not hold a
 * transaction open. Answers with the number of bytes.
 */
export async function writeUpload(
  { db, vault }: UploadChunks,
  uploadId: string,
  part: UploadPart,
  bytes: AsyncIterable<Uint8Array>,
): Promise<number> {
  let byteCount = 0
  let number = 0
  for await (const piece of inPieces(bytes)) {
    const place = placeOf(uploadId, part, number)
    const sealed = vault.seal(place, zstdCompressSync(piece, { params: fastest }))
    await sql`
      insert into upload_chunks (upload_id, part, number, sealed)
      values (${uploadId}, ${part}, ${number}, ${sealed})`.execute(db)
    byteCount += piece.length
    number++
  }
  return byteCount
}

/** The file as it came, to be read as often as needed. A copy of which a piece is missing is a fault, not a shorter file. */
export function uploadSource(
  { db, vault }: UploadChunks,
  { id, fileName, byteCount }: { readonly id: string; readonly fileName: string; readonly byteCount: number },
): Source {
  return {
    name: fileName,
    byteCount,
    async *read() {
      let bytesRead = 0
      for await (const piece of readUpload({ db, vault }, id, 'file')) {
        bytesRead += piece.length
        yield piece
      }
      if (bytesRead !== byteCount)
        throw new Fault('file-unreadable', `Of the upload ${id} only ${bytesRead} of ${byteCount} bytes are kept.`)
    },
  }
}

/** Piece by piece, each by a statement of its own: the reader may take minutes between two of them. */
export async function* readUpload({ db, vault }: UploadChunks, uploadId: string, part: UploadPart) {
  for (let number = 0; ; number++) {
    const { rows } = await sql<{ sealed: Buffer }>`
      select sealed from upload_chunks where upload_id = ${uploadId} and part = ${part} and number = ${number}`.execute(
      db,
    )
    const sealed = rows[0]?.sealed
    if (sealed === undefined) return
    yield zstdDecompressSync(vault.open(placeOf(uploadId, part, number), sealed))
  }
}

export async function deleteUploadPart(db: Db, uploadId: string, part: UploadPart): Promise<void> {
  await sql`delete from upload_chunks where upload_id = ${uploadId} and part = ${part}`.execute(db)
}

/** Personal data that nobody has fetched by then: files that never came to their end, and rejected rows. */
export const uploadKeptDays = 7

export async function forgetOldUploads(db: Db, now: Date): Promise<void> {
  const before = firstIdAt(new Date(now.getTime() - uploadKeptDays * 86_400_000))
  await sql`delete from upload_chunks where upload_id < ${before}::uuid`.execute(db)
}

/** Pieces of at most `pieceBytesMax`, however they come over the network. */
async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  let kept: Uint8Array[] = []
  let keptBytes = 0
  for await (const piece of bytes) {
    for (let at = 0; at < piece.length; ) {
      const taken = piece.subarray(at, at + pieceBytesMax - keptBytes)
      kept.push(taken)
      keptBytes += taken.length
      at += taken.length
      if (keptBytes < pieceBytesMax) continue
      yield Buffer.concat(kept)
      kept = []
      keptBytes = 0
    }
  }
  if (keptBytes > 0) yield Buffer.concat(kept)
}

const fastest = { [constants.ZSTD_c_compressionLevel]: 1 }

const placeOf = (uploadId: string, part: UploadPart, number: number) => ({
  table: 'upload_chunks',
  column: 'sealed',
  row: `${uploadId}.${part}.${number}`,
})
