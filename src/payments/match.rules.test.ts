import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Clues, judgeMatch, type Match, type Tie } from './match.rules.ts'

const transfer: Clues = { channel: 'transfer', toUnassignedAccount: false }
const judge = (ties: readonly Tie[], clues: Partial<Clues> = {}, byName = true) =>
  judgeMatch({ ...transfer, ...clues }, ties, { byName })

const [ann, bob, cleo] = ['ann', 'bob', 'cleo'].map((customerId) => ({ customerId })) as [Tie, Tie, Tie]

type Row = [why: string, ties: readonly Tie[], expected: Match, clues?: Partial<Clues>, byName?: boolean]
const people = (because: string, ...candidates: readonly string[]) =>
  ({ kind: 'for-people', because, candidates }) as Match
const whose = (customerId: string, how: string, certainty: string) =>
  ({ kind: 'matched', customerId, how, certainty }) as Match

test.each<Row>([
  ['their own account', [{ ...ann, account: true }], whose('ann', 'virtual-account', 'certain')],
  [
    'the account before any number',
    [
      { ...bob, reference: 'strong', name: 'whole', amount: 'total' },
      { ...ann, account: true },
    ],
    whose('ann', 'virtual-account', 'certain'),
  ],
  ['their slip', [{ ...ann, slipId: 's' }], { ...whose('ann', 'slip', 'certain'), slipId: 's' } as Match],
  ['a long number', [{ ...ann, reference: 'strong' }], whose('ann', 'reference', 'certain')],
  [
    'a long number before somebody else’s name',
    [
      { ...ann, reference: 'strong' },
      { ...bob, name: 'whole', amount: 'total' },
    ],
    whose('ann', 'reference', 'certain'),
  ],
  [
    'a long number of two, one of whom has the name',
    [
      { ...ann, reference: 'strong' },
      { ...bob, reference: 'strong', name: 'household' },
    ],
    whose('bob', 'reference', 'probable'),
  ],
  [
    'a long number of two, one of whom owes that much',
    [
      { ...ann, reference: 'strong' },
      { ...bob, reference: 'strong', amount: 'bill' },
    ],
    whose('bob', 'reference', 'probable'),
  ],
  [
    'a long number of two',
    [
      { ...ann, reference: 'strong' },
      { ...bob, reference: 'strong' },
    ],
    people('several-fit', 'ann', 'bob'),
  ],
  ['a short number alone', [{ ...ann, reference: 'weak' }], people('reference-weak', 'ann')],
  [
    'a short number with the name',
    [{ ...ann, reference: 'weak', name: 'family' }],
    whose('ann', 'reference', 'probable'),
  ],
  [
    'a short number with the amount',
    [{ ...ann, reference: 'weak', amount: 'total' }],
    whose('ann', 'reference', 'probable'),
  ],
  [
    'a short number of one, name and amount of another',
    [
      { ...ann, reference: 'weak' },
      { ...bob, name: 'whole', amount: 'total' },
    ],
    whose('bob', 'name', 'probable'),
  ],
  ['the whole name and all they owe', [{ ...ann, name: 'whole', amount: 'total' }], whose('ann', 'name', 'probable')],
  ['the whole name and one bill', [{ ...ann, name: 'whole', amount: 'bill' }], whose('ann', 'name', 'probable')],
  [
    'the whole name and what was promised',
    [{ ...ann, name: 'whole', amount: 'promised' }],
    whose('ann', 'name', 'probable'),
  ],
  ['the whole name and another amount', [{ ...ann, name: 'whole' }], people('amount-differs', 'ann')],
  [
    'two of one name, one of whom owes that much',
    [
      { ...ann, name: 'whole' },
      { ...bob, name: 'whole', amount: 'total' },
    ],
    whose('bob', 'name', 'probable'),
  ],
  [
    'two of one name who both owe that much',
    [
      { ...ann, name: 'whole', amount: 'bill' },
      { ...bob, name: 'whole', amount: 'total' },
    ],
    people('several-fit', 'ann', 'bob'),
  ],
  [
    'the family name alone and the amount',
    [{ ...ann, name: 'family', amount: 'total' }],
    whose('ann', 'name', 'probable'),
  ],
  ['the family name alone', [{ ...ann, name: 'family' }], people('nobody-fits')],
  [
    'somebody of the whole name, and somebody of the family who owes that much',
    [
      { ...ann, name: 'whole' },
      { ...bob, name: 'family', amount: 'total' },
    ],
    people('amount-differs', 'ann'),
  ],
  [
    'two of the family who owe that much',
    [{ ...ann, name: 'family', amount: 'total' }, { ...bob, name: 'family', amount: 'total' }, cleo],
    people('several-fit', 'ann', 'bob'),
  ],
  ['somebody of the household', [{ ...ann, name: 'household', amount: 'total' }], people('name-differs', 'ann')],
  ['an amount without a name', [{ ...ann, amount: 'total' }], people('nobody-fits')],
  ['nothing', [], people('nobody-fits')],
  ['a slip of somebody else', [], people('slip-unknown'), { channel: 'convenience-store' }],
  ['an account that is nobody’s', [], people('account-unassigned'), { toUnassignedAccount: true }],
  [
    'an account that is nobody’s, with name and amount',
    [{ ...ann, name: 'whole', amount: 'total' }],
    people('account-unassigned', 'ann'),
    { toUnassignedAccount: true },
  ],
  [
    'name and amount where names do not count',
    [{ ...ann, name: 'whole', amount: 'total' }],
    people('by-name-off', 'ann'),
    {},
    false,
  ],
])('%s', (_why, ties, expected, clues, byName) => {
  expect(judge(ties, clues, byName)).toEqual(expected)
})

const tie = fc.record(
  {
    customerId: fc.constantFrom('ann', 'bob', 'cleo', 'dora', 'emil', 'fritz', 'gerd'),
    reference: fc.constantFrom('strong', 'weak'),
    name: fc.constantFrom('whole', 'family', 'household'),
    amount: fc.constantFrom('total', 'bill', 'promised'),
  },
  { requiredKeys: ['customerId'] },
)
const ties = fc.uniqueArray(tie, { selector: ({ customerId }) => customerId, maxLength: 7 })

test('who is matched does not depend on the order in which they were found', () => {
  fc.assert(
    fc.property(
      ties.chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length }))),
      ([some, shuffled]) => {
        expect(judge(shuffled as Tie[])).toEqual(judge(some as Tie[]))
      },
    ),
  )
})

test('a name alone never makes anything certain, and nothing is matched without a number or an amount', () => {
  fc.assert(
    fc.property(ties, (some) => {
      const match = judge(some as Tie[])
      if (match.kind === 'for-people') {
        expect(match.candidates.length).toBeLessThanOrEqual(5)
        return
      }
      const owner = some.find(({ customerId }) => customerId === match.customerId)
      expect(owner?.reference !== undefined || owner?.amount !== undefined).toBe(true)
      if (match.certainty === 'certain') expect(owner?.reference).toBe('strong')
    }),
  )
})
