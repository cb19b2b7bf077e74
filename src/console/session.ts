import { writeAudit } from '#audit'
import type { Db } from '#platform/database/database'
import { newId } from '#platform/ids'
import type { ConsoleWorld } from './desk.ts'
import { actorOf, type Operator } from './operator.ts'
import { type SessionEnding, sessionOutcome } from './session.rules.ts'
import { findSession, insertSession, markSessionEnded, markSessionSeen, takeIdToken } from './session.store.ts'

type SessionWorld = Pick<ConsoleWorld, 'vault' | 'chance' | 'session' | 'signIn'> & { readonly db: Db }

export type FoundSession =
  | { readonly kind: 'open'; readonly operator: Operator; readonly endsAt: Date }
  | { readonly kind: 'ended'; readonly because: SessionEnding }
  | { readonly kind: 'none' }

/** The session behind a cookie. `isUse`: looking is using, and its idle time starts anew. */
export const openSession = async (
  world: SessionWorld,
  token: string | undefined,
  { now, isUse }: { readonly now: Date; readonly isUse: boolean },
): Promise<FoundSession> => {
  const found = token === undefined ? undefined : await findSession(world.db, hashOf(world, token))
  if (found === undefined || isOfADemoElsewhere(world, found.operator)) return { kind: 'none' }
  const outcome = sessionOutcome(found, world.session, now)
  if (outcome.kind === 'ended') {
    if (found.endedBecause === null) await end(world.db, found.operator, outcome.because, now)
    return outcome
  }
  if (isUse) await markSessionSeen(world.db, found.operator.sessionId, now)
  return { kind: 'open', operator: found.operator, endsAt: outcome.endsAt }
}

/** Lets an operator in: a new token every time, and the browser's session before it ends. Answers with the token. */
export const beginSession = async (
  world: SessionWorld,
  who: Omit<Operator, 'sessionId'> & { readonly idToken?: string },
  { oldToken, now }: { readonly oldToken: string | undefined; readonly now: Date },
): Promise<string> => {
  const { db, vault, chance } = world
  const old = oldToken === undefined ? undefined : await findSession(db, hashOf(world, oldToken))
  if (old?.endedBecause === null) await end(db, old.operator, 'replaced', now)
  const token = chance.bytes(32).toString('base64url')
  const operator = { ...who, sessionId: newId(now) }
  const idToken = who.idToken === undefined ? undefined : vault.seal(placeOf(operator.sessionId), who.idToken)
  await insertSession(db, { ...operator, tokenHash: hashOf(world, token), idToken }, now)
  const { sessionId, roles } = operator
  await writeAudit(db, { at: now, actor: actorOf(operator), act: 'session.opened', facts: { sessionId, roles } })
  return token
}

/** サインアウト. Answers with the provider's token, which it wants to see when the operator leaves it, too. */
export const endSession = async ({ db, vault }: SessionWorld, operator: Operator, now: Date) => {
  await end(db, operator, 'signed-out', now)
  const sealed = await takeIdToken(db, operator.sessionId)
  return sealed === undefined ? undefined : vault.open(placeOf(operator.sessionId), sealed).toString()
}

const end = async (db: Db, operator: Operator, because: SessionEnding, now: Date): Promise<void> => {
  if (!(await markSessionEnded(db, operator.sessionId, because, now))) return
  const { sessionId } = operator
  await writeAudit(db, { at: now, actor: actorOf(operator), act: 'session.ended', facts: { sessionId, because } })
}

/** Subjects of the demo begin so; no provider's do, for theirs are marked when they come in. */
export const demoSubject = 'demo:'

/** Should a demo's database ever serve real people, nobody who chose whom to be is let in. */
const isOfADemoElsewhere = ({ signIn }: SessionWorld, { subject }: Operator): boolean =>
  subject.startsWith(demoSubject) !== (signIn.kind === 'demo')

const hashOf = ({ vault }: SessionWorld, token: string): Buffer => vault.blindIndex('operator-session', token)

const placeOf = (sessionId: string) => ({ table: 'operator_sessions', column: 'id_token', row: sessionId })
