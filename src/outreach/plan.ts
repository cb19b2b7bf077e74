import { type Actor, writeAudit } from '#audit'
import { noticeText } from '#messages'
import type { Transaction } from '#platform/database/database'
import { newId } from '#platform/ids'
import { rulesVersion, textProblems } from './campaign.rules.ts'
import {
  countExclusions,
  insertCampaign,
  insertChains,
  insertDecisions,
  listOpenCases,
  markPlanned,
  type NewDecision,
} from './campaign.store.ts'
import { type ContactDecision, decideContact } from './contact.rules.ts'
import { nextAllowedInstant } from './contact-time.rules.ts'
import { listContactFacts } from './facts.store.ts'
import type { OutreachWorld } from './world.ts'

export type CampaignPlan = {
  readonly id: string
  readonly text: string
  /** Open cases asked about: planned + excluded. */
  readonly target: number
  readonly planned: number
  readonly excluded: number
  readonly exclusions: Readonly<Record<string, number>>
  /** When the first notice may leave if it is approved now. */
  readonly notBefore: Date | null
}

export type PlanOutcome = { readonly kind: 'planned' | 'nothing-to-send'; readonly campaign: CampaignPlan }

const casesPerPage = 1_000
const chainsRememberedMax = 10_000

/**
 * Decides for every open case: a notice, or the reason why not. Nothing leaves before the campaign is approved. The hour
 * and the day exclude nobody: they defer, and everything is asked again when a notice is released.
 */
export const planCampaign = (w: OutreachWorld, order: Order): Promise<PlanOutcome> =>
  w.db.transaction().execute((tx) => planCampaignIn(tx, w, order))

type Order = { readonly by: Actor; readonly now: Date }

export const planCampaignIn = async (
  tx: Transaction,
  w: Omit<OutreachWorld, 'db'>,
  { by, now }: Order,
): Promise<PlanOutcome> => {
  const id = newId(now)
  const text = noticeText(w.creditor)
  await insertCampaign(tx, { id, plannedAt: now, plannedBy: by, text, rulesVersion: rulesVersion(w.creditor) })
  const count = await decideEveryCase(tx, w, id, text, now)
  await markPlanned(tx, id, count)
  const exclusions = await countExclusions(tx, id)
  await writeAudit(tx, {
    at: now,
    actor: by,
    act: 'campaign.planned',
    facts: { campaign: id, ...count, exclusions },
  })
  const notBefore = nextAllowedInstant(now, w.creditor.policies, w.holidays) ?? null
  const kind = count.planned > 0 ? 'planned' : 'nothing-to-send'
  return { kind, campaign: { id, text, ...count, exclusions, notBefore } }
}

const decideEveryCase = async (tx: Transaction, w: Omit<OutreachWorld, 'db'>, id: string, text: string, now: Date) => {
  const problems = textProblems(w.creditor, { text, textBy: null })
  const chains = chainBook()
  let [planned, excluded] = [0, 0]
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const page = await listOpenCases(tx, after, casesPerPage)
    const last = page.at(-1)
    if (last === undefined) return { target: planned + excluded, planned, excluded }
    const facts = await listContactFacts(tx, page, w.creditor, now)
    const decisions = page.map(({ customerId, caseId }): NewDecision => {
      const known = facts.get(caseId)
      const decision = known && decideContact({ ...known, textProblems: problems }, w.creditor, w.holidays, now)
      const because = decision?.kind === 'exclude' ? decision.because : null
      return { customerId, caseId, because, chainNumber: chains.numberOf(decision?.chain ?? []) }
    })
    await insertChains(tx, id, chains.takeNew())
    await insertDecisions(tx, id, decisions)
    const excludedHere = decisions.filter(({ because }) => because !== null).length
    excluded += excludedHere
    planned += decisions.length - excludedHere
    after = last.customerId
  }
}

/** Most customers stand in the same facts, so a chain of reasons is written once and pointed at. */
const chainBook = () => {
  const numbers = new Map<string, number>()
  let unwritten: { readonly number: number; readonly chain: string }[] = []
  let next = 1
  return {
    numberOf(chain: ContactDecision['chain']): number {
      const text = JSON.stringify(chain)
      const known = numbers.get(text)
      if (known !== undefined) return known
      // Facts that differ for everybody must not fill the memory; a chain written twice does no harm.
      if (numbers.size >= chainsRememberedMax) numbers.clear()
      const number = next++
      numbers.set(text, number)
      unwritten.push({ number, chain: text })
      return number
    },
    takeNew() {
      const taken = unwritten
      unwritten = []
      return taken
    },
  }
}
