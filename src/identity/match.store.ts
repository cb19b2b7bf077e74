import { type Db, sql } from '#platform/database/database'
import type { MatchFacts } from './match.rules.ts'

/** One look into the index, hit or miss: who is found under that value, with everything that decides about a code. */
export function listMatches(db: Db, identityValue: Buffer): Promise<readonly MatchFacts[]> {
  return factsOf(db, sql`(select customer_id from identity_index where value = ${identityValue})`)
}

/** The same about customers who were found before, when their code was right. */
export function listMatchFacts(db: Db, customerIds: readonly string[]): Promise<readonly MatchFacts[]> {
  return factsOf(db, sql`unnest(${customerIds}::uuid[])`)
}

/** A bill without a contract may belong to any of them, so one excluded contract takes it out of the service. */
const anyContract = sql`
  select bool_or(other.excluded) as excluded from contracts other where other.customer_id = bill.customer_id`

async function factsOf(db: Db, customers: ReturnType<typeof sql>): Promise<readonly MatchFacts[]> {
  const { rows } = await sql<MatchFacts>`
    select found.customer_id as "customerId",
      coalesce((
        select json_agg(json_build_object('product', bill.product, 'excluded', coalesce(contract.excluded, any_contract.excluded, false)))
        from open_bills bill
        left join contracts contract on contract.customer_id = bill.customer_id and contract.id = bill.contract_id
        cross join lateral (${anyContract}) any_contract
        where bill.customer_id = found.customer_id
      ), '[]') as open,
      coalesce((
        select json_agg(json_build_object(
          'product', bill.product, 'excluded', coalesce(contract.excluded, any_contract.excluded, false), 'onDay', ending.on_day))
        from bill_endings ending
        join bills bill on bill.customer_id = ending.customer_id and bill.id = ending.bill_id
        left join contracts contract on contract.customer_id = bill.customer_id and contract.id = bill.contract_id
        cross join lateral (${anyContract}) any_contract
        where ending.customer_id = found.customer_id and ending.how = 'settled'
      ), '[]') as settled,
      coalesce((
        select json_agg(hold.reason) from active_holds hold where hold.customer_id = found.customer_id
      ), '[]') as holds
    from ${customers} as found (customer_id)
    order by found.customer_id`.execute(db)
  return rows
}
