import { type ConsoleWorld, consoleAssets, consoleSite, isRole, type Role, type RoleNames, roles, urls } from '#console'
import { Fault } from '#platform/fault'
import { type HttpServer, startHttp } from '#platform/http/http'
import type { Log } from '#platform/log'
import { openSignInProvider } from '#platform/sign-in/open-id'
import type { Carrier } from '#sandbox'
import { logFault } from './serve.ts'
import type { ConsoleSettings } from './settings.ts'
import { openTestPhone } from './test-phone.ts'
import type { World } from './world.ts'

/** Starts the operators' console; undefined where nobody is named who could let them in. */
export const startConsole = async (
  world: World,
  { log, sandboxAddress, carrier }: { readonly log: Log; readonly sandboxAddress?: string; readonly carrier?: Carrier },
): Promise<HttpServer | undefined> => {
  const signIn = await signInWay(world)
  if (signIn === undefined) return undefined
  const { settings, demoClock } = world
  const assets = consoleAssets()
  const address = settings.console.address ?? `http://localhost:${settings.console.port}`
  const testPhone = openTestPhone({ clock: world.clock, sender: world.creditor.sender.sms }, carrier)
  const server = await startHttp({
    ...settings.console,
    // A demo is for this machine alone, and so are its unlocked doors.
    ...(demoClock && { host: '127.0.0.1' }),
    ...assets,
    ...consoleSite(
      {
        ...world,
        signIn,
        session: settings.console,
        testPhone,
        ...(sandboxAddress !== undefined && { demo: { sandboxAddress } }),
      },
      assets,
    ),
    siteOrigin: new URL(address).origin,
    hostNames: demoClock ? ['localhost', '127.0.0.1', '[::1]'] : [new URL(address).hostname],
    trustedProxies: settings.trustedProxies,
    db: world.db,
    vault: world.vault,
    clock: world.clock,
    chance: world.chance,
    onFault: logFault(log),
  })
  return {
    ...server,
    async close() {
      await server.close()
      await testPhone.close()
    },
  }
}

/** Choosing whom to be is for the database of a demo; whatever the environment says, no other has it. */
const signInWay = async ({ settings, demoClock }: World): Promise<ConsoleWorld['signIn'] | undefined> => {
  const { provider, address } = settings.console
  if (provider !== undefined && address !== undefined)
    return {
      kind: 'provider',
      provider: await openSignInProvider({
        ...provider,
        consoleAddress: address,
        returnPath: urls.signInReturn,
        signedOutPath: urls.signedOut,
      }),
      roleNames: readRoleNames(provider),
    }
  return demoClock && { kind: 'demo' }
}

/** Left out, a role is called by its own key. */
const readRoleNames = ({ roles: text = '' }: NonNullable<ConsoleSettings['provider']>): RoleNames => {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '')
  const named = pairs.map((pair): readonly [Role, string] => {
    const [key = '', name = ''] = pair.split('=').map((part) => part.trim())
    if (!isRole(key) || name === '')
      throw new Fault('setting-invalid', `ANNAI_OIDC_ROLES must be like agent=their-word, with ${roles.join(', ')}`)
    return [key, name]
  })
  const own = roles.filter((role) => named.every(([key]) => key !== role)).map((role) => [role, role] as const)
  return new Map([...named, ...own].map(([role, name]) => [name, role]))
}
