import { createServer, type Socket } from 'node:net'
import { command, cutFrames, endOfText, headerOctets, nowMs, writeHeader } from './bytes.ts'
import type { SinkCommand, SinkReply } from './sink.ts'

/**
 * The carrier of all contestants, in a process of its own: answers submit_sm at once, sends a receipt for each with a
 * window of unacknowledged ones, and notes what came when. Everything is written in place and sent in batches.
 */
const [receiptWindow = 200] = process.argv.slice(2).map(Number)

/** Ids of one length, so that every answer has one length. */
const idOctets = 9
const submitRespOctets = headerOctets + idOctets + 1
/** Shorter than any submit_sm: bounds how many of them a chunk can hold. */
const submitOctetsMin = 50
const arenaOctets = 256 * 1024
/** More than a receipt takes, whatever the addresses. */
const receiptOctetsMax = 320

const receiptText = Buffer.from(
  'id:000000000 sub:001 dlvrd:001 submit date:2611251000 done date:2611251000 stat:DELIVRD err:000 text:',
)
const messageState = Buffer.from('0427000102', 'hex')

let nextId = 0
let watched: { readonly prefix: string; readonly seen: { to: string; atMs: number }[] } = { prefix: '-', seen: [] }
let isOpen = true
let tally = newTally()
const sockets = new Set<Socket>()

function newTally() {
  return {
    submits: 0,
    acked: 0,
    refused: 0,
    binds: 0,
    firstMs: 0,
    lastMs: 0,
    at: [] as number[],
    count: [] as number[],
  }
}

/** Receipts that wait for their turn, as the bytes that will be sent, one behind the other. */
class Waiting {
  readonly #arenas: { readonly bytes: Buffer; written: number }[] = []
  #read = 0
  count = 0

  room(): { readonly bytes: Buffer; written: number } {
    const last = this.#arenas.at(-1)
    if (last !== undefined && last.written + receiptOctetsMax <= arenaOctets) return last
    const arena = { bytes: Buffer.allocUnsafeSlow(arenaOctets), written: 0 }
    this.#arenas.push(arena)
    return arena
  }

  take(max: number, send: (bytes: Buffer) => void): number {
    let taken = 0
    while (taken < max && this.count > 0) {
      const arena = this.#arenas[0]
      if (arena === undefined) break
      const from = this.#read
      while (taken < max && this.#read < arena.written) {
        this.#read += arena.bytes.readUInt32BE(this.#read)
        this.count--
        taken++
      }
      if (this.#read > from) send(arena.bytes.subarray(from, this.#read))
      if (this.#read === arena.written && (this.#arenas.length > 1 || this.count === 0)) {
        this.#arenas.shift()
        this.#read = 0
      }
    }
    return taken
  }
}

function serve(socket: Socket): void {
  if (!isOpen) {
    socket.destroy()
    return
  }
  socket.setNoDelay(true)
  sockets.add(socket)
  socket.on('error', () => {})
  socket.on('close', () => sockets.delete(socket))
  const waiting = new Waiting()
  let unacknowledged = 0
  let sequence = 0
  let out = Buffer.alloc(0)
  let outEnd = 0
  let submits = 0

  const cut = cutFrames((chunk, at, end) => {
    const id = chunk.readUInt32BE(at + 4)
    if (id === command.submit) {
      submits++
      takeSubmit(chunk, at, end)
    } else if (id === command.deliverResp) {
      unacknowledged--
      if (chunk.readUInt32BE(at + 8) === 0) tally.acked++
      else tally.refused++
    } else if (id < 0x80000000) takeOther(chunk, at, id)
  })

  socket.on('data', (chunk: Buffer) => {
    // Bounds every answer to what this chunk and the piece before it can hold.
    out = Buffer.allocUnsafe(Math.ceil(chunk.length / submitOctetsMin + 2) * submitRespOctets + 64 + chunk.length)
    outEnd = 0
    submits = 0
    const ackedBefore = tally.acked
    cut(chunk)
    const atMs = nowMs()
    if (submits > 0) {
      tally.at.push(atMs)
      tally.count.push(submits)
      if (tally.submits === 0) tally.firstMs = atMs
      tally.submits += submits
    }
    if (tally.acked > ackedBefore) tally.lastMs = atMs
    socket.cork()
    if (outEnd > 0) socket.write(out.subarray(0, outEnd))
    unacknowledged += waiting.take(receiptWindow - unacknowledged, (bytes) => void socket.write(bytes))
    socket.uncork()
  })

  function takeSubmit(chunk: Buffer, at: number, end: number): void {
    const id = String(++nextId).padStart(idOctets, '0')
    writeHeader(out, outEnd, submitRespOctets, command.submitResp, chunk.readUInt32BE(at + 12))
    out.write(id, outEnd + headerOctets, 'latin1')
    out[outEnd + submitRespOctets - 1] = 0
    outEnd += submitRespOctets

    const source = endOfText(chunk, at + headerOctets) + 1
    const destination = endOfText(chunk, source + 2) + 1
    const afterDestination = endOfText(chunk, destination + 2) + 1
    const schedule = endOfText(chunk, afterDestination + 3) + 1
    const registered = endOfText(chunk, schedule) + 1
    const text = registered + 4
    const optional = text + 1 + (chunk[text] ?? 0)
    if (chunk.toString('latin1', destination + 2, destination + 2 + watched.prefix.length) === watched.prefix)
      watched.seen.push({ to: chunk.toString('latin1', destination + 2, afterDestination - 1), atMs: nowMs() })
    if (chunk[registered] !== 0) addReceipt(chunk, id, { source, destination, afterDestination, optional, end })
  }

  function addReceipt(
    chunk: Buffer,
    id: string,
    of: { source: number; destination: number; afterDestination: number; optional: number; end: number },
  ): void {
    const arena = waiting.room()
    const { bytes, written } = arena
    let to = written + headerOctets
    bytes[to++] = 0
    // The one who got the message speaks now, to the one who sent it.
    to += chunk.copy(bytes, to, of.destination, of.afterDestination)
    to += chunk.copy(bytes, to, of.source, of.destination)
    bytes.fill(0, to, to + 9)
    bytes[to] = 0x04
    to += 9
    bytes[to++] = receiptText.length
    receiptText.copy(bytes, to)
    bytes.write(id, to + 3, 'latin1')
    to += receiptText.length
    bytes.writeUInt32BE(0x001e0000 + idOctets + 1, to)
    bytes.write(id, to + 4, 'latin1')
    bytes[to + 4 + idOctets] = 0
    to += 5 + idOctets
    to += messageState.copy(bytes, to)
    const reference = findReference(chunk, of.optional, of.end)
    if (reference !== -1) to += chunk.copy(bytes, to, reference, reference + 6)
    writeHeader(bytes, written, to - written, command.deliver, ++sequence)
    arena.written = to
    waiting.count++
  }

  function takeOther(chunk: Buffer, at: number, id: number): void {
    const name = id <= command.bindTransceiver && id !== command.unbind ? 'sink\0' : ''
    if (name !== '') tally.binds++
    writeHeader(out, outEnd, headerOctets + name.length, (id | 0x80000000) >>> 0, chunk.readUInt32BE(at + 12))
    out.write(name, outEnd + headerOctets, 'latin1')
    outEnd += headerOctets + name.length
  }
}

function findReference(chunk: Buffer, from: number, end: number): number {
  for (let at = from; at + 4 <= end; at += 4 + chunk.readUInt16BE(at + 2))
    if (chunk.readUInt16BE(at) === 0x0204) return at
  return -1
}

function take(asked: SinkCommand): unknown {
  switch (asked.kind) {
    case 'tally':
      return tally
    case 'glance':
      return { acked: tally.acked, submits: tally.submits, binds: tally.binds, atMs: nowMs() }
    case 'reset':
      tally = newTally()
      return undefined
    case 'watch':
      watched = { prefix: asked.prefix, seen: [] }
      return undefined
    case 'watched':
      return watched.seen
    case 'gate':
      isOpen = asked.open
      if (!isOpen) for (const socket of sockets) socket.destroy()
      return undefined
  }
}

const server = createServer(serve)
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined })
})
process.on('message', (asked: SinkCommand & { readonly number: number }) => {
  const reply: SinkReply = { number: asked.number, value: take(asked) }
  process.send?.(reply)
})
process.on('disconnect', () => process.exit())
