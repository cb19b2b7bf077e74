/**
 * Numbers that look drawn and are not: the same seed, key and name give the same number, in whatever order and on
 * whatever machine they are asked for. So a run can be repeated although processes are killed in the middle of it.
 */
export function drawsOf(seed: string, key: string): Draws {
  return (name) => fraction(`${seed}\n${key}\n${name}`)
}

/** @returns at least 0 and less than 1; names keep the draws of one key independent of each other. */
export type Draws = (name: string) => number

/** A length of time: always the same, evenly between two, or with a long tail (log-logistic), as
 * answers over a network have it. */
export type Delay =
  | number
  | { readonly fromMs: number; readonly toMs: number }
  | { readonly medianMs: number; readonly p99Ms: number }

export function delayOf(delay: Delay, draw: number): number {
  if (typeof delay === 'number') return delay
  if ('fromMs' in delay) return delay.fromMs + draw * (delay.toMs - delay.fromMs)
  const spread = Math.log(delay.p99Ms / delay.medianMs) / Math.log(99)
  const inside = Math.min(draw, 1 - 1e-9)
  return Math.min(delay.medianMs * (inside / (1 - inside)) ** spread, delay.p99Ms * tailMax)
}

/** The first outcome whose share covers the draw; what the shares leave over is `otherwise`. */
export function pickOf<Outcome extends string>(
  draw: number,
  shares: readonly (readonly [Outcome, number])[],
  otherwise: Outcome,
): Outcome {
  let reach = 0
  for (const [outcome, share] of shares) {
    reach += share
    if (draw < reach) return outcome
  }
  return otherwise
}

/** A test must not wait for the one answer in a million that takes an hour. */
const tailMax = 3

/** Two 32-bit hashes of the text, mixed until every letter moves every bit (cyrb53, public domain): 53 bits. */
function fraction(text: string): number {
  let one = 0xdeadbeef
  let other = 0x41c6ce57
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    one = Math.imul(one ^ unit, 2_654_435_761)
    other = Math.imul(other ^ unit, 1_597_334_677)
  }
  one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(other ^ (other >>> 13), 3_266_489_909)
  other = Math.imul(other ^ (other >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909)
  return ((other & 0x1fffff) * 2 ** 32 + (one >>> 0)) / 2 ** 53
}
