import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { acceptsGzip, compressed } from './compress.ts'
import { cookieHeader } from './cookie.ts'
import type { Desk } from './desk.ts'
import type { Reply } from './route.ts'

/** Pages are never kept by a browser: the next person at the same phone sees none of them. */
export async function sendReply(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  answer: Reply,
): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store')
  switch (answer.kind) {
    case 'page':
      return sendHtml(request, reply, answer)
    case 'see-other':
      if (answer.cookie !== undefined)
        reply.header('set-cookie', cookieHeader(answer.cookie, desk.cookie, desk.isSecure))
      return reply.code(303).header('location', answer.location).send()
    case 'file':
      return sendFile(request, reply, desk, answer)
    case 'text':
      return reply.header('content-type', 'text/plain; charset=utf-8').send(answer.body)
    case 'json':
      return reply
        .code(answer.status)
        .header('content-type', 'application/json; charset=utf-8')
        .send(JSON.stringify(answer.value))
  }
}

export function sendHtml(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, html, isConstant }: Extract<Reply, { kind: 'page' }>,
): FastifyReply {
  reply.code(status).header('content-type', 'text/html; charset=utf-8').header('vary', 'accept-encoding')
  const bytes = acceptsGzip(request.headers['accept-encoding']) ? compressed(html, isConstant ?? false) : undefined
  return bytes ? reply.header('content-encoding', 'gzip').send(bytes) : reply.send(html)
}

/** What breaks on the way is a cut connection: half a file must not look like a whole one. */
function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  { mediaType, name, body }: Extract<Reply, { kind: 'file' }>,
): FastifyReply {
  reply.header('content-type', mediaType).header('content-disposition', disposition(name))
  if (typeof body === 'string') return reply.send(body)
  if (body instanceof Uint8Array) return reply.send(Buffer.from(body))
  const stream = Readable.from(body, { objectMode: false })
  stream.on('error', (error) => {
    desk.onFault(error, { method: request.method, route: request.routeOptions.url ?? 'none', status: 500 })
  })
  return reply.send(stream)
}

/** A Japanese name is written twice: as it is, and in signs that every header can carry (RFC 6266). */
function disposition(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]/g, '_')
  return `attachment; filename="${plain}"${plain === name ? '' : `; filename*=UTF-8''${encodeURIComponent(name)}`}`
}
