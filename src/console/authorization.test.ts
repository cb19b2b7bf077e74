import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DemoPerson, openConsole, plainOperator, type TestConsole } from '../../test/console.ts'
import { consoleRoutes } from '../../test/console-routes.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { urls } from './console.ts'
import { demoPeople } from './demo-people.rules.ts'
import { may } from './roles.rules.ts'

let database: TestDatabase
let site: TestConsole
const cookies = new Map<string, string>()

beforeAll(async () => {
  database = await testDatabase()
  site = await openConsole(database.db)
  for (const { key } of demoPeople) cookies.set(key, (await plainOperator(site, key as DemoPerson)).cookie ?? '')
})
afterAll(async () => {
  await site.close()
  await database.drop()
})

const doors = Object.entries(consoleRoutes).map(([name, who]) => {
  const [method = '', path = ''] = name.split(' ')
  return { name, method, path, who }
})
const guarded = doors.flatMap(({ who, ...door }) => (who === 'public' ? [] : [{ ...door, who }]))
const forms = guarded.filter(({ method }) => method === 'POST')
const people = demoPeople.map(({ key, roles }) => ({ key, roles }))

type Door = { readonly method: string; readonly path: string }

/** With ids of nothing that there is: an id that somebody made up opens no more than none. */
const knock = (
  { method, path }: Door,
  person: string | undefined,
  headers: Readonly<Record<string, string>> = { 'sec-fetch-site': 'same-origin' },
) => {
  const cookie = person === undefined ? undefined : `${site.cookieName}=${cookies.get(person)}`
  return fetch(site.address + path.replaceAll(/:\w+/g, () => randomUUID()), {
    method,
    redirect: 'manual',
    headers: { ...headers, ...(cookie !== undefined && { cookie }) },
    ...(method === 'POST' && { body: isUpload(path) ? new FormData() : new URLSearchParams() }),
  })
}

const isUpload = (path: string) => site.site.guarded.some((route) => route.kind === 'upload' && route.path === path)

test('The list by hand names every route of the console, with its permission', () => {
  const methods = { page: 'GET', fragment: 'GET', form: 'POST', upload: 'POST', program: 'POST', callback: 'POST' }
  const there = site.site.routes.map((route) => [`${methods[route.kind]} ${route.path}`, route.who])
  expect(Object.fromEntries(there)).toEqual(consoleRoutes)
  expect(there).toHaveLength(doors.length)
})

describe.each(guarded)('$name', ({ name, who, ...door }) => {
  test('lets in whom the table of roles allows, and nobody else', async () => {
    const answers = people.map(async ({ key }) => {
      const answer = await knock(door, key)
      const isRefused = answer.status === 403 && (await answer.text()).includes('この操作の権限がありません')
      const isLetIn = !isRefused && answer.status < 500 && !answer.headers.get('location')?.startsWith(urls.signIn)
      return [key, isLetIn ? 'in' : isRefused ? 'refused' : answer.status] as const
    })
    const expected = people.map(({ key, roles }) => [key, who === 'signed-in' || may(roles, who) ? 'in' : 'refused'])
    expect(await Promise.all(answers)).toEqual(expected)
    expect(site.faults).toEqual([])
  })

  test('lets in nobody who has not signed in', async () => {
    const answer = await knock(door, undefined)
    if (answer.status === 303) expect(answer.headers.get('location')).toMatch(/^\/sign-in(\?|$)/)
    else expect([401, 403]).toContain(answer.status)
  })
})

describe.each(forms)('$name', ({ name, who, ...door }) => {
  const [able] = people.filter(({ roles }) => who === 'signed-in' || may(roles, who))

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour host', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin', {}],
  ])('is not taken from %s', async (_, headers) => {
    const answer = await knock(door, able?.key, headers)
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('受け付けられませんでした')])
  })
})

test('Somebody who tries doors leaves a trace', async () => {
  const [door] = guarded.filter(({ who }) => who !== 'signed-in' && !may(['viewer'], who))
  if (door === undefined) return
  await knock(door, 'viewer')
  const line = await database.db
    .selectFrom('audit_lines')
    .select(['actor', 'facts'])
    .where('act', '=', 'console.refused')
    .where('actor', '=', 'operator:demo:viewer')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  expect(line).toMatchObject({ actor: 'operator:demo:viewer', facts: { path: door.path, may: door.who } })
})
