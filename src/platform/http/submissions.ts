import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Database, type Db, inTransaction, type Transaction } from '#platform/database/database'
import type { CookieChange, Fields, FormAct, Reply, Sent } from './route.ts'

/** Seals the cookie that a repeat within seconds receives again; the vault does it. */
export type CookieSeal = {
  seal(place: CookiePlace, plain: string): Buffer
  open(place: CookiePlace, sealed: Buffer): Buffer
}

type CookiePlace = { readonly table: 'submissions'; readonly column: 'set_cookie'; readonly row: string }

export type Submission = {
  readonly formId: Buffer
  readonly path: string
  readonly sent: Sent
}

export type SubmissionResult = Reply | { readonly kind: 'changed' }

type Memory = {
  readonly body_hash: Buffer
  readonly location: string | null
  readonly set_cookie: Buffer | null
  readonly submitted_at: Date
}

type Desk = { readonly db: Database; readonly seal: CookieSeal }

/** The hidden field that carries the id. */
export const formIdField = 'form'

/** A browser that pressed twice wants its answer now; one that comes back later has the page of its cookie. */
const cookieRepeatMs = 30_000

/** As long as the slowest act may take. One that has not finished by then was cut off by a crash. */
const unfinishedWaitMs = 10_000

const unfinishedPauseMs = 50

/** Does what the form asks, once: a repeat gets the first result, also while the first is still at work. */
export function submitOnce(desk: Desk, submission: Submission, act: FormAct): Promise<SubmissionResult> {
  switch (act.commits) {
    case 'with-the-form':
      return submitInOneTransaction(desk, submission, act.run)
    case 'by-itself':
      return submitAfterClaim(desk, submission, act.run)
  }
}

/** Inserting the id waits for a transaction that is inserting the same, so a repeat sees its first committed. */
async function submitInOneTransaction(
  desk: Desk,
  submission: Submission,
  run: (sent: Sent, tx: Transaction) => Promise<Reply>,
): Promise<SubmissionResult> {
  try {
    return await inTransaction(desk.db, async (tx) => {
      if (!(await insertSubmission(tx, submission))) return repeated(desk, tx, submission)
      const reply = await run(submission.sent, tx)
      if (reply.kind !== 'see-other') throw new NothingDone(reply)
      await rememberResult(desk, tx, submission, reply)
      return reply
    })
  } catch (error) {
    if (error instanceof NothingDone) return error.reply
    throw error
  }
}

/** The claim is committed first, so that an act with several commits runs at most once even when it is cut off. */
async function submitAfterClaim(
  desk: Desk,
  submission: Submission,
  run: (sent: Sent) => Promise<Reply>,
): Promise<SubmissionResult> {
  if (!(await claimSubmission(desk.db, submission))) return repeated(desk, desk.db, submission)
  try {
    const reply = await run(submission.sent)
    if (reply.kind === 'see-other') await rememberResult(desk, desk.db, submission, reply)
    else await forgetSubmission(desk.db, submission)
    return reply
  } catch (error) {
    // A fault is not the form's last word: the person presses again. When this fails too, the claim stays.
    await forgetSubmission(desk.db, submission).catch(() => {})
    throw error
  }
}

/** A page with errors is no result: the customer corrects it and sends it again, and nothing may have happened. */
class NothingDone extends Error {
  readonly reply: Reply

  constructor(reply: Reply) {
    super('The form was answered with a page, so nothing is kept.')
    this.reply = reply
  }
}

async function repeated(desk: Desk, db: Db, submission: Submission): Promise<SubmissionResult> {
  const giveUpAt = performance.now() + unfinishedWaitMs
  for (;;) {
    const memory = await findSubmission(db, submission)
    // Forgotten in between: the first one was answered with errors, and so would this one be.
    if (memory === undefined || !memory.body_hash.equals(hashOfBody(submission.sent.form))) return { kind: 'changed' }
    if (memory.location !== null) return firstResult(desk, submission, memory, memory.location)
    if (performance.now() > giveUpAt) return { kind: 'changed' }
    await pause(unfinishedPauseMs)
  }
}

function firstResult({ seal }: Desk, submission: Submission, memory: Memory, location: string): Reply {
  const isFresh = submission.sent.now.getTime() - memory.submitted_at.getTime() <= cookieRepeatMs
  if (memory.set_cookie === null || !isFresh) return { kind: 'see-other', location }
  const cookie = JSON.parse(seal.open(placeOf(submission), memory.set_cookie).toString()) as CookieChange
  return { kind: 'see-other', location, cookie }
}

async function insertSubmission(tx: Transaction, submission: Submission): Promise<boolean> {
  const inserted = await tx
    .insertInto('submissions')
    .values(rowOf(submission))
    .onConflict((conflict) => conflict.column('form_id').doNothing())
    .returning('form_id')
    .executeTakeFirst()
  return inserted !== undefined
}

/**
 * Without waiting for the disk: the act's own commit comes later in the same log and takes this row with it, and when
 * there is no such commit, nothing has happened that must not happen again.
 */
async function claimSubmission(db: Db, submission: Submission): Promise<boolean> {
  const row = rowOf(submission)
  const { rows } = await sql`
    with unhurried as (select set_config('synchronous_commit', 'off', true))
    insert into submissions (form_id, path, body_hash, submitted_at)
    select ${row.form_id}::bytea, ${row.path}::text, ${row.body_hash}::bytea, ${row.submitted_at}::timestamptz
    from unhurried
    on conflict (form_id) do nothing
    returning form_id`.execute(db)
  return rows.length > 0
}

async function findSubmission(db: Db, { formId, path }: Submission): Promise<Memory | undefined> {
  return db
    .selectFrom('submissions')
    .select(['body_hash', 'location', 'set_cookie', 'submitted_at'])
    .where('form_id', '=', formId)
    .where('path', '=', path)
    .executeTakeFirst()
}

async function rememberResult(
  { seal }: Desk,
  db: Db,
  submission: Submission,
  { location, cookie }: Extract<Reply, { kind: 'see-other' }>,
): Promise<void> {
  await db
    .updateTable('submissions')
    .set({
      location,
      ...(cookie !== undefined && { set_cookie: seal.seal(placeOf(submission), JSON.stringify(cookie)) }),
    })
    .where('form_id', '=', submission.formId)
    .execute()
}

async function forgetSubmission(db: Db, { formId }: Submission): Promise<void> {
  await db.deleteFrom('submissions').where('form_id', '=', formId).execute()
}

function rowOf({ formId, path, sent }: Submission) {
  return { form_id: formId, path, body_hash: hashOfBody(sent.form), submitted_at: sent.now }
}

/** The fields in a fixed order, without the id itself. */
function hashOfBody(form: Fields): Buffer {
  const fields = Object.entries(form).filter(([name]) => name !== formIdField)
  const ordered = fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(ordered)).digest()
}

function placeOf({ formId }: Submission): CookiePlace {
  return { table: 'submissions', column: 'set_cookie', row: formId.toString('hex') }
}
