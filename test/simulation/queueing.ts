import { phone } from '#values/phone'
import { codeQueue } from '../../src/messages/message.rules.ts'
import { partLength } from './carrier-bind.ts'
import type { World } from './world.ts'

/** The customers, and what will be queued for them and when. */
export const planQueueing = (world: World): void => {
  const { plan, time, tables, memory, wall } = world
  for (let at = 0; at < plan.customers; at++)
    tables.customers.set(customerOf(at), phone(`+8190012345${String(at % phones).padStart(2, '0')}`))
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
        memory.log.queue({ ...row, class: 'notice', campaignId: id, queueId: id, validUntil: null })
      }
    })
  for (const [at, { atMs, customer, livesMs, parts }] of plan.codes.entries())
    time.at(atMs, () => {
      const row = newMessage(`code-${at + 1}`, customer, parts)
      const validUntil = new Date(wall().getTime() + livesMs)
      tables.texts.set(row.messageId, textOf(parts))
      memory.log.queue({ ...row, class: 'code', campaignId: null, queueId: codeQueue, validUntil })
    })
}

export const customerOf = (at: number): string => `customer-${at + 1}`

/** Some customers share a phone. */
const phones = 25

const textOf = (parts: number): string => 'あ'.repeat(parts * partLength)
