import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ArrivedPart, Phones } from './carrier-phone.ts'

const receivedAt = new Date('2026-11-24T10:00:00+09:00')
const whole = (changed: Partial<ArrivedPart> = {}): ArrivedPart => ({
  id: 'a1',
  to: '09001234567',
  from: '0570000000',
  text: 'あ',
  receivedAt,
  ...changed,
})
const phonesWith = (count: number): Phones => {
  const phones = new Phones(10)
  for (let at = 0; at < count; at++) phones.receive(whole({ id: `o${at}` }))
  return phones
}

describe('a phone', () => {
  test('shows a text of one part at once', () => {
    const phones = new Phones(10)
    const message = { id: 'a1', to: '09001234567', from: '0570000000', text: 'あ', receivedAt }
    expect(phones.receive(whole())).toEqual(message)
    expect(phones.list({ limit: 10 })).toEqual([message])
  })

  test('puts parts together in whatever order they come, also when some come twice before the last', () => {
    const shuffled = fc
      .integer({ min: 2, max: 10 })
      .chain((parts) =>
        fc.tuple(fc.constant(parts), fc.shuffledSubarray([...Array(parts).keys()], { minLength: parts })),
      )
    fc.assert(
      fc.property(shuffled, fc.boolean(), ([parts, order], isRepeated) => {
        const phones = new Phones(10)
        const arrive = (at: number) =>
          phones.receive(
            whole({
              text: `[${at}]`,
              concatenation: { reference: 3, part: at + 1, parts },
            }),
          )
        const [first = 0] = order
        if (isRepeated) arrive(first)
        const arrived = order.map(arrive)
        const text = [...Array(parts).keys()].map((at) => `[${at}]`).join('')
        expect(arrived.slice(0, -1).every((message) => message === undefined)).toBe(true)
        expect(arrived.at(-1)?.text).toBe(text)
        expect(phones.list({ limit: 10 })).toHaveLength(1)
      }),
    )
  })

  test('does not mix parts of other texts, senders or phones', () => {
    const phones = new Phones(10)
    const half = (part: number, changed: Partial<ArrivedPart>, reference = 1) =>
      phones.receive(whole({ ...changed, concatenation: { reference, part, parts: 2 } }))
    expect(half(1, {})).toBeUndefined()
    expect(half(2, {}, 2)).toBeUndefined()
    expect(half(2, { from: '0005' })).toBeUndefined()
    expect(half(2, { to: '09007654321' })).toBeUndefined()
    expect(half(2, {})?.text).toBe('ああ')
  })

  test('lists the newest first, of one phone if asked', () => {
    const phones = phonesWith(3)
    phones.receive(whole({ to: '09007654321' }))
    expect(phones.list({ limit: 2 }).map(({ id }) => id)).toEqual(['a1', 'o2'])
    expect(phones.list({ limit: 9, to: '09001234567' }).map(({ id }) => id)).toEqual(['o2', 'o1', 'o0'])
  })

  test('forgets the oldest when its memory is full', () => {
    const phones = phonesWith(30)
    for (let at = 0; at < 5; at++) phones.receive(whole({ id: `n${at}` }))
    const kept = phones.list({ limit: 100 }).map(({ id }) => id)
    expect(kept.length).toBeLessThanOrEqual(11)
    expect(kept.slice(0, 6)).toEqual(['n4', 'n3', 'n2', 'n1', 'n0', 'o29'])
  })
})
