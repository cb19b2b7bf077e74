import { openSmppSession } from '#platform/gateways/smpp-session'
import { startHttp } from '#platform/http/http'
import { newId } from '#platform/ids'
import type { Log } from '#platform/log'
import { carrierJournal, readJournal, samplePeople, sandboxAssets, sandboxRoutes, startCarrier } from '#sandbox'
import { onlyGateway } from './carriers.ts'
import { startConsole } from './console.ts'
import { fillWithSample } from './sample.ts'
import { logFault, startSite } from './serve.ts'
import type { Settings } from './settings.ts'
import { closeAll } from './until-stopped.ts'
import { startWork } from './work.ts'
import { openDemoWorld, type World } from './world.ts'

export type Demo = {
  readonly siteAddress: string
  readonly sandboxAddress: string
  readonly consoleAddress: string
  stop(): Promise<void>
}

/** What the carrier remembers of earlier runs. */
const journalMax = 100_000

/** The whole of Annai in one process: site, sending, the carrier behind it, a phone and a clock, and invented people. */
export const startDemo = async (settings: Settings, log: Log): Promise<Demo> => {
  const world = await openDemoWorld(settings, `http://localhost:${settings.portal.port}/v`)
  /** In the order of starting; stopped in the other order. */
  const stops: (() => Promise<unknown>)[] = [() => world.close()]
  const stop = () => closeAll(stops.toReversed())
  try {
    const carrier = await openCarrier(world)
    stops.push(() => carrier.close())
    const { ratePerSecond, windowMax } = world.creditor.policies.messages
    const open = () =>
      openSmppSession({
        host: '127.0.0.1',
        port: carrier.port,
        systemId: 'annai',
        password: 'annai',
        windowMax,
        validityFrom: () => world.clock.now(),
      })
    const work = await startWork(world, { ...onlyGateway({ name: 'sandbox', binds: 1, ratePerSecond, open }), log })
    stops.push(() => work.stop())
    const site = await startSite(world, log)
    stops.push(() => site.close())
    const settle = async () => {
      await work.settle()
      await carrier.runDue(world.clock.now())
      await work.settle()
    }
    const sandbox = await openSandbox(world, { carrier, settle, log })
    stops.push(() => sandbox.close())
    const sandboxAddress = `http://localhost:${sandbox.port}/`
    const operators = await startConsole(world, { log, sandboxAddress, carrier })
    if (operators !== undefined) stops.push(() => operators.close())
    await fillWithSample(world)
    return {
      siteAddress: world.creditor.siteAddress,
      sandboxAddress,
      consoleAddress: `http://localhost:${operators?.port}/`,
      stop,
    }
  } catch (error) {
    await stop().catch(() => {})
    throw error
  }
}

const openCarrier = async ({ db, vault, clock }: World) =>
  startCarrier({
    now: () => clock.now(),
    // Ids of earlier runs are in the database: a new run must not give one of them again.
    runId: `${newId(clock.now()).replaceAll('-', '').slice(0, 20)}-`,
    journal: carrierJournal(db, vault),
    earlier: await readJournal(db, vault, journalMax),
  })

const openSandbox = (
  world: World,
  {
    carrier,
    settle,
    log,
  }: { carrier: Awaited<ReturnType<typeof startCarrier>>; settle: () => Promise<void>; log: Log },
) => {
  const { db, vault, clock, chance, creditor, demoClock, settings, holidays } = world
  if (demoClock === undefined) throw new Error('Bug: a demo has a clock that can be moved')
  const assets = sandboxAssets()
  const people = samplePeople(creditor)
  return startHttp({
    host: '127.0.0.1',
    port: settings.sandboxPort,
    ...assets,
    routes: sandboxRoutes(
      { db, vault, creditor, holidays, carrier, clock: demoClock, people, siteAddress: creditor.siteAddress, settle },
      assets,
    ),
    siteOrigin: `http://localhost:${settings.sandboxPort}`,
    scriptsMayConnect: true,
    // A name that somebody points at this machine must not become an origin that reads these phones.
    hostNames: ['localhost', '127.0.0.1', '[::1]'],
    trustedProxies: [],
    db,
    vault,
    clock,
    chance,
    showTrouble: (trouble) => `<!doctype html><html lang="ja"><title>${trouble}</title><h1>${trouble}</h1></html>`,
    onFault: logFault(log),
  })
}
