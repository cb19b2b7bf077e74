import type { AddressInfo } from 'node:net'
import formBody from '@fastify/formbody'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { Fault } from '#platform/fault'
import { addRoute } from './answering.ts'
import { type Desk, type HttpOptions, type Limits, openDesk } from './desk.ts'
import { addScript } from './files.ts'
import { addHealth, isHealth } from './health.ts'
import { allowedMethods, answerError, refuseBytes, sendTrouble } from './trouble.ts'

export type HttpServer = {
  readonly port: number
  /** Finishes what is under way, takes nothing new. */
  close(): Promise<void>
}

/** Listens and answers until closed. */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const desk = openDesk(options)
  const app = buildApp(desk)
  await app.register(formBody, { bodyLimit: desk.limits.bodyBytes })
  for (const route of options.routes) addRoute(app, desk, route)
  for (const script of options.scripts) addScript(app, script)
  addHealth(app, desk.db)
  await app.listen({ host: options.host, port: options.port }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause
    throw new Fault('port-in-use', `Another program listens on ${options.host}:${options.port}.`, { cause })
  })
  return { port: (app.server.address() as AddressInfo).port, close: () => closeApp(app, desk.limits) }
}

function buildApp(desk: Desk): FastifyInstance {
  const { limits } = desk
  const app = fastify({
    http: {
      headersTimeout: limits.headersTimeoutMs,
      maxHeaderSize: limits.headerBytes,
      connectionsCheckingInterval: Math.min(2_000, limits.headersTimeoutMs),
    },
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    bodyLimit: limits.bodyBytes,
    trustProxy: desk.trustedProxies.length > 0 ? [...desk.trustedProxies] : false,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
    clientErrorHandler: (_, socket) => refuseBytes(socket, desk),
    frameworkErrors: (_, request, reply) => void sendTrouble(request, reply, desk, 400),
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(desk.headers)
    desk.underWay += 1
    if (isHealth(request.url)) return
    if (!isOurHost(desk, request)) return sendTrouble(request, reply, desk, 421)
    if (desk.underWay > limits.underWayMax) return sendTrouble(request, reply, desk, 503)
  })
  app.addHook('onResponse', async () => {
    desk.underWay -= 1
  })
  app.setNotFoundHandler((request, reply) =>
    sendTrouble(request, reply, desk, allowedMethods(desk, request) ? 405 : 404),
  )
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, desk))
  return app
}

function isOurHost({ hostNames }: Desk, { headers }: FastifyRequest): boolean {
  return hostNames === undefined || hostNames.includes((headers.host ?? '').replace(/:\d{1,5}$/, '').toLowerCase())
}

async function closeApp(app: FastifyInstance, { closeTimeoutMs }: Limits): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), closeTimeoutMs)
  try {
    await app.close()
  } finally {
    clearTimeout(cut)
  }
}
