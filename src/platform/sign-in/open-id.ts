import * as oidc from 'openid-client'
import { Fault } from '#platform/fault'
import { rolesIn } from './claims.ts'
import type { ProvidedPerson, SignInEnd, SignInProvider } from './provider.ts'

export type OpenIdSettings = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Where among the claims the roles are: `roles`, or `realm_access.roles`. */
  readonly rolesClaim: string
  readonly scope: string
  /** Where operators' browsers reach us, `https://console.example`. */
  readonly consoleAddress: string
  /** Paths of ours that the provider has to know. */
  readonly returnPath: string
  readonly signedOutPath: string
}

const answerWithinSeconds = 10

/**
 * OpenID Connect: authorization code with PKCE, state and nonce. What the provider says of itself is asked for at the
 * start and, when it is away then, again at the next sign-in: a provider that sleeps does not keep a console from starting.
 */
export const openSignInProvider = async (settings: OpenIdSettings): Promise<SignInProvider> => {
  const configuration = rememberSuccess(() => discover(settings))
  const known = await configuration().catch(() => undefined)
  return {
    origins: originsOf(settings, known),
    async begin() {
      const config = await configuration()
      const secrets = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
      }
      const address = oidc.buildAuthorizationUrl(config, {
        redirect_uri: settings.consoleAddress + settings.returnPath,
        scope: settings.scope,
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: 'S256',
      })
      return { address: address.href, secrets }
    },
    async finish(returned, secrets) {
      const config = await configuration()
      const address = new URL(settings.consoleAddress + settings.returnPath)
      for (const [name, value = ''] of Object.entries(returned)) address.searchParams.set(name, value)
      return refusedOr(async () => {
        const tokens = await oidc.authorizationCodeGrant(config, address, {
          expectedState: secrets.state,
          expectedNonce: secrets.nonce,
          pkceCodeVerifier: secrets.verifier,
          idTokenExpected: true,
        })
        return { kind: 'signed-in', person: await personOf(settings, config, tokens) }
      })
    },
    async signOutAddress(idToken) {
      const config = await configuration().catch(() => undefined)
      if (config?.serverMetadata().end_session_endpoint === undefined) return undefined
      return oidc.buildEndSessionUrl(config, {
        id_token_hint: idToken,
        post_logout_redirect_uri: settings.consoleAddress + settings.signedOutPath,
      }).href
    },
  }
}

const discover = async ({ issuer, clientId, clientSecret }: OpenIdSettings): Promise<oidc.Configuration> => {
  // Settings allow plain HTTP on this machine only.
  const execute = issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []
  try {
    return await oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, {
      execute,
      timeout: answerWithinSeconds,
    })
  } catch (cause) {
    throw new Fault('sign-in-unreachable', `The identity provider ${issuer} does not say what it offers.`, { cause })
  }
}

/** Asked again until it was answered once. */
const rememberSuccess = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let answer: Promise<T> | undefined
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined
      throw error
    })
    return answer
  }
}

/** An answer that is wrong is the browser's or the provider's affair; none at all is a fault of the way there. */
const refusedOr = async (finish: () => Promise<SignInEnd>): Promise<SignInEnd> => {
  try {
    return await finish()
  } catch (error) {
    if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError)
      return { kind: 'refused', because: error.error }
    if (error instanceof oidc.ClientError && !isAway(error))
      return { kind: 'refused', because: error.code ?? 'invalid-response' }
    throw new Fault('sign-in-unreachable', 'The identity provider did not answer.', { cause: error })
  }
}

const isAway = ({ code }: oidc.ClientError): boolean => code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT'

type Tokens = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>

/** Some providers tell the roles only to who asks for them with the access token. */
const personOf = async (
  { rolesClaim }: OpenIdSettings,
  config: oidc.Configuration,
  tokens: Tokens,
): Promise<ProvidedPerson> => {
  const told = tokens.claims()
  if (told === undefined || tokens.id_token === undefined)
    throw new Fault('sign-in-unreachable', 'The identity provider gave no ID token.')
  const asks = rolesIn(told, rolesClaim) === undefined && config.serverMetadata().userinfo_endpoint !== undefined
  const claims: Readonly<Record<string, unknown>> = asks
    ? { ...told, ...(await oidc.fetchUserInfo(config, tokens.access_token, told.sub)) }
    : told
  const names = [claims.name, claims.preferred_username, claims.email, told.sub]
  return {
    subject: told.sub,
    name: names.find((name): name is string => typeof name === 'string' && name !== '') ?? told.sub,
    roleWords: rolesIn(claims, rolesClaim) ?? [],
    idToken: tokens.id_token,
  }
}

const originsOf = ({ issuer }: OpenIdSettings, config: oidc.Configuration | undefined): readonly string[] => {
  const { authorization_endpoint, end_session_endpoint } = config?.serverMetadata() ?? {}
  const addresses = [issuer, authorization_endpoint, end_session_endpoint]
  return [...new Set(addresses.flatMap((address) => (address === undefined ? [] : new URL(address).origin)))]
}
