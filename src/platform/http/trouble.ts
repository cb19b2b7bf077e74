import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '#platform/fault'
import type { Desk, Trouble } from './desk.ts'
import type { Route } from './route.ts'
import { sendHtml } from './sending.ts'

/** The page for a request that leads nowhere, with every header that other pages have. */
export function sendTrouble(request: FastifyRequest, reply: FastifyReply, desk: Desk, status: Trouble): FastifyReply {
  reply.headers(desk.headers).header('cache-control', 'no-store')
  if (status === 503) reply.header('retry-after', '10')
  if (status === 405) reply.header('allow', allowedMethods(desk, request) ?? 'GET, HEAD')
  return sendHtml(request, reply, { kind: 'page', status, html: desk.showTrouble(status) })
}

export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, desk: Desk): FastifyReply {
  const status = troubleOf(error)
  if (status >= 500) desk.onFault(error, { method: request.method, route: request.routeOptions.url ?? 'none', status })
  return sendTrouble(request, reply, desk, status)
}

/** The framework's errors carry a status; ours are either the database that is away for a moment, or a bug. */
function troubleOf(error: unknown): Trouble {
  if (error instanceof Fault) return isAway(error) ? 503 : 500
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  switch (status) {
    case 413:
    case 415:
      return status
    default:
      return typeof status === 'number' && status >= 400 && status < 500 ? 400 : 500
  }
}

/** Somebody we need is away for a moment. */
function isAway({ code }: Fault): boolean {
  return code.startsWith('database-') || code === 'sign-in-unreachable'
}

/** What the path answers to, when there is such a path. */
export function allowedMethods(desk: Desk, request: FastifyRequest): string | undefined {
  const path = pathOf(request.url)
  const methods = desk.routes.filter((route) => isAt(route.path, path)).flatMap(methodsOf)
  return methods.length > 0 ? [...new Set(methods)].join(', ') : undefined
}

function methodsOf(route: Route): readonly string[] {
  switch (route.kind) {
    case 'page':
      return ['GET', 'HEAD']
    case 'form':
    case 'upload':
      return ['POST']
    case 'program':
    case 'callback':
      return [route.method]
  }
}

/** Whether an address is one of a route's. */
function isAt(routePath: string, path: string): boolean {
  if (!routePath.includes(':')) return routePath === path
  const [parts, given] = [routePath.split('/'), path.split('/')]
  return parts.length === given.length && parts.every((part, i) => part.startsWith(':') || part === given[i])
}

export function pathOf(url: string): string {
  const path = url.split('?', 1)[0] ?? ''
  return path.length > 1 ? path.replace(/\/$/, '') : path
}

/** Bytes that are no HTTP, or too many of them: the connection is answered as far as it can be, and closed. */
export function refuseBytes(socket: Socket, desk: Desk): void {
  if (!socket.writable) return
  const body = desk.showTrouble(400)
  const headers = Object.entries({
    ...desk.headers,
    'cache-control': 'no-store',
    'content-type': 'text/html; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  })
  const head = ['HTTP/1.1 400 Bad Request', ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n')
  socket.end(`${head}\r\n\r\n${body}`)
}
