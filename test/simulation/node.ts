import type { Outbox } from '../../src/messages/outbox.ts'
import { openCarrierBind } from './carrier-bind.ts'
import { leaseBookOver, outboxOver } from './client.ts'
import { type Computer, startComputer } from './computer.ts'
import type { Connection } from './memory-database.ts'
import type { Story } from './story.ts'
import type { Moment } from './weather.ts'
import { startWorker, type Worker, type WorkerWorld } from './worker.ts'
import type { World } from './world.ts'

/** A machine of the plan and the process that runs on it, one after the other. */
export type Node = {
  readonly name: string
  readonly computer: Computer
  readonly worker: Worker
  /** What hits it as soon as it has asked for something. */
  readonly awaited: Map<Moment, () => void>
  isStopping: boolean
}

export type Nodes = {
  at(index: number): Node | undefined
  all(): readonly Node[]
  /** Starts those again that are not running. */
  startDead(): void
  /** Ends a process; the next one begins after a while. */
  end(node: Node, backAfterMs: number): void
}

export const startNodes = (world: World): Nodes => {
  const processes = new Map<string, Computer>()
  const starts = new Map<number, number>()
  const nodes: Node[] = []
  const start = (at: number): void => {
    const count = (starts.get(at) ?? 0) + 1
    starts.set(at, count)
    nodes[at] = startNode(world, at, count, processes)
  }
  for (const at of world.plan.nodes.keys()) start(at)
  const startDead = (): void => {
    for (const [at, { computer }] of nodes.entries()) if (!computer.isAlive()) start(at)
  }
  return {
    at: (index) => nodes[index % nodes.length],
    all: () => nodes,
    startDead,
    end(node, backAfterMs) {
      if (!node.computer.isAlive()) return
      node.computer.kill()
      for (const bind of node.worker.binds()) bind.cut()
      world.server.forget(node.computer)
      const at = nodes.indexOf(node)
      world.time.after(backAfterMs, () => {
        if (nodes[at] === node) start(at)
      })
    },
  }
}

const startNode = (world: World, at: number, count: number, processes: Map<string, Computer>): Node => {
  const { plan, bug, draws, time, story, tables, memory, referee, rules } = world
  const planned = plan.nodes[at]
  if (planned === undefined) throw new Error('Bug: only planned nodes start')
  const name = `${planned.name}#${count}`
  story.tell(() => `${name} starts`)
  const computer = startComputer(name, { time, draws: draws.row(name), clockSpeed: planned.clockSpeed })
  const awaited = new Map<Moment, () => void>()
  const connection = hitAt(awaited, world.server.connect(computer))
  const now = () => new Date(world.wall().getTime() + planned.skewMs)
  const outbox = outboxOver(connection, memory, referee.claimed)
  const worker = startWorker({
    computer,
    now,
    outbox: told(bug.outbox?.(outbox, connection, memory) ?? outbox, name, story),
    book: leaseBookOver(connection, memory, {
      entered: (id) => void processes.set(id, computer),
      isGone: (id) => bug.isGone?.(id, tables) ?? (plan.isOneMachine && processes.get(id)?.isAlive() === false),
    }),
    gateways: plan.gateways,
    openGateway: openGateways(world, computer),
    onDeparture(held, part) {
      story.tell(() => `${name} submits ${part.messageId} part ${part.part.number} over ${held.gateway}/${held.bind}`)
      referee.departed(held, part, now())
    },
    campaignsMayLeave: rules.mayLeave,
    sweep: () => connection.call(() => memory.receipts.tie(now()) + memory.receipts.repeatDoubtful(15, now())),
    onFault(error) {
      if (!String(error).includes('Simulated')) referee.violate('no bug shows', String(error))
    },
    planting: bug,
  })
  return { name, computer, worker, awaited, isStopping: false }
}

const openGateways =
  (
    { plan, time, draws, story, referee, carrierAt, lossShare }: World,
    computer: Computer,
  ): WorkerWorld['openGateway'] =>
  (held, onDeparture) => {
    const gateway = plan.gateways.findIndex(({ name }) => name === held.gateway)
    story.tell(() => `${computer.name} has ${held.gateway}/${held.bind} under epoch ${held.epoch}`)
    return openCarrierBind({
      carrier: carrierAt(gateway),
      computer,
      time,
      draws: draws.row(`${computer.name} ${held.gateway}/${held.bind} ${held.epoch}`),
      windowMax: plan.windowMax,
      partMax: plan.gateways[gateway]?.partMax ?? 1,
      lossShare,
      onDeparture,
      onDoubt(because) {
        referee.disturbed(1)
        story.tell(() => `${computer.name} does not know: ${because}`)
      },
    })
  }

/** What awaits a node strikes as soon as the question has left. */
const hitAt = (awaited: Map<Moment, () => void>, connection: Connection): Connection => ({
  ...connection,
  call(operation, how = {}) {
    const answer = connection.call(operation, how)
    const hit = how.moment && awaited.get(how.moment)
    if (how.moment !== undefined && hit !== undefined) {
      awaited.delete(how.moment)
      hit()
    }
    return answer
  },
})

const told = (outbox: Outbox, name: string, story: Story): Outbox => ({
  ...outbox,
  async claim(...args) {
    const claim = await outbox.claim(...args)
    if (claim.taken > 0)
      story.tell(() => `${name} takes ${claim.messages.map(({ messageId }) => messageId).join(', ')} of ${claim.taken}`)
    return claim
  },
  async record(claim, answers, now) {
    await outbox.record(claim, answers, now)
    for (const { message, next } of answers)
      story.tell(
        () => `${name} records ${message.messageId} ${next.kind === 'record' ? next.state : `again, ${next.because}`}`,
      )
  },
})
