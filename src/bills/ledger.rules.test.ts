import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, type Day, day } from '#values/day'
import { yen } from '#values/yen'
import { amountOn, type Credit, totalOn } from './amount.rules.ts'
import { allocate, type Ledger, type LedgerBill, type LedgerDeposit, type LedgerTerms } from './ledger.rules.ts'

const lateCharge = { annualRatePercent: '14.6', legalCapPercent: '14.6', dayCount: 365 as const, startsAfterDays: 1 }
const products = {
  card: { name: 'カード', excluded: false, loan: false, lateCharge },
  plain: { name: '会費', excluded: false, loan: false },
}
const termsWith = (payments: Partial<LedgerTerms['policies']['payments']> = {}): LedgerTerms => ({
  products,
  policies: { payments: { allocation: ['fee', 'late-charge', 'principal'], waiveUpToYen: 0, ...payments } },
})
const terms = termsWith()

/** 10,000 yen run up 4 yen a day. */
const bill = (billId: string, of: Partial<LedgerBill> = {}): LedgerBill => ({
  billId,
  principal: yen(10_000),
  fee: yen(0),
  dueDay: day('2026-11-20'),
  product: 'card',
  ...of,
})
const money = (depositId: string, on: string, amount: number, of: Partial<LedgerDeposit> = {}): LedgerDeposit => ({
  depositId,
  key: depositId,
  onDay: day(on),
  chargeDay: day(on),
  amount: yen(amount),
  billIds: null,
  ...of,
})

/** 'deposit → bill: fee + late charge + principal'. */
const told = ({ lines, surpluses, settled }: Ledger) => [
  ...lines.map((line) => `${line.depositId} → ${line.billId}: ${line.fee} + ${line.lateCharge} + ${line.principal}`),
  ...surpluses.map(({ depositId, amount, because }) => `${depositId} left ${amount}: ${because}`),
  ...settled.map(({ billId, depositId, onDay }) => `${billId} settled by ${depositId} on ${onDay}`),
]
const ledger = (bills: readonly LedgerBill[], deposits: readonly LedgerDeposit[], of = terms) =>
  told(allocate(bills, deposits, of))

test.each<[string, readonly LedgerBill[], readonly LedgerDeposit[], readonly string[]]>([
  ['nothing', [], [], []],
  [
    'exactly what is owed',
    [bill('a')],
    [money('1', '2026-11-23', 10_012)],
    ['1 → a: 0 + 12 + 10000', 'a settled by 1 on 2026-11-23'],
  ],
  [
    'a part: fee, then late charge, then principal',
    [bill('a', { fee: yen(330) })],
    [money('1', '2026-11-23', 5_000)],
    ['1 → a: 330 + 12 + 4658'],
  ],
  ['one yen too little', [bill('a')], [money('1', '2026-11-23', 10_011)], ['1 → a: 0 + 12 + 9999']],
  [
    'too much',
    [bill('a')],
    [money('1', '2026-11-23', 10_500)],
    ['1 → a: 0 + 12 + 10000', '1 left 488: too-much', 'a settled by 1 on 2026-11-23'],
  ],
  [
    'several payments of one bill',
    [bill('a')],
    [money('2', '2026-11-25', 6_000), money('1', '2026-11-23', 4_012)],
    ['1 → a: 0 + 12 + 4000', '2 → a: 0 + 4 + 5996'],
  ],
  [
    'one payment of several bills, the oldest due first',
    [bill('new', { dueDay: day('2026-11-22') }), bill('old')],
    [money('1', '2026-11-22', 15_000)],
    ['1 → old: 0 + 8 + 10000', '1 → new: 0 + 0 + 4992', 'old settled by 1 on 2026-11-22'],
  ],
  [
    'money does not pay what was due only after it',
    [bill('a'), bill('later', { dueDay: day('2026-11-24') })],
    [money('1', '2026-11-23', 20_000)],
    ['1 → a: 0 + 12 + 10000', '1 left 9988: too-much', 'a settled by 1 on 2026-11-23'],
  ],
  [
    'the same again is paid twice',
    [bill('a')],
    [money('1', '2026-11-23', 10_012), money('2', '2026-11-25', 10_012)],
    ['1 → a: 0 + 12 + 10000', '2 left 10012: paid-twice', 'a settled by 1 on 2026-11-23'],
  ],
  [
    'the sum that was debited, again, is paid twice',
    [bill('a')],
    [money('1', '2026-11-23', 10_012), money('2', '2026-11-25', 10_000)],
    ['1 → a: 0 + 12 + 10000', '2 left 10000: paid-twice', 'a settled by 1 on 2026-11-23'],
  ],
  [
    'what would be owed that day, again, is paid twice; so is the sum of several bills',
    [bill('a'), bill('b', { dueDay: day('2026-11-21') })],
    [money('1', '2026-11-23', 20_020), money('2', '2026-11-25', 10_020), money('3', '2026-11-26', 20_044)],
    [
      '1 → a: 0 + 12 + 10000',
      '1 → b: 0 + 8 + 10000',
      '2 left 10020: paid-twice',
      '3 left 20044: paid-twice',
      'a settled by 1 on 2026-11-23',
      'b settled by 1 on 2026-11-23',
    ],
  ],
  ['money without a bill', [], [money('1', '2026-11-23', 700)], ['1 left 700: nothing-owed']],
  [
    'a target is paid before older bills, and nothing else is',
    [bill('old'), bill('new', { dueDay: day('2026-11-21') })],
    [money('1', '2026-11-21', 10_100, { billIds: ['new'] })],
    ['1 → new: 0 + 0 + 10000', '1 left 100: too-much', 'new settled by 1 on 2026-11-21'],
  ],
  [
    'a target that was paid by other money',
    [bill('a')],
    [money('1', '2026-11-22', 10_008), money('2', '2026-11-23', 10_000, { billIds: ['a'] })],
    ['1 → a: 0 + 8 + 10000', '2 left 10000: paid-twice', 'a settled by 1 on 2026-11-22'],
  ],
  ['a target that is gone', [], [money('1', '2026-11-22', 500, { billIds: ['a'] })], ['1 left 500: nothing-owed']],
  [
    'of one day, what has a target comes first',
    [bill('a')],
    [money('1', '2026-11-23', 10_012), money('2', '2026-11-23', 10_012, { billIds: ['a'] })],
    ['2 → a: 0 + 12 + 10000', '1 left 10012: paid-twice', 'a settled by 2 on 2026-11-23'],
  ],
  [
    'a debit pays no late charge and leaves none',
    [bill('a', { fee: yen(330) })],
    [money('1', '2026-12-20', 10_330, { billIds: ['a'], chargeDay: null })],
    ['1 → a: 330 + 0 + 10000', 'a settled by 1 on 2026-12-20'],
  ],
  [
    'a debit of what was partly paid already',
    [bill('a')],
    [money('1', '2026-11-23', 5_000), money('2', '2026-11-30', 10_000, { billIds: ['a'], chargeDay: null })],
    ['1 → a: 0 + 12 + 4988', '2 → a: 0 + 0 + 5012', '2 left 4988: too-much', 'a settled by 2 on 2026-11-30'],
  ],
  [
    'a slip paid in time settles what it was issued for, whatever ran up since',
    [bill('a'), bill('b', { dueDay: day('2026-11-21') })],
    [money('1', '2026-11-24', 20_012, { billIds: ['a', 'b'], chargeDay: day('2026-11-22') })],
    ['1 → a: 0 + 8 + 10000', '1 → b: 0 + 4 + 10000', 'a settled by 1 on 2026-11-24', 'b settled by 1 on 2026-11-24'],
  ],
  [
    'a slip that is paid after a part came another way',
    [bill('a')],
    [
      money('1', '2026-11-23', 4_000),
      money('2', '2026-11-24', 10_008, { billIds: ['a'], chargeDay: day('2026-11-22') }),
    ],
    ['1 → a: 0 + 12 + 3988', '2 → a: 0 + 0 + 6012', '2 left 3996: too-much', 'a settled by 2 on 2026-11-24'],
  ],
  [
    'a bill that was settled before there was a ledger takes no money',
    [bill('a', { isClosed: true })],
    [money('1', '2026-11-24', 10_000)],
    ['1 left 10000: paid-twice'],
  ],
])('%s', (_why, bills, deposits, lines) => {
  expect(ledger(bills, deposits)).toEqual(lines)
})

test('principal first leaves the late charge owed, and it does not grow any more', () => {
  const of = termsWith({ allocation: ['principal', 'late-charge', 'fee'] })
  const first = money('1', '2026-11-23', 10_000)
  expect(ledger([bill('a')], [first], of)).toEqual(['1 → a: 0 + 0 + 10000'])
  expect(ledger([bill('a')], [first, money('2', '2027-11-23', 12)], of)).toEqual([
    '1 → a: 0 + 0 + 10000',
    '2 → a: 0 + 12 + 0',
    'a settled by 2 on 2027-11-23',
  ])
})

test('what is no more than the policy waives settles a bill, of one yen more it does not', () => {
  const of = termsWith({ waiveUpToYen: 12 })
  expect(ledger([bill('a')], [money('1', '2026-11-23', 10_000)], of)).toContain('a settled by 1 on 2026-11-23')
  expect(ledger([bill('a')], [money('1', '2026-11-23', 9_999)], of)).toEqual(['1 → a: 0 + 12 + 9987'])
  // Money is needed: a small bill is not settled by itself.
  expect(ledger([bill('a', { principal: yen(10) })], [], of)).toEqual([])
})

test('a bill heard of late takes up the money that came before it, and is settled on the day of the money', () => {
  const [early, late] = [bill('a', { dueDay: day('2026-11-10') }), bill('b', { dueDay: day('2026-11-20') })]
  const paid = money('1', '2026-11-21', 20_048)
  expect(ledger([late], [paid])).toContain('1 left 10044: too-much')
  expect(ledger([late, early], [paid])).toEqual([
    '1 → a: 0 + 44 + 10000',
    '1 → b: 0 + 4 + 10000',
    'a settled by 1 on 2026-11-21',
    'b settled by 1 on 2026-11-21',
  ])
})

const days = fc.integer({ min: 0, max: 60 }).map((after) => addDays(day('2027-12-10'), after))
const bills = fc
  .array(
    fc.record({
      principal: fc.integer({ min: 1, max: 30_000 }).map(yen),
      fee: fc.constantFrom(0, 0, 330).map(yen),
      dueDay: days,
      product: fc.constantFrom('card', 'plain', null),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((of) => of.map((one, index): LedgerBill => ({ ...one, billId: `bill-${index}` })))
const deposits = fc
  .array(
    fc.record({
      onDay: days,
      amount: fc.oneof(fc.integer({ min: 1, max: 40_000 }), fc.constantFrom(10_000, 20_000)).map(yen),
      target: fc.option(fc.subarray([0, 1, 2, 3], { minLength: 1 }), { freq: 2 }),
      chargedBefore: fc.constantFrom<number | null>(0, 0, 3, null),
    }),
    { maxLength: 6 },
  )
  .map((of) =>
    of.map(({ onDay, amount, target, chargedBefore }, index): LedgerDeposit => {
      const billIds = target?.map((number) => `bill-${number}`) ?? null
      const chargeDay = billIds === null ? onDay : chargedBefore === null ? null : addDays(onDay, -chargedBefore)
      return { depositId: `deposit-${index}`, key: `key-${index}`, onDay, amount, billIds, chargeDay }
    }),
  )
const anyTerms = fc
  .record({
    allocation: fc
      .shuffledSubarray(['fee', 'late-charge', 'principal'] as const, { minLength: 3, maxLength: 3 })
      .map((order) => [...order]),
    waiveUpToYen: fc.constantFrom(0, 0, 10, 500),
  })
  .map(termsWith)

test('every yen is somewhere, no bill takes more than it is, and a settled one takes nothing more', () => {
  fc.assert(
    fc.property(bills, deposits, anyTerms, (of, came, by) => {
      const { lines, surpluses, settled } = allocate(of, came, by)
      for (const { depositId, amount } of came) {
        const put = lines.filter((line) => line.depositId === depositId)
        const left = surpluses.filter((one) => one.depositId === depositId)
        const all = put.reduce((sum, line) => sum + line.fee + line.lateCharge + line.principal, 0)
        expect(all + left.reduce((sum, one) => sum + one.amount, 0)).toBe(amount)
      }
      for (const one of of) {
        const put = lines.filter(({ billId }) => billId === one.billId)
        expect(put.reduce((sum, { principal }) => sum + principal, 0)).toBeLessThanOrEqual(one.principal)
        expect(put.reduce((sum, { fee }) => sum + fee, 0)).toBeLessThanOrEqual(one.fee)
        expect(put.length === 0 || put.every((line) => line.fee + line.lateCharge + line.principal > 0)).toBe(true)
        const last = settled.find(({ billId }) => billId === one.billId)
        if (last) expect(came.find(({ depositId }) => depositId === last.depositId)?.onDay).toBe(last.onDay)
        for (const line of put) {
          const paidOn = came.find(({ depositId }) => depositId === line.depositId)?.onDay as Day
          if (last) expect(paidOn <= last.onDay).toBe(true)
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('the order in which bills and deposits are heard of does not matter', () => {
  const shuffled = fc.record({ bills, deposits }).chain(({ bills: of, deposits: came }) =>
    fc.record({
      one: fc.constant({ of, came }),
      other: fc.record({
        of: fc.shuffledSubarray([...of], { minLength: of.length }),
        came: fc.shuffledSubarray([...came], { minLength: came.length }),
      }),
    }),
  )
  fc.assert(
    fc.property(shuffled, anyTerms, ({ one, other }, by) => {
      expect(allocate(other.of, other.came, by)).toEqual(allocate(one.of, one.came, by))
    }),
    { numRuns: 500 },
  )
})

test('paying what is shown for a day leaves nothing of it and nothing over', () => {
  const withoutWaiver = anyTerms.map(({ policies }) => termsWith({ ...policies.payments, waiveUpToYen: 0 }))
  fc.assert(
    fc.property(bills, deposits, days, withoutWaiver, (of, came, payday, by) => {
      const before = came.filter(({ onDay, billIds }) => onDay < payday && billIds === null)
      const ledgerBefore = allocate(of, before, by)
      const due = of.filter(({ billId, dueDay }) => dueDay <= payday && !isSettled(billId, ledgerBefore))
      const total = totalOn(
        due.map((one) => ({ ...one, credits: creditsOf(one.billId, ledgerBefore, before) })),
        products,
        payday,
      )
      if (total === 0) return
      const exactly = allocate(of, [...before, money('exact', payday, total)], by)
      expect(exactly.surpluses.filter(({ depositId }) => depositId === 'exact')).toEqual([])
      expect(due.filter(({ billId }) => !isSettled(billId, exactly))).toEqual([])
      if (total === 1) return
      const less = [...before, money('exact', payday, total - 1)]
      const after = allocate(of, less, by)
      const left = due
        .filter(({ billId }) => !isSettled(billId, after))
        .map((one) => amountOn({ ...one, credits: creditsOf(one.billId, after, less) }, products, payday).total)
      expect(left).toEqual([1])
    }),
    { numRuns: 500 },
  )
})

const isSettled = (billId: string, { settled }: Ledger): boolean => settled.some((one) => one.billId === billId)

const creditsOf = (billId: string, { lines }: Ledger, came: readonly LedgerDeposit[]): readonly Credit[] =>
  lines
    .filter((line) => line.billId === billId)
    .map(({ depositId, fee, lateCharge, principal }) => {
      const onDay = came.find((one) => one.depositId === depositId)?.onDay as Day
      return { onDay, chargeDay: onDay, fee, lateCharge, principal }
    })
