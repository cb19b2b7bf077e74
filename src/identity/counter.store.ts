import { type Db, sql } from '#platform/database/database'
import type { ServiceCounts } from './breaker.rules.ts'
import { dayStart, type Standing, wrongRunStart } from './limits.rules.ts'

export type CounterScope =
  | 'try-phone-client'
  | 'try-phone'
  | 'code'
  | 'sms'
  | 'wrong'
  | 'wrong-run'
  | 'service-code'
  | 'service-sms'
  | 'service-wrong'
  | 'forgiven'

export type Count = { readonly scope: CounterScope; readonly key: Buffer; readonly period: Date; readonly by: number }

/** What was typed, as the counters know it. */
export type TypedKeys = { readonly identity: Buffer; readonly person: Buffer; readonly phone: Buffer }

/**
 * Counts in one statement and answers with the counts reached, in the order asked. Whoever counts under the same key
 * waits until this transaction ends, so nobody acts on a count that is too low.
 */
export async function addToCounters(db: Db, counts: readonly Count[]): Promise<readonly number[]> {
  const rows = await db
    .insertInto('identity_counters')
    .values(counts.map(({ scope, key, period, by }) => ({ scope, key, period, count: by })))
    .onConflict((conflict) =>
      conflict
        .columns(['scope', 'key', 'period'])
        .doUpdateSet((eb) => ({ count: sql<number>`identity_counters.count + ${eb.ref('excluded.count')}` })),
    )
    .returning(['scope', 'count'])
    .execute()
  return counts.map(({ scope }) => rows.find((row) => row.scope === scope)?.count ?? 0)
}

/** Everything counted for what was typed, in one statement. */
export async function getStanding(db: Db, { identity, person, phone }: TypedKeys, now: Date): Promise<Standing> {
  const today = dayStart(now)
  const rows = await db
    .selectFrom('identity_counters')
    .select(['scope', 'period', 'count'])
    .where((eb) =>
      eb.or([
        eb.and({ scope: 'code', key: identity, period: today }),
        eb.and({ scope: 'sms', key: phone, period: today }),
        eb.and({ scope: 'wrong', key: person, period: today }),
        eb.and([eb('scope', '=', 'wrong-run'), eb('key', '=', person), eb('period', '>=', wrongRunStart(now))]),
      ]),
    )
    .execute()
  const countOf = (scope: CounterScope) => rows.find((row) => row.scope === scope)?.count ?? 0
  return {
    codesToday: countOf('code'),
    smsToday: countOf('sms'),
    wrongToday: countOf('wrong'),
    wrongRun: rows.flatMap(({ scope, period, count }) => (scope === 'wrong-run' ? [{ dayStart: period, count }] : [])),
  }
}

/** A right code: it was counted as a try before it was looked at, and it ends the run of wrong ones. */
export async function forgiveTry(db: Db, person: Buffer, triedAt: Date): Promise<void> {
  await db
    .updateTable('identity_counters')
    .set((eb) => ({ count: eb('count', '-', 1) }))
    .where('scope', '=', 'wrong')
    .where('key', '=', person)
    .where('period', '=', dayStart(triedAt))
    .execute()
  await db.deleteFrom('identity_counters').where('scope', '=', 'wrong-run').where('key', '=', person).execute()
}

/** The whole service has one key. */
export const serviceKey: Buffer = Buffer.alloc(0)

export async function getServiceCounts(db: Db, since: Date): Promise<ServiceCounts> {
  const rows = await db
    .selectFrom('identity_counters')
    .select((eb) => ['scope', eb.fn.sum<number>('count').as('total')])
    .where('key', '=', serviceKey)
    .where('scope', 'in', ['service-code', 'service-sms', 'service-wrong'])
    .where('period', '>=', since)
    .groupBy('scope')
    .execute()
  const totalOf = (scope: CounterScope) => Number(rows.find((row) => row.scope === scope)?.total ?? 0)
  return { codes: totalOf('service-code'), sms: totalOf('service-sms'), wrong: totalOf('service-wrong') }
}

export async function deleteCountersBefore(db: Db, period: Date): Promise<void> {
  await db.deleteFrom('identity_counters').where('period', '<', period).execute()
}

/** What has been counted under one key in one period. */
export async function getCount(db: Db, { scope, key, period }: Omit<Count, 'by'>): Promise<number> {
  const row = await db
    .selectFrom('identity_counters')
    .select('count')
    .where('scope', '=', scope)
    .where('key', '=', key)
    .where('period', '=', period)
    .executeTakeFirst()
  return row?.count ?? 0
}

/** Everything counted against this person is forgotten: their tries, their codes, their SMS and their wrong codes. */
export async function forgetCounts(
  tx: Db,
  { customerId, person, phone }: { readonly customerId: string; readonly person: Buffer; readonly phone: Buffer },
): Promise<void> {
  await sql`
    delete from identity_counters
    where (scope in ('try-phone', 'sms') and key = ${phone}) or (scope in ('wrong', 'wrong-run') and key = ${person})
      or (scope = 'code' and key in (select value from identity_index where customer_id = ${customerId}))`.execute(tx)
}
