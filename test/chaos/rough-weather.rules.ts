import type { Weather } from '../../src/sandbox/carrier-weather.rules.ts'
import type { Chaos } from '../chaos-proxy.plan.ts'
import { type ChaosOptions, ratePerSecondOf } from './options.ts'

/** What the carrier does to us while there is mischief. What stalls or cuts a bind comes about as often as a kill. */
export const roughWeather = (options: ChaosOptions): Partial<Weather> => {
  const { messages, kills, seed } = options
  const perKill = (times: number): number => Math.min(0.01, (Math.max(kills, 10) * times) / messages)
  return {
    seed,
    answerAfterMs: { medianMs: 5, p99Ms: 150 },
    deliveryMs: { fromMs: 20, toMs: 3_000 },
    ratePerSecond: ratePerSecondOf(options),
    submits: {
      throttled: 0.001,
      'queue-full': 0.001,
      'system-error': 0.0005,
      refused: 0.003,
      lost: perKill(0.5),
      unanswered: perKill(0.5),
      'cut-before': perKill(0.3),
      'cut-after': perKill(0.3),
      torn: perKill(0.3),
    },
    ends: { undeliverable: 0.02, expired: 0.01 },
    receipts: options.receipts === 'on' ? { early: 0.05, late: 0.05, overtaken: 0.1, twice: 0.05 } : { none: 1 },
    // A short run does not wait for them for longer than it lasted.
    receiptLateByMs: { fromMs: 1_000, toMs: Math.min(30_000, options.minutes * 15_000) },
    backwards: options.receipts === 'on' ? 0.02 : 0,
    strays: 0.01,
    tornReceipts: perKill(0.3),
  }
}

/** Nothing goes wrong any more; a carrier without receipts stays one. */
export const fairWeather = ({ seed, receipts }: ChaosOptions): Partial<Weather> => ({
  seed,
  ...(receipts === 'off' ? { receipts: { none: 1 } } : {}),
})

/** What the network does: about half the connections come to a bad end, the sooner the smaller the run. */
export const roughNetwork = ({ messages }: ChaosOptions): Partial<Chaos> => ({
  latencyMs: { fromMs: 0, toMs: 4 },
  endings: { cut: 0.3, 'answers-lost': 0.08, 'requests-lost': 0.08, 'half-open': 0.08 },
  endsAfterBytes: { from: 2_000, to: Math.min(4_000_000, Math.max(30_000, messages * 5)) },
})
