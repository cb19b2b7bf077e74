import { dirname } from 'node:path'
import { type ConfigWithLines, readConfigWithLines } from '#platform/config/file'
import { parseBySchema } from '#platform/config/schema'
import { Fault } from '#platform/fault'
import {
  type AccountOf,
  type GatewayKind,
  gatewayKinds,
  gatewaySchemas,
  messageClasses,
  RoutesSchema,
  type Share,
} from './gateways-schema.ts'
import { isOpenToOthers, type Readers, readSecrets } from './gateways-secrets.ts'

/**
 * The carriers of this deployment, and which of them carries what. Fault `config-invalid` lists every problem with its
 * line and key, and never a value: the file may hold secrets.
 *
 * @param env where `{ env: NAME }` is looked up. `{ file: PATH }` is read from beside the gateways' file.
 */
export const readGatewaysFile = async (
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<GatewaysFile> => {
  const file = await readConfigWithLines(path)
  const { found, problems } = await parseGateways(file.value, {
    env,
    folder: dirname(path),
    isOpenToOthers: await isOpenToOthers(path),
  })
  if (problems.length > 0 || found === undefined) throw invalid(path, file, problems)
  return found
}

export type GatewaysFile = {
  /** In the file's order. */
  readonly gateways: readonly GatewayConfig[]
  /** For each class the names of the gateways that may carry it, the preferred first. */
  readonly routes: Readonly<Record<(typeof messageClasses)[number], readonly string[]>>
}

/** `account` is what the gateway's own factory takes beside the window, the clock and the like. */
export type GatewayConfig = { [Kind in GatewayKind]: ConfigOf<Kind> }[GatewayKind]

type ConfigOf<Kind extends GatewayKind> = Share & {
  readonly name: string
  readonly kind: Kind
  readonly account: AccountOf<Kind>
}

type Problem = { readonly key: string; readonly message: string }
type Parsed = { readonly found?: GatewaysFile; readonly problems: readonly Problem[] }

const parseGateways = async (file: unknown, readers: Readers): Promise<Parsed> => {
  if (!isRecord(file) || !isRecord(file.gateways) || Object.keys(file.gateways).length === 0)
    return { problems: [{ key: 'gateways', message: 'must name at least one gateway' }] }
  const problems: Problem[] = Object.keys(file)
    .filter((key) => key !== 'gateways' && key !== 'routes')
    .map((key) => ({ key, message: 'is not a known key' }))

  const gateways: GatewayConfig[] = []
  for (const [name, value] of Object.entries(file.gateways)) {
    const parsed = await parseGateway(name, value, readers)
    problems.push(...parsed.problems.map(({ key, message }) => ({ key: below(`gateways.${name}`, key), message })))
    if (parsed.gateway !== undefined) gateways.push(parsed.gateway)
  }

  const names = Object.keys(file.gateways)
  const everywhere = Object.fromEntries(messageClasses.map((messageClass) => [messageClass, names]))
  const routes = parseBySchema(
    RoutesSchema,
    isRecord(file.routes) ? { ...everywhere, ...file.routes } : (file.routes ?? everywhere),
  )
  if ('problems' in routes) {
    const told = routes.problems.map(({ key, message }) => ({ key: below('routes', key), message }))
    return { problems: [...problems, ...told] }
  }
  problems.push(...strangersIn(routes.value, names))
  return problems.length > 0 ? { problems } : { found: { gateways, routes: routes.value }, problems }
}

const parseGateway = async (
  name: string,
  value: unknown,
  readers: Readers,
): Promise<{ readonly gateway?: GatewayConfig; readonly problems: readonly Problem[] }> => {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name))
    return { problems: [{ key: '', message: 'must be a name of small letters, digits and hyphens' }] }
  if (!isRecord(value)) return { problems: [{ key: '', message: 'must be the settings of a gateway' }] }
  const kind = gatewayKinds.find((known) => known === value.kind)
  if (kind === undefined) return { problems: [{ key: 'kind', message: `must be one of ${gatewayKinds.join(', ')}` }] }

  const secrets = await readSecrets(kind, value, readers)
  const parsed = parseBySchema(gatewaySchemas[kind], withTls(secrets.value))
  if ('problems' in parsed) {
    const unread = new Set(secrets.problems.map(({ key }) => key))
    const others = parsed.problems.filter(({ key }) => !unread.has(key)).map(inPlainWords)
    return { problems: [...secrets.problems, ...others] }
  }
  const {
    kind: _,
    binds,
    windowMax,
    ratePerSecond,
    ...account
  } = parsed.value as Share & Readonly<Record<string, unknown>>
  const problems = [...secrets.problems]
  if (binds > ratePerSecond)
    problems.push({
      key: 'binds',
      message: 'must not be more than ratePerSecond: a bind without a whole part a second sends nothing',
    })
  // The schema of this kind has just said so.
  return { gateway: { name, kind, binds, windowMax, ratePerSecond, account } as unknown as GatewayConfig, problems }
}

/** `tls: true` is TLS with the authorities that Node knows. */
const withTls = ({ tls, ...others }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  if (tls === undefined || tls === false) return others
  return { ...others, tls: tls === true ? {} : tls }
}

const strangersIn = (routes: GatewaysFile['routes'], names: readonly string[]): readonly Problem[] =>
  messageClasses.flatMap((messageClass) =>
    routes[messageClass].flatMap((name, index) =>
      names.includes(name)
        ? []
        : [{ key: `routes.${messageClass}.${index}`, message: 'is not the name of a gateway above' }],
    ),
  )

/** The checker says "must match pattern" where the file's reader wants to know what may stand there. */
const inPlainWords = ({ key, message }: Problem): Problem => {
  const choices = /^must match pattern "\^\(([\w|-]+)\)\$"$/.exec(message)?.[1]
  return { key, message: choices === undefined ? message : `must be one of ${choices.replaceAll('|', ', ')}` }
}

const invalid = (path: string, { lineOf }: ConfigWithLines, problems: readonly Problem[]): Fault => {
  const lines = problems
    .map(({ key, message }) => ({ line: lineOf(key), text: `${key} ${message}` }))
    .sort((a, b) => a.line - b.line)
    .map(({ line, text }) => `  line ${line}: ${text}`)
  return new Fault('config-invalid', [`${path} is not valid:`, ...lines].join('\n'))
}

const below = (parent: string, key: string): string =>
  key === '' || key === '(the file)' ? parent : `${parent}.${key}`

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
