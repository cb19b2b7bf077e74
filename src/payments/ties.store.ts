import { type SearchLabel, searchValue } from '#customers'
import { type Db, sql } from '#platform/database/database'
import type { Day } from '#values/day'
import type { Clues, Tie } from './match.rules.ts'
import { equalAmount, listOwedFacts, type OwedFacts } from './owed-facts.store.ts'
import { type PayerReadings, readPayer } from './payer.rules.ts'
import { bareReference, referenceStrength, writtenForms } from './reference.rules.ts'
import type { PaymentsWorld } from './world.ts'

/** A deposit whose owner is looked for. */
export type Ownerless = {
  /** What the caller knows it by. */
  readonly key: string
  readonly channel: Clues['channel']
  readonly amount: number
  readonly onDay: Day
  readonly account: string | null
  readonly reference: string | null
  readonly payer: string | null
}

export type Evidence = { readonly clues: Clues; readonly ties: readonly Tie[] }

type World = Pick<PaymentsWorld, 'vault' | 'creditor'>

/**
 * Everybody who may have paid these, and why, by the deposits' keys: a handful of statements, however many deposits.
 * Only for people is it worth the while to look for whole households.
 */
export const gatherEvidence = async (
  db: Db,
  w: World,
  ownerless: readonly Ownerless[],
  { households = false }: { readonly households?: boolean } = {},
): Promise<ReadonlyMap<string, Evidence>> => {
  const read = ownerless.map((deposit) => ({ ...deposit, readings: readPayer(deposit.payer ?? '') }))
  const holders = await listHolders(db, ownerless)
  const numbered = await listNumbered(db, read)
  const blindValue = remembered((label: SearchLabel, name) => searchValue(w.vault, label, name))
  const found: readonly Found[] = [
    ...holders.flatMap(({ key, customerId }) =>
      customerId === null ? [] : [{ key, customerId, account: true as const }],
    ),
    ...(await listSlipPayers(db, ownerless)),
    ...numbered,
    ...(await listNamed(db, read, blindValue)),
    ...(households
      ? await listHouseholds(db, read, blindValue)
      : await listNumberedHouseholds(db, read, numbered, blindValue)),
  ]
  const owed = await listOwedFacts(db, w.creditor, [...new Set(found.map(({ customerId }) => customerId))])
  const unassigned = new Set(holders.filter(({ customerId }) => customerId === null).map(({ key }) => key))
  const byKey = Map.groupBy(found, ({ key }) => key)
  return new Map(
    ownerless.map((deposit) => [
      deposit.key,
      {
        clues: { channel: deposit.channel, toUnassignedAccount: unassigned.has(deposit.key) },
        ties: tiesOf(deposit, byKey.get(deposit.key) ?? [], owed),
      },
    ]),
  )
}

type Found = Omit<Tie, 'amount'> & { readonly key: string }

/** What is known of one customer in one place; the stronger of two facts of a kind counts. */
const tiesOf = (deposit: Ownerless, found: readonly Found[], owed: ReadonlyMap<string, OwedFacts>): readonly Tie[] =>
  [...Map.groupBy(found, ({ customerId }) => customerId)].map(([customerId, facts]): Tie => {
    const slipId = facts.find((fact) => fact.slipId !== undefined)?.slipId
    const reference = strongest(
      ['strong', 'weak'] as const,
      facts.map((fact) => fact.reference),
    )
    const name = strongest(
      ['whole', 'family', 'household'] as const,
      facts.map((fact) => fact.name),
    )
    const amount = equalAmount(deposit, owed.get(customerId))
    return {
      customerId,
      ...(facts.some((fact) => fact.account) && { account: true }),
      ...(slipId && { slipId }),
      ...(reference && { reference }),
      ...(name && { name }),
      ...(amount && { amount }),
    }
  })

const strongest = <T>(order: readonly T[], said: readonly (T | undefined)[]): T | undefined =>
  order.find((one) => said.includes(one))

/** Whose virtual account it came to: the file's own account, or the one that the ten digits of the reference name. */
const listHolders = async (db: Db, ownerless: readonly Ownerless[]) => {
  const asked = ownerless.filter(({ account }) => account !== null)
  if (asked.length === 0) return []
  const { rows } = await sql<{ key: string; customerId: string | null }>`
    with asked as (
      select * from unnest(${asked.map(({ key }) => key)}::text[], ${asked.map(({ account }) => account)}::text[],
        ${asked.map(({ reference }) => reference)}::text[]) as a (key, account, reference)
    ),
    fits as (
      select a.key, v.customer_id, 1 as place
        from asked a join virtual_accounts v on (v.bank_code, v.branch_code, v.account_number)
          = (left(a.account, 4), substr(a.account, 6, 3), substr(a.account, 10))
      union all
      select a.key, v.customer_id, 2
        from asked a join virtual_accounts v on (v.bank_code, v.branch_code, v.account_number)
          = (left(a.account, 4), left(a.reference, 3), substr(a.reference, 4))
    )
    select distinct on (key) key, customer_id as "customerId" from fits
    order by key, customer_id is null, place`.execute(db)
  return rows
}

const listSlipPayers = async (db: Db, ownerless: readonly Ownerless[]): Promise<readonly Found[]> => {
  const asked = ownerless.filter(({ channel, reference }) => channel === 'convenience-store' && reference !== null)
  if (asked.length === 0) return []
  const { rows } = await sql<{ key: string; customerId: string; slipId: string }>`
    select a.key, s.customer_id as "customerId", s.id as "slipId"
    from unnest(${asked.map(({ key }) => key)}::text[], ${asked.map(({ reference }) => reference)}::text[])
      as a (key, number)
    join slips s on s.number = a.number`.execute(db)
  return rows
}

type Read = Ownerless & { readonly readings: PayerReadings }

/** Customer, debit, contract and receipt numbers, from the field for it and from the payer's text. */
const listNumbered = async (db: Db, read: readonly Read[]): Promise<readonly Found[]> => {
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

/** A name that more customers have than this tells nobody. */
const sameNameMax = 300

type BlindValue = (label: SearchLabel, name: string) => Buffer

type NameAsked = { readonly key: string; readonly name: string; readonly kind: NonNullable<Tie['name']> }

const listNamed = async (db: Db, read: readonly Read[], blindValue: BlindValue): Promise<readonly Found[]> =>
  listByName(
    db,
    read.flatMap(({ key, readings }) => [
      ...readings.wholeNames.map((name) => ({ key, name, kind: 'whole' }) as const),
      ...readings.familyNames.map((name) => ({ key, name, kind: 'family' }) as const),
    ]),
    blindValue,
  )

const listHouseholds = async (db: Db, read: readonly Read[], blindValue: BlindValue): Promise<readonly Found[]> =>
  listByName(db, householdsAsked(read), blindValue)

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
const listNumberedHouseholds = async (
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
const remembered = (make: BlindValue): BlindValue => {
  const made = new Map<string, Buffer>()
  return (label, name) => {
    const known = made.get(`${label}|${name}`)
    if (known) return known
    const value = make(label, name)
    made.set(`${label}|${name}`, value)
    return value
  }
}
