import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Answer, Answers } from './smpp-answers.ts'
import type { Pdu } from './smpp-pdu.ts'
import type { Timers } from './timers.ts'

/** Time that passes when the test says so. */
function time() {
  let now = 0
  let armed = 0
  const due = new Set<{ readonly at: number; readonly run: () => void }>()
  const timers: Timers = {
    after(ms, run) {
      armed += 1
      const timer = { at: now + ms, run }
      due.add(timer)
      return { cancel: () => due.delete(timer) }
    },
  }
  const pass = (ms: number) => {
    const end = now + ms
    for (;;) {
      const [next] = [...due].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      due.delete(next)
      now = next.at
      next.run()
    }
    now = end
  }
  return { timers, pass, now: () => now, armed: () => armed, pending: () => due.size }
}

const response = (sequence: number): Pdu => ({
  command: 'submit_sm_resp',
  isResponse: true,
  status: 0,
  sequence,
  fields: {},
})
const ignore = () => {}

describe('an answer', () => {
  test('is overdue after the time-out, never before it and at most a tenth later', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { minLength: 1, maxLength: 30 }), (pauses) => {
        const { timers, pass, now } = time()
        const answers = new Answers(timers, 1000)
        const waits: number[] = []
        for (const [sequence, pause] of pauses.entries()) {
          pass(pause)
          const askedAt = now()
          answers.expect(sequence, ({ kind }) => kind === 'timeout' && waits.push(now() - askedAt), ignore)
        }
        pass(1100)
        expect(waits).toHaveLength(pauses.length)
        expect(Math.min(...waits)).toBeGreaterThanOrEqual(1000)
        expect(Math.max(...waits)).toBeLessThanOrEqual(1100)
      }),
    )
  })

  test('costs no timer of its own, and none when nobody waits', () => {
    const { timers, pass, armed, pending } = time()
    const answers = new Answers(timers, 1000)
    expect(pending()).toBe(0)
    for (let sequence = 1; sequence <= 10_000; sequence++) {
      answers.expect(sequence, ignore, ignore)
      answers.receive(response(sequence))
    }
    expect(armed()).toBe(1)
    pass(5000)
    expect([armed(), pending()]).toEqual([1, 0])
  })

  test('goes to whoever asked, once', () => {
    const { timers, pass } = time()
    const answers = new Answers(timers, 1000)
    const heard: Answer[] = []
    answers.expect(1, (answer) => heard.push(answer), ignore)
    answers.expect(2, ignore, ignore)
    expect(answers.receive(response(1))).toBe(true)
    expect(answers.receive(response(1))).toBe(false)
    pass(2000)
    answers.drop()
    expect(heard).toEqual([{ kind: 'answered', response: response(1) }])
  })

  test('that comes late is heard as late, once', () => {
    const { timers, pass } = time()
    const answers = new Answers(timers, 1000)
    const heard: string[] = []
    answers.expect(
      1,
      ({ kind }) => heard.push(kind),
      () => heard.push('late'),
    )
    pass(1100)
    expect(answers.receive(response(1))).toBe(true)
    expect(answers.receive(response(1))).toBe(false)
    expect(heard).toEqual(['timeout', 'late'])
  })

  test('that nobody asked for is for nobody', () => {
    expect(new Answers(time().timers, 1000).receive(response(1))).toBe(false)
  })

  test('is "dropped" to all who wait when the connection ends, and later to nobody', () => {
    const { timers, pass, pending } = time()
    const answers = new Answers(timers, 1000)
    const heard: string[] = []
    for (const sequence of [1, 2]) answers.expect(sequence, ({ kind }) => heard.push(kind), ignore)
    answers.drop()
    expect(pending()).toBe(0)
    pass(2000)
    expect(heard).toEqual(['dropped', 'dropped'])
  })

  test('is remembered as late for 10,000 requests and no more', () => {
    const { timers, pass } = time()
    const answers = new Answers(timers, 1000)
    for (let sequence = 1; sequence <= 10_001; sequence++) answers.expect(sequence, ignore, ignore)
    pass(1100)
    expect([1, 2, 10_001].map((sequence) => answers.receive(response(sequence)))).toEqual([false, true, true])
  })
})
