import { noticeText } from '#messages'
import type { Db } from '#platform/database/database'
import { addDays, dayInJst, instantOfJst } from '#values/day'
import { textProblems } from './campaign.rules.ts'
import { type ContactDecision, type ContactFacts, decideContact } from './contact.rules.ts'
import { type AskedCase, listContactFacts } from './facts.store.ts'
import { askAgainAt, daysAheadMax } from './next-contact.rules.ts'
import { decideTelephone, type TelephoneDecision } from './telephone.rules.ts'
import type { OutreachWorld } from './world.ts'

export type NextContact = {
  /** As of now, with the reasons that were asked for. */
  readonly now: ContactDecision
  /** When a notice may leave next, if nothing else happens; undefined when somebody has to do something first. */
  readonly at: Date | undefined
  readonly telephone: TelephoneDecision
}

/** When may this customer be contacted next, and why not before? Asks the rules themselves, day after day. */
export const nextContact = async (
  db: Db,
  w: Pick<OutreachWorld, 'creditor' | 'holidays'>,
  asked: AskedCase,
  now: Date,
): Promise<NextContact> => {
  const facts = await factsAt(db, w, asked, now)
  const decision = decideContact(facts, w.creditor, w.holidays, now)
  const telephone = decideTelephone(facts, w.creditor, w.holidays, now)
  return { now: decision, at: await firstAllowed(db, w, asked, now), telephone }
}

const firstAllowed = async (
  db: Db,
  w: Pick<OutreachWorld, 'creditor' | 'holidays'>,
  asked: AskedCase,
  now: Date,
): Promise<Date | undefined> => {
  const end = instantOfJst(addDays(dayInJst(now), daysAheadMax), 24)
  for (let at: Date | undefined = now; at !== undefined && at < end; ) {
    const facts = await factsAt(db, w, asked, at)
    const decision = decideContact(facts, w.creditor, w.holidays, at)
    if (decision.kind === 'send') return at
    at = askAgainAt(decision, facts, at)
  }
  return undefined
}

/** What the rules would ask about at that instant, if nothing happened until then. */
const factsAt = async (
  db: Db,
  { creditor }: Pick<OutreachWorld, 'creditor'>,
  asked: AskedCase,
  at: Date,
): Promise<ContactFacts> => {
  const facts = (await listContactFacts(db, [asked], creditor, at)).get(asked.caseId)
  return { ...(facts ?? nothing), textProblems: textProblems(creditor, { text: noticeText(creditor), textBy: null }) }
}

const nothing: Omit<ContactFacts, 'textProblems'> = {
  bills: [],
  holds: [],
  promiseQuietUntil: null,
  told: null,
  redebits: [],
  sent: { today: 0, in7Days: 0, inCase: 0, todayOnPhone: 0, in7DaysOnPhone: 0 },
}
