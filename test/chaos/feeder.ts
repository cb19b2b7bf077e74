import { setTimeout as sleep } from 'node:timers/promises'
import { codeText, queueMessage, splitIntoParts } from '#messages'
import { inTransaction, sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { World } from '../../src/main/world.ts'
import { seeded } from '../seeded.ts'
import type { FedCode } from './compare.rules.ts'

/** People ask for codes all the while: each is queued as the identity check queues it, each with a text of its own. */
export const startFeeder = async (
  world: World,
  { seed, everyMs }: { readonly seed: string; readonly everyMs: number },
): Promise<{ stop(): Promise<readonly FedCode[]> }> => {
  const { creditor, db, vault, clock } = world
  const draws = seeded(`codes ${seed}`)
  const people = await listPeople(world)
  const asked: (FedCode & { isAcknowledged: boolean; committedAtMs?: number })[] = []
  const underWay = new Set<Promise<void>>()
  let isStopped = false

  const ask = async (): Promise<void> => {
    const person = draws.pick(people)
    if (person === undefined) throw new Error('there are customers')
    const now = clock.now()
    const text = codeText(creditor, codeOf(asked.length))
    const code: (typeof asked)[number] = { id: newId(now), text, customer: person.customer, isAcknowledged: false }
    asked.push(code)
    const { customerId, phoneValue } = person
    const validUntil = new Date(now.getTime() + creditor.policies.code.lifeMinutes * 60_000)
    const partCount = splitIntoParts(text).length
    const message = { id: code.id, customerId, class: 'code', text, phoneValue, partCount, validUntil } as const
    await inTransaction(db, (tx) => queueMessage(tx, vault, { ...message, sender: creditor.sender.sms }, now))
    code.isAcknowledged = true
    code.committedAtMs = clock.now().getTime()
  }
  const run = (async () => {
    while (!isStopped) {
      if (underWay.size < underWayMax) {
        // A database that is being killed refuses some: nobody was told that those codes were on their way.
        const asking: Promise<void> = ask()
          .catch(() => {})
          .finally(() => underWay.delete(asking))
        underWay.add(asking)
      }
      await sleep(everyMs)
    }
    await Promise.all(underWay)
  })()
  return {
    async stop() {
      isStopped = true
      await run
      return asked
    },
  }
}

const underWayMax = 8

/** Numbers of eight digits that do not come again within a hundred million. */
const codeOf = (nth: number): string => String((12_345_678 + nth * 7_654_321) % 100_000_000).padStart(8, '0')

const listPeople = async ({ db }: World) => {
  const { rows } = await sql<{ customerId: string; customer: string; phoneValue: Buffer }>`
    select id as "customerId", customer_number as customer, phone_value as "phoneValue"
    from customers order by customer_number limit 10000`.execute(db)
  return rows
}
