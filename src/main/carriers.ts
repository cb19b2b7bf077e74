import { listPhones } from '#customers'
import {
  type Bind,
  campaignSlots,
  codeTextProblem,
  type GatewayWatch,
  type HeldBind,
  keepBinds,
  leaseTiming,
  type OpenBind,
  openLeaseBook,
  openOutbox,
  openPace,
  openReceiptKeeper,
  paceWindowMs,
  type Routes,
  sharesOfRate,
  type TurnWorld,
  takeTurn,
  watchGateways,
} from '#messages'
import { decideRelease, mayContactNow } from '#outreach'
import type { Gateway } from '#platform/gateways/gateway'
import { systemTimers } from '#platform/gateways/timers'
import type { Log } from '#platform/log'
import { keepDoing, type Loop } from './loop.ts'
import type { World } from './world.ts'

/** A gateway as configured. Each of its binds is open on one worker at a time. */
export type GatewayPlan = {
  readonly name: string
  readonly binds: number
  /** Contracted: what all binds together may submit in a second. */
  readonly ratePerSecond: number
  readonly open: () => Gateway
}

export type CarriersPlan = {
  readonly gateways: readonly GatewayPlan[]
  readonly routes: Routes
}

/** A single gateway that carries everything. */
export const onlyGateway = (
  plan: GatewayPlan,
): { readonly gateways: readonly GatewayPlan[]; readonly routes: Routes } => ({
  gateways: [plan],
  routes: { code: [plan.name], notice: [plan.name], receipt: [plan.name] },
})

export type Carriers = {
  /** Something is to be sent. */
  wake(): void
  /** One turn of everything, for who must know that nothing is left. */
  once(): Promise<number>
  stop(): Promise<void>
}

/** A safety net under NOTIFY. */
const lookEveryMs = 500

/** Holds this worker's share of the binds and sends over them, codes and campaigns beside each other. */
export const openCarriers = (
  world: World,
  {
    gateways,
    routes,
    log,
    decide = decideRelease,
  }: CarriersPlan & { readonly log: Log; readonly decide?: typeof decideRelease },
): Carriers => {
  const watch = watchGateways({ db: world.db, routes, monotonicMs })
  const w = turnWorld(world, gateways, watch, decide)
  const open = new Set<BindLoops>()
  const keeper = keepBinds({
    book: openLeaseBook(world.db),
    now: () => world.clock.now(),
    monotonicMs,
    binds: gateways.flatMap(({ name, binds }) =>
      Array.from({ length: binds }, (_, at) => ({ gateway: name, bind: at + 1 })),
    ),
    open(held) {
      const loops = startBind(w, held, planOf(gateways, held), { log, onReady: () => beat.wake() })
      open.add(loops)
      return {
        isBound: loops.isBound,
        async close() {
          await loops.close()
          open.delete(loops)
        },
      }
    },
  })
  const beat: Loop = keepDoing(
    'binds',
    async () => {
      const count = (await keeper.tick()) + (await watch.look(world.clock.now()))
      for (const { follow } of open) follow(watch.paceShareOf)
      return count
    },
    // A database that is back must find the beat again before the lease is over.
    { everyMs: leaseTiming.beatEveryMs, restMaxMs: leaseTiming.beatEveryMs, log },
  )
  return {
    wake() {
      for (const { loops } of open) for (const loop of loops) loop.wake()
    },
    async once() {
      let count = await beat.once()
      for (const { loops } of open) for (const loop of loops) count += await loop.once()
      return count
    },
    async stop() {
      await beat.stop()
      await keeper.stop()
    },
  }
}

const monotonicMs = (): number => performance.now()

const planOf = (gateways: readonly GatewayPlan[], { gateway }: HeldBind): GatewayPlan => {
  const plan = gateways.find(({ name }) => name === gateway)
  if (plan === undefined) throw new Error('Bug: only binds of configured gateways are taken')
  return plan
}

const turnWorld = (
  world: World,
  gateways: readonly GatewayPlan[],
  watch: GatewayWatch,
  decide: typeof decideRelease,
): TurnWorld => {
  const { db, vault, clock, creditor, holidays } = world
  const outbox = openOutbox({
    db,
    vault,
    gateways: gateways.map(({ name }) => name),
    decideRelease: (tx, due, now) => decide(tx, world, due, now),
    listPhones,
  })
  return {
    outbox,
    receipts: openReceiptKeeper({ outbox, clock, timers: systemTimers }),
    clock,
    timers: systemTimers,
    nextGateway: watch.nextGateway,
    mayTake: watch.mayTake,
    campaignsMayLeave: (now) => mayContactNow({ creditor, holidays }, now),
    checkFinalText: (message, text) => (message.class === 'code' ? codeTextProblem(creditor, text) : undefined),
  }
}

type BindLoops = OpenBind & {
  readonly loops: readonly Loop[]
  /** The pace of campaigns follows what the gateway deserves. */
  follow(paceShareOf: GatewayWatch['paceShareOf']): void
}

const startBind = (
  w: TurnWorld,
  held: HeldBind,
  plan: GatewayPlan,
  { log, onReady }: { readonly log: Log; readonly onReady: () => void },
): BindLoops => {
  const gateway = plan.open()
  const perSecond = sharesOfRate(plan)[held.bind - 1] ?? 0
  const startAfterMs = held.isInherited ? paceWindowMs : 0
  const pace = openPace({ perSecond, monotonicMs, timers: systemTimers, startAfterMs })
  w.receipts.listenTo(gateway, plan.name)
  const { worker, bind: number, epoch, mayAct } = held
  let isLeaving = false
  const bind: Bind = { worker, name: plan.name, number, epoch, gateway, pace, mayAct, isLeaving: () => isLeaving }
  // With the epoch: who takes a bind again while an old claim is being recorded is somebody else.
  const place = `${plan.name} ${number} ${epoch}`
  const loops = [
    keepDoing(`codes over ${place}`, () => takeTurn(w, bind, 'code', `${place} code`), { everyMs: lookEveryMs, log }),
    ...Array.from({ length: campaignSlots(gateway) }, (_, slot) =>
      keepDoing(`campaigns over ${place}`, () => takeTurn(w, bind, 'campaign', `${place} ${slot}`), {
        everyMs: lookEveryMs,
        log,
      }),
    ),
  ]
  void gateway.whenReady().then(onReady, () => {})
  return {
    loops,
    follow: (paceShareOf) => pace.setCampaignShare(paceShareOf(plan.name)),
    isBound: () => gateway.health().state === 'bound',
    async close() {
      isLeaving = true
      await Promise.all(loops.map((loop) => loop.stop()))
      pace.close()
      await gateway.close()
    },
  }
}
