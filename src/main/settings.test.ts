import { describe, expect, test } from 'vitest'
import { readSettings } from './settings.ts'

const provider = {
  ANNAI_CONSOLE_ADDRESS: 'https://console.example/',
  ANNAI_OIDC_ISSUER: 'https://login.example',
  ANNAI_OIDC_CLIENT_ID: 'annai',
  ANNAI_OIDC_CLIENT_SECRET: 'x',
}

describe('The console’s settings', () => {
  test('are safe when nothing is said', () => {
    expect(readSettings({}).console).toEqual({
      host: '127.0.0.1',
      port: 8081,
      idleMinutes: 30,
      absoluteMinutes: 600,
    })
  })

  test('name the identity provider', () => {
    expect(readSettings(provider).console).toMatchObject({
      address: 'https://console.example',
      provider: { issuer: 'https://login.example', rolesClaim: 'roles', scope: 'openid profile' },
    })
  })

  test.each<[change: Record<string, string>, named: string]>([
    [{ ANNAI_CONSOLE_ADDRESS: '' }, 'ANNAI_CONSOLE_ADDRESS'],
    [{ ANNAI_CONSOLE_ADDRESS: 'http://console.example' }, 'ANNAI_CONSOLE_ADDRESS'],
    [{ ANNAI_CONSOLE_ADDRESS: 'console' }, 'ANNAI_CONSOLE_ADDRESS'],
    [{ ANNAI_OIDC_ISSUER: 'http://login.example' }, 'ANNAI_OIDC_ISSUER'],
    [{ ANNAI_OIDC_CLIENT_SECRET: '' }, 'ANNAI_OIDC_CLIENT_SECRET'],
    [{ ANNAI_CONSOLE_IDLE_MINUTES: '0' }, 'ANNAI_CONSOLE_IDLE_MINUTES'],
    [{ ANNAI_CONSOLE_HOURS: '25' }, 'ANNAI_CONSOLE_HOURS'],
    [{ ANNAI_CONSOLE_PORT: 'x' }, 'ANNAI_CONSOLE_PORT'],
  ])('%j is refused', (change, named) => {
    expect(() => readSettings({ ...provider, ...change })).toThrow(named)
  })

  test('may be plain HTTP on this machine', () => {
    const local = { ANNAI_OIDC_ISSUER: 'http://localhost:3000', ANNAI_CONSOLE_ADDRESS: 'http://127.0.0.1:8081' }
    expect(readSettings({ ...provider, ...local }).console.address).toBe('http://127.0.0.1:8081')
  })
})
