import { importCustomers, importDebits } from '#intake'
import { approveCampaign, planCampaign } from '#outreach'
import { bytesSource } from '#platform/source'
import { sampleCustomers, sampleDebits } from '#sandbox'
import { addBankDays } from '#values/business-day'
import { addDays, type Day, dayInJst } from '#values/day'
import type { World } from './world.ts'

const by = 'cli:demo'

/**
 * Fills an empty demo the way a creditor would: a customer file, a result file, a campaign. Each step is taken only when
 * it is missing, so that a start that was cut off is finished by the next one.
 */
export const fillWithSample = async (world: World): Promise<void> => {
  const { db, creditor, clock } = world
  const now = () => clock.now()
  const customers = bytesSource('sample-customers.csv', Buffer.from(sampleCustomers(creditor)))
  const hasDebits = await db.selectFrom('imports').select('id').where('kind', '=', 'debits').limit(1).executeTakeFirst()
  if (hasDebits === undefined) {
    await importCustomers(world, customers, { by, now: now(), writeRejected: async () => {} })
    const received = dayInJst(now())
    const debits = bytesSource('sample-debits.txt', sampleDebits(creditor, lastBankDay(received, world)))
    await importDebits(world, debits, { by, now: now(), received })
  }
  if ((await db.selectFrom('campaigns').select('id').limit(1).executeTakeFirst()) !== undefined) return
  const planned = await planCampaign(world, { by, now: now() })
  if (planned.kind === 'planned') await approveCampaign(world, { id: planned.campaign.id, by, now: now() })
}

/** The bank day before `day`: debits fall on bank days, and their results come the next morning. */
const lastBankDay = (day: Day, { holidays }: World): Day => {
  let before = addDays(day, -1)
  while (addBankDays(before, 0, holidays) !== before) before = addDays(before, -1)
  return before
}
