import { expect, test } from 'vitest'
import { at } from '../../test/casework.ts'
import { noWish, readWish, wishAgainstCall } from './contact-wish.rules.ts'

const against = (wish: object, hour: number) => wishAgainstCall({ ...noWish, ...wish }, at('2026-11-24', hour))

test('who wants to be called in the afternoon is not called in the morning', () => {
  expect(against({ callTime: 'afternoon' }, 10)).toBe('お電話は午後をご希望')
  expect(against({ callTime: 'afternoon' }, 12)).toBeUndefined()
  expect(against({ callTime: 'evening' }, 16)).toBe('お電話は夕方以降をご希望')
  expect(against({ callTime: 'evening' }, 17)).toBeUndefined()
  expect(against({ callTime: 'any' }, 10)).toBeUndefined()
})

test('who does not hear well, or wants no calls, is not called at any hour', () => {
  expect(against({ hearing: 'in-writing' }, 10)).toBe('聞こえにくいため、書面・SMSで')
  expect(against({ callTime: 'never' }, 10)).toBe('電話を希望しない')
})

test('only our own words are wishes', () => {
  expect(readWish({ callTime: 'morning', language: 'vi', hearing: 'slowly' })).toEqual({
    callTime: 'morning',
    language: 'vi',
    hearing: 'slowly',
  })
  expect(readWish({ callTime: 'toString', language: 'ja', hearing: 'usual' })).toBeUndefined()
  expect(readWish({})).toBeUndefined()
})
