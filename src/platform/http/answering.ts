import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readCookie } from './cookie.ts'
import type { Desk } from './desk.ts'
import { fieldsOf } from './fields.ts'
import { makeFormId, readFormId } from './form-id.ts'
import type { Asked, CallbackRoute, FormRoute, PageRoute, ProgramRoute, Reply, Route, Sent } from './route.ts'
import { isFromOurPages, isNoForeignPage } from './same-origin.ts'
import { sendReply } from './sending.ts'
import { formIdField, submitOnce } from './submissions.ts'
import { pathOf, sendTrouble } from './trouble.ts'
import { addUpload } from './uploads.ts'

export function addRoute(app: FastifyInstance, desk: Desk, route: Route): void {
  switch (route.kind) {
    case 'page':
      app.get(route.path, async (request, reply) =>
        sendReply(request, reply, desk, await showPage(desk, route, request)),
      )
      return
    case 'form':
      app.post(route.path, async (request, reply) => {
        if (!isFromOurPages(request.headers, desk.siteOrigin)) return sendTrouble(request, reply, desk, 403)
        return sendReply(request, reply, desk, await answerForm(desk, route, request))
      })
      return
    case 'upload':
      addUpload(app, desk, route, (request) => askedBy(desk, request, route.path))
      return
    case 'program':
      app.route({
        method: route.method,
        url: route.path,
        handler: async (request, reply) => {
          if (!isNoForeignPage(request.headers)) return sendTrouble(request, reply, desk, 403)
          return sendReply(request, reply, desk, await answerProgram(desk, route, request))
        },
      })
      return
    case 'callback':
      addCallback(app, desk, route)
  }
}

/** In a scope of its own, where no parser touches what was signed. */
function addCallback(app: FastifyInstance, desk: Desk, route: CallbackRoute): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: route.bodyMax }, (_, body, done) =>
      done(null, body),
    )
    scope.route({
      method: route.method,
      url: route.path,
      bodyLimit: route.bodyMax,
      handler: async (request, reply) => {
        const { method, url, headers, body } = request
        const rawBody = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
        const answer = await route.answer({ method, url: `${desk.siteOrigin}${url}`, headers, rawBody })
        return reply
          .code(answer.status)
          .header('cache-control', 'no-store')
          .type('text/plain; charset=utf-8')
          .send(answer.body)
      },
    })
  })
}

async function showPage(desk: Desk, route: PageRoute, request: FastifyRequest): Promise<Reply> {
  return route.show(askedBy(desk, request, route.path))
}

async function answerForm(desk: Desk, route: FormRoute, request: FastifyRequest): Promise<Reply> {
  const sent: Sent = { ...askedBy(desk, request, route.path), form: fieldsOf(request.body) }
  const refused = await route.admit?.(sent)
  if (refused !== undefined) return refused
  const formId = readFormId(desk.vault, sent.form[formIdField], sent)
  if (formId === undefined) return route.again(sent, 'expired')
  const result = await submitOnce({ db: desk.db, seal: desk.vault }, { formId, path: sent.path, sent }, route.act)
  return result.kind === 'changed' ? route.again(sent, 'changed') : result
}

async function answerProgram(desk: Desk, route: ProgramRoute, request: FastifyRequest): Promise<Reply> {
  return route.answer({ ...askedBy(desk, request, route.path), body: request.body })
}

function askedBy(desk: Desk, request: FastifyRequest, routePath: string): Asked {
  const now = desk.clock.now()
  const cookie = readCookie(request.headers.cookie, desk.cookie)
  return {
    path: routePath.includes(':') ? pathOf(request.url) : routePath,
    params: fieldsOf(request.params),
    query: fieldsOf(request.query),
    cookie,
    client: request.ip,
    now,
    formId: (target) => makeFormId(desk.vault, desk.chance, { path: target, cookie, now }),
  }
}
