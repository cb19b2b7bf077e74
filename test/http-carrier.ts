import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

/** A local server in the place of an HTTP carrier: it answers as it is told and remembers what it was asked. */
export type HttpCarrier = {
  readonly base: string
  readonly asked: readonly Asked[]
  /** How many connections were made to it. */
  readonly connections: number
  /** What it answers from now on. */
  answer: (asked: Asked) => Reply
  /** Answers everybody whom it kept waiting. */
  release(reply: Reply): void
  close(): Promise<void>
}

export type Asked = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Reply =
  | { readonly status: number; readonly body?: string | object; readonly headers?: Readonly<Record<string, string>> }
  /** Takes the whole request and cuts the connection. */
  | 'reset'
  /** Begins an answer and cuts the connection. */
  | 'torn'
  /** Takes the request and says nothing. */
  | 'silence'

export async function startHttpCarrier(
  first: Reply | ((asked: Asked) => Reply),
  secure?: { readonly key: string; readonly cert: string },
  onPort = 0,
): Promise<HttpCarrier> {
  const asked: Asked[] = []
  const waiting: ServerResponse[] = []
  const sockets = new Set<Socket>()
  let connections = 0

  const listen = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url: path = '', headers } = request
    const one = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') }
    asked.push(one)
    reply(response, carrier.answer(one))
  }
  const reply = (response: ServerResponse, what: Reply) => {
    if (what === 'silence') waiting.push(response)
    else if (what === 'reset') response.socket?.resetAndDestroy()
    else if (what === 'torn') {
      response.writeHead(200, { 'content-length': '100' }).write('half')
      setTimeout(() => response.socket?.destroy(), 5)
    } else {
      const isText = typeof what.body === 'string' || what.body === undefined
      const headers = { 'content-type': isText ? 'text/plain' : 'application/json', ...what.headers }
      response.writeHead(what.status, headers).end(isText ? what.body : JSON.stringify(what.body))
    }
  }

  const server: Server =
    secure === undefined ? createServer(listen) : (createSecureServer(secure, listen) as unknown as Server)
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(onPort, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const carrier: HttpCarrier = {
    base: `${secure === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    asked,
    get connections() {
      return connections
    },
    answer: typeof first === 'function' ? first : () => first,
    release: (what) => {
      for (const response of waiting.splice(0)) reply(response, what)
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
  return carrier
}
