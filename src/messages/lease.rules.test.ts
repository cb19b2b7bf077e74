import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  actsUntilMs,
  type Lease,
  type LeaseRow,
  leaseTiming,
  mayAct,
  mayTake,
  type Observation,
  observe,
} from './lease.rules.ts'

const { beatEveryMs, lifeMs, marginMs } = leaseTiming
const row: LeaseRow = { gateway: 'main', bind: 0, worker: 'a', epoch: 7, beat: 3 }
const seen = (change: Partial<Observation>): Observation => ({ ...row, sinceMs: 1_000, ...change })

/**
 * Workers with clocks of their own, fast or slow, on one real time line. Each does its steps one after the other;
 * between any two moments it may stand still for as long as it likes, and any answer may come late or never.
 */
type Step = {
  readonly kind: 'go-on' | 'release' | 'die'
  readonly pauseMs: number
  readonly requestMs: number
  readonly answerMs: number
  readonly isAnswerLost: boolean
}
type Plan = { readonly clockRate: number; readonly clockStartsAt: number; readonly steps: readonly Step[] }

type Worker = { name: string; life: number; lease: Lease | undefined; observations: readonly Observation[] }

/** Answers with how often a lease changed hands, and whether two workers could act at once. */
const history = (plans: readonly Plan[]) => {
  let stored: LeaseRow = { ...row, worker: null, epoch: 0, beat: 0 }
  let handovers = 0
  let isDoubled = false
  const dead = new Set<string>()
  const events: { readonly atMs: number; readonly run: () => void }[] = []
  let realMs = 0
  const after = (ms: number, run: () => void) => void events.push({ atMs: realMs + ms, run })

  const workers = plans.map((plan, index) => {
    const clock = () => plan.clockStartsAt + realMs * plan.clockRate
    const worker: Worker = { name: `${index}`, life: 0, lease: undefined, observations: [] }
    const canAct = () => worker.lease !== undefined && mayAct(worker.lease, clock())
    const step = (at: number) => {
      const s = plan.steps[at]
      if (s === undefined) return
      const next = () => after(s.pauseMs, () => step(at + 1))
      const ask = <A>(inDatabase: () => A, whenAnswered: (answer: A) => void) =>
        after(s.requestMs, () => {
          const answer = inDatabase()
          after(s.answerMs, () => {
            if (!s.isAnswerLost) whenAnswered(answer)
            next()
          })
        })
      const { lease } = worker
      const me = `${worker.name}.${worker.life}`
      if (s.kind === 'die') {
        dead.add(me)
        worker.life += 1
        worker.lease = undefined
        worker.observations = []
        next()
      } else if (lease !== undefined && s.kind === 'release') {
        worker.lease = undefined
        ask(
          () => {
            if (stored.epoch === lease.epoch) stored = { ...stored, worker: null, beat: stored.beat + 1 }
          },
          () => {},
        )
      } else if (lease !== undefined) {
        const beatStartedMs = clock()
        ask(
          () => {
            if (stored.worker !== me || stored.epoch !== lease.epoch) return false
            stored = { ...stored, beat: stored.beat + 1 }
            return true
          },
          (isOurs) => {
            worker.lease = isOurs ? { ...lease, beatStartedMs } : undefined
          },
        )
      } else {
        after(s.requestMs, () => {
          const read = stored
          after(s.answerMs, () => {
            worker.observations = observe(worker.observations, [read], clock())
            const [observation] = worker.observations
            const isHolderDead = dead.has(observation?.worker ?? '')
            const outcome = observation && mayTake(observation, { monotonicNow: clock(), isHolderDead })
            if (observation === undefined || outcome?.kind !== 'take') {
              next()
              return
            }
            const beatStartedMs = clock()
            ask(
              () => {
                if (stored.epoch !== observation.epoch || stored.beat !== observation.beat) return false
                stored = { ...stored, worker: me, epoch: outcome.epoch }
                return true
              },
              (isOurs) => {
                if (!isOurs) return
                handovers += 1
                worker.lease = { gateway: 'main', bind: 0, epoch: outcome.epoch, beatStartedMs }
              },
            )
          })
        })
      }
    }
    step(0)
    return { canAct }
  })

  for (;;) {
    events.sort((a, b) => a.atMs - b.atMs)
    const next = events.shift()
    if (next === undefined) return { handovers, isDoubled }
    realMs = next.atMs
    next.run()
    // A worker begins to be able to act only in an event, so two of them would be seen after one.
    if (workers.filter(({ canAct }) => canAct()).length > 1) isDoubled = true
  }
}

/** Just inside what the margin bears. */
const clockErrorMax = (marginMs / lifeMs) * 0.99
const ms = (usual: number, rare: number) =>
  fc.oneof({ weight: 4, arbitrary: fc.nat(usual) }, { weight: 1, arbitrary: fc.nat(rare) })
const plan: fc.Arbitrary<Plan> = fc.record({
  clockRate: fc.oneof(
    fc.constantFrom(1 - clockErrorMax, 1 + clockErrorMax),
    fc.double({ min: 1 - clockErrorMax, max: 1 + clockErrorMax, noNaN: true }),
  ),
  clockStartsAt: fc.nat(1_000_000),
  steps: fc.array(
    fc.record({
      kind: fc.oneof(
        { weight: 12, arbitrary: fc.constant('go-on' as const) },
        { weight: 1, arbitrary: fc.constantFrom('release' as const, 'die' as const) },
      ),
      pauseMs: ms(beatEveryMs, 3 * lifeMs),
      requestMs: ms(50, 2 * lifeMs),
      answerMs: ms(50, 2 * lifeMs),
      isAnswerLost: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    }),
    { minLength: 10, maxLength: 60 },
  ),
})

test('whatever clocks, pauses and the network do, never two workers may act on a bind', () => {
  let handovers = 0
  fc.assert(
    fc.property(fc.array(plan, { minLength: 2, maxLength: 3 }), (plans) => {
      const told = history(plans)
      handovers += told.handovers
      expect(told.isDoubled).toBe(false)
    }),
    { numRuns: 1_500 },
  )
  // The property says something only where leases do change hands.
  expect(handovers).toBeGreaterThan(5_000)
})

test('the margin is what bears the clocks: twice the error, and two workers would act', () => {
  const steady = { requestMs: 0, answerMs: 0, isAnswerLost: false, kind: 'go-on' } as const
  const error = (2 * marginMs) / lifeMs
  const holder: Plan = {
    clockRate: 1 - error,
    clockStartsAt: 0,
    steps: [{ ...steady, pauseMs: 600_000 }],
  }
  const contender: Plan = {
    clockRate: 1 + error,
    clockStartsAt: 0,
    steps: Array.from({ length: 100 }, () => ({ ...steady, requestMs: 1, pauseMs: 99 })),
  }
  expect(history([holder, contender]).isDoubled).toBe(true)
})

describe('a holder may act', () => {
  test.each([
    ['right after its beat', 0, true],
    ['until its life less the margin is over', lifeMs - marginMs - 1, true],
    ['not at the end of it', lifeMs - marginMs, false],
    ['not when it wakes up an hour later', 3_600_000, false],
  ])('%s', (_, laterMs, expected) => {
    expect(mayAct({ beatStartedMs: 40 }, 40 + laterMs)).toBe(expected)
    expect(actsUntilMs({ beatStartedMs: 40 })).toBe(40 + lifeMs - marginMs)
  })
})

describe('an observation', () => {
  test('keeps its age while nothing changes', () => {
    const first = observe([], [row], 1_000)
    expect(observe(first, [row], 4_000)).toEqual([{ ...row, sinceMs: 1_000 }])
  })

  test.each<Partial<LeaseRow>>([{ beat: 4 }, { epoch: 8 }, { worker: 'b' }, { worker: null }])(
    'is new after %j',
    (change) => {
      const changed = { ...row, ...change }
      expect(observe(observe([], [row], 1_000), [changed], 4_000)).toEqual([{ ...changed, sinceMs: 4_000 }])
    },
  )

  test('is of one bind of one gateway, and goes with its row', () => {
    const other = { ...row, bind: 1, beat: 9 }
    const foreign = { ...row, gateway: 'second' }
    const first = observe([], [row, other], 1_000)
    const second = observe(first, [row, other, foreign], 4_000)
    expect(second.map(({ sinceMs }) => sinceMs)).toEqual([1_000, 1_000, 4_000])
    expect(observe(second, [foreign], 5_000)).toEqual([{ ...foreign, sinceMs: 4_000 }])
  })
})

describe('a contender takes', () => {
  const at = (silentMs: number, isHolderDead = false) => ({ monotonicNow: 1_000 + silentMs, isHolderDead })

  test.each([
    ['what nobody ever held', seen({ worker: null, epoch: 0 }), at(0), 'never-held', 1],
    ['what was released', seen({ worker: null }), at(0), 'released', 8],
    ['what a dead worker held', seen({}), at(0, true), 'dead', 8],
    ['what has been silent for life and margin', seen({}), at(lifeMs + marginMs), 'silent', 8],
  ])('%s', (_, observation, contender, because, epoch) => {
    expect(mayTake(observation, contender)).toEqual({ kind: 'take', because, epoch })
  })

  test('nothing before, and knows how long it has to wait', () => {
    expect(mayTake(seen({}), at(lifeMs))).toEqual({ kind: 'wait', forMs: marginMs })
  })
})

test('a lease that dies with the first failed beat is no setting', () => {
  const timing = { beatEveryMs: 2_500, lifeMs: 5_000, marginMs: 500 }
  expect(() => mayTake(seen({}), { monotonicNow: 0, isHolderDead: false, timing })).toThrow('outlives')
})
