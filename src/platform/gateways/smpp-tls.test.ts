import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { phone } from '#values/phone'
import { selfSigned } from '../../../test/self-signed.ts'
import { type CarrierOptions, startSmppCarrier } from '../../../test/smpp-carrier.ts'
import { openSmppSession, type SmppOptions } from './smpp-session.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

const secure = selfSigned()

async function connect(tls: SmppOptions['tls'], options: CarrierOptions = { secure }) {
  const carrier = await startSmppCarrier(options)
  cleanUp.push(() => carrier.close())
  const session = openSmppSession({
    host: '127.0.0.1',
    port: carrier.port,
    systemId: 'annai',
    password: 'secret',
    ...(tls === undefined ? {} : { tls }),
    backOffMinMs: 5,
    backOffMaxMs: 20,
    drainMs: 50,
  })
  cleanUp.push(() => session.close())
  return { carrier, session }
}

describe('over TLS', () => {
  test('a carrier vouched for is spoken to', async () => {
    const { session } = await connect({ ca: secure.cert })
    await session.whenReady()
    const part = { text: 'あ', alphabet: 'ucs-2', number: 1, of: 1 } as const
    const outgoing = { to: phone('+819001234567'), from: '0570000000', part, reference: 7 }
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => session.submit(outgoing)))
    expect(outcomes.every(({ kind }) => kind === 'submitted')).toBe(true)
  })

  test.each([
    ['whom nobody vouches for', true, 'self-signed certificate'],
    ['that somebody else vouches for', { ca: selfSigned().cert }, 'self-signed certificate'],
    ['of another name', { ca: secure.cert, servername: 'carrier.example' }, 'does not match'],
  ] as const)('a carrier %s never sees the password', async (_, tls, problem) => {
    const { carrier, session } = await connect(tls)
    await expect.poll(() => session.health().lastProblem).toContain(problem)
    await expect.poll(() => session.health().failedTries).toBeGreaterThan(3)
    expect(carrier.connections.filter(({ bind }) => bind !== undefined)).toEqual([])
    expect(session.health().state).toBe('connecting')
  })

  test('a carrier is verified even where the environment says that none need be', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    vi.spyOn(process, 'emitWarning').mockReturnValue()
    const { carrier, session } = await connect(true)
    await expect.poll(() => session.health().lastProblem).toContain('self-signed certificate')
    expect(carrier.connections.filter(({ bind }) => bind !== undefined)).toEqual([])
  })

  test('a carrier that never shows who it is gets no bind, and not for ever', async () => {
    const server = createServer(() => {})
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const account = { host: '127.0.0.1', port, systemId: 'annai', password: 'secret' }
    const session = openSmppSession({ ...account, tls: true, responseTimeoutMs: 50, backOffMinMs: 10_000 })
    cleanUp.push(
      () => server.close(),
      () => session.close(),
    )
    await expect.poll(() => session.health().lastProblem).toBe('no connection in time')
  })

  test('a carrier that speaks plainly is not spoken to', async () => {
    const { carrier, session } = await connect(true, {})
    await expect.poll(() => session.health().failedTries).toBeGreaterThan(0)
    expect(carrier.connections.filter(({ bind }) => bind !== undefined)).toEqual([])
  })
})
