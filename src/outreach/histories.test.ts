import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { type CurrentAnswer, decideAnswer, type HoldReason, judgePromise } from '#answers'
import type { OpenBill } from '#bills'
import type { Creditor } from '#creditor'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { addDays, type Day, dayInJst, daysBetween, hourInJst, instantOfJst, weekday } from '#values/day'
import { yen } from '#values/yen'
import { creditorWith, tuesday } from '../../test/casework.ts'
import { type ContactFacts, decideContact } from './contact.rules.ts'

/**
 * The invariants of contact, by random histories in virtual time. The world below keeps its own simple books; what may
 * be sent is decided by the real rules, and judged by oracles that share nothing with them.
 */

type Act =
  | { readonly kind: 'debit-fails'; readonly who: 0 | 1; readonly code: string }
  | { readonly kind: 'money-comes'; readonly who: 0 | 1 }
  | { readonly kind: 'redebit-result-comes'; readonly who: 0 | 1 }
  | { readonly kind: 'promises'; readonly who: 0 | 1; readonly days: number }
  | { readonly kind: 'tells'; readonly who: 0 | 1; readonly what: 'already-paid' | 'consultation' }
  | { readonly kind: 'hold'; readonly who: 0 | 1; readonly reason: HoldReason; readonly on: boolean }
  | { readonly kind: 'send' }

type Step = { readonly afterMinutes: number; readonly act: Act }

type Bill = { readonly caseNo: number; readonly code: string; readonly billedAt: Date; settledOn: Day | null }
type Promised = {
  readonly caseNo: number
  readonly madeOn: Day
  readonly day: Day
  readonly lastOfferedDay: Day
  readonly quietUntil: Day
  state: 'pending' | 'moved' | 'kept' | 'broken' | 'cancelled'
}
type Sent = { readonly who: number; readonly caseNo: number; readonly at: Date; readonly validUntil: Date }

let creditor: Creditor
beforeAll(async () => {
  creditor = { ...(await creditorWith()), redebits: { days: redebitDays, cutOffBankDays: 3 } }
})

/** What the creditor tries again: two with a cut-off of their own, the others three bank days before it. */
const redebitDays = [
  { day: '2026-11-30' },
  { day: '2026-12-10', cutOff: '2026-12-08' },
  { day: '2027-01-12', products: ['cashing'] },
  { day: '2027-01-20', cutOff: '2027-01-19', products: ['card'] },
  { day: '2027-02-15' },
]

/** Two customers with one phone: what is counted per phone is counted over both. */
const world = () => {
  let now = instantOfJst(tuesday, 0)
  const people = [0, 1].map(() => ({
    caseNo: 0,
    bills: [] as Bill[],
    promises: [] as Promised[],
    told: [] as { readonly kind: 'already-paid' | 'consultation'; readonly on: Day; readonly quietUntil: Day }[],
    holds: new Set<HoldReason>(),
    redebitResults: [] as Day[],
  }))
  const sent: Sent[] = []
  type Person = (typeof people)[number]

  const openBills = (person: Person) => person.bills.filter((bill) => bill.settledOn === null)
  const today = () => dayInJst(now)

  const judge = () => {
    for (const person of people)
      for (const promise of person.promises) {
        if (promise.state !== 'pending') continue
        const bills = person.bills
          .filter((bill) => bill.caseNo === promise.caseNo)
          .map((bill) =>
            bill.settledOn === null ? ({ how: 'open' } as const) : ({ how: 'settled', onDay: bill.settledOn } as const),
          )
        const verdict = judgePromise({ quietUntil: promise.quietUntil, bills }, creditor.policies, now)
        if (verdict === 'kept' || verdict === 'broken') promise.state = verdict
      }
  }

  const currentAnswers = (person: Person, who: number): CurrentAnswer[] => {
    const ofCase = person.promises.filter(({ caseNo }) => caseNo === person.caseNo)
    const last = ofCase.at(-1)
    return [
      {
        customerId: `customer-${who}`,
        caseId: `case-${person.caseNo}`,
        answerId: 'answer',
        version: 1,
        kind: 'promise',
        answeredAt: now,
        receiptNumber: '',
        quietUntil: null,
        promise:
          last === undefined || last.state === 'moved'
            ? null
            : { ...last, state: last.state, version: 1, receiptNumber: '' },
        brokenCount: ofCase.filter(({ state }) => state === 'broken').length,
      },
    ]
  }

  const answer = (who: 0 | 1, request: Parameters<typeof decideAnswer>[1]) => {
    const person = people[who] as Person
    const bills = openBills(person).map((_, index): OpenBill => {
      const of = { customerId: `customer-${who}`, billId: `bill-${index}`, caseId: `case-${person.caseNo}` }
      const due = { principal: yen(1_000), fee: yen(0), dueDay: tuesday, credits: [] }
      return { ...of, ...due, contractNumber: null, product: 'card' }
    })
    const facts = { bills, holds: [...person.holds], answers: currentAnswers(person, who) }
    const outcome = decideAnswer(facts, request, { now, holidays, creditor })
    if (outcome.kind === 'refused') return
    const { promisedDay, quietUntil } = outcome
    const [covered] = outcome.cases
    if (promisedDay !== null && quietUntil !== null && covered?.lastOfferedDay) {
      for (const promise of person.promises) if (promise.state === 'pending') promise.state = 'moved'
      const { caseNo } = person
      const { lastOfferedDay } = covered
      person.promises.push({ caseNo, madeOn: today(), day: promisedDay, lastOfferedDay, quietUntil, state: 'pending' })
    } else if (quietUntil !== null && outcome.answer !== 'promise')
      person.told.push({ kind: outcome.answer, on: today(), quietUntil })
  }

  const factsOf = (person: Person, who: number): ContactFacts => {
    const [dayOf, age] = [(one: Sent) => dayInJst(one.at), (one: Sent) => daysBetween(dayInJst(one.at), today())]
    const count = (which: (one: Sent) => boolean) => sent.filter(which).length
    const promised = person.promises.filter(({ state }) => state === 'pending' || state === 'broken')
    const told = person.told.toSorted((a, b) => (a.quietUntil < b.quietUntil ? -1 : 1)).at(-1)
    return {
      bills: person.bills
        .filter((bill) => bill.caseNo === person.caseNo)
        .map((bill) => ({
          product: 'card',
          isOutsideService: false,
          resultCode: bill.code,
          ended: bill.settledOn === null ? null : 'settled',
        })),
      holds: [...person.holds],
      promiseQuietUntil:
        promised
          .map(({ quietUntil }) => quietUntil)
          .sort()
          .at(-1) ?? null,
      told: told ?? null,
      sent: {
        today: count((one) => one.who === who && dayOf(one) === today()),
        in7Days: count((one) => one.who === who && age(one) < 7),
        inCase: count((one) => one.who === who && one.caseNo === person.caseNo),
        todayOnPhone: count((one) => dayOf(one) === today()),
        in7DaysOnPhone: count((one) => age(one) < 7),
      },
      redebits: openBills(person).map((bill, index) => ({
        customerId: `customer-${who}`,
        caseId: `case-${person.caseNo}`,
        billId: `bill-${index}`,
        product: 'card',
        dueDay: dayInJst(bill.billedAt),
        resultsOn: person.redebitResults,
      })),
      textProblems: [],
    }
  }

  return {
    people,
    sent,
    now: () => now,
    advance(minutes: number) {
      now = new Date(now.getTime() + minutes * 60_000)
      judge()
    },
    act(
      act: Act,
      beforeSending: (who: number, facts: ContactFacts, decision: ReturnType<typeof decideContact>) => void,
    ) {
      switch (act.kind) {
        case 'debit-fails': {
          const person = people[act.who] as Person
          if (openBills(person).length === 0) person.caseNo++
          person.bills.push({ caseNo: person.caseNo, code: act.code, billedAt: now, settledOn: null })
          return
        }
        case 'money-comes': {
          const [oldest] = openBills(people[act.who] as Person)
          if (oldest) oldest.settledOn = today()
          judge()
          return
        }
        case 'redebit-result-comes': {
          const tried = redebitDays.map(({ day }) => day as Day).filter((day) => day <= today())
          ;(people[act.who] as Person).redebitResults = tried
          return
        }
        case 'promises':
          answer(act.who, { kind: 'promise', day: addDays(today(), act.days), shownOn: today() })
          return
        case 'tells':
          answer(act.who, { kind: act.what })
          return
        case 'hold': {
          const person = people[act.who] as Person
          if (!act.on) person.holds.delete(act.reason)
          else {
            person.holds.add(act.reason)
            for (const promise of person.promises) if (promise.state === 'pending') promise.state = 'cancelled'
          }
          return
        }
        case 'send':
          for (const [who, person] of people.entries()) {
            const facts = factsOf(person, who)
            const decision = decideContact(facts, creditor, holidays, now)
            beforeSending(who, facts, decision)
            if (decision.kind === 'send')
              sent.push({ who, caseNo: person.caseNo, at: now, validUntil: decision.validUntil })
          }
      }
    },
  }
}

/** The calendar of banks, counted by hand. */
const closedForBanks = (day: Day): boolean =>
  weekday(day) === 0 || weekday(day) === 6 || holidays.isHoliday(day) || /-(12-31|01-0[123])$/.test(day)

const nextOpen = (day: Day): Day => (closedForBanks(day) ? nextOpen(addDays(day, 1)) : day)

/** The promised day, the bank's day for it, and one more on which its money is seen. */
const seenBy = (promised: Day): Day => nextOpen(addDays(nextOpen(promised), 1))

const beforeBankDays = (day: Day, count: number): Day => {
  if (count === 0) return day
  const before = addDays(day, -1)
  return beforeBankDays(before, closedForBanks(before) ? count : count - 1)
}

/** Whether a request with this bill in it may be at the bank, or its money on its way. */
const isBeingRedebited = (bill: Bill, results: readonly Day[], today: Day): boolean =>
  redebitDays.some(({ day, cutOff = beforeBankDays(day as Day, 3), products = ['card'] }) => {
    const due = dayInJst(bill.billedAt)
    const isInRequest = due < day && due <= cutOff && products.includes('card')
    return isInRequest && cutOff <= today && !results.includes(day as Day)
  })

const afterBusinessDays = (day: Day, count: number): Day =>
  count === 0 ? day : afterBusinessDays(nextOpen(addDays(day, 1)), count - 1)

const who = fc.constantFrom<0 | 1>(0, 1)
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('debit-fails'), who, code: fc.constantFrom('1', '1', '1', '2') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('money-comes'), who }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('redebit-result-comes'), who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('promises'), who, days: fc.integer({ min: 0, max: 4 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('tells'), who, what: fc.constantFrom('already-paid', 'consultation') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('hold'),
      who,
      reason: fc.constantFrom('legal', 'death', 'dispute', 'hardship', 'wrong-number'),
      on: fc.boolean(),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('send') }) },
)
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ afterMinutes: fc.oneof(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 4_320 })), act }),
  { minLength: 5, maxLength: 80 },
)

test('no history of imports, promises, holds and money makes a notice leave that should not', () => {
  const seen = { sent: 0, deferred: 0, excluded: new Set<string>(), moved: 0, broken: 0 }
  fc.assert(
    fc.property(steps, (history) => {
      const w = world()
      for (const { afterMinutes, act } of history) {
        w.advance(afterMinutes)
        w.act(act, (number, facts, decision) => {
          if (decision.kind === 'exclude') {
            seen.excluded.add(decision.because)
            expect(decision.chain.at(-1)?.verdict).toBe('exclude')
          }
          if (decision.kind === 'defer') {
            seen.deferred++
            expect(decision.until > w.now()).toBe(true)
            // Released then, with nothing changed, it is not deferred again.
            expect(decideContact(facts, creditor, holidays, decision.until).kind).not.toBe('defer')
          }
          if (decision.kind !== 'send') return
          seen.sent++
          const [now, today] = [w.now(), dayInJst(w.now())]
          const person = w.people[number]
          // Neither submitted nor valid outside 8:00-21:00, and not on days that are kept free.
          expect(hourInJst(now)).toBeGreaterThanOrEqual(8)
          expect(hourInJst(now)).toBeLessThan(21)
          expect(decision.validUntil > now && decision.validUntil <= instantOfJst(today, 21)).toBe(true)
          expect(weekday(today) === 0 || holidays.isHoliday(today)).toBe(false)
          // Not during a live promise, whichever bill it is for; not after money came; under no hold.
          for (const promise of person?.promises ?? [])
            if (promise.state === 'pending' || promise.state === 'broken')
              expect(today > seenBy(promise.day)).toBe(true)
          expect(person?.bills.some((bill) => bill.settledOn === null && bill.code === '1')).toBe(true)
          expect(person?.holds.size).toBe(0)
          // Not while the bank has the next debit of one of the bills in hand.
          for (const bill of person?.bills ?? [])
            if (bill.settledOn === null) expect(isBeingRedebited(bill, person?.redebitResults ?? [], today)).toBe(false)
          for (const { on } of person?.told ?? []) expect(today > afterBusinessDays(on, 3)).toBe(true)
        })
        for (const person of w.people)
          for (const caseNo of new Set(person.promises.map((promise) => promise.caseNo))) {
            const promises = person.promises.filter((promise) => promise.caseNo === caseNo)
            seen.moved += promises.filter(({ state }) => state === 'moved').length
            // After two broken promises of a case there is no third, and none is pending beside a broken one of later.
            const broken = promises.filter(({ state }) => state === 'broken').length
            seen.broken += broken
            expect(broken).toBeLessThanOrEqual(2)
            if (broken === 2) expect(promises.some(({ state }) => state === 'pending')).toBe(false)
            // A promise moves only within the days first offered.
            for (const [index, promise] of promises.entries()) {
              const before = promises[index - 1]
              const first = before?.state === 'moved' ? before.lastOfferedDay : addDays(promise.madeOn, 2)
              expect(promise.day <= first && promise.lastOfferedDay === first).toBe(true)
              if (before?.state === 'moved') expect(promise.madeOn <= before.day).toBe(true)
            }
          }
      }
      // One a day and three in any seven days, to the phone that both share; four in a case.
      for (const one of w.sent) {
        const age = (other: Sent) => daysBetween(dayInJst(other.at), dayInJst(one.at))
        expect(w.sent.filter((other) => age(other) === 0)).toHaveLength(1)
        expect(w.sent.filter((other) => age(other) >= 0 && age(other) < 7).length).toBeLessThanOrEqual(3)
        const inCase = w.sent.filter((other) => other.who === one.who && other.caseNo === one.caseNo)
        expect(inCase.length).toBeLessThanOrEqual(4)
      }
    }),
    { numRuns: 400 },
  )
  // The histories reach what they are about.
  expect(seen.sent).toBeGreaterThan(50)
  expect(seen.deferred).toBeGreaterThan(50)
  expect(seen.moved).toBeGreaterThan(10)
  expect(seen.broken).toBeGreaterThan(10)
  expect([...seen.excluded].sort()).toEqual(
    expect.arrayContaining([
      'cap-in-7-days',
      'cap-per-day',
      'hold-death',
      'legal-hold',
      'live-promise',
      'paid',
      'redebit-planned',
      'result-code',
      'told-already-paid',
      'told-consultation',
    ]),
  )
})
