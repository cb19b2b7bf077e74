import { once } from 'node:events'
import { connect } from 'node:net'
import { command, cutFrames, endOfText, headerOctets, writeHeader } from './bytes.ts'
import { referenceOf, sender, text } from './data.ts'

/** A sender as raw as it gets: one bind, one template, everything of a turn in one write. */
export type Wire = {
  /** Sends as soon as the window has room. */
  submit(n: number, phone: string, answered: (n: number, carrierId: string) => void): void
  /** Hears the receipts of one chunk; each must be acknowledged. */
  onReceipts(handler: (receipts: readonly RawReceipt[]) => void): void
  acknowledge(receipts: readonly RawReceipt[]): void
  close(): void
}

export type RawReceipt = { readonly carrierId: string; readonly sequence: number }

export async function openWire(port: number, windowMax: number): Promise<Wire> {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  await once(socket, 'connect')
  socket.write(bindTransceiver())
  await once(socket, 'data')

  const template = submitTemplate()
  /** By sequence number. */
  const unanswered = new Map<
    number,
    { readonly n: number; readonly answered: (n: number, carrierId: string) => void }
  >()
  const waiting: { n: number; phone: string; answered: (n: number, carrierId: string) => void }[] = []
  let waitingFrom = 0
  let sequence = 1
  let handle: (receipts: readonly RawReceipt[]) => void = () => {}
  let receipts: RawReceipt[] = []
  let out: Buffer[] = []
  let isFlushing = false

  const flush = () => {
    isFlushing = false
    const bytes = out
    out = []
    if (bytes.length > 0) socket.write(bytes.length === 1 && bytes[0] ? bytes[0] : Buffer.concat(bytes))
  }
  const send = (bytes: Buffer) => {
    out.push(bytes)
    if (isFlushing) return
    isFlushing = true
    queueMicrotask(flush)
  }
  const fill = () => {
    const room = Math.min(windowMax - unanswered.size, waiting.length - waitingFrom)
    if (room <= 0) return
    const bytes = Buffer.allocUnsafe(room * template.bytes.length)
    for (let place = 0; place < room; place++) {
      const next = waiting[waitingFrom++]
      if (next === undefined) break
      const at = place * template.bytes.length
      template.bytes.copy(bytes, at)
      bytes.writeUInt32BE(++sequence, at + 12)
      bytes.write(next.phone, at + template.phoneAt, 'latin1')
      bytes.writeUInt16BE(referenceOf(next.n), at + template.referenceAt)
      unanswered.set(sequence, next)
    }
    if (waitingFrom === waiting.length) {
      waiting.length = 0
      waitingFrom = 0
    }
    send(bytes)
  }

  const cut = cutFrames((chunk, at) => {
    const id = chunk.readUInt32BE(at + 4)
    if (id === command.submitResp) {
      const answered = unanswered.get(chunk.readUInt32BE(at + 12))
      unanswered.delete(chunk.readUInt32BE(at + 12))
      answered?.answered(answered.n, chunk.toString('latin1', at + headerOctets, endOfText(chunk, at + headerOctets)))
    } else if (id === command.deliver) {
      const source = at + headerOctets + 1
      const destination = endOfText(chunk, source + 2) + 1
      // "id:" begins the receipt's text, behind nine octets and its length.
      const from = endOfText(chunk, destination + 2) + 1 + 9 + 1 + 3
      const end = chunk.indexOf(0x20, from)
      receipts.push({ carrierId: chunk.toString('latin1', from, end), sequence: chunk.readUInt32BE(at + 12) })
    }
  })
  socket.on('data', (chunk: Buffer) => {
    cut(chunk)
    fill()
    if (receipts.length === 0) return
    const arrived = receipts
    receipts = []
    handle(arrived)
  })

  return {
    submit(n, phone, answered) {
      waiting.push({ n, phone, answered })
      if (waiting.length - waitingFrom === 1) queueMicrotask(fill)
    },
    onReceipts(handler) {
      handle = handler
    },
    acknowledge(done) {
      const octets = headerOctets + 1
      const bytes = Buffer.alloc(done.length * octets)
      for (const [place, { sequence: of }] of done.entries())
        writeHeader(bytes, place * octets, octets, command.deliverResp, of)
      send(bytes)
    },
    close() {
      socket.destroy()
    },
  }
}

function bindTransceiver(): Buffer {
  const body = Buffer.from('bench\0bench\0\0\x34\x00\x00\0', 'latin1')
  const bytes = Buffer.concat([Buffer.alloc(headerOctets), body])
  writeHeader(bytes, 0, bytes.length, command.bindTransceiver, 1)
  return bytes
}

/** The submit_sm that everybody sends, and where number and reference stand in it. */
function submitTemplate() {
  const ucs2 = Buffer.from(text, 'utf16le').swap16()
  const before = Buffer.from(`\0\x02\x01${sender}\0\x01\x01`, 'latin1')
  const phone = Buffer.alloc(13)
  const flags = Buffer.from([0, 0, 0, 0, 0, 1, 0, 8, 0, ucs2.length])
  const reference = Buffer.from('020400020000', 'hex')
  const bytes = Buffer.concat([Buffer.alloc(headerOctets), before, phone, flags, ucs2, reference])
  writeHeader(bytes, 0, bytes.length, command.submit, 0)
  return { bytes, phoneAt: headerOctets + before.length, referenceAt: bytes.length - 2 }
}
