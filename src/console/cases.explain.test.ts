import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { searchValue } from '#customers'
import { sql } from '#platform/database/database'
import { at } from '../../test/casework.ts'
import { openConsole, plainOperator, type TestConsole } from '../../test/console.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { type Explained, explaining, rowsTouched, tablesReadWhole } from '../../test/explain.ts'
import { fillTown, type Town } from '../../test/journeys/console-town.ts'
import type { PlainBrowser } from '../../test/plain-browser.ts'
import { urls } from './urls.ts'

/** What a search and a case page read, while there are some hundreds of others. */
let it: TestDatabase
let site: TestConsole
let town: Town
let agent: PlainBrowser
beforeAll(async () => {
  it = await testDatabase()
  site = await openConsole(it.db)
  town = await fillTown(it, site, 600)
  site.setClock(at('2026-11-24', 10, 30))
  agent = await plainOperator(site, 'agent')
  // A name that half of the town shares.
  const value = searchValue(site.world.vault, 'family', 'ジュウミン')
  await sql`insert into customer_search (label, value, customer_id)
    select 'family', ${value}, id from customers order by id limit 300`.execute(it.ownerDb)
  await sql`analyze`.execute(it.ownerDb)
})
afterAll(async () => {
  await site.close()
  await it.drop()
})

/** Tables that have a row for everybody in town at least; of the others there is little, and a look at all of it is quick. */
const growing =
  /^(customers|customer_search|contracts|cases|bills|debits|messages\w*|message_events\w*|campaign_decisions|identity_index)$/

const wholeReadsOf = (statements: readonly Explained[]) =>
  statements.flatMap((statement) => {
    const tables = tablesReadWhole(statement).filter((name) => growing.test(name))
    return tables.length > 0 ? [`${tables.join()}: ${statement.text.slice(0, 120)}`] : []
  })

describe('nothing is read whole', () => {
  test('by a search for a name that half of the town shares', async () => {
    await agent.open(urls.cases)
    const statements = await explaining(() => agent.send(urls.search, { q: 'ジュウミン' }))
    expect(agent.page?.html).toContain('25名以上が見つかりました')
    expect(wholeReadsOf(statements)).toEqual([])
    const searches = statements.filter(({ text }) => text.includes('from customer_search'))
    expect(searches.length).toBeGreaterThan(0)
    for (const statement of searches) expect(rowsTouched(statement)).toBeLessThan(100)
  })

  test('by a search for a phone', async () => {
    await agent.open(urls.cases)
    const statements = await explaining(() => agent.send(urls.search, { q: '0900-100-0042' }))
    expect(wholeReadsOf(statements)).toEqual([])
  })

  test.each<[string, () => string]>([
    ['who has promised', () => town.promised],
    ['who is silent', () => town.silent],
  ])('by the page of somebody %s', async (_, of) => {
    const statements = await explaining(() => agent.open(urls.case(of())))
    expect(agent.page?.status).toBe(200)
    expect(wholeReadsOf(statements)).toEqual([])
    // A claim names a hundred messages; nothing else comes near.
    expect(Math.max(...statements.map(rowsTouched))).toBeLessThan(250)
  })
})
