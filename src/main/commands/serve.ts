import { openLog } from '#platform/log'
import { startConsole } from '../console.ts'
import { planGateways } from '../gateways.ts'
import { startSite } from '../serve.ts'
import type { Settings } from '../settings.ts'
import { terminal } from '../terminal.ts'
import { closeAll, untilStopped } from '../until-stopped.ts'
import { startWork } from '../work.ts'
import { openWorld, type World } from '../world.ts'

/** The customers' site, until stopped. */
export const serveCommand = async (settings: Settings): Promise<number> => {
  const world = await openWorld(settings)
  const follower = followDemo(world)
  const log = openLog(settings.logLevel)
  const site = await startSite(world, log).catch(async (error: unknown) => {
    await world.close()
    throw error
  })
  terminal.say(`Site ${world.creditor.siteAddress}, listening on ${settings.portal.host}:${site.port}`)
  const operators = await startConsole(world, { log }).catch(async (error: unknown) => {
    await closeAll([async () => operators?.close(), () => site.close(), () => world.close()])
    throw error
  })
  terminal.say(
    operators === undefined
      ? 'No console: ANNAI_OIDC_ISSUER says nobody who lets operators in'
      : `Console ${settings.console.address ?? 'of the demo'}, listening on ${settings.console.host}:${operators.port}`,
  )
  await untilStopped()
  clearInterval(follower)
  await closeAll([() => site.close(), () => world.close()])
  return 0
}

/** Sending and everything that falls due, until stopped. */
export const workCommand = async (settings: Settings): Promise<number> => {
  // Heard from the first moment on: whoever has begun to send must finish what is in hand.
  const stopped = untilStopped()
  const world = await openWorld(settings)
  const follower = followDemo(world)
  try {
    const plan = await planGateways(world)
    const work = await startWork(world, { ...plan, log: openLog(settings.logLevel) })
    terminal.say(`Working; carriers: ${plan.gateways.map(({ name }) => name).join(', ')}`)
    await stopped
    await work.stop()
    return 0
  } finally {
    clearInterval(follower)
    await world.close()
  }
}

/** In a demo's database, somebody else moves the clock. */
const followDemo = ({ demoClock }: World): NodeJS.Timeout | undefined =>
  demoClock && setInterval(() => void demoClock.follow().catch(() => {}), 500).unref()
