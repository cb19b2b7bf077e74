/**
 * Just the octets of SMPP 3.4 that a benchmark needs, sliced by hand: nobody here builds a command out of fields, so
 * that neither end of the wire is what is measured.
 */

export const command = {
  bindTransceiver: 0x00000009,
  bindTransceiverResp: 0x80000009,
  submit: 0x00000004,
  submitResp: 0x80000004,
  deliver: 0x00000005,
  deliverResp: 0x80000005,
  unbind: 0x00000006,
  enquireLink: 0x00000015,
} as const

export const headerOctets = 16

export function writeHeader(out: Buffer, at: number, length: number, id: number, sequence: number): void {
  out.writeUInt32BE(length, at)
  out.writeUInt32BE(id, at + 4)
  out.writeUInt32BE(0, at + 8)
  out.writeUInt32BE(sequence, at + 12)
}

/** Cuts what arrives into whole commands; the piece of one that is left over is kept for the next chunk. */
export function cutFrames(onFrame: (chunk: Buffer, at: number, end: number) => void): (chunk: Buffer) => void {
  let rest: Buffer | undefined
  return (arrived) => {
    const chunk = rest === undefined ? arrived : Buffer.concat([rest, arrived])
    let at = 0
    while (at + headerOctets <= chunk.length) {
      const end = at + chunk.readUInt32BE(at)
      if (end > chunk.length) break
      onFrame(chunk, at, end)
      at = end
    }
    rest = at === chunk.length ? undefined : chunk.subarray(at)
  }
}

/** Where the text that begins at `at` ends: on the zero that closes it. */
export function endOfText(chunk: Buffer, at: number): number {
  let end = at
  while (chunk[end] !== 0) end++
  return end
}

/** The machine's monotonic clock in milliseconds, the same in every process. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
