import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Carrier, startCarrier } from '#sandbox'
import { ten } from '../../test/casework.ts'
import { openTestPhone } from './test-phone.ts'

const startedMs = performance.now()
/** A phone hears a moment later, by the clock. */
const clock = { now: () => new Date(ten.getTime() + performance.now() - startedMs) }
let carrier: Carrier
beforeAll(async () => {
  carrier = await startCarrier({ now: clock.now, runId: 'run-' })
})
afterAll(() => carrier.close())

test('A text arrives as it was written, in one piece, on the one phone and on no other', async () => {
  const phone = openTestPhone({ clock, sender: '0570055877' }, carrier)
  const long = '株式会社ジャックスからお支払いのご案内です。\n'.repeat(6)
  expect(await phone.send(long)).toEqual({ kind: 'arrived' })
  expect(phone.last()).toMatchObject({ text: long, from: '0570055877' })
  expect(carrier.messages().map(({ to }) => to)).toEqual(['09000000000'])
  expect(phone.number).toBe('090-0000-0000')
  await phone.close()
})

test('Without a carrier of the demo it plays its own', async () => {
  const phone = openTestPhone({ clock, sender: '0570055877' })
  expect(phone.last()).toBeUndefined()
  expect(await phone.send('ご案内')).toEqual({ kind: 'arrived' })
  expect(phone.last()?.text).toBe('ご案内')
  await phone.close()
})
