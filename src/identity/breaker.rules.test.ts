import { expect, test } from 'vitest'
import { readCreditor } from '#creditor'
import { breakerReason } from './breaker.rules.ts'

const { policies } = await readCreditor('creditor/demo.yaml', { demo: true })

test.each([
  [{ codes: 0, sms: 0, wrong: 0 }, undefined],
  [{ codes: 10, sms: 10, wrong: 99 }, undefined],
  [{ codes: 10, sms: 10, wrong: 100 }, 'wrong-codes'],
  [{ codes: 2000, sms: 2000, wrong: 100 }, 'wrong-codes'],
  [{ codes: 2020, sms: 2020, wrong: 100 }, undefined],
  [{ codes: 4000, sms: 4000, wrong: 199 }, undefined],
  [{ codes: 4000, sms: 4000, wrong: 200 }, 'wrong-codes'],
  [{ codes: 20_000, sms: 30_000, wrong: 0 }, undefined],
  [{ codes: 20_000, sms: 30_001, wrong: 0 }, 'code-sms'],
])('%j: %s', (counts, because) => {
  expect(breakerReason(counts, policies)).toBe(because)
})
