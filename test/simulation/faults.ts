import type { Node, Nodes } from './node.ts'
import { customerOf } from './queueing.ts'
import type { Fault } from './weather.ts'
import type { World } from './world.ts'

/** Lets a fault happen now. */
export const happen = (world: World, nodes: Nodes, fault: Fault): void => {
  const { story, referee, server, bindCount } = world
  story.tell(() => JSON.stringify(fault))
  const node = 'node' in fault ? nodes.at(fault.node) : undefined
  switch (fault.kind) {
    case 'kill':
      referee.disturbed(bindCount)
      if (node !== undefined) nodes.end(node, fault.backAfterMs)
      return
    case 'stop':
      referee.disturbed(bindCount)
      if (node !== undefined) stop(world, nodes, node, fault.backAfterMs)
      return
    case 'pause':
    case 'cut-off':
      referee.disturbed(bindCount)
      if (node !== undefined) strike(world, node, fault)
      return
    case 'lock-broken':
      referee.disturbed(bindCount)
      if (node !== undefined) server.breakSessions(node.computer)
      return
    case 'cut':
      for (const bind of node?.worker.binds() ?? []) {
        referee.disturbed(1)
        bind.cut()
      }
      return
    case 'spell':
      world.carrierAt(fault.gateway).setSpell(fault.spell, fault.forMs)
      return
    case 'database-slow':
      referee.disturbed(bindCount * nodes.all().length)
      server.slowDown(fault.forMs)
      return
    case 'database-down':
      referee.disturbed(bindCount * nodes.all().length)
      server.crash(fault.forMs)
      return
    case 'control':
      world.control(world.plan.campaigns[fault.campaign]?.id ?? '', fault.act)
      return
    case 'rule':
      changeRule(world, fault)
      return
    case 'unknown-receipt':
      world.carrierAt(fault.gateway).sayUnknown()
      return
  }
}

/** Whoever does not stop is killed after a while, as a service manager does it. */
const stop = ({ time, referee }: World, nodes: Nodes, node: Node, backAfterMs: number): void => {
  if (node.isStopping || !node.computer.isAlive()) return
  node.isStopping = true
  const end = () => nodes.end(node, backAfterMs)
  node.worker.stop().then(end, (error) => {
    if (!String(error).includes('Simulated')) referee.violate('no bug shows', String(error))
    end()
  })
  time.after(patienceMs, end)
}

const patienceMs = 20_000

const strike = (
  { time, server }: World,
  { computer, awaited }: Node,
  { kind, forMs, when }: Extract<Fault, { kind: 'pause' | 'cut-off' }>,
): void => {
  const hit = () => (kind === 'pause' ? computer.pause(forMs) : server.cutOff(computer, forMs))
  if (when === 'at once') hit()
  // What was asked for reaches the server before the cut, or just not.
  else awaited.set(when, () => (kind === 'pause' ? hit() : void time.after(requestMs, hit)))
}

const requestMs = 1.5

const changeRule = ({ rules, wall }: World, { customer, rule, forMs }: Extract<Fault, { kind: 'rule' }>): void => {
  const said = { because: 'rule', facts: {} }
  const until = new Date(wall().getTime() + forMs)
  rules.set(customerOf(customer), rule === 'exclude' ? { kind: 'exclude', ...said } : { kind: 'defer', until, ...said })
}
