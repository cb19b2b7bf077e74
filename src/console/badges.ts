import { countAwaitingApproval } from '#outreach'
import type { Db } from '#platform/database/database'
import { dayInJst } from '#values/day'
import type { Badges } from './frame.ts'
import { actorOf, type Operator } from './operator.ts'
import { may } from './roles.rules.ts'
import { countWaiting, type Waiting } from './waiting.ts'

/** What waits for one operator; undefined where it is no work of theirs. */
export type WaitingForMe = {
  readonly toApprove: number | undefined
  readonly calls: Omit<Waiting, 'unmatched'> | undefined
  readonly unmatched: number | undefined
}

/** Counted no further: it is asked for with every page. */
export const waitingMax = 100

/** Campaigns for those who approve, and not their own; calls for those who answer; deposits for those who match them. */
export const countWaitingFor = async (db: Db, operator: Operator, now: Date): Promise<WaitingForMe> => {
  const { roles } = operator
  const answers = may(roles, 'act-on-case')
  const matches = may(roles, 'match-deposits')
  const waiting = answers || matches ? await countWaiting(db, dayInJst(now), waitingMax) : undefined
  return {
    toApprove: may(roles, 'approve-campaign') ? await countAwaitingApproval(db, actorOf(operator)) : undefined,
    calls: answers ? waiting : undefined,
    unmatched: matches ? waiting?.unmatched : undefined,
  }
}

/** The same beside the places where it is done. */
export const badgesOf = ({ toApprove = 0, calls, unmatched = 0 }: WaitingForMe): Badges => ({
  campaigns: toApprove,
  promises: (calls?.promisesToday ?? 0) + (calls?.brokenPromises ?? 0),
  consultations: calls?.consultations ?? 0,
  deposits: unmatched,
})
