import { createHash } from 'node:crypto'
import type { Chance } from '#platform/chance'
import type { Db } from '#platform/database/database'
import { type Campaign, listPlannedCases } from './campaign.store.ts'

export type Pinned = {
  /** SHA-256 of the text, the sender, the rules' version and everybody who is to get it, with the number on file. */
  readonly hash: Buffer
  /** Customers drawn from them, each as likely as the other. */
  readonly drawn: readonly string[]
  readonly count: number
}

const casesPerPage = 5_000
const drawnMax = 20

/** Looks once at everybody who is to get a notice: what a second person approves is exactly this. */
export const pinCampaign = async (
  db: Db,
  { id, text, rulesVersion }: Pick<Campaign, 'id' | 'text' | 'rulesVersion'>,
  sender: string,
  chance: Pick<Chance, 'int'>,
): Promise<Pinned> => {
  const hash = createHash('sha256').update(JSON.stringify([text, sender, rulesVersion]))
  const drawn: string[] = []
  let count = 0
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const page = await listPlannedCases(db, id, after, casesPerPage)
    const last = page.at(-1)
    if (last === undefined) return { hash: hash.digest(), drawn: drawn.sort(), count }
    for (const { customerId, caseId, phoneValue } of page) {
      hash.update(`\n${customerId} ${caseId} `).update(phoneValue)
      count += 1
      draw(drawn, customerId, count, chance)
    }
    after = last.customerId
  }
}

/** Algorithm R: the list need not be known to draw from it evenly. */
const draw = (drawn: string[], customerId: string, count: number, chance: Pick<Chance, 'int'>): void => {
  if (drawn.length < drawnMax) drawn.push(customerId)
  else {
    const place = chance.int(count)
    if (place < drawnMax) drawn[place] = customerId
  }
}
