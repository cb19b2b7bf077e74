import { Fault } from '#platform/fault'
import { openSmppSession } from '#platform/gateways/smpp-session'
import { openLog } from '#platform/log'
import { onlyGateway } from '../carriers.ts'
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
  const site = await startSite(world, openLog(settings.logLevel)).catch(async (error: unknown) => {
    await world.close()
    throw error
  })
  terminal.say(`Site ${world.creditor.siteAddress}, listening on ${settings.portal.host}:${site.port}`)
  await untilStopped()
  clearInterval(follower)
  await closeAll([() => site.close(), () => world.close()])
  return 0
}

/** Sending and everything that falls due, until stopped. */
export const workCommand = async (settings: Settings): Promise<number> => {
  if (settings.smpp === undefined)
    throw new Fault('setting-invalid', 'ANNAI_SMPP_URL must name the carrier, like smpp://systemId:password@host:port')
  const world = await openWorld(settings)
  const follower = followDemo(world)
  const { ratePerSecond, windowMax } = world.creditor.policies.messages
  const { smpp } = settings
  const open = () => openSmppSession({ ...smpp, windowMax, validityFrom: () => world.clock.now() })
  const gateway = onlyGateway({ name: smpp.host, binds: 1, ratePerSecond, open })
  const work = await startWork(world, { ...gateway, log: openLog(settings.logLevel) })
  terminal.say(`Working; carrier ${settings.smpp.host}:${settings.smpp.port}`)
  await untilStopped()
  clearInterval(follower)
  await closeAll([() => work.stop(), () => world.close()])
  return 0
}

/** In a demo's database, somebody else moves the clock. */
const followDemo = ({ demoClock }: World): NodeJS.Timeout | undefined =>
  demoClock && setInterval(() => void demoClock.follow().catch(() => {}), 500).unref()
