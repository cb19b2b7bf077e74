import { type Db, sql, type Transaction, withAdvisoryLock } from '#platform/database/database'
import type { Place } from '#platform/vault/vault'
import type { Challenge } from './challenge.rules.ts'
import type { TypedKeys } from './counter.store.ts'

/** A challenge as it is stored: real when somebody stands behind it. */
export type StoredChallenge = Challenge & {
  readonly id: string
  readonly keys: TypedKeys
  readonly customerIds: readonly string[]
}

export type NewChallenge = {
  readonly id: string
  readonly keys: TypedKeys
  readonly customerIds: readonly string[]
  readonly codeHash: Buffer
  readonly codeSealed: Buffer
  readonly madeAt: Date
  readonly expiresAt: Date
}

export function codePlace(challengeId: string): Place {
  return { table: 'challenges', column: 'code_sealed', row: challengeId }
}

/** Codes of one identity are made one after the other, whichever browser asks. */
export async function lockIdentity(tx: Transaction, identity: Buffer): Promise<void> {
  await withAdvisoryLock(tx, `identity ${identity.toString('hex')}`)
}

export async function findLiveChallenge(db: Db, identity: Buffer): Promise<StoredChallenge | undefined> {
  const row = await db
    .selectFrom('challenges')
    .select(columns)
    .where('identity_value', '=', identity)
    .where('state', '=', 'live')
    .executeTakeFirst()
  return row && stored(row)
}

export async function findChallenge(db: Db, id: string): Promise<StoredChallenge | undefined> {
  const row = await db.selectFrom('challenges').select(columns).where('id', '=', id).executeTakeFirst()
  return row && stored(row)
}

export async function insertChallenge(db: Db, challenge: NewChallenge): Promise<void> {
  await db
    .insertInto('challenges')
    .values({
      id: challenge.id,
      identity_value: challenge.keys.identity,
      person_value: challenge.keys.person,
      phone_value: challenge.keys.phone,
      customer_ids: [...challenge.customerIds],
      code_hash: challenge.codeHash,
      code_sealed: challenge.codeSealed,
      code_made_at: challenge.madeAt,
      expires_at: challenge.expiresAt,
      last_sent_at: challenge.madeAt,
      state: 'live',
    })
    .execute()
}

/** The same code goes out again and lives anew. */
export async function markResent(db: Db, id: string, now: Date, expiresAt: Date): Promise<void> {
  await db
    .updateTable('challenges')
    .set((eb) => ({
      sends: eb('sends', '+', 1),
      last_sent_at: now,
      expires_at: expiresAt,
      send_due: true,
    }))
    .where('id', '=', id)
    .where('state', '=', 'live')
    .execute()
}

export type CountedTry = {
  readonly challengeId: string
  readonly tries: number
  readonly codeHash: Buffer
  readonly customerIds: readonly string[]
}

/**
 * Counts a try, in one statement that lets through as many as are allowed however many come at once. The comparison is
 * made only after this has been committed, so a crash in between gives no free try.
 */
export async function countTry(db: Db, id: string, triesMax: number, now: Date): Promise<CountedTry | undefined> {
  const row = await db
    .updateTable('challenges')
    .set((eb) => ({ tries: eb('tries', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'live')
    .where('expires_at', '>', now)
    .where('tries', '<', triesMax)
    .returning(['id', 'tries', 'code_hash', 'customer_ids'])
    .executeTakeFirst()
  if (row?.code_hash == null) return undefined
  return { challengeId: row.id, tries: row.tries, codeHash: row.code_hash, customerIds: row.customer_ids }
}

/** Answers whether this call did it: a code is accepted once. */
export async function markAccepted(db: Db, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('challenges')
    .set({ ...erased, state: 'accepted' })
    .where('id', '=', id)
    .where('state', '=', 'live')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function markDead(db: Db, id: string): Promise<void> {
  await db
    .updateTable('challenges')
    .set({ ...erased, state: 'dead' })
    .where('id', '=', id)
    .where('state', '=', 'live')
    .execute()
}

/** Nothing of a code remains whose tries are used up. */
export async function markDeadWhenUsedUp(db: Db, id: string, triesMax: number): Promise<void> {
  await db
    .updateTable('challenges')
    .set({ ...erased, state: 'dead' })
    .where('id', '=', id)
    .where('state', '=', 'live')
    .where('tries', '>=', triesMax)
    .execute()
}

export async function markExpired(db: Db, now: Date): Promise<void> {
  await db
    .updateTable('challenges')
    .set({ ...erased, state: 'dead' })
    .where('state', '=', 'live')
    .where('expires_at', '<=', now)
    .execute()
}

export type DueSend = {
  readonly challengeId: string
  /** False when the code has died since the send was asked for. */
  readonly isLive: boolean
  readonly isFirst: boolean
  readonly expiresAt: Date
  readonly codeSealed: Buffer | null
  /** The customer it goes to, with the number on file; null for a decoy. */
  readonly customerId: string | null
  readonly phoneValue: Buffer | null
}

/** Takes the sends that were asked for, each once, the oldest first. */
export async function takeDueSends(db: Db, now: Date, max: number): Promise<readonly DueSend[]> {
  const { rows } = await sql<DueSend>`
    with due as materialized (
      select id from challenges where send_due order by id limit ${max} for update skip locked
    ), taken as (
      update challenges set send_due = false from due where challenges.id = due.id
      returning challenges.*
    )
    select taken.id as "challengeId", taken.state = 'live' and taken.expires_at > ${now} as "isLive", taken.sends = 1 as "isFirst", taken.expires_at as "expiresAt",
      taken.code_sealed as "codeSealed", customer.id as "customerId", customer.phone_value as "phoneValue"
    from taken
    left join customers customer on customer.id = taken.customer_ids[1]
    order by taken.id`.execute(db)
  return rows
}

/** Tells the job, when this transaction commits, that a code may be due: for decoys too. */
export async function wakeCodeJob(db: Db): Promise<void> {
  await sql`select pg_notify('annai_work', 'code')`.execute(db)
}

const erased = { code_hash: null, code_sealed: null, send_due: false } as const

const columns = [
  'id',
  'identity_value',
  'person_value',
  'phone_value',
  'customer_ids',
  'state',
  'code_made_at',
  'expires_at',
  'tries',
  'sends',
  'last_sent_at',
] as const

function stored(row: {
  readonly id: string
  readonly identity_value: Buffer
  readonly person_value: Buffer
  readonly phone_value: Buffer
  readonly customer_ids: string[]
  readonly state: 'live' | 'accepted' | 'dead'
  readonly code_made_at: Date
  readonly expires_at: Date
  readonly tries: number
  readonly sends: number
  readonly last_sent_at: Date
}): StoredChallenge {
  return {
    id: row.id,
    keys: { identity: row.identity_value, person: row.person_value, phone: row.phone_value },
    customerIds: row.customer_ids,
    state: row.state,
    codeMadeAt: row.code_made_at,
    expiresAt: row.expires_at,
    tries: row.tries,
    sends: row.sends,
    lastSentAt: row.last_sent_at,
  }
}
