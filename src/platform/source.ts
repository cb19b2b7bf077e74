import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Fault } from '#platform/fault'

/** A file's bytes, which can be read more than once. */
export interface Source {
  /** Without its folder: folders name people. */
  readonly name: string
  readonly byteCount: number
  /** In pieces of at most `pieceBytesMax`. */
  read(): AsyncIterable<Buffer>
}

/** Large enough that a piece's cost is its bytes, small enough that a few at once are nothing. */
export const pieceBytesMax = 256 * 1024

export async function fileSource(path: string): Promise<Source> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new Fault('file-unreadable', `${path} cannot be read (${cause.code ?? 'unknown reason'}).`, { cause })
  })
  if (!found.isFile()) throw new Fault('file-unreadable', `${path} is not a file.`)
  return {
    name: basename(path),
    byteCount: found.size,
    async *read() {
      try {
        yield* createReadStream(path, { highWaterMark: pieceBytesMax }) as AsyncIterable<Buffer>
      } catch (cause) {
        const { code } = cause as NodeJS.ErrnoException
        throw new Fault('file-unreadable', `${path} cannot be read (${code ?? 'unknown reason'}).`, { cause })
      }
    },
  }
}

export function bytesSource(name: string, bytes: Uint8Array): Source {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    name,
    byteCount: whole.length,
    async *read() {
      for (let at = 0; at < whole.length; at += pieceBytesMax) yield whole.subarray(at, at + pieceBytesMax)
    },
  }
}
