import { describe, expect, test } from 'vitest'
import { day } from '#values/day'
import { readHold, readRelease } from './hold-form.rules.ts'

const today = day('2026-11-24')
const legal = { reason: 'legal', receivedDay: '2026-11-24', lawFirm: '見本法律事務所', documentDay: '2026-11-20' }
const faulty = (form: Record<string, string>) => {
  const read = readHold(form, today)
  return 'problems' in read ? read.problems.map(({ field }) => field) : []
}

describe('a hold', () => {
  test('for a 受任通知 is kept with who sent it and when it came', () => {
    expect(readHold(legal, today)).toEqual({
      reason: 'legal',
      documentDay: '2026-11-20',
      notification: { receivedDay: '2026-11-24', lawFirm: '見本法律事務所' },
    })
    expect(readHold({ ...legal, documentDay: '' }, today)).toMatchObject({ documentDay: undefined })
  })

  test.each<[string, Record<string, string>, readonly string[]]>([
    ['without who sent it', { ...legal, lawFirm: ' ' }, ['lawFirm']],
    ['without the day it came', { ...legal, receivedDay: '' }, ['receivedDay']],
    ['that came tomorrow', { ...legal, receivedDay: '2026-11-25' }, ['receivedDay']],
    ['dated after it came', { ...legal, receivedDay: '2026-11-19' }, ['documentDay']],
    ['dated by nobody knows what', { ...legal, documentDay: '2026-11-31' }, ['documentDay']],
    ['for no reason of ours', { ...legal, reason: 'toString' }, ['reason']],
    ['dated in the future', { reason: 'death', documentDay: '2026-11-25' }, ['documentDay']],
  ])('is not taken %s', (_, form, fields) => {
    expect(faulty(form)).toEqual(fields)
  })

  test('for another reason needs no sender', () => {
    expect(readHold({ reason: 'dispute', lawFirm: 'x' }, today)).toEqual({
      reason: 'dispute',
      documentDay: undefined,
      notification: undefined,
    })
  })
})

test('a release says why', () => {
  expect(readRelease({ released: 'legal', because: ' 辞任通知を受領 ' })).toEqual({
    reason: 'legal',
    because: '辞任通知を受領',
  })
  expect(readRelease({ released: 'legal', because: '' })).toMatchObject({ problems: [{ field: 'because' }] })
  expect(readRelease({ because: 'x' })).toMatchObject({ problems: [{ field: 'released' }] })
})
