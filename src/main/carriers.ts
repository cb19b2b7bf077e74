import { listPhones } from '#customers'
import {
  type Bind,
  campaignSlots,
  codeTextProblem,
  type HeldBind,
  keepBinds,
  leaseTiming,
  type OpenBind,
  openLeaseBook,
  openOutbox,
  openPace,
  openReceiptKeeper,
  paceWindowMs,
  sharesOfRate,
  type TurnWorld,
  takeTurn,
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
  { gateways, log }: { readonly gateways: readonly GatewayPlan[]; readonly log: Log },
): Carriers => {
  const w = turnWorld(world, gateways)
  const open = new Set<BindLoops>()
  const keeper = keepBinds({
    book: openLeaseBook(world.db),
    now: () => world.clock.now(),
    monotonicMs,
    binds: gateways.flatMap(({ name, binds }) =>
      Array.from({ length: binds }, (_, at) => ({ gateway: name, bind: at + 1 })),
    ),
    open(held) {
      const loops = startBind(w, held, planOf(gateways, held), log)
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
  const beat = keepDoing('binds', () => keeper.tick(), { everyMs: leaseTiming.beatEveryMs, log })
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

const turnWorld = (world: World, gateways: readonly GatewayPlan[]): TurnWorld => {
  const { db, vault, clock, creditor, holidays } = world
  const outbox = openOutbox({
    db,
    vault,
    gateways: gateways.map(({ name }) => name),
    decideRelease: (tx, due, now) => decideRelease(tx, world, due, now),
    listPhones,
  })
  return {
    outbox,
    receipts: openReceiptKeeper({ outbox, clock }),
    clock,
    timers: systemTimers,
    nextGateway: (_, gateway) => gateway,
    mayTake: () => true,
    campaignsMayLeave: (now) => mayContactNow({ creditor, holidays }, now),
    checkFinalText: (message, text) => (message.class === 'code' ? codeTextProblem(creditor, text) : undefined),
  }
}

type BindLoops = OpenBind & { readonly loops: readonly Loop[] }

const startBind = (w: TurnWorld, held: HeldBind, plan: GatewayPlan, log: Log): BindLoops => {
  const gateway = plan.open()
  const perSecond = sharesOfRate(plan)[held.bind - 1] ?? 0
  const startAfterMs = held.isInherited ? paceWindowMs : 0
  const pace = openPace({ perSecond, monotonicMs, timers: systemTimers, startAfterMs })
  w.receipts.listenTo(gateway, plan.name)
  const { worker, bind: number, epoch, mayAct } = held
  const bind: Bind = { worker, name: plan.name, number, epoch, gateway, pace, mayAct }
  const place = `${plan.name} ${number}`
  const loops = [
    keepDoing(`codes over ${place}`, () => takeTurn(w, bind, 'code', `${place} code`), { everyMs: lookEveryMs, log }),
    ...Array.from({ length: campaignSlots }, (_, slot) =>
      keepDoing(`campaigns over ${place}`, () => takeTurn(w, bind, 'campaign', `${place} ${slot}`), {
        everyMs: lookEveryMs,
        log,
      }),
    ),
  ]
  void gateway.whenReady().then(
    () => {
      for (const loop of loops) loop.wake()
    },
    () => {},
  )
  return {
    loops,
    isBound: () => gateway.health().state === 'bound',
    async close() {
      await Promise.all(loops.map((loop) => loop.stop()))
      pace.close()
      await gateway.close()
    },
  }
}
