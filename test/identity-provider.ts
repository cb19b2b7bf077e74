import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

/** A real OpenID provider of its own, which lets in whoever is in its list, whatever the password. */
export type IdentityProvider = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  close(): Promise<void>
}

export type Account = { readonly name: string; readonly roles: readonly string[] }

export async function startIdentityProvider({
  consoleAddress,
  accounts,
  rolesInIdToken = true,
}: {
  readonly consoleAddress: string
  readonly accounts: Readonly<Record<string, Account>>
  readonly rolesInIdToken?: boolean
}): Promise<IdentityProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = { clientId: 'annai', clientSecret: 'no-secret-of-anybody' }
  const provider = withoutAdvice(
    () =>
      new Provider(issuer, {
        clients: [
          {
            client_id: client.clientId,
            client_secret: client.clientSecret,
            redirect_uris: [`${consoleAddress}/sign-in/return`],
            post_logout_redirect_uris: [`${consoleAddress}/signed-out`],
          },
        ],
        claims: { openid: ['sub'], profile: ['name', 'roles'] },
        conformIdTokenClaims: !rolesInIdToken,
        pkce: { required: () => true },
        ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
        features: {
          rpInitiatedLogout: {
            logoutSource: (ctx, form) => {
              ctx.body = form
            },
          },
        },
        cookies: { keys: ['a key for cookies'] },
        findAccount: (_, id) => {
          const account = accounts[id]
          return (
            account && { accountId: id, claims: () => ({ sub: id, name: account.name, roles: [...account.roles] }) }
          )
        },
      }),
  )
  const answer = provider.callback()
  server.on('request', (request, response) => void answer(request, response))
  return {
    issuer,
    ...client,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The package warns on the console that a test's provider is none for real people. */
function withoutAdvice<T>(act: () => T): T {
  const { info, warn } = console
  Object.assign(console, { info: () => {}, warn: () => {} })
  try {
    return act()
  } finally {
    Object.assign(console, { info, warn })
  }
}
