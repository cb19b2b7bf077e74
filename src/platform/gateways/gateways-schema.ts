import { type Static, Type } from '#platform/config/schema'

/** What may stand in the gateways' file. Which texts are secrets is in gateways-secrets.ts. */

const Text = Type.String({ minLength: 1, maxLength: 500 })
const Url = Type.String({ pattern: '^https://\\S+$' })
/** Kannel often runs beside us. */
const PlainUrl = Type.String({ pattern: '^https?://\\S+$' })
const Pem = (what: string) => Type.String({ pattern: `^-----BEGIN ${what}-----` })
const Certificate = Pem('CERTIFICATE')
const Choice = <Word extends string>(...words: readonly Word[]) =>
  Type.Unsafe<Word>(Type.String({ pattern: `^(${words.join('|')})$` }))
const Strict = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

const accounts = {
  smpp: {
    host: Text,
    port: Type.Integer({ minimum: 1, maximum: 65_535, default: 2_775 }),
    systemId: Text,
    password: Text,
    systemType: Type.Optional(Text),
    bind: Type.Optional(Choice('transceiver', 'transmitter-and-receiver')),
    tls: Type.Optional(Strict({ ca: Type.Optional(Certificate), servername: Type.Optional(Text) })),
    gsm7: Type.Optional(Choice('unpacked', 'packed', 'off')),
    long: Type.Optional(Choice('udh', 'sar', 'payload')),
    receiptIds: Type.Optional(Choice('as-is', 'hex-to-decimal', 'decimal-to-hex')),
    /** How the end of a message's life is written: as a Japanese time, or as a span from now. */
    validity: Type.Unsafe<'absolute' | 'relative'>({ ...Choice('absolute', 'relative'), default: 'absolute' }),
    /** From the carrier's manual; most want to hear from us at least once a minute. */
    enquireEveryMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 600_000 })),
  },
  twilio: {
    accountSid: Type.String({ pattern: '^AC[0-9a-f]{32}$' }),
    authToken: Text,
    apiKey: Type.Optional(Strict({ sid: Type.String({ pattern: '^SK[0-9a-f]{32}$' }), secret: Text })),
    callbackUrl: Type.Optional(Url),
    region: Type.Optional(Text),
    edge: Type.Optional(Text),
    apiBase: Type.Optional(PlainUrl),
    ca: Type.Optional(Certificate),
  },
  aws: {
    region: Type.String({ pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]$' }),
    credentials: Type.Optional(
      Strict({ accessKeyId: Text, secretAccessKey: Text, sessionToken: Type.Optional(Type.String({ minLength: 1 })) }),
    ),
    configurationSetName: Type.Optional(Text),
    topicArn: Type.String({ pattern: '^arn:aws[a-z-]*:sns:' }),
    successIsDelivery: Type.Optional(Type.Boolean()),
    endpoint: Type.Optional(PlainUrl),
    ca: Type.Optional(Certificate),
  },
  vonage: {
    applicationId: Text,
    privateKey: Pem('[A-Z ]*PRIVATE KEY'),
    signatureSecret: Text,
    callbackUrl: Type.Optional(Url),
    apiHost: Type.Optional(PlainUrl),
    ca: Type.Optional(Certificate),
  },
  kannel: {
    url: PlainUrl,
    username: Text,
    password: Text,
    callbackUrl: Type.Optional(PlainUrl),
    callbackSecret: Type.String({ minLength: 32 }),
    smsc: Type.Optional(Text),
    ca: Type.Optional(Certificate),
  },
} as const

/** What every gateway has, whatever it speaks. */
const share = {
  /** As contracted, over all binds and nodes. */
  ratePerSecond: Type.Integer({ minimum: 1, maximum: 10_000 }),
  /** SMPP sessions; shares of an HTTP API that different nodes may hold. */
  binds: Type.Integer({ minimum: 1, maximum: 100, default: 1 }),
  /** Parts of one bind that may wait for their answers at once: the most that a crash can leave doubtful. One is for codes. */
  windowMax: Type.Integer({ minimum: 2, maximum: 1_000, default: 10 }),
}

export type GatewayKind = keyof typeof accounts
export type AccountOf<Kind extends GatewayKind> = Static<ReturnType<typeof Strict<(typeof accounts)[Kind]>>>
export type Share = { readonly ratePerSecond: number; readonly binds: number; readonly windowMax: number }

export const gatewayKinds: readonly GatewayKind[] = ['smpp', 'twilio', 'aws', 'vonage', 'kannel']

const schemaOf = (kind: GatewayKind) => Strict({ kind: Type.Literal(kind), ...share, ...accounts[kind] })

export const gatewaySchemas = {
  smpp: schemaOf('smpp'),
  twilio: schemaOf('twilio'),
  aws: schemaOf('aws'),
  vonage: schemaOf('vonage'),
  kannel: schemaOf('kannel'),
} as const

/** The classes of messages, as the sender names them. */
export const messageClasses = ['code', 'notice', 'receipt'] as const

const Names = Type.Array(Type.String(), { minItems: 1, uniqueItems: true })
export const RoutesSchema = Strict({ code: Names, notice: Names, receipt: Names })
