import { maskId } from '../../src/values/mask.ts'

/**
 * Did every code reach a carrier within ten seconds, although the one it was meant for died, hung or turned everybody
 * away? Those are judged that were asked for while nothing of ours was killed; one whose bytes may have reached a carrier
 * stays where it is, and is not.
 */
export const judgePromptness = (run: PromptRun): Promptness => {
  const judged = run.codes
    .filter(({ id }) => run.excused.get(id) === undefined)
    .filter((code) => !layInHanging(run, code))
    .filter(({ committedAtMs }) => !run.disturbedAtMs.some((atMs) => isNear(committedAtMs, atMs)))
  const waits = judged.map((code) => ({
    ...code,
    waitedMs: (run.takenAtMs.get(code.id) ?? Infinity) - code.committedAtMs,
  }))
  const sorted = waits.map(({ waitedMs }) => waitedMs).sort((a, b) => a - b)
  const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return {
    judged: judged.length,
    inTrouble: judged.filter(({ committedAtMs }) =>
      run.troubles.some(({ fromMs, untilMs }) => committedAtMs >= fromMs && committedAtMs <= untilMs),
    ).length,
    moved: judged.filter(({ id }) => run.takenByOther.has(id)).length,
    movedInAll: run.takenByOther.size,
    medianMs: quantile(0.5),
    p99Ms: quantile(0.99),
    longestMs: sorted.at(-1) ?? 0,
    violations: waits
      .filter(({ waitedMs }) => waitedMs > promptMs)
      .map(({ id, customer, waitedMs }) => ({
        check: 'late-code',
        id,
        detail: `customer ${maskId(customer)}: ${Number.isFinite(waitedMs) ? `reached a carrier after ${Math.round(waitedMs)} ms` : 'never reached a carrier'}`,
      })),
  }
}

/** A code moves on within ten seconds; where two tries are lost, each has its own. */
export const promptMs = 10_000
/** So long before, what was killed may still be away: a database that recovers, a lease that runs out. */
const recoveryMs = 20_000

/** It was taken by a carrier that hung meanwhile: its bytes were there, and its answer came before the time-out. */
const layInHanging = ({ hangs, takenAtMs, takenByOther }: PromptRun, code: PromptRun['codes'][number]): boolean =>
  hangs.some(
    ({ isOther, fromMs, untilMs }) =>
      isOther === takenByOther.has(code.id) &&
      untilMs > code.committedAtMs &&
      fromMs < (takenAtMs.get(code.id) ?? Number.NEGATIVE_INFINITY),
  )

const isNear = (committedAtMs: number, disturbedAtMs: number): boolean =>
  committedAtMs > disturbedAtMs - promptMs && committedAtMs < disturbedAtMs + recoveryMs

export type PromptRun = {
  readonly codes: readonly { readonly id: string; readonly customer: string; readonly committedAtMs: number }[]
  /** When something of ours was killed or put to sleep, or was not there yet. */
  readonly disturbedAtMs: readonly number[]
  /** When a carrier was in trouble. */
  readonly troubles: readonly { readonly fromMs: number; readonly untilMs: number }[]
  /** When one of them hung: the kernel took our bytes, and nobody read them. */
  readonly hangs: readonly { readonly isOther: boolean; readonly fromMs: number; readonly untilMs: number }[]
  readonly takenAtMs: ReadonlyMap<string, number>
  /** Those that the carrier took which is not preferred. */
  readonly takenByOther: ReadonlySet<string>
  /** Codes whose bytes may have reached a carrier without our knowing, or that the rules or a carrier turned away. */
  readonly excused: ReadonlyMap<string, string>
}

export type Promptness = {
  readonly judged: number
  /** Of these: asked for while a carrier was in trouble. */
  readonly inTrouble: number
  readonly moved: number
  /** Also of those that are not judged. */
  readonly movedInAll: number
  readonly medianMs: number
  readonly p99Ms: number
  readonly longestMs: number
  readonly violations: readonly { readonly check: string; readonly id: string; readonly detail: string }[]
}
