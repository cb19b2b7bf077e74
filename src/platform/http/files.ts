import type { FastifyInstance } from 'fastify'
import type { Script } from './assets.ts'
import { acceptsGzip } from './compress.ts'

export function addScript(app: FastifyInstance, script: Script): void {
  app.get(script.path, async (request, reply) => {
    reply
      .header('content-type', 'text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('vary', 'accept-encoding')
    if (!acceptsGzip(request.headers['accept-encoding'])) return reply.send(script.text)
    return reply.header('content-encoding', 'gzip').send(script.gzipped)
  })
}
