import { listHolds } from '#answers'
import type { DueMessage, NoticesSent, Release } from '#messages'
import type { Db } from '#platform/database/database'
import { dayInJst, daysBetween } from '#values/day'
import { type CampaignText, textProblems } from './campaign.rules.ts'
import { type ContactFacts, decideCode, decideContact } from './contact.rules.ts'
import { listBillFacts, listContactFacts } from './facts.store.ts'
import { listReleasedNotices, lockPhones, type ReleasedNotice } from './release.store.ts'
import type { OutreachWorld } from './world.ts'

type ReleaseWorld = Pick<OutreachWorld, 'creditor' | 'holidays'>

/** What is being written about a customer is written within moments. */
const busyForMs = 10_000

/**
 * Asks the rules again in the transaction that commits the intent to send, with the facts of this moment. By message;
 * one that is missing has lost its customer or its campaign.
 */
export const decideRelease = async (
  tx: Db,
  w: ReleaseWorld,
  due: readonly DueMessage[],
  now: Date,
): Promise<ReadonlyMap<string, Release>> => {
  const notices = due.filter((message) => message.class === 'notice')
  const asked = due.filter((message) => message.class !== 'notice')
  return new Map([...(await releaseNotices(tx, w, notices, now)), ...(await releaseAsked(tx, w, asked))])
}

const releaseNotices = async (
  tx: Db,
  { creditor, holidays }: ReleaseWorld,
  due: readonly DueMessage[],
  now: Date,
): Promise<ReadonlyMap<string, Release>> => {
  if (due.length === 0) return new Map()
  const notices = await listReleasedNotices(
    tx,
    due.map(({ messageId }) => messageId),
  )
  const busy = await lockPhones(
    tx,
    notices.map(({ phoneValue }) => phoneValue),
  )
  const facts = await listContactFacts(tx, notices, creditor, now)
  const sentHere = tally()
  // A batch is of one campaign, and its text is checked once.
  const texts = new Map(notices.map((notice) => [keyOf(notice), notice]))
  const problems = new Map([...texts].map(([key, notice]) => [key, textProblems(creditor, notice)]))
  return new Map(
    notices.map((notice): readonly [string, Release] => {
      const { messageId, caseId, phoneValue } = notice
      if (busy.has(phoneValue.toString('hex'))) return [messageId, deferBusy(now)]
      const known = facts.get(caseId)
      if (known === undefined) return [messageId, { kind: 'exclude', because: 'no-facts', facts: {} }]
      const sent = sentHere.add(notice, withoutRepeated(known.sent, notice, now))
      const release = releaseOf(
        { ...known, sent, textProblems: problems.get(keyOf(notice)) ?? [] },
        creditor,
        holidays,
        now,
      )
      if (release.kind === 'send') sentHere.count(notice)
      return [messageId, release]
    }),
  )
}

const keyOf = ({ text, textBy }: CampaignText): string => JSON.stringify([text, textBy])

const releaseOf = (facts: ContactFacts, ...how: DropFirst<Parameters<typeof decideContact>>): Release => {
  const decision = decideContact(facts, ...how)
  const { chain } = decision
  switch (decision.kind) {
    case 'send':
      return { kind: 'send', validUntil: decision.validUntil, facts: { chain } }
    case 'defer':
      return { kind: 'defer', until: decision.until, because: decision.because, facts: { chain } }
    case 'exclude':
      return { kind: 'exclude', because: decision.because, facts: { chain } }
  }
}

type DropFirst<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never

const deferBusy = (now: Date): Release => ({
  kind: 'defer',
  until: new Date(now.getTime() + busyForMs),
  because: 'busy',
  facts: {},
})

/** A repetition of a doubtful message takes that message's place in the counts. */
const withoutRepeated = (sent: NoticesSent, { repeatsSentAt }: ReleasedNotice, now: Date): NoticesSent => {
  if (repeatsSentAt === null) return sent
  const age = daysBetween(dayInJst(repeatsSentAt), dayInJst(now))
  const [today, week] = [age === 0 ? 1 : 0, age < 7 ? 1 : 0]
  return {
    today: sent.today - today,
    in7Days: sent.in7Days - week,
    inCase: sent.inCase - 1,
    todayOnPhone: sent.todayOnPhone - today,
    in7DaysOnPhone: sent.in7DaysOnPhone - week,
  }
}

/** What this very batch sends counts for what follows in it. */
const tally = () => {
  const counts = new Map<string, number>()
  const keys = ({ customerId, caseId, phoneValue }: ReleasedNotice) =>
    ({ customer: customerId, case: `case ${caseId}`, phone: `phone ${phoneValue.toString('hex')}` }) as const
  return {
    count(notice: ReleasedNotice): void {
      for (const key of Object.values(keys(notice))) counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    add(notice: ReleasedNotice, sent: NoticesSent): NoticesSent {
      const of = keys(notice)
      const [customer, inCase, phone] = [of.customer, of.case, of.phone].map((key) => counts.get(key) ?? 0)
      return {
        today: sent.today + (customer ?? 0),
        in7Days: sent.in7Days + (customer ?? 0),
        inCase: sent.inCase + (inCase ?? 0),
        todayOnPhone: sent.todayOnPhone + (phone ?? 0),
        in7DaysOnPhone: sent.in7DaysOnPhone + (phone ?? 0),
      }
    },
  }
}

/** Codes and receipts of answers: the customer asked for them at this moment. */
const releaseAsked = async (
  tx: Db,
  { creditor }: ReleaseWorld,
  due: readonly DueMessage[],
): Promise<ReadonlyMap<string, Release>> => {
  if (due.length === 0) return new Map()
  const customerIds = [...new Set(due.map(({ customerId }) => customerId))]
  const holds = Map.groupBy(await listHolds(tx, customerIds), ({ customerId }) => customerId)
  const bills = Map.groupBy(await listBillFacts(tx, customerIds, creditor.products), ({ customerId }) => customerId)
  return new Map(
    due.map(({ messageId, customerId }): readonly [string, Release] => {
      const facts = {
        holds: (holds.get(customerId) ?? []).map(({ reason }) => reason),
        bills: (bills.get(customerId) ?? []).map(({ bill }) => bill),
      }
      const decision = decideCode(facts)
      return [messageId, decision.kind === 'send' ? decision : { ...decision, facts }]
    }),
  )
}
