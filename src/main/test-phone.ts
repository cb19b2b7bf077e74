import type { TestPhone } from '#console'
import type { Gateway } from '#platform/gateways/gateway'
import { openSmppSession } from '#platform/gateways/smpp-session'
import { newId } from '#platform/ids'
import { type Carrier, startCarrier } from '#sandbox'
import { domestic, grouped, phone } from '#values/phone'

/** A number that no carrier of this country gives to anybody. */
const testNumber = phone('+819000000000')
const arrivesWithinMs = 5_000

/**
 * The phone on which campaigns are tried: real SMPP to a carrier that we play ourselves, on this machine. It opens a
 * connection of its own to a port of the loopback and nothing else, so that what is sent by it reaches no real carrier,
 * whichever are configured.
 */
export const openTestPhone = (
  w: { readonly clock: { now(): Date }; readonly sender: string },
  ours?: Carrier,
): TestPhone & { close(): Promise<void> } => {
  const now = () => w.clock.now()
  let place: Promise<{ readonly carrier: Carrier; readonly gateway: Gateway }> | undefined
  let known = ours
  /** Opened by the first who tries a text: most processes never need it. */
  const open = async () => {
    const carrier = ours ?? (await startCarrier({ now, runId: `test-${newId(now())}-` }))
    known = carrier
    return { carrier, gateway: connect(carrier, now) }
  }
  let reference = 0
  return {
    number: grouped(testNumber),
    last: () => known?.messages({ to: domestic(testNumber), limit: 1 })[0],
    async send(text) {
      place ??= open()
      const { carrier, gateway } = await place
      const arrived = arrival(carrier)
      await gateway.whenReady()
      reference = (reference + 1) % 65_536
      for (const part of gateway.split(text)) {
        const outcome = await gateway.submit({ to: testNumber, from: w.sender, part, reference })
        if (outcome.kind !== 'submitted') return { kind: 'not-arrived', because: outcome.kind }
      }
      return (await arrived) ? { kind: 'arrived' } : { kind: 'not-arrived', because: 'timeout' }
    },
    async close() {
      const opened = await place
      await opened?.gateway.close()
      if (ours === undefined) await opened?.carrier.close()
    },
  }
}

const connect = (carrier: Carrier, now: () => Date): Gateway =>
  openSmppSession({
    host: '127.0.0.1',
    port: carrier.port,
    systemId: 'annai-test',
    password: 'annai',
    windowMax: 2,
    validityFrom: now,
  })

const arrival = (carrier: Carrier): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => settle(false), arrivesWithinMs)
    const stop = carrier.onMessage(({ to }) => {
      if (to === domestic(testNumber)) settle(true)
    })
    const settle = (isHere: boolean): void => {
      clearTimeout(timer)
      stop()
      resolve(isHere)
    }
  })
