import { expect, test } from 'vitest'
import { rolesIn } from './claims.ts'

test.each<[claims: object, place: string, roles: readonly string[] | undefined]>([
  [{ roles: ['a', 'b'] }, 'roles', ['a', 'b']],
  [{ roles: 'a' }, 'roles', ['a']],
  [{ roles: ['a', 1, null] }, 'roles', ['a']],
  [{ roles: [] }, 'roles', []],
  [{ realm_access: { roles: ['a'] } }, 'realm_access.roles', ['a']],
  [{ 'https://console.example/roles': ['a'] }, 'https://console.example/roles', ['a']],
  [{}, 'roles', undefined],
  [{ roles: { a: true } }, 'roles', undefined],
  [{ realm_access: null }, 'realm_access.roles', undefined],
  [{}, 'constructor.name', undefined],
])('%j at %s holds %j', (claims, place, roles) => {
  expect(rolesIn(claims as Record<string, unknown>, place)).toEqual(roles)
})
