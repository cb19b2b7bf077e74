import type { Socket } from 'node:net'
import {
  type Command,
  decodePdu,
  encodePdu,
  headerOctets,
  MalformedPdu,
  type Pdu,
  type PduFields,
  pduOctetsMax,
  readPduHeader,
} from './smpp-pdu.ts'
import { status } from './smpp-status.ts'

/** Whole SMPP commands over one socket, on either side. What cannot be read is refused here and never handed on. */
export type Wire = {
  /** Sends a request under the next sequence number, which it returns. */
  request(command: Command, fields?: PduFields): number
  respond(command: Command, sequence: number, fields?: PduFields, status?: number): void
  /** Ends the connection once what was written has left. */
  end(): void
  destroy(reason: string): void
}

export type WireHandlers = {
  readonly onPdu: (pdu: Pdu) => void
  /** Called once, however the connection ends. */
  readonly onClosed: (reason: string) => void
}

const sequenceMax = 0x7fffffff

export function openWire(socket: Socket, handlers: WireHandlers): Wire {
  let unread: Buffer = Buffer.alloc(0)
  let sequence = 0
  let leaving: Buffer[] = []
  let closedBecause = 'closed by the other side'

  // Nagle's algorithm would hold each small command back until the one before is acknowledged.
  socket.setNoDelay(true)
  socket.on('data', (bytes: Buffer) => read(bytes))
  socket.on('error', (error) => {
    closedBecause = error.message
  })
  socket.on('close', () => handlers.onClosed(closedBecause))

  function read(bytes: Buffer): void {
    unread = unread.length === 0 ? bytes : Buffer.concat([unread, bytes])
    while (unread.length >= 4 && !socket.destroyed) {
      const length = unread.readUInt32BE(0)
      if (length < headerOctets || length > pduOctetsMax) {
        destroy(`a command of ${length} octets`)
        return
      }
      if (unread.length < length) return
      const frame = unread.subarray(0, length)
      unread = unread.subarray(length)
      readFrame(frame)
    }
  }

  function readFrame(frame: Buffer): void {
    const pdu = decodeOrRefuse(frame)
    if (pdu === undefined) return
    if (pdu.command !== 'unknown') handlers.onPdu(pdu)
    else if (!pdu.isResponse) respond('generic_nack', pdu.sequence, {}, status.invalidCommand)
  }

  function decodeOrRefuse(frame: Buffer): Pdu | undefined {
    try {
      return decodePdu(frame)
    } catch (error) {
      if (!(error instanceof MalformedPdu)) throw error
      const { isResponse, sequence } = readPduHeader(frame)
      // A response that cannot be read leaves open what it answers: nothing more on this connection can be trusted.
      if (isResponse) destroy(`malformed response: ${error.message}`)
      else respond('generic_nack', sequence, {}, status.invalidLength)
      return undefined
    }
  }

  function request(command: Command, fields: PduFields = {}): number {
    sequence = sequence === sequenceMax ? 1 : sequence + 1
    write(encodePdu(command, sequence, fields))
    return sequence
  }

  function respond(command: Command, to: number, fields: PduFields = {}, commandStatus: number = status.ok): void {
    write(encodePdu(command, to, fields, commandStatus))
  }

  /** All commands of one turn leave in one write. */
  function write(pdu: Buffer): void {
    if (leaving.push(pdu) === 1) process.nextTick(flush)
  }

  function flush(): void {
    const bytes = leaving.length === 1 ? leaving[0] : Buffer.concat(leaving)
    leaving = []
    if (bytes !== undefined && bytes.length > 0 && socket.writable) socket.write(bytes)
  }

  function end(): void {
    flush()
    socket.end()
  }

  function destroy(reason: string): void {
    closedBecause = reason
    socket.destroy()
  }

  return { request, respond, end, destroy }
}
