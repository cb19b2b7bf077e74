import { type SearchLabel, searchValue } from '#customers'
import { type Db, sql } from '#platform/database/database'
import type { Clues, Tie } from './match.rules.ts'
import { listHouseholds, listNamed, listNumberedHouseholds, remembered } from './name-ties.store.ts'
import { listNumbered } from './number-ties.store.ts'
import { equalAmount, listOwedFacts, type OwedFacts } from './owed-facts.store.ts'
import type { Found, Ownerless } from './ownerless.ts'
import { readPayer } from './payer.rules.ts'
import type { PaymentsWorld } from './world.ts'

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
