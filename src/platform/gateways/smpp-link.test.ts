import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { startSmppCarrier } from '../../../test/smpp-carrier.ts'
import { type LinkHandlers, openLink } from './smpp-link.ts'
import type { Timers } from './timers.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

/** Time-outs never pass; quarters of the silence pass when the test says so. */
function quarters() {
  const due = new Set<() => void>()
  const timers: Timers = {
    after(ms, run) {
      if (ms === 10_000) due.add(run)
      return { cancel: () => due.delete(run) }
    },
  }
  const pass = () => {
    for (const run of [...due]) {
      due.delete(run)
      run()
    }
  }
  return { timers, pass }
}

async function bound() {
  const carrier = await startSmppCarrier()
  cleanUp.push(() => carrier.close())
  const { timers, pass } = quarters()
  const options = { bindCommand: 'bind_transceiver', bindFields: {}, responseTimeoutMs: 7_000 } as const
  const handlers: LinkHandlers = {
    onBound: () => {},
    onDeliver: async () => 0,
    onUnbind: () => {},
    onDropped: () => {},
  }
  const isBound = new Promise<void>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: carrier.port })
    const link = openLink(socket, { ...options, enquireEveryMs: 40_000, timers }, { ...handlers, onBound: resolve })
    cleanUp.push(() => link.drop('the test is over'))
  })
  await isBound
  const connection = carrier.connection('bind_transceiver')
  const enquiries = () => connection.heard.filter(({ command }) => command === 'enquire_link').length
  return { connection, enquiries, pass }
}

/** Time enough for a command that should not come. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 30))

describe('a silent carrier', () => {
  test('is asked whether it lives when the fourth quarter of the silence has passed', async () => {
    const { enquiries, pass } = await bound()
    for (let quarter = 0; quarter < 3; quarter++) pass()
    await aMoment()
    expect(enquiries()).toBe(0)
    pass()
    await expect.poll(enquiries).toBe(1)
  })

  test('is asked again after as long, for its answer ended the silence', async () => {
    const { enquiries, pass } = await bound()
    for (let quarter = 0; quarter < 4; quarter++) pass()
    await expect.poll(enquiries).toBe(1)
    await aMoment()
    for (let quarter = 0; quarter < 3; quarter++) pass()
    await aMoment()
    expect(enquiries()).toBe(1)
    pass()
    await expect.poll(enquiries).toBe(2)
  })
})

test('a carrier that speaks is never asked', async () => {
  const { connection, enquiries, pass } = await bound()
  for (let quarter = 0; quarter < 12; quarter++) {
    pass()
    await connection.deliver({ esm_class: 4 })
  }
  await aMoment()
  expect(enquiries()).toBe(0)
})
