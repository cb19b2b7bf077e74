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
      if (answer.cookie !== undefined) reply.header('set-cookie', cookieHeader(answer.cookie, desk.isSecure))
      return reply.code(303).header('location', answer.location).send()
    case 'file':
      return reply
        .header('content-type', answer.mediaType)
        .header('content-disposition', `attachment; filename="${answer.name}"`)
        .send(answer.body)
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
