import type { FastifyInstance } from 'fastify'
import type { Database } from '#platform/database/database'

/** `/livez`: the process answers. `/readyz`: so does its database, and requests may be sent here. */
export function addHealth(app: FastifyInstance, db: Database): void {
  app.get('/livez', async (_, reply) => reply.headers(healthHeaders).send('ok\n'))
  app.get('/readyz', async (_, reply) => {
    const isReady = await db
      .selectNoFrom((eb) => eb.lit(1).as('one'))
      .execute()
      .then(
        () => true,
        () => false,
      )
    return reply
      .code(isReady ? 200 : 503)
      .headers(healthHeaders)
      .send(isReady ? 'ready\n' : 'the database cannot be reached\n')
  })
}

const healthHeaders = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }

export function isHealth(url: string): boolean {
  return url === '/livez' || url === '/readyz'
}
