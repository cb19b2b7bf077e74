import { afterAll, beforeAll, expect, test } from 'vitest'
import { queueState } from '#messages'
import { japaneseHolidays as holidays } from '#platform/calendar/holidays'
import { sql } from '#platform/database/database'
import { newId } from '#platform/ids'
import { creditorWith, openCase, ten } from '../../test/casework.ts'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import {
  approveCampaign,
  cancelCampaign,
  listCampaigns,
  type OutreachWorld,
  pauseCampaign,
  planCampaign,
  resumeCampaign,
  showCampaign,
  stateOfCampaign,
} from './outreach.ts'

let base: TestDatabase
let w: OutreachWorld
beforeAll(async () => {
  base = await testDatabase()
  w = { db: base.db, creditor: await creditorWith(), holidays }
})
afterAll(() => base.drop())

const by = 'cli:sato' as const

const planned = async (): Promise<string> => {
  await openCase(base.db)
  return (await planCampaign(w, { by, now: ten })).campaign.id
}
const approved = async (): Promise<string> => {
  const id = await planned()
  await approveCampaign(w, { id, by, now: ten })
  return id
}
const order = (id: string, because?: string) => ({ id, by, now: ten, ...(because && { because }) })
const stateOf = (id: string) => stateOfCampaign(w, { id, approvedAt: ten }, ten)

/** As when every notice has left. */
const sendAll = (id: string) =>
  sql`with c as (
      insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, at)
      values (${id}, '', 1, nextval('message_positions'), ${newId(ten)}, '1', '{}', ${ten}) returning *
    ) insert into claim_ends (queue_id, stream, number) select queue_id, stream, number from c`.execute(base.db)

test('a campaign is paused with a reason, resumed, and cancelled for good', async () => {
  const id = await approved()
  expect(await stateOf(id)).toEqual({ kind: 'sending' })
  expect(await pauseCampaign(w, order(id, '文面の確認'))).toEqual({ kind: 'done', campaignId: id })
  expect(await stateOf(id)).toEqual({ kind: 'paused', by, because: '文面の確認', at: ten })
  expect(await resumeCampaign(w, order(id))).toEqual({ kind: 'done', campaignId: id })
  expect(await stateOf(id)).toEqual({ kind: 'sending' })
  expect(await pauseCampaign(w, order(id))).toMatchObject({ kind: 'done' })
  expect(await cancelCampaign(w, order(id, '二重計上'))).toEqual({ kind: 'done', campaignId: id })
  expect(await stateOf(id)).toEqual({ kind: 'cancelled', by, because: '二重計上', at: ten })
  const { target, unsent, excluded, excludedSince } = (await showCampaign(w, id))?.count ?? {}
  expect(unsent).toBe(0)
  expect(excluded).toBe(target)
  expect(excludedSince).toEqual({ cancelled: target })
  for (const again of [pauseCampaign, resumeCampaign, cancelCampaign])
    expect(await again(w, order(id))).toEqual({ kind: 'refused', because: 'is-cancelled' })
})

test('each act has its audit line, which holds no word of the reason', async () => {
  const id = await approved()
  for (const act of [pauseCampaign, resumeCampaign, cancelCampaign]) await act(w, order(id, '山田様からのお申し出'))
  const { rows } = await sql<{ act: string; actor: string; facts: object }>`
    select act, actor, facts from audit_lines where facts ->> 'campaign' = ${id}
      and act in ('campaign.paused', 'campaign.resumed', 'campaign.cancelled') order by id`.execute(base.db)
  expect(rows).toEqual(
    ['paused', 'resumed', 'cancelled'].map((act) => ({ act: `campaign.${act}`, actor: by, facts: { campaign: id } })),
  )
})

test('what makes no sense is refused, and nothing changes', async () => {
  for (const id of ['nonsense', newId(ten)])
    expect(await pauseCampaign(w, order(id))).toEqual({ kind: 'refused', because: 'no-such-campaign' })
  const notYet = await planned()
  expect(await pauseCampaign(w, order(notYet))).toEqual({ kind: 'refused', because: 'not-approved' })
  const id = await approved()
  expect(await resumeCampaign(w, order(id))).toEqual({ kind: 'refused', because: 'is-running' })
  await pauseCampaign(w, order(id))
  expect(await pauseCampaign(w, order(id))).toEqual({ kind: 'refused', because: 'is-paused' })
  const through = await approved()
  await sendAll(through)
  for (const act of [pauseCampaign, resumeCampaign, cancelCampaign])
    expect(await act(w, order(through))).toEqual({ kind: 'refused', because: 'is-through' })
  expect(await queueState(base.db, through)).toBe('running')
})

test('a paused campaign of which nothing is left is closed by cancelling it', async () => {
  const id = await approved()
  await pauseCampaign(w, order(id))
  await sendAll(id)
  expect(await stateOf(id)).toEqual({ kind: 'through' })
  expect(await resumeCampaign(w, order(id))).toEqual({ kind: 'refused', because: 'is-through' })
  expect(await cancelCampaign(w, order(id))).toEqual({ kind: 'done', campaignId: id })
  expect(await queueState(base.db, id)).toBe('cancelled')
})

test('a campaign of which something is left after two weeks says that it has expired', async () => {
  const id = await approved()
  const twoWeeksLater = new Date(ten.getTime() + 14 * 86_400_000)
  expect(await stateOfCampaign(w, { id, approvedAt: ten }, twoWeeksLater)).toEqual({
    kind: 'expired',
    since: twoWeeksLater,
  })
})

test('two who pause at once: one does', async () => {
  const id = await approved()
  const outcomes = await Promise.all([pauseCampaign(w, order(id)), pauseCampaign(w, order(id))])
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['done', 'refused'])
})

test('the list names the newest first, with how each stands', async () => {
  const [first, second] = [await approved(), await planned()]
  await pauseCampaign(w, order(first, '確認'))
  const list = await listCampaigns(w, ten)
  const of = (id: string) => list.find((one) => one.id === id)
  expect(of(first)).toMatchObject({ approvedBy: by, state: { kind: 'paused', because: '確認' } })
  expect(of(second)).toMatchObject({ approvedBy: null, state: { kind: 'not-approved' } })
  expect(list.findIndex(({ id }) => id === second)).toBeLessThan(list.findIndex(({ id }) => id === first))
})
