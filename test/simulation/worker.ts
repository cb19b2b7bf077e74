import {
  type Bind,
  campaignSlots,
  type HeldBind,
  keepBinds,
  type OpenBind,
  openPace,
  openReceiptKeeper,
  paceWindowMs,
  sharesOfRate,
  type TurnWorld,
  takeTurn,
} from '#messages'
import type { OutgoingPart } from '#platform/gateways/gateway'
import { leaseTiming } from '../../src/messages/lease.rules.ts'
import type { LeaseBook } from '../../src/messages/lease-book.ts'
import type { Outbox } from '../../src/messages/outbox.ts'
import type { PaceOptions } from '../../src/messages/pace.rules.ts'
import type { CarrierBind } from './carrier-bind.ts'
import type { Computer } from './computer.ts'
import { keepDoing, type Loop } from './loop.ts'

/** A gateway as it is contracted. */
export type GatewayPlan = { readonly name: string; readonly binds: number; readonly ratePerSecond: number }

export type WorkerWorld = {
  readonly computer: Computer
  readonly now: () => Date
  readonly outbox: Outbox
  readonly book: LeaseBook
  readonly gateways: readonly GatewayPlan[]
  readonly openGateway: (held: HeldBind, onDeparture: (part: OutgoingPart) => void) => CarrierBind
  readonly onDeparture: (held: HeldBind, part: OutgoingPart) => void
  readonly campaignsMayLeave: (now: Date) => boolean
  /** Receipts that wait are tied, doubtful notices repeated. */
  readonly sweep: () => Promise<number>
  /** A loop's work failed; it is tried again. */
  readonly onFault: (error: unknown) => void
  readonly planting: Planting
}

/** Where a bug may be planted into a worker: nothing of it is in the program. */
export type Planting = {
  readonly held?: (held: HeldBind) => HeldBind
  readonly bind?: (bind: Bind, w: TurnWorld) => Bind
  readonly turn?: (w: TurnWorld) => TurnWorld
  readonly pace?: (options: PaceOptions, plan: GatewayPlan) => PaceOptions
}

export type Worker = {
  readonly computer: Computer
  binds(): readonly CarrierBind[]
  /** SIGTERM: finishes what is in hand. */
  stop(): Promise<void>
}

/** A `work` process, wired as the program's own is: the real keeper of binds, the real turns of the real sender. */
export const startWorker = (w: WorkerWorld): Worker => {
  const { computer } = w
  const binds = new Set<CarrierBind>()
  const turnWorld = turnWorldOf(w)
  const looping = { timers: computer.timers, onFault: w.onFault }
  const keeper = keepBinds({
    book: w.book,
    now: w.now,
    monotonicMs: computer.monotonicMs,
    binds: w.gateways.flatMap(({ name, binds: count }) =>
      Array.from({ length: count }, (_, at) => ({ gateway: name, bind: at + 1 })),
    ),
    open: (held) => startBind(w, turnWorld, w.planting.held?.(held) ?? held, binds),
  })
  const beat = keepDoing(looping, keeper.tick, leaseTiming.beatEveryMs)
  const sweep = keepDoing(looping, w.sweep, sweepEveryMs)
  return {
    computer,
    binds: () => [...binds],
    async stop() {
      await sweep.stop()
      await beat.stop()
      await keeper.stop()
    },
  }
}

const sweepEveryMs = 2_000
/** NOTIFY is not simulated: it only makes things sooner. */
const lookEveryMs = 800

const turnWorldOf = (w: WorkerWorld): TurnWorld => {
  const clock = { now: w.now }
  const turnWorld: TurnWorld = {
    outbox: w.outbox,
    receipts: openReceiptKeeper({ outbox: w.outbox, clock, timers: w.computer.timers }),
    clock,
    timers: w.computer.timers,
    nextGateway: (message, gateway) => nextGateway(w.gateways, message.class, gateway),
    mayTake: (gateway, { retry }) => retry === undefined || !('gateway' in retry) || retry.gateway === gateway,
    campaignsMayLeave: w.campaignsMayLeave,
    checkFinalText: () => undefined,
  }
  return w.planting.turn?.(turnWorld) ?? turnWorld
}

/** A code moves on, a notice waits. */
const nextGateway = (
  gateways: readonly GatewayPlan[],
  messageClass: string,
  gateway: string,
): ReturnType<TurnWorld['nextGateway']> => {
  const stays = { gateway, isAtOnce: false }
  if (messageClass === 'notice') return stays
  const at = gateways.findIndex(({ name }) => name === gateway)
  const next = gateways[(at + 1) % gateways.length]
  return next === undefined || next.name === gateway ? stays : { gateway: next.name, isAtOnce: true }
}

const startBind = (w: WorkerWorld, turnWorld: TurnWorld, held: HeldBind, binds: Set<CarrierBind>): OpenBind => {
  const { timers, monotonicMs } = w.computer
  const looping = { timers, onFault: w.onFault }
  const plan = w.gateways.find(({ name }) => name === held.gateway)
  if (plan === undefined) throw new Error('Bug: only binds of known gateways are taken')
  const gateway = w.openGateway(held, (part) => w.onDeparture(held, part))
  binds.add(gateway)
  const perSecond = sharesOfRate(plan)[held.bind - 1] ?? 0
  const paced = { perSecond, monotonicMs, timers, startAfterMs: held.isInherited ? paceWindowMs : 0 }
  const pace = openPace(w.planting.pace?.(paced, plan) ?? paced)
  turnWorld.receipts.listenTo(gateway, plan.name)
  const { worker, bind: number, epoch, mayAct } = held
  let isLeaving = false
  const real: Bind = { worker, name: plan.name, number, epoch, gateway, pace, mayAct, isLeaving: () => isLeaving }
  const bind = w.planting.bind?.(real, turnWorld) ?? real
  const place = `${plan.name} ${number} ${epoch}`
  const loops: readonly Loop[] = [
    keepDoing(looping, () => takeTurn(turnWorld, bind, 'code', `${place} code`), lookEveryMs),
    ...Array.from({ length: campaignSlots(gateway) }, (_, slot) =>
      keepDoing(looping, () => takeTurn(turnWorld, bind, 'campaign', `${place} ${slot}`), lookEveryMs),
    ),
  ]
  gateway.whenReady().then(
    () => {
      for (const loop of loops) loop.wake()
    },
    () => {},
  )
  return {
    isBound: () => gateway.health().state === 'bound',
    async close() {
      isLeaving = true
      await Promise.all(loops.map((loop) => loop.stop()))
      pace.close()
      await gateway.close()
      binds.delete(gateway)
    },
  }
}
