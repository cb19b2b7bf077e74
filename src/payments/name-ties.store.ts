import type { SearchLabel } from '#customers'
import { type Db, sql } from '#platform/database/database'
import type { Tie } from './match.rules.ts'
import type { Found, Read } from './ownerless.ts'

/** A name that more customers have than this tells nobody. */
const sameNameMax = 300

export type BlindValue = (label: SearchLabel, name: string) => Buffer

type NameAsked = { readonly key: string; readonly name: string; readonly kind: NonNullable<Tie['name']> }

export const listNamed = async (db: Db, read: readonly Read[], blindValue: BlindValue): Promise<readonly Found[]> =>
  listByName(
    db,
    read.flatMap(({ key, readings }) => [
      ...readings.wholeNames.map((name) => ({ key, name, kind: 'whole' }) as const),
      ...readings.familyNames.map((name) => ({ key, name, kind: 'family' }) as const),
    ]),
    blindValue,
  )

export const listHouseholds = async (
  db: Db,
  read: readonly Read[],
  blindValue: BlindValue,
): Promise<readonly Found[]> => listByName(db, householdsAsked(read), blindValue)

const householdsAsked = (read: readonly Read[]): readonly NameAsked[] =>
  read.flatMap(({ key, readings }) =>
    readings.householdNames.map((name) => ({ key, name, kind: 'household' }) as const),
  )

const listByName = async (db: Db, asked: readonly NameAsked[], blindValue: BlindValue): Promise<readonly Found[]> => {
  if (asked.length === 0) return []
  const labels = asked.map(({ kind }): SearchLabel => (kind === 'whole' ? 'full-name' : 'family'))
  const values = asked.map(({ name }, at) => blindValue(labels[at] ?? 'family', name))
  const { rows } = await sql<{ at: number; customerIds: readonly string[] }>`
    select a.at::int - 1 as at, s.ids as "customerIds"
    from unnest(${labels}::text[], ${values}::bytea[]) with ordinality as a (label, value, at)
    cross join lateral (
      select array_agg(customer_id) as ids from (
        select customer_id from customer_search where label = a.label and value = a.value limit ${sameNameMax + 1}
      ) c
    ) s
    where cardinality(s.ids) <= ${sameNameMax}`.execute(db)
  return rows.flatMap(({ at, customerIds }) => {
    const name = asked[at]
    return name ? customerIds.map((customerId) => ({ key: name.key, customerId, name: name.kind })) : []
  })
}

/** Whether the customers whose number was written have one of the names that was written. */
export const listNumberedHouseholds = async (
  db: Db,
  read: readonly Read[],
  numbered: readonly Found[],
  blindValue: BlindValue,
): Promise<readonly Found[]> => {
  const byKey = Map.groupBy(numbered, ({ key }) => key)
  const asked = householdsAsked(read).flatMap(({ key, name, kind }) =>
    (byKey.get(key) ?? []).map(({ customerId }) => ({ key, customerId, name, kind })),
  )
  if (asked.length === 0) return []
  const { rows } = await sql<{ at: number }>`
    select a.at::int - 1 as at
    from unnest(${asked.map(({ name }) => blindValue('family', name))}::bytea[],
      ${asked.map(({ customerId }) => customerId)}::uuid[]) with ordinality as a (value, customer_id, at)
    join customer_search s on s.label = 'family' and s.value = a.value and s.customer_id = a.customer_id`.execute(db)
  return rows.flatMap(({ at }) => {
    const tie = asked[at]
    return tie ? [{ key: tie.key, customerId: tie.customerId, name: tie.kind }] : []
  })
}

/** Hundreds of deposits share a few names. */
export const remembered = (make: BlindValue): BlindValue => {
  const made = new Map<string, Buffer>()
  return (label, name) => {
    const known = made.get(`${label}|${name}`)
    if (known) return known
    const value = make(label, name)
    made.set(`${label}|${name}`, value)
    return value
  }
}
