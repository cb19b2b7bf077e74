import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clientOf } from './client.rules.ts'

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['0:0:0:0:0:ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1234:5678:9abc:def0:1:2', '2001:db8:1234:5600::/56'],
  ['2001:0DB8:1234:56ff::1', '2001:db8:1234:5600::/56'],
  ['2001:db8::1', '2001:db8:0:0::/56'],
  ['2001:db8:1234:5701::1', '2001:db8:1234:5700::/56'],
  ['fe80::1%eth0', 'fe80:0:0:0::/56'],
  ['::1', '0:0:0:0::/56'],
  ['64:ff9b::203.0.113.9', '64:ff9b:0:0::/56'],
  ['unknown', 'unknown'],
])('%s counts as %s', (address, client) => {
  expect(clientOf(address)).toBe(client)
})

const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16))

test('whatever stands behind the first 56 bits is the same client', () => {
  const tail = fc.array(group, { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(
      fc.array(group, { minLength: 3, maxLength: 3 }),
      fc.integer({ min: 0, max: 255 }),
      tail,
      tail,
      (head, byte, a, b) => {
        const address = (low: string, rest: string[]) => [...head, byte.toString(16) + low, ...rest].join(':')
        expect(clientOf(address('00', a))).toBe(clientOf(address('ff', b)))
      },
    ),
  )
})
