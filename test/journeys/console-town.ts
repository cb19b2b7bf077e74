import { type AnswerRequest, decideAnswer, judgePromises, lockAnswerFacts, recordAnswer } from '#answers'
import { customersHeader, importCustomers, importDebits } from '#intake'
import { approveCampaign, planCampaign } from '#outreach'
import { rebalance } from '#payments'
import { inTransaction, sql } from '#platform/database/database'
import { bytesSource } from '#platform/source'
import { sampleCustomers } from '#sandbox'
import { addDays, type Day, day, instantOfJst } from '#values/day'
import { putHold } from '../casework.ts'
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
const weekAgo = addDays(today, -7)
const sunday = addDays(today, -2)
const by = 'operator:demo:author'

export const fillTown = async (database: TestDatabase, site: TestConsole, count: number): Promise<Town> => {
  const { db, ownerDb } = database
  const { world } = site
  const draw = seeded('the console’s town')
  const people = Array.from({ length: count }, (_, index) => personOf(index, draw))
  const intake = { db, vault: world.vault, creditor: world.creditor, holidays: world.holidays }
  const master = bytesSource('customers.csv', Buffer.from(masterOf(site, people)))
  await importCustomers(intake, master, { by, now: at(weekAgo, 9), writeRejected: async () => {} })
  const [before, rest] = [people.slice(0, count / 20), people.slice(count / 20)]

  await importDebits(intake, debitsOf(before, '1116'), { by, now: at(weekAgo, 9), received: weekAgo })
  await sendEverything(ownerDb, await campaignOf(site, weekAgo), weekAgo)
  const early = await listOwing(db)
  for (const customerId of early.filter((_, index) => index % 6 === 0))
    await answer(site, customerId, { kind: 'promise', day: addDays(weekAgo, 1), shownOn: weekAgo }, at(weekAgo, 11))
  for (const customerId of early.filter((_, index) => index % 9 === 1))
    await answer(site, customerId, { kind: 'promise', day: today, shownOn: sunday }, at(sunday, 11))
  await judgePromises(db, world, at(today, 8))

  await importDebits(intake, debitsOf(rest, '1120'), { by, now: at(today, 9), received: today })
  await holdSome(db)
  const campaignId = await campaignOf(site, today)
  await sendEverything(ownerDb, campaignId, today)
  const owing = (await listOwing(db)).filter((customerId) => !early.includes(customerId))
  await lookInSome(ownerDb, owing)
  const answers = owing.filter((_, index) => index % 40 === 0)
  for (const [index, customerId] of answers.entries())
    await answer(site, customerId, requests[index % requests.length], at(today, 10, 7))
  await payForSome(site, owing)
  await strayMoney(ownerDb)
  await sql`analyze`.execute(ownerDb)
  const { rows: imports } = await sql<{ id: string }>`
    select id from imports where kind = 'debits' order by imported_at desc`.execute(db)
  return { importId: imports[0]?.id ?? '', campaignId, promised: answers[0] ?? '', silent: owing[3] ?? '' }
}

const at = (on: Day, hour: number, minute = 0): Date => instantOfJst(on, hour, minute)

const debitsOf = (people: readonly Person[], debitDay: string) =>
  debitsFile(
    people.map(({ number, amount, code }) => [number.padStart(20, '0'), amount, code]),
    { debitDay },
  )

const campaignOf = async ({ world }: TestConsole, on: Day): Promise<string> => {
  const planned = await planCampaign(world, { by, now: at(on, 9, 10) })
  if (planned.kind !== 'planned') throw new Error(`No campaign: ${planned.kind}`)
  const { id } = planned.campaign
  await approveCampaign(world, { id, by: 'operator:demo:approver', now: at(on, 9, 48) })
  return id
}

/** Lawyers, deaths and disputes that came with the morning's mail. */
const holdSome = async (db: TestDatabase['db']): Promise<void> => {
  const { rows } = await sql<{ id: string }>`
    select customer_id as id from cases where closed_at is null order by customer_id`.execute(db)
  for (const [index, { id }] of rows.entries()) {
    const reason =
      index % 400 === 9 ? 'legal' : index % 900 === 31 ? 'dispute' : index % 3_000 === 77 ? 'death' : undefined
    if (reason !== undefined) await putHold(db, id, reason, at(today, 9, 5))
  }
}

/** A third types who they are, most of them come in. */
const lookInSome = async (ownerDb: TestDatabase['ownerDb'], owing: readonly string[]): Promise<void> => {
  const some = owing.filter((_, index) => index % 3 === 0)
  await sql`
    with those as (
      select c.customer_id, n, t.at, overlay(first_id_at(t.at)::text placing lpad(to_hex(n), 8, '0') from 29 for 8)::uuid as id
      from unnest(${[...some]}::uuid[]) with ordinality as c (customer_id, n)
      cross join lateral (select ${at(today, 10, 2)}::timestamptz + (n % 1500) * interval '1 second' as at) t
    ), typed as (
      insert into challenges (id, identity_value, person_value, phone_value, customer_ids, code_made_at, expires_at,
        last_sent_at, state, send_due)
      select id, sha256(id::text::bytea), sha256(id::text::bytea), sha256(id::text::bytea), array[customer_id], at, at, at,
        'dead', false
      from those
    ), come as (
      insert into visits (id, token_hash, read_only, opened_at, last_seen_at, ended_at, ended_because)
      select id, sha256(id::text::bytea), false, at, at, at, 'signed-out' from those where n % 4 <> 3
    )
    insert into visit_customers (customer_id, visit_id) select customer_id, id from those where n % 4 <> 3`.execute(
    ownerDb,
  )
}

const payForSome = async ({ world }: TestConsole, owing: readonly string[]): Promise<void> => {
  const now = at(today, 10, 20)
  const payers = owing.filter((_, index) => index % 97 === 1)
  for (const customerId of payers) {
    const { rows } = await sql<{ amount: number }>`
      select sum(principal)::int as amount from bills where customer_id = ${customerId}`.execute(world.db)
    await putDeposit(world.db, { customerId, amount: rows[0]?.amount ?? 1_000, now })
  }
  await inTransaction(world.db, (tx) => rebalance(tx, world.creditor, payers, now))
}

/** Money of which nobody knows whose it is. */
const strayMoney = async (ownerDb: TestDatabase['ownerDb']): Promise<void> => {
  await sql`
    insert into deposits (id, channel, amount, on_day, line_key, received_at, unmatched_because, candidates)
    select first_id_at(${at(today, 9, 30)}::timestamptz + i * interval '1 second'), 'transfer', 5_000 + 1_300 * i, ${today}::date,
      'stray-' || i, ${at(today, 9, 30)}, (array['nobody-fits', 'amount-differs', 'several-fit', 'name-differs'])[1 + i % 4], '{}'
    from generate_series(1, 23) i`.execute(ownerDb)
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
const sendEverything = async (ownerDb: TestDatabase['ownerDb'], campaignId: string, on: Day): Promise<void> => {
  const ten = at(on, 10)
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
    insert into gateway_leases (gateway, bind, is_bound) values ('sandbox', 1, true), ('sandbox', 2, true)
    on conflict do nothing`.execute(ownerDb)
}

const listOwing = async (db: TestDatabase['db']): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`
    select distinct customer_id as id from messages where class = 'notice' order by customer_id`.execute(db)
  return rows.map(({ id }) => id)
}

const requests: readonly AnswerRequest[] = [
  { kind: 'promise', day: addDays(today, 1), shownOn: today },
  { kind: 'promise', day: addDays(today, 2), shownOn: today },
  { kind: 'already-paid', details: { paidOn: today, method: 'transfer' } },
  { kind: 'consultation', details: { topic: 'part-only', callTime: 'evening' } },
]

const answer = (
  { world }: TestConsole,
  customerId: string,
  request: AnswerRequest | undefined,
  now: Date,
): Promise<void> =>
  inTransaction(world.db, async (tx) => {
    if (request === undefined) return
    const facts = await lockAnswerFacts(tx, [customerId], world.creditor.products)
    const outcome = decideAnswer(facts, request, { ...world, now })
    if (outcome.kind !== 'recorded') return
    await recordAnswer(tx, { outcome, answeredBy: 'customer', now, chance: world.chance })
  })
