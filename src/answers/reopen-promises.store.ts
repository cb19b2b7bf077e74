import { type Db, sql } from '#platform/database/database'

/** A promise that was kept with money for these bills is waited for again; its sweep will judge it anew. */
export const reopenPromises = async (
  tx: Db,
  bills: readonly { readonly customerId: string; readonly billId: string }[],
): Promise<void> => {
  if (bills.length === 0) return
  const [customerIds, billIds] = [bills.map(({ customerId }) => customerId), bills.map(({ billId }) => billId)]
  await sql`
    with reopened as (
      delete from promise_outcomes o
      using answer_bills a, unnest(${customerIds}::uuid[], ${billIds}::uuid[]) as b (customer_id, bill_id)
      where a.customer_id = b.customer_id and a.bill_id = b.bill_id
        and o.customer_id = a.customer_id and o.answer_id = a.answer_id and o.version = a.version
        and o.outcome = 'kept'
      returning o.customer_id, o.answer_id, o.version
    )
    insert into live_promises (customer_id, answer_id, version, quiet_until)
    select v.customer_id, v.answer_id, v.version, v.quiet_until
    from reopened join answer_versions v using (customer_id, answer_id, version)
    on conflict do nothing`.execute(tx)
}
