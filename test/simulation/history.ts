import type { HeldBind } from '#messages'
import { phone } from '#values/phone'
import { codeQueue } from '../../src/messages/message.rules.ts'
import type { DueMessage, Outbox, Release } from '../../src/messages/outbox.ts'
import { type Carrier, openCarrier } from './carrier.ts'
import { openCarrierBind, partLength } from './carrier-bind.ts'
import { leaseBookOver, type Memory, outboxOver } from './client.ts'
import { type Computer, startComputer } from './computer.ts'
import { drawsOf } from './draws.ts'
import { type Connection, openDatabaseServer } from './memory-database.ts'
import { MemoryLeases } from './memory-leases.ts'
import { type DecideRelease, MemoryLog } from './memory-log.ts'
import { MemoryReceipts } from './memory-receipts.ts'
import { openReferee, type Violation } from './referee.ts'
import { openStory } from './story.ts'
import { emptyTables, listOf, type Tables } from './tables.ts'
import { openVirtualTime } from './virtual-time.ts'
import type { Fault, Moment, Plan } from './weather.ts'
import { type Planting, startWorker, type Worker } from './worker.ts'

/** A bug put on purpose where the program has none, by another piece in the place of the real one. */
export type PlantedBug = Planting & {
  readonly memory?: (real: Memory) => Memory
  readonly isGone?: (worker: string, tables: Tables) => boolean
  readonly outbox?: (real: Outbox, connection: Connection, memory: Memory) => Outbox
}

export type Ending = {
  readonly violation: Violation | undefined
  readonly messages: number
  readonly doubtful: number
  readonly virtualMs: number
  readonly story: readonly string[]
}

type Node = {
  /** What hits it as soon as it has asked for something. */
  awaited: Map<Moment, () => void>
  readonly at: number
  computer: Computer
  worker: Worker | undefined
  starts: number
}

/** Plays one history to its end, or to the first thing that is wrong. The same plan always ends the same. */
export const playHistory = async (
  plan: Plan,
  how: { readonly bug?: PlantedBug; readonly isTold?: boolean } = {},
): Promise<Ending> => {
  const { bug = {} } = how
  const draws = drawsOf(`${plan.seed} on the way`)
  const time = openVirtualTime()
  const story = openStory(time.nowMs, how.isTold ?? false)
  const tables = emptyTables()
  let wallJumpMs = 0
  const wall = () => new Date(bootMs + time.nowMs() + wallJumpMs)
  const atWall = (ms: number) => new Date(bootMs + ms)

  const rules = new Map<string, Release>()
  const isClosed = (now: Date) => now >= atWall(plan.closed.fromMs) && now < atWall(plan.closed.untilMs)
  const decideRelease: DecideRelease = (due, now) =>
    new Map(due.map((message) => [message.messageId, releaseOf(message, now)]))
  const releaseOf = (message: DueMessage, now: Date): Release => {
    if (message.class !== 'notice') return { kind: 'send' }
    const rule = rules.get(message.customerId)
    if (rule?.kind === 'exclude' || (rule?.kind === 'defer' && rule.until > now)) return rule
    if (isClosed(now)) return { kind: 'defer', until: atWall(plan.closed.untilMs), because: 'hours', facts: {} }
    return { kind: 'send', validUntil: now < atWall(plan.closed.fromMs) ? atWall(plan.closed.fromMs) : atWall(dayMs) }
  }

  const carriers = plan.gateways.map(({ name, dialect }) =>
    openCarrier({ name, time, draws: draws.row(name), dialect, troubleShare: plan.troubleShare, story }),
  )
  const server = openDatabaseServer({
    time,
    draws: draws.row('database'),
    lossShare: () => (time.nowMs() < plan.stormMs ? plan.lossShare : 0),
    onCommit: () => referee.committed(),
  })
  const log = new MemoryLog(
    tables,
    plan.gateways.map(({ name }) => name),
    decideRelease,
  )
  const real: Memory = { log, leases: new MemoryLeases(log), receipts: new MemoryReceipts(log) }
  const memory = bug.memory?.(real) ?? real
  const binds = plan.gateways.reduce((sum, gateway) => sum + gateway.binds, 0)
  const fastest = Math.max(...plan.nodes.map(({ clockSpeed }) => clockSpeed))
  const referee = openReferee({
    tables,
    carriers,
    gateways: plan.gateways,
    windowMax: plan.windowMax,
    nowMs: time.nowMs,
    secondMs: 1_000 / Math.max(1, fastest - 0.001),
  })
  const onFault = (error: unknown) => {
    if (!String(error).includes('Simulated')) referee.violate('no bug shows', String(error))
  }

  const computers = new Map<string, Computer>()
  const start = (at: number, starts: number): Node => {
    const node = plan.nodes[at]
    if (node === undefined) throw new Error('Bug: only planned nodes start')
    const name = `${node.name}#${starts}`
    const computer = startComputer(name, { time, draws: draws.row(name), clockSpeed: node.clockSpeed })
    const awaited = new Map<Moment, () => void>()
    const connected = server.connect(computer)
    const connection: Connection = {
      ...connected,
      call(operation, { lock, moment } = {}) {
        const answer = connected.call(operation, { ...(lock && { lock }) })
        const hit = moment && awaited.get(moment)
        if (moment !== undefined && hit !== undefined) {
          awaited.delete(moment)
          story.tell(() => `${name} is hit after it has asked for ${moment}`)
          hit()
        }
        return answer
      },
    }
    const now = () => new Date(wall().getTime() + node.skewMs)
    const outbox = outboxOver(connection, memory, referee.claimed)
    const openGateway = (held: HeldBind, onDeparture: Parameters<typeof openCarrierBind>[0]['onDeparture']) => {
      const gateway = plan.gateways.findIndex(({ name: known }) => known === held.gateway)
      story.tell(() => `${name} has ${held.gateway}/${held.bind} under epoch ${held.epoch}`)
      return openCarrierBind({
        carrier: carrierAt(carriers, gateway),
        computer,
        time,
        draws: draws.row(`${name} ${held.gateway}/${held.bind} ${held.epoch}`),
        windowMax: plan.windowMax,
        partMax: plan.gateways[gateway]?.partMax ?? 1,
        lossShare: () => (time.nowMs() < plan.stormMs ? plan.lossShare : 0),
        onDeparture,
        onDoubt(because) {
          referee.disturbed(1)
          story.tell(() => `${name} does not know: ${because}`)
        },
      })
    }
    const worker = startWorker({
      computer,
      now,
      outbox: told(bug.outbox?.(outbox, connection, memory) ?? outbox, name, story),
      book: leaseBookOver(connection, memory, {
        entered: (id) => void computers.set(id, computer),
        isGone: (id) => bug.isGone?.(id, tables) ?? (plan.isOneMachine && computers.get(id)?.isAlive() === false),
      }),
      gateways: plan.gateways,
      openGateway,
      onDeparture(held, part) {
        story.tell(() => `${name} submits ${part.messageId} part ${part.part.number} over ${held.gateway}/${held.bind}`)
        referee.departed(held, part, now())
      },
      campaignsMayLeave: (moment) => !isClosed(moment),
      sweep: () => connection.call(() => memory.receipts.tie(now()) + memory.receipts.repeatDoubtful(15, now())),
      onFault,
      planting: bug,
    })
    return { at, computer, worker, starts, awaited }
  }

  const nodes = plan.nodes.map((_, at) => start(at, 1))
  const nodeAt = (at: number) => nodes[at % nodes.length]
  const begin = (node: Node) => {
    if (node.computer.isAlive()) return
    Object.assign(node, start(node.at, node.starts + 1))
    story.tell(() => `${node.computer.name} starts`)
  }
  const end = (node: Node) => {
    node.computer.kill()
    for (const bind of node.worker?.binds() ?? []) bind.cut()
    server.forget(node.computer)
  }

  const happen = (fault: Fault): void => {
    story.tell(() => JSON.stringify(fault))
    switch (fault.kind) {
      case 'kill': {
        const node = nodeAt(fault.node)
        if (node === undefined) return
        referee.disturbed(binds)
        end(node)
        time.after(fault.backAfterMs, () => begin(node))
        return
      }
      case 'stop': {
        const node = nodeAt(fault.node)
        const stopping = node?.worker
        if (node === undefined || stopping === undefined || !node.computer.isAlive()) return
        referee.disturbed(binds)
        node.worker = undefined
        const { computer } = node
        const over = () => {
          if (node.computer !== computer) return
          computer.kill()
          for (const bind of stopping.binds()) bind.cut()
          server.forget(computer)
          time.after(fault.backAfterMs, () => begin(node))
        }
        stopping.stop().then(over, (error) => {
          onFault(error)
          over()
        })
        // Whoever does not stop is killed, as a service manager does it.
        time.after(20_000, over)
        return
      }
      case 'pause':
      case 'cut-off': {
        const { kind, forMs, when } = fault
        const node = nodeAt(fault.node)
        referee.disturbed(binds)
        if (node === undefined) return
        const { computer } = node
        const hit = () => (kind === 'pause' ? computer.pause(forMs) : server.cutOff(computer, forMs))
        if (when === 'at once') hit()
        // What was asked for reaches the server, or just not.
        else node.awaited.set(when, () => (kind === 'pause' ? hit() : void time.after(1.5, hit)))
        return
      }
      case 'lock-broken': {
        referee.disturbed(binds)
        const node = nodeAt(fault.node)
        if (node !== undefined) server.breakSessions(node.computer)
        return
      }
      case 'cut':
        for (const bind of nodeAt(fault.node)?.worker?.binds() ?? []) {
          referee.disturbed(1)
          bind.cut()
        }
        return
      case 'spell':
        carrierAt(carriers, fault.gateway).setSpell(fault.spell, fault.forMs)
        return
      case 'database-slow':
        referee.disturbed(binds * nodes.length)
        server.slowDown(fault.forMs)
        return
      case 'database-down':
        referee.disturbed(binds * nodes.length)
        server.crash(fault.forMs)
        return
      case 'control': {
        const campaign = plan.campaigns[fault.campaign]
        if (campaign !== undefined) control(campaign.id, fault.act)
        return
      }
      case 'rule': {
        const until = new Date(wall().getTime() + fault.forMs)
        const because = 'rule'
        const rule: Release =
          fault.rule === 'exclude'
            ? { kind: 'exclude', because, facts: {} }
            : { kind: 'defer', until, because, facts: {} }
        rules.set(customerOf(fault.customer), rule)
        return
      }
      case 'unknown-receipt':
        carrierAt(carriers, fault.gateway).sayUnknown()
        return
    }
  }
  const control = (campaignId: string, act: 'paused' | 'resumed' | 'cancelled') => {
    const acts = listOf(tables.controls, campaignId)
    const last = acts.at(-1) ?? 'resumed'
    if (last === 'cancelled' || last === act || !tables.campaigns.has(campaignId)) return
    acts.push(act)
    referee.committed()
  }

  for (let at = 0; at < plan.customers; at++)
    tables.customers.set(customerOf(at), phone(`+8190012345${String(at % phones).padStart(2, '0')}`))
  const textOf = (parts: number) => 'あ'.repeat(parts * partLength)
  const newMessage = (messageId: string, customer: number, parts: number) => ({
    messageId,
    customerId: customerOf(customer),
    caseId: null,
    phoneValue: Buffer.alloc(0),
    sender: '0570055877',
    reference: tables.messages.size + 1,
    partCount: parts,
    queuedAt: wall(),
    repeats: null,
  })
  for (const { id, atMs, notices, excluded, parts } of plan.campaigns)
    time.at(atMs, () => {
      tables.campaigns.set(id, { text: textOf(parts), approvedAt: wall(), noticed: notices, excluded })
      for (let at = 0; at < notices; at++) {
        const row = newMessage(`${id}/${at + 1}`, at, parts)
        log.queue({ ...row, class: 'notice', campaignId: id, queueId: id, validUntil: null })
      }
    })
  for (const [at, { atMs, customer, livesMs, parts }] of plan.codes.entries())
    time.at(atMs, () => {
      const row = newMessage(`code-${at + 1}`, customer, parts)
      const validUntil = new Date(wall().getTime() + livesMs)
      tables.texts.set(row.messageId, textOf(parts))
      log.queue({ ...row, class: 'code', campaignId: null, queueId: codeQueue, validUntil })
    })
  for (const fault of plan.faults) time.at(fault.atMs, () => happen(fault))

  /** Fine weather: everybody is back, and what waits only for the time of day need not be waited for. */
  let isOver = false
  let waitsSinceMs = plan.stormMs
  let written = 0
  let jumps = 0
  let hasRepeated = false
  const receiptsOutstanding = () =>
    carriers.some((carrier) => carrier.receipts().some(({ isAcknowledged }) => !isAcknowledged))
  const look = (): void => {
    for (const node of nodes) begin(node)
    for (const { id } of plan.campaigns) if (listOf(tables.controls, id).at(-1) === 'paused') control(id, 'resumed')
    if (tables.written.length > written || nodes.some(({ computer }) => computer.isPaused()))
      waitsSinceMs = time.nowMs()
    written = tables.written.length
    const quietMs = time.nowMs() - waitsSinceMs
    if (referee.isStill() && !receiptsOutstanding() && quietMs > 2_500) {
      if (hasRepeated || !hasDoubtfulNotice()) isOver = true
      else {
        hasRepeated = true
        wallJumpMs += 15 * 60_000
        waitsSinceMs = time.nowMs()
      }
      story.tell(() => (isOver ? 'All is at its end.' : 'A quarter of an hour passes.'))
    } else if (quietMs > 4_000 && jumps < jumpsMax && !referee.isStill()) {
      jumps += 1
      wallJumpMs += 60_000
      waitsSinceMs = time.nowMs()
      story.tell(() => 'A minute passes in which nothing happens.')
    } else if (quietMs > patienceMs) {
      const left = referee.unfinished()
      if (left.length > 0)
        referee.violate('nothing is lost', `${left.join('; ')} after ${patienceMs / 1_000} s of fine weather`)
      isOver = true
    }
    if (!isOver) time.after(1_000, look)
  }
  const hasDoubtfulNotice = () =>
    memory.receipts.listDoubtful({ before: new Date(8.64e15), notOlderThan: new Date(0) }).length > 0
  time.at(plan.stormMs, look)
  await time.run(() => isOver || referee.violation() !== undefined)
  if (referee.violation() === undefined) referee.judgeTheEnd()
  for (const { computer } of nodes) computer.kill()
  // Rejections that nobody handled are reported now, while it is known whose they are.
  await new Promise(setImmediate)
  return {
    violation: referee.violation(),
    messages: tables.messages.size,
    doubtful: new Set(tables.written.flatMap(({ state, messageId }) => (state === 'unknown' ? [messageId] : []))).size,
    virtualMs: time.nowMs(),
    story: story.lines(),
  }
}

/** 2026-11-24 10:00 in Japan. */
const bootMs = Date.UTC(2026, 10, 24, 1)
const dayMs = 86_400_000
/** Some customers share a phone. */
const phones = 25
const jumpsMax = 90
const patienceMs = 100_000

const customerOf = (at: number): string => `customer-${at + 1}`

const carrierAt = (carriers: readonly Carrier[], at: number): Carrier => {
  const carrier = carriers[at % carriers.length]
  if (carrier === undefined) throw new Error('Bug: there is a carrier')
  return carrier
}

const told = (outbox: Outbox, name: string, story: { tell(sentence: () => string): void }): Outbox => ({
  ...outbox,
  async claim(...args) {
    const claim = await outbox.claim(...args)
    if (claim.taken > 0)
      story.tell(() => `${name} takes ${claim.messages.map(({ messageId }) => messageId).join(', ')} of ${claim.taken}`)
    return claim
  },
  async record(claim, answers, now) {
    await outbox.record(claim, answers, now)
    story.tell(
      () =>
        `${name} records ${answers.map(({ message, next }) => `${message.messageId} ${next.kind === 'record' ? next.state : `again, ${next.because}`}`).join(', ')}`,
    )
  },
})
