import { writeAudit } from '#audit'
import { identityValueTyped, phoneValue } from '#customers'
import type { Transaction } from '#platform/database/database'
import { type BeginOutcome, beginOutcome } from './begin.rules.ts'
import { codeExpiry } from './challenge.rules.ts'
import {
  findLiveChallenge,
  lockIdentity,
  markDead,
  markResent,
  type StoredChallenge,
  wakeCodeJob,
} from './challenge.store.ts'
import { clientOf } from './client.rules.ts'
import { addToCounters, getCount, getStanding, type TypedKeys } from './counter.store.ts'
import { replaceHolder, typedPlace } from './holder.store.ts'
import { dayStart } from './limits.rules.ts'
import type { MatchFacts } from './match.rules.ts'
import { listMatches } from './match.store.ts'
import { countSend, makeCode } from './new-code.ts'
import { findPause } from './pause.store.ts'
import { personText, type Typed, writeTyped } from './typed.rules.ts'
import { type IdentityWorld, newToken } from './world.ts'

export type IdentityForm = Typed & {
  /** The address the request came from, as the trusted proxies report it. */
  readonly client: string
  /** The cookie of an earlier form of this browser. */
  readonly cookie?: string
}

export type BeginResult =
  | { readonly kind: 'challenged'; readonly cookie: string }
  | { readonly kind: 'locked'; readonly until: Date }
  | { readonly kind: 'paused'; readonly until: Date }

/**
 * Takes an identity form. Hit or miss, the statements, their order and the rows they leave are the same, and nothing
 * that is answered depends on whether anybody matched.
 */
export function beginIdentity(world: IdentityWorld, form: IdentityForm, now: Date): Promise<BeginResult> {
  const { vault, creditor } = world
  const keys = typedKeys(world, form)
  return world.db.transaction().execute(async (tx) => {
    const tries = await countIdentityTry(tx, world, form, keys, now)
    await lockIdentity(tx, keys.identity)
    const facts = {
      tries,
      standing: await getStanding(tx, keys, now),
      pausedUntil: (await findPause(tx, now))?.endsAt,
      current: await findLiveChallenge(tx, keys.identity),
    }
    const matches = await listMatches(tx, keys.identity)

    const outcome = beginOutcome(facts, creditor.policies, now)
    if (outcome.kind === 'locked' || outcome.kind === 'paused') {
      await auditTry(tx, { outcome: outcome.kind }, now)
      return outcome
    }

    const challengeId = await standBefore(tx, world, { outcome, keys, matches, current: facts.current }, now)
    const cookie = newToken(world.chance)
    const cookieHash = vault.blindIndex('cookie', cookie)
    const typed = vault.seal(typedPlace(cookieHash), writeTyped(form))
    const previous = form.cookie === undefined ? undefined : vault.blindIndex('cookie', form.cookie)
    await replaceHolder(tx, previous, { cookieHash, challengeId, typed, lastOutcome: 'sent' }, now)
    await auditTry(tx, { outcome: outcome.kind, challengeId }, now)
    await wakeCodeJob(tx)
    return { kind: 'challenged', cookie }
  })
}

/** The line names the challenge and not the customer, or it would look different for a miss. */
function auditTry(tx: Transaction, facts: object, now: Date): Promise<void> {
  return writeAudit(tx, { at: now, actor: 'customer', act: 'identity.tried', facts })
}

function typedKeys({ vault }: IdentityWorld, typed: Typed): TypedKeys {
  return {
    identity: identityValueTyped(vault, typed, typed.phone),
    person: vault.blindIndex('person', personText(typed)),
    phone: phoneValue(vault, typed.phone),
  }
}

async function countIdentityTry(
  tx: Transaction,
  { vault, creditor }: IdentityWorld,
  form: IdentityForm,
  { phone }: TypedKeys,
  now: Date,
): Promise<{ readonly ofPhoneAndClient: number; readonly ofPhone: number }> {
  const period = dayStart(now)
  const phoneAndClient = vault.blindIndex('client', `${form.phone}|${clientOf(form.client)}`)
  const [ofPhoneAndClient = 0, ofPhone = 0] = await addToCounters(tx, [
    { scope: 'try-phone-client', key: phoneAndClient, period, by: 1 },
    { scope: 'try-phone', key: phone, period, by: 1 },
  ])
  if (ofPhoneAndClient <= creditor.policies.identity.triesPerDayPerPhoneAndClient) return { ofPhoneAndClient, ofPhone }
  const forgiven = await getCount(tx, { scope: 'forgiven', key: phone, period })
  return { ofPhoneAndClient: ofPhoneAndClient - forgiven, ofPhone }
}

type Stand = {
  readonly outcome: Extract<BeginOutcome, { readonly kind: 'new' | 'join' }>
  readonly keys: TypedKeys
  readonly matches: readonly MatchFacts[]
  readonly current: StoredChallenge | undefined
}

async function standBefore(
  tx: Transaction,
  world: IdentityWorld,
  { outcome, keys, matches, current }: Stand,
  now: Date,
): Promise<string> {
  if (outcome.kind === 'new' || current === undefined) {
    if (current !== undefined) await markDead(tx, current.id)
    return makeCode(tx, world, { keys, matches }, now)
  }
  if (outcome.sends) {
    await markResent(tx, current.id, now, codeExpiry(now, world.creditor.policies))
    await countSend(tx, keys, now, 0)
  }
  return current.id
}
