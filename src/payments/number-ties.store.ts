import { type Db, sql } from '#platform/database/database'
import type { Found, Read } from './ownerless.ts'
import { bareReference, referenceStrength, writtenForms } from './reference.rules.ts'

/** Customer, debit, contract and receipt numbers, from the field for it and from the payer's text. */
export const listNumbered = async (db: Db, read: readonly Read[]): Promise<readonly Found[]> => {
  const asked = read.flatMap(({ key, reference, readings }) => [
    ...numberAsked(key, reference ?? '', 'field'),
    ...readings.numbers.flatMap((number) => numberAsked(key, number, 'name')),
  ])
  if (asked.length === 0) return []
  const forms = asked.flatMap(({ bare }, at) => writtenForms(bare).map((form) => ({ at, form })))
  const { rows } = await sql<{ at: number; customerId: string }>`
    with asked as (select bare, at::int - 1 as at from unnest(${asked.map(({ bare }) => bare)}::text[])
      with ordinality as a (bare, at)),
    forms as (
      select * from unnest(${forms.map(({ at }) => at)}::int[], ${forms.map(({ form }) => form)}::text[]) as f (at, form)
    )
    select a.at, c.id as "customerId" from asked a join customers c on c.customer_number_bare = a.bare
    union select a.at, k.customer_id from asked a join contracts k on k.debit_number_bare = a.bare
    union select f.at, k.customer_id from forms f join contracts k on k.contract_number = f.form
    union select f.at, v.customer_id from forms f join answer_versions v on v.receipt_number = f.form`.execute(db)
  return rows.flatMap(({ at, customerId }) => {
    const number = asked[at]
    return number ? [{ key: number.key, customerId, reference: number.strength }] : []
  })
}

const numberAsked = (key: string, number: string, place: 'field' | 'name') => {
  const bare = bareReference(number)
  if (bare === undefined) return []
  return [{ key, bare, strength: place === 'field' ? referenceStrength(bare) : ('weak' as const) }]
}
