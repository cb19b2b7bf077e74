import { gzipSync } from 'node:zlib'

/** Below this a compressed page saves no packet. */
const worthwhileBytes = 1_000

/** Of pages that never change; more would mean that somebody marks changing pages as constant. */
const keptMax = 64

const kept = new Map<string, Buffer>()

export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  return /(^|[\s,])(gzip|\*)\s*(;\s*q\s*=\s*(0\.0*[1-9]|1)|,|$)/i.test(acceptEncoding ?? '')
}

/** A page's bytes for the wire. At this size compressing at once is quicker than asking another thread. */
export function compressed(text: string, isConstant: boolean): Buffer | undefined {
  const found = kept.get(text)
  if (found) return found
  const plain = Buffer.from(text)
  if (plain.length < worthwhileBytes) return undefined
  const bytes = gzipSync(plain, { level: 6 })
  if (isConstant && kept.size < keptMax) kept.set(text, bytes)
  return bytes
}
