/** The part of the npm package `smpp` that our tests use as the other side; it brings no types. */
declare module 'smpp' {
  import type { Server } from 'node:net'

  export type PackagePdu = {
    readonly command: string
    readonly command_status: number
    readonly sequence_number: number
    readonly [field: string]: unknown
    response(options?: Record<string, unknown>): PackagePdu
    toBuffer(): Buffer
  }

  export type PackageSession = {
    on(event: string, listener: (pdu: PackagePdu) => void): void
    send(pdu: PackagePdu): boolean
    deliver_sm(fields: Record<string, unknown>, onResponse?: (pdu: PackagePdu) => void): boolean
    submit_sm(fields: Record<string, unknown>, onResponse?: (pdu: PackagePdu) => void): boolean
    bind_transceiver(fields: Record<string, unknown>, onResponse?: (pdu: PackagePdu) => void): boolean
    unbind(onResponse?: (pdu: PackagePdu) => void): boolean
    destroy(): void
    readonly socket: { write(bytes: Buffer): void; destroy(): void }
  }

  const smpp: {
    readonly PDU: {
      new (command: string, fields?: Record<string, unknown>): PackagePdu
      fromBuffer(bytes: Buffer): PackagePdu
    }
    readonly errors: Readonly<Record<string, number>>
    createServer(onSession: (session: PackageSession) => void): Server
    connect(options: { readonly host: string; readonly port: number }): PackageSession
  }
  export default smpp
}
