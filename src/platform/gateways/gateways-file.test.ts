import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AwsOptions } from './aws.ts'
import { type GatewayConfig, readGatewaysFile } from './gateways-file.ts'
import type { KannelOptions } from './kannel.ts'
import type { SmppOptions } from './smpp-session.ts'
import type { TwilioOptions } from './twilio.ts'
import type { VonageOptions } from './vonage.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'annai-gateways-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const read = async (text: string, { env = {}, mode = 0o600 }: { env?: Record<string, string>; mode?: number } = {}) => {
  const path = join(folder, 'gateways.yaml')
  await writeFile(path, text)
  await chmod(path, mode)
  return readGatewaysFile(path, env)
}

/** What it says without the first line; fails when the file is taken. */
const refusal = async (text: string, options?: Parameters<typeof read>[1]): Promise<readonly string[]> => {
  const fault = await read(text, options).then(
    () => undefined,
    (error: unknown) => error as Error & { readonly code: string },
  )
  expect(fault?.code).toBe('config-invalid')
  expect(fault?.message).toContain('gateways.yaml is not valid:')
  return (fault?.message ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
}

const main = `gateways:
  main:
    kind: smpp
    host: smpp.example.jp
    systemId: annai
    password: kept-to-ourselves
    ratePerSecond: 100
`

/** Compiles only while an account is what its gateway's factory takes. */
const optionsOf = ({ kind, account }: GatewayConfig): object => {
  switch (kind) {
    case 'smpp': {
      const { validity: _, ...options } = account
      return options satisfies SmppOptions
    }
    case 'twilio':
      return account satisfies TwilioOptions
    case 'aws':
      return account satisfies AwsOptions
    case 'vonage':
      return account satisfies VonageOptions
    case 'kannel':
      return account satisfies KannelOptions
  }
}

test('one SMPP gateway, with what the file leaves out', async () => {
  const { gateways, routes } = await read(main)
  expect(gateways).toEqual([
    {
      name: 'main',
      kind: 'smpp',
      binds: 1,
      windowMax: 10,
      ratePerSecond: 100,
      account: {
        host: 'smpp.example.jp',
        port: 2775,
        systemId: 'annai',
        password: 'kept-to-ourselves',
        validity: 'absolute',
      },
    },
  ])
  expect(routes).toEqual({ code: ['main'], notice: ['main'], receipt: ['main'] })
})

test('a gateway of every kind, with its secrets from files and the environment', async () => {
  await writeFile(join(folder, 'password'), 'from-a-file\n')
  await writeFile(join(folder, 'key.pem'), '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n')
  await writeFile(join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----\n')
  const text = `
gateways:
  main:
    kind: smpp
    host: smpp.example.jp
    port: 3550
    systemId: annai
    password: { file: password }
    bind: transmitter-and-receiver
    tls: { ca: { file: ca.pem }, servername: smpp.carrier.example }
    gsm7: off
    long: payload
    receiptIds: hex-to-decimal
    validity: relative
    enquireEveryMs: 15000
    binds: 4
    windowMax: 50
    ratePerSecond: 200
  twilio-jp:
    kind: twilio
    accountSid: AC${'0'.repeat(32)}
    authToken: { env: TWILIO_TOKEN }
    apiKey: { sid: SK${'0'.repeat(32)}, secret: { env: TWILIO_KEY } }
    callbackUrl: https://sms.example.jp/callbacks/twilio
    region: jp1
    edge: tokyo
    ratePerSecond: 10
  aws:
    kind: aws
    region: ap-northeast-1
    topicArn: arn:aws:sns:ap-northeast-1:123456789012:sms-events
    ratePerSecond: 20
  vonage:
    kind: vonage
    applicationId: 00000000-0000-4000-8000-000000000000
    privateKey: { file: key.pem }
    signatureSecret: { env: VONAGE }
    ratePerSecond: 30
  kannel:
    kind: kannel
    url: http://127.0.0.1:13013/cgi-bin/sendsms
    username: annai
    password: { env: KANNEL }
    callbackSecret: { env: LONG }
    ratePerSecond: 50
routes:
  code: [main, twilio-jp]
  notice: [kannel, main]
`
  const env = { TWILIO_TOKEN: 'token', TWILIO_KEY: 'key', VONAGE: 'signature', KANNEL: 'pass', LONG: 'x'.repeat(32) }
  const { gateways, routes } = await read(text, { env, mode: 0o644 })
  expect(gateways.map(optionsOf)).toMatchObject([
    {
      password: 'from-a-file',
      tls: { ca: expect.stringMatching(/^-----BEGIN.*-----$/s), servername: 'smpp.carrier.example' },
      gsm7: 'off',
      bind: 'transmitter-and-receiver',
      enquireEveryMs: 15_000,
    },
    { authToken: 'token', apiKey: { secret: 'key' }, edge: 'tokyo' },
    { region: 'ap-northeast-1' },
    { privateKey: expect.stringContaining('BEGIN PRIVATE KEY'), signatureSecret: 'signature' },
    { password: 'pass', callbackSecret: 'x'.repeat(32) },
  ])
  expect(gateways[0]).toMatchObject({ binds: 4, windowMax: 50, ratePerSecond: 200 })
  expect(routes).toEqual({
    code: ['main', 'twilio-jp'],
    notice: ['kannel', 'main'],
    receipt: ['main', 'twilio-jp', 'aws', 'vonage', 'kannel'],
  })
})

test.each([
  ['true', {}],
  ['false', undefined],
])('tls: %s', async (written, tls) => {
  const { gateways } = await read(`${main}    tls: ${written}\n`)
  expect(gateways[0]?.account).toEqual({ ...gateways[0]?.account, ...(tls && { tls }) })
  expect('tls' in (gateways[0]?.account ?? {})).toBe(tls !== undefined)
})

describe('refused with line and key', () => {
  test.each<[string, string, readonly string[]]>([
    ['an unknown key', `${main}    pasword: x\n`, ['line 8: gateways.main.pasword is not a known key']],
    ['an unknown section', `${main}rates: 5\n`, ['line 8: rates is not a known key']],
    ['a missing key', main.replace('    host: smpp.example.jp\n', ''), ['line 2: gateways.main.host is missing']],
    [
      'an unknown kind',
      main.replace('smpp\n', 'smtp\n'),
      ['line 3: gateways.main.kind must be one of smpp, twilio, aws, vonage, kannel'],
    ],
    ['a word that is none', `${main}    long: sms\n`, ['line 8: gateways.main.long must be one of udh, sar, payload']],
    ['a key of another kind', `${main}    authToken: x\n`, ['line 8: gateways.main.authToken is not a known key']],
    ['no rate', main.replace('    ratePerSecond: 100\n', ''), ['line 2: gateways.main.ratePerSecond is missing']],
    ['half a part a second', main.replace('100', '10.5'), ['line 7: gateways.main.ratePerSecond must be integer']],
    ['no window', `${main}    windowMax: 0\n`, ['line 8: gateways.main.windowMax must be >= 2']],
    [
      'more binds than the rate has parts',
      `${main}    binds: 5\n`.replace('100', '4'),
      [
        'line 8: gateways.main.binds must not be more than ratePerSecond: a bind without a whole part a second sends nothing',
      ],
    ],
    [
      'a name in capitals',
      main.replace('main:', 'Main:'),
      ['line 2: gateways.Main must be a name of small letters, digits and hyphens'],
    ],
    [
      'a gateway that is a text',
      'gateways:\n  main: smpp\n',
      ['line 2: gateways.main must be the settings of a gateway'],
    ],
    ['no gateway', 'gateways: {}\n', ['line 1: gateways must name at least one gateway']],
    ['an empty file', '', ['line 1: gateways must name at least one gateway']],
    [
      'a route to nowhere',
      `${main}routes:\n  code:\n    - main\n    - other\n`,
      ['line 11: routes.code.1 is not the name of a gateway above'],
    ],
    [
      'a route twice the same',
      `${main}routes:\n  code: [main, main]\n`,
      ['line 9: routes.code must not have duplicate items'],
    ],
    [
      'a route without a gateway',
      `${main}routes:\n  notice: []\n`,
      ['line 9: routes.notice must not have fewer than 1 items'],
    ],
    ['an unknown class', `${main}routes:\n  codes: [main]\n`, ['line 9: routes.codes is not a known key']],
    ['TLS that is a word', `${main}    tls: yes please\n`, ['line 8: gateways.main.tls must be object']],
    [
      'a certificate that is none',
      `${main}    tls: { ca: abc }\n`,
      ['line 8: gateways.main.tls.ca must match pattern "^-----BEGIN CERTIFICATE-----"'],
    ],
    [
      'a password that looks like a number',
      main.replace('kept-to-ourselves', '123456'),
      [
        'line 6: gateways.main.password must be a text (in quotes where it looks like a number), { file: PATH } or { env: NAME }',
      ],
    ],
    [
      'a password of the environment that is not there',
      main.replace('kept-to-ourselves', '{ env: NOWHERE }'),
      ['line 6: gateways.main.password names NOWHERE, which the environment does not have'],
    ],
    [
      'a password’s file that is not there',
      main.replace('kept-to-ourselves', '{ file: nowhere }'),
      ['line 6: gateways.main.password names nowhere, which cannot be read (ENOENT)'],
    ],
    [
      'a password where a name should stand',
      main.replace('kept-to-ourselves', '{ env: kept-to-ourselves }'),
      ['line 6: gateways.main.password must name a variable of the environment, in capitals'],
    ],
    [
      'a password from two places',
      main.replace('kept-to-ourselves', '{ file: a, env: B }'),
      [
        'line 6: gateways.main.password must be a text (in quotes where it looks like a number), { file: PATH } or { env: NAME }',
      ],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await refusal(text)).toEqual(expected)
  })

  test('an empty secret', async () => {
    await writeFile(join(folder, 'empty'), '\n')
    expect(await refusal(main.replace('kept-to-ourselves', '{ file: empty }'))).toEqual([
      'line 6: gateways.main.password names empty, which is empty',
    ])
    expect(await refusal(main.replace('kept-to-ourselves', '""'))).toEqual([
      'line 6: gateways.main.password must not have fewer than 1 characters',
    ])
  })

  test('everything at once, in the order of the lines', async () => {
    const text = `${main}    binds: 0\n  other:\n    kind: carrier\nroutes: { code: [nobody] }\nmore: 1\n`
    expect((await refusal(text)).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'line 8: gateways.main.binds',
      'line 10: gateways.other.kind',
      'line 11: routes.code.0',
      'line 12: more',
    ])
  })

  test.each([
    ['a group', 0o640],
    ['others', 0o604],
  ])('a secret in clear that %s can read', async (_, mode) => {
    expect(await refusal(main, { mode })).toEqual([
      'line 6: gateways.main.password is readable by other users of the machine: chmod 600, or { file: … } or { env: … }',
    ])
    const certificate = '"-----BEGIN CERTIFICATE-----\\nMIID\\n-----END CERTIFICATE-----"'
    const elsewhere = `${main}    tls: { ca: ${certificate} }\n`.replace('kept-to-ourselves', '{ env: PASSWORD }')
    await expect(read(elsewhere, { mode, env: { PASSWORD: 'x' } })).resolves.toBeDefined()
  })
})

describe('no YAML', () => {
  test.each<[string, string, string]>([
    ['a quote that does not end', 'password: "hunter2\n', 'column 1: this is no YAML (missing char)'],
    ['a key twice', 'a: 1\na: hunter2\n', 'line 2, column 1: this is no YAML (duplicate key)'],
    ['a password that begins with *', 'password: *hunter2\n', 'a text that begins with * needs quotes'],
    [
      'a password that begins with !',
      'password: !hunter2 x\n',
      'line 1, column 11: this is no YAML (tag resolve failed)',
    ],
    ['a password that begins with @', 'password: @hunter2\n', 'line 1, column 11: this is no YAML'],
  ])('%s is named by its place', async (_, text, expected) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'config-syntax',
      message: expect.stringContaining(expected),
    })
    await expect(read(text)).rejects.not.toThrow('hunter2')
  })

  test('a file that is not there', async () => {
    await expect(readGatewaysFile(join(folder, 'nowhere.yaml'), {})).rejects.toMatchObject({
      code: 'config-unreadable',
    })
  })
})

test('no message ever holds a secret, whatever is wrong beside it', async () => {
  await writeFile(join(folder, 'canary'), 'canary-in-a-file')
  const secrets = [
    'canary-in-clear',
    '{ file: canary }',
    '{ env: CANARY }',
    '["canary-in-a-list"]',
    '{ text: canary-in-a-map }',
    '"canary\\n"',
  ]
  const mistakes = [
    '    port: 0\n',
    '    more: 1\n',
    '    kind: smtp\n',
    'routes: { code: [x] }\n',
    '   oops\n',
    '    ratePerSecond: many\n',
  ]
  for (const secret of secrets)
    for (const mistake of mistakes) {
      const text = main.replace('kept-to-ourselves', secret).replace('    ratePerSecond: 100\n', '') + mistake
      const message = await read(text, { env: { CANARY: 'canary-in-the-environment' }, mode: 0o644 }).then(
        () => 'taken',
        (error: unknown) => String(error),
      )
      expect(message).not.toBe('taken')
      expect(message).not.toMatch(/canary-/)
    }
})
