import { expect, test } from 'vitest'
import type { Gateway, SubmitOutcome } from '#platform/gateways/gateway'
import { systemTimers } from '#platform/gateways/timers'
import { phone } from '#values/phone'
import type { Bind } from './bind.ts'
import { codeQueue } from './message.rules.ts'
import { openPace } from './pace.rules.ts'
import { submitParts } from './submit.jobs.ts'

const now = new Date('2026-11-24T01:00:00Z')
const w = { clock: { now: () => now }, timers: systemTimers, nextGateway: () => ({ gateway: 'east', isAtOnce: false }) }
const part = { text: 'x', alphabet: 'gsm-7', number: 1, of: 1 } as const
const message = {
  messageId: codeQueue,
  customerId: codeQueue,
  class: 'notice',
  caseId: null,
  campaignId: null,
  phoneValue: Buffer.alloc(32),
  sender: 'x',
  reference: 1,
  partCount: 1,
  validUntil: null,
  to: phone('+819001234567'),
  text: 'x',
  tries: [],
  parts: [part],
} as const

test('a gateway that asks for less is to blame once it is asked for one a second and has taken nothing for ten', async () => {
  let atMs = 0
  let answer: SubmitOutcome = { kind: 'throttled', status: 'ESME_RMSGQFUL' }
  const gateway: Gateway = {
    split: () => [part],
    submit: async () => answer,
    onReceipt: () => {},
    health: () => ({ state: 'bound', outstanding: 0, failedTries: 0 }),
    whenReady: async () => {},
    windowMax: 10,
    close: async () => {},
  }
  const pace = openPace({ perSecond: 8, monotonicMs: () => atMs, timers: systemTimers })
  const bind: Bind = {
    worker: codeQueue,
    name: 'east',
    number: 1,
    epoch: 1,
    gateway,
    pace,
    mayAct: () => true,
    isLeaving: () => false,
  }
  const blameAfter = async (ms: number) => {
    atMs += ms
    const [outcome] = await submitParts(w, bind, message, () => {})
    return outcome?.kind === 'throttled' ? outcome.blame : outcome?.kind
  }
  const blames = []
  for (let second = 0; second < 12; second++) blames.push(await blameAfter(1_010))
  expect(blames).toEqual([...Array.from({ length: 10 }, () => undefined), 'gateway', 'gateway'])
  answer = { kind: 'submitted', carrierId: '1' }
  expect(await blameAfter(1_010)).toBe('submitted')
  answer = { kind: 'throttled', status: 'ESME_RMSGQFUL' }
  expect(await blameAfter(1_010)).toBeUndefined()
})
