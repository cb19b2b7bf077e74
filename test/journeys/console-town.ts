import { type AnswerRequest, decideAnswer, lockAnswerFacts, recordAnswer } from '#answers'
import { customersHeader, importCustomers, importDebits } from '#intake'
import { approveCampaign, planCampaign } from '#outreach'
import { inTransaction, sql } from '#platform/database/database'
import { bytesSource } from '#platform/source'
import { sampleCustomers } from '#sandbox'
import { addDays, day, instantOfJst } from '#values/day'
import type { TestConsole } from '../console.ts'
import type { TestDatabase } from '../database.ts'
import { debitsFile } from '../intake-fixture.ts'
import { worker } from '../message-log.ts'
import { putDeposit } from '../money.ts'
import { type Seeded, seeded } from '../seeded.ts'

/** A town of invented people whose debits failed, a morning's campaign, and what came of it by half past ten. */
export type Town = {
  readonly importId: string
  readonly campaignId: string
  /** Who has promised to pay; who has not answered. */
  readonly promised: string
  readonly silent: string
}

const today = day('2026-11-24')
const nine = instantOfJst(today, 9)
const by = 'operator:demo:author'

export const fillTown = async ({ db, ownerDb }: TestDatabase, site: TestConsole, count: number): Promise<Town> => {
  const { world } = site
  const draw = seeded('the console’s town')
  const people = Array.from({ length: count }, (_, index) => personOf(index, draw))
  const intake = { db, vault: world.vault, creditor: world.creditor, holidays: world.holidays }
  const master = bytesSource('customers.csv', Buffer.from(masterOf(site, people)))
  await importCustomers(intake, master, { by, now: nine, writeRejected: async () => {} })
  const debits = debitsFile(
    people.map(({ number, amount, code }) => [number.padStart(20, '0'), amount, code]),
    { debitDay: '1120' },
  )
  await importDebits(intake, debits, { by, now: nine, received: today })
  const { rows: imports } = await sql<{ id: string }>`select id from imports where kind = 'debits'`.execute(db)
  const planned = await planCampaign({ ...world }, { by, now: nine })
  if (planned.kind !== 'planned') throw new Error(`No campaign: ${planned.kind}`)
  const campaignId = planned.campaign.id
  await approveCampaign({ ...world }, { id: campaignId, by: 'operator:demo:approver', now: instantOfJst(today, 9, 48) })
  await sendEverything(ownerDb, campaignId)
  const owing = await listOwing(db)
  const answers = owing.filter((_, index) => index % 40 === 0)
  for (const [index, customerId] of answers.entries()) await answer(site, customerId, requests[index % requests.length])
  for (const customerId of owing.filter((_, index) => index % 97 === 1))
    await putDeposit(db, { customerId, amount: 12_300, now: instantOfJst(today, 10, 20) })
  await sql`analyze`.execute(ownerDb)
  return {
    importId: imports[0]?.id ?? '',
    campaignId,
    promised: answers[0] ?? '',
    silent: owing[3] ?? '',
  }
}

type Person = ReturnType<typeof personOf>

const families = [
  'アオキ',
  'イシダ',
  'ウエノ',
  'エンドウ',
  'オオタ',
  'カトウ',
  'キムラ',
  'クドウ',
  'サトウ',
  'タナカ',
  'ナカムラ',
]
const givens = [
  'アキラ',
  'イズミ',
  'ウタ',
  'エミ',
  'カオル',
  'キヨシ',
  'サクラ',
  'タロウ',
  'ナオミ',
  'ハルカ',
  'ミドリ',
]

const personOf = (index: number, draw: Seeded) => ({
  number: String(7_100_000_000 + index),
  family: families[draw.int(families.length)] ?? '',
  given: givens[draw.int(givens.length)] ?? '',
  birthDate: `19${60 + draw.int(40)}-0${1 + draw.int(9)}-1${draw.int(10)}`,
  phone: `0900${String(1_000_000 + index)}`,
  contract: `C${String(20_000_000 + index)}`,
  amount: 1_000 * (3 + draw.int(60)) + 300,
  // Nearly all for want of funds.
  code: draw.int(50) === 0 ? '4' : '1',
})

/** Behind the people of the demo, whose columns it keeps to. */
const masterOf = ({ world }: TestConsole, people: readonly Person[]): string => {
  const [product = ''] = Object.keys(world.creditor.products).filter((key) => !world.creditor.products[key]?.excluded)
  const lines = people.map((person) => {
    const cells = [person.number, person.family, person.given, person.birthDate, person.phone, person.contract, product]
    return [...cells, ...customersHeader.slice(cells.length).map((_, index) => (index === 0 ? '0' : ''))].join(',')
  })
  return `${sampleCustomers(world.creditor)}${lines.join('\r\n')}\r\n`
}

/** As the carrier left it: nearly all arrived within a minute, a few never. */
const sendEverything = async (ownerDb: TestDatabase['ownerDb'], campaignId: string): Promise<void> => {
  const ten = instantOfJst(today, 10)
  await sql`
    with claimed as (
      insert into claims (queue_id, stream, number, to_position, worker, slot, message_ids, gateway, at)
      select ${campaignId}::uuid, '', row_number() over (order by max(position)), max(position), ${worker}::uuid,
        'sandbox 1 1 0', array_agg(id order by position), 'sandbox', ${ten}::timestamptz + claim * interval '12 seconds'
      from (
        select id, position, (row_number() over (order by position) - 1) / 100 as claim
        from messages where queue_id = ${campaignId}
      ) m
      group by claim order by claim
      returning queue_id, stream, number, message_ids, at
    )
    insert into claim_ends (queue_id, stream, number, gateway, carrier_ids, at)
    select queue_id, stream, number, 'sandbox', array(
      select right(replace(i::text, '-', ''), 16) from unnest(message_ids) with ordinality as u (i, n) order by n
    ), at + interval '1 second'
    from claimed`.execute(ownerDb)
  await sql`
    insert into message_events (message_id, state, gateway, because, at)
    select m.id, case when n % 50 = 7 then 'failed' else 'delivered' end, 'sandbox',
      case when n % 50 = 7 then 'unreachable' end, c.at + (n % 60) * interval '1 second'
    from claims c
    cross join lateral unnest(c.message_ids) with ordinality as m (id, n)
    where c.queue_id = ${campaignId} and n % 83 <> 5`.execute(ownerDb)
  await sql`
    insert into gateway_leases (gateway, bind, is_bound) values ('sandbox', 1, true), ('sandbox', 2, true)`.execute(
    ownerDb,
  )
}

const listOwing = async (db: TestDatabase['db']): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`
    select distinct customer_id as id from messages where class = 'notice' order by customer_id`.execute(db)
  return rows.map(({ id }) => id)
}

const requests: readonly AnswerRequest[] = [
  { kind: 'promise', day: addDays(today, 1), shownOn: today },
  { kind: 'promise', day: addDays(today, 2), shownOn: today },
  { kind: 'promise', day: today, shownOn: today },
  { kind: 'already-paid', details: { paidOn: today, method: 'transfer' } },
  { kind: 'consultation', details: { topic: 'part-only', callTime: 'evening' } },
]

const answer = ({ world }: TestConsole, customerId: string, request: AnswerRequest | undefined): Promise<void> =>
  inTransaction(world.db, async (tx) => {
    if (request === undefined) return
    const now = instantOfJst(today, 10, 7)
    const facts = await lockAnswerFacts(tx, [customerId], world.creditor.products)
    const outcome = decideAnswer(facts, request, { ...world, now })
    if (outcome.kind !== 'recorded') return
    await recordAnswer(tx, { outcome, answeredBy: 'customer', now, chance: world.chance })
  })
