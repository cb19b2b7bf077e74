import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { countCampaign } from './messages.ts'

let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.drop())

const now = new Date('2026-11-24T01:00:00Z')

type Line = { readonly state: string; readonly part: number; readonly parts: number | null; readonly because: string }
/** What the claim that first took it says: nothing, that it was on its way, or that the carrier took it. */
type First = 'none' | 'sending' | 'submitted'
type Sample = {
  readonly partCount: number
  readonly first: First
  readonly lines: readonly Line[]
  readonly repeat: readonly Line[] | null
}

const line: fc.Arbitrary<Line> = fc.record({
  state: fc.constantFrom(
    ...['deferred', 'excluded', 'sending', 'submitted', 'refused', 'requeued', 'unknown', 'reported', 'delivered'],
    ...['failed', 'expired'],
  ),
  part: fc.integer({ min: 1, max: 3 }),
  parts: fc.option(fc.integer({ min: 1, max: 3 })),
  because: fc.constantFrom('hours', 'busy', 'paid'),
})
const lines = fc.array(line, { maxLength: 7 })
const sample: fc.Arbitrary<Sample> = fc.record({
  partCount: fc.integer({ min: 1, max: 3 }),
  first: fc.constantFrom('none', 'sending', 'submitted'),
  lines,
  repeat: fc.option(lines, { freq: 3 }),
})

test('counts of a campaign are those of the messages one by one, whatever their logs say', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sample, { minLength: 1, maxLength: 8 }), fc.boolean(), async (samples, isCancelled) => {
      const id = await putCampaign(samples)
      // Another one of the same time, which must not be counted.
      await putCampaign([{ partCount: 1, first: 'submitted', lines: [], repeat: null }])
      if (isCancelled)
        await sql`insert into queue_controls (queue_id, number, act, by, at)
          values (${id}, 1, 'cancelled', 'test', ${now})`.execute(base.db)
      const counted = await countCampaign(base.db, id)
      const states = await statesOneByOne(id)
      const of = (...wanted: readonly string[]) => states.filter(({ state }) => wanted.includes(state))
      expect(counted).toEqual({
        target: samples.length,
        sent: of('delivered', 'failed', 'expired', 'submitted', 'unknown', 'sending').length,
        delivered: of('delivered').length,
        undelivered: of('failed', 'expired').length,
        unknown: of('unknown', 'sending').length,
        excluded: of('excluded').length,
        failed: of('refused').length,
        unsent: of('queued', 'deferred').length,
        excludedSince: byReason(of('excluded')),
        deferred: byReason(of('deferred')),
      })
      expect(counted.sent + counted.excluded + counted.failed + counted.unsent).toBe(counted.target)
    }),
    { numRuns: 60 },
  )
})

const byReason = (rows: readonly { readonly because: string | null }[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(rows, ({ because }) => because)].map(([because, some]) => [because, some.length]))

/** The view's word for each message and its repeat, and the reason that its log gives. */
const statesOneByOne = async (
  campaignId: string,
): Promise<readonly { readonly state: string; readonly because: string | null }[]> => {
  const { rows } = await sql<{ state: string; because: string | null }>`
    select distinct on (coalesce(s.repeats, s.message_id)) s.state,
      case s.state
        when 'deferred' then (
          select because from message_events e where e.message_id = s.message_id and e.state = 'deferred'
          order by number desc limit 1
        )
        when 'excluded' then coalesce((
          select max(because) from message_events e where e.message_id = s.message_id and e.state = 'excluded'
        ), 'cancelled')
      end as because
    from message_states s where s.queue_id = ${campaignId}
    order by coalesce(s.repeats, s.message_id), array_position(
      array['delivered', 'failed', 'expired', 'submitted', 'unknown', 'sending', 'refused', 'deferred', 'queued', 'excluded'],
      s.state), 2`.execute(base.db)
  return rows
}

const putCampaign = async (samples: readonly Sample[]): Promise<string> => {
  const id = newId(now)
  await sql`insert into campaigns values
    (${id}, ${now}, 'test', 'text', '1', ${samples.length}, ${samples.length}, 0, ${now}, 'test')`.execute(base.db)
  await sql`insert into campaign_chains values (${id}, 1, '[]')`.execute(base.db)
  for (const { partCount, first, lines, repeat } of samples) {
    const root = await putMessage(id, { partCount, first, lines, repeats: null })
    if (repeat !== null) await putMessage(id, { partCount, first, lines: repeat, repeats: root })
  }
  return id
}

let position = 0

const putMessage = async (
  campaignId: string,
  message: Pick<Sample, 'partCount' | 'first' | 'lines'> & { readonly repeats: string | null },
): Promise<string> => {
  const [id, customerId, caseId] = [newId(now), newId(now), newId(now)]
  await sql`insert into messages (customer_id, id, class, case_id, campaign_id, queue_id, position, phone_value, sender,
      reference, part_count, repeats, queued_at)
    values (${customerId}, ${id}, 'notice', ${caseId}, ${campaignId}, ${campaignId}, ${++position}, '\\x01', 'x', 1,
      ${message.partCount}, ${message.repeats}, ${now})`.execute(base.db)
  if (message.repeats === null)
    await sql`insert into campaign_decisions (campaign_id, customer_id, case_id, decision, chain_number)
      values (${campaignId}, ${customerId}, ${caseId}, 'notice', 1)`.execute(base.db)
  if (message.first !== 'none') {
    await sql`insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, gateway, at)
      values (${campaignId}, '', ${position}, ${position}, ${id}, 's', array[${id}]::uuid[], 'carrier', ${now})`.execute(
      base.db,
    )
    await sql`insert into claim_ends (queue_id, stream, number, gateway, carrier_ids, at)
      values (${campaignId}, '', ${position}, 'carrier', ${message.first === 'submitted' ? ['c1'] : null}::text[], ${now})`.execute(
      base.db,
    )
  }
  for (const { state, part, parts, because } of message.lines)
    await sql`insert into message_events (message_id, state, part, parts, because, at)
      values (${id}, ${state}, ${part}, ${parts}, ${because}, ${now})`.execute(base.db)
  return id
}

test('what is left of a dropped month is counted, though its reasons are gone', async () => {
  const id = newId(now)
  await sql`insert into campaigns values (${id}, ${now}, 'test', 'text', '1', 2, 2, 0, ${now}, 'test')`.execute(base.db)
  for (const state of ['delivered', 'excluded'])
    await sql`insert into message_outcomes (customer_id, message_id, class, campaign_id, phone_value, queued_at, state)
      values (${newId(now)}, ${newId(now)}, 'notice', ${id}, '\\x01', ${now}, ${state})`.execute(base.db)
  expect(await countCampaign(base.db, id)).toMatchObject({
    delivered: 1,
    excluded: 1,
    excludedSince: { 'reason-not-kept': 1 },
  })
})
