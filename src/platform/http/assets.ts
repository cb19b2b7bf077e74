import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'
import { hashOf } from './headers.ts'

/** A script of ours under a path that holds its hash: it never changes, so browsers keep it for good. */
export type Script = {
  readonly name: string
  readonly path: string
  readonly integrity: string
  readonly text: string
  readonly gzipped: Buffer
}

/** Read once, when the program starts. */
export function readScript(file: URL, folder: string): Script {
  const text = readFileSync(file, 'utf8')
  const name = basename(file.pathname, '.js')
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return { name, path: `${folder}/${name}.${mark}.js`, integrity: hashOf(text), text, gzipped: gzipSync(text) }
}
