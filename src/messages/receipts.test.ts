import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inTransaction, sql } from '#platform/database/database'
import { firstIdAt } from '#platform/ids'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { appendLines, type LogLine, listLines } from './log.store.ts'
import { codeQueue } from './message.rules.ts'
import { insertReceipts, type ReceivedReceipt, tieReceipts } from './receipts.store.ts'

let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.drop())
beforeEach(async () => {
  await sql`truncate messages, message_events, receipts`.execute(base.ownerDb)
})

const now = new Date('2026-11-25T02:00:00Z')
const ago = (ms: number): Date => new Date(now.getTime() - ms)
const dayMs = 86_400_000
const phoneOf = (last: number): Buffer => Buffer.alloc(32, last)
let count = 0

type Line = Pick<LogLine, 'state' | 'carrierId' | 'part' | 'parts' | 'gateway'>
type Made = { readonly messageId: string; readonly customerId: string }

const sending: Line = { state: 'sending' }
const taken = (carrierId: string): Line => ({ state: 'submitted', carrierId })
const lost: readonly Line[] = [sending, { state: 'unknown' }]

/** A message of that age, with our reference 7 and the phone 1 unless said, and what its log says. */
const message = async (
  lines: readonly Line[],
  { reference = 7, phone = 1, agoMs = 60_000 }: { reference?: number; phone?: number; agoMs?: number } = {},
): Promise<Made> => {
  const id = `${firstIdAt(ago(agoMs)).slice(0, 24)}${(++count).toString(16).padStart(12, '0')}`
  await sql`
    insert into messages (customer_id, id, class, queue_id, position, phone_value, sender, reference, part_count, queued_at)
    values (${id}, ${id}, 'code', ${codeQueue}, ${count}, ${phoneOf(phone)}, 'x', ${reference}, 1, ${ago(agoMs)})`.execute(
    base.db,
  )
  const made = { messageId: id, customerId: id }
  await say(made, ...lines)
  return made
}

const say = (made: Made, ...lines: readonly Line[]): Promise<void> =>
  appendLines(
    base.db,
    lines.map((line) => ({ gateway: 'carrier', ...made, ...line })),
    now,
  )

const receipt = (over: Partial<ReceivedReceipt>): ReceivedReceipt => ({
  carrierId: 'a',
  state: 'delivered',
  raw: 'raw',
  ...over,
})

/** They come; how many stay without a message is told. */
const come = async (...receipts: readonly ReceivedReceipt[]): Promise<number> => {
  await insertReceipts(base.db, 'carrier', receipts, now)
  return waiting()
}

const waiting = async (): Promise<number> =>
  (await sql<{ n: number }>`select count(*)::int as n from receipts`.execute(base.db)).rows[0]?.n ?? 0

const tie = (since = ago(10 * 60_000)): Promise<number> =>
  inTransaction(base.db, (tx) => tieReceipts(tx, { since, now }))

const stateOf = async ({ messageId }: Made): Promise<string | null | undefined> =>
  (await base.db.selectFrom('message_states').select('state').where('message_id', '=', messageId).executeTakeFirst())
    ?.state

const statesOf = async ({ messageId }: Made) => (await listLines(base.db, messageId)).map(({ state }) => state)

describe('a receipt with the id of a message', () => {
  test('becomes a line of it, as it came, and waits for nothing', async () => {
    const made = await message([sending, taken('a')])
    expect(await come(receipt({ state: 'failed', errorCode: '0x11', raw: 'id:a stat:UNDELIV' }))).toBe(0)
    expect(await stateOf(made)).toBe('failed')
    expect((await listLines(base.db, made.messageId)).at(-1)).toMatchObject({ because: '0x11', gateway: 'carrier' })
    const { rows } = await sql`select raw from message_events where state = 'failed'`.execute(base.db)
    expect(rows).toEqual([{ raw: 'id:a stat:UNDELIV' }])
  })

  test('that comes twice, at once or later, changes nothing', async () => {
    const made = await message([sending, taken('a')])
    await come(receipt({}), receipt({}))
    expect(await come(receipt({}))).toBe(0)
    expect(await stateOf(made)).toBe('delivered')
  })

  test('before the answer waits, and is tied once the answer is written down', async () => {
    const made = await message([sending])
    expect(await come(receipt({ reference: 7, phoneValue: phoneOf(1) }))).toBe(1)
    expect(await tie()).toBe(0)
    await say(made, taken('a'))
    expect(await tie()).toBe(1)
    expect(await tie()).toBe(0)
    expect(await statesOf(made)).toEqual(['sending', 'submitted', 'delivered'])
    expect(await waiting()).toBe(0)
  })

  test.each([
    ['is weeks late', 34, 0, 'delivered'],
    ['is later than any carrier tries', 36, 1, 'submitted'],
  ])('that %s', async (_, days, left, state) => {
    const made = await message([sending, taken('a')], { agoMs: days * dayMs })
    expect(await come(receipt({}))).toBe(left)
    expect(await tie()).toBe(0)
    expect(await stateOf(made)).toBe(state)
  })

  test('which the carrier has given before belongs to the newest', async () => {
    const older = await message([sending, taken('a')], { agoMs: 20 * dayMs })
    const newer = await message([sending, taken('a')])
    await come(receipt({}))
    expect([await stateOf(older), await stateOf(newer)]).toEqual(['submitted', 'delivered'])
  })

  test('which another gateway gave is not its own', async () => {
    const made = await message([sending, { ...taken('a'), gateway: 'other' }])
    expect(await come(receipt({}))).toBe(1)
    expect([await tie(), await stateOf(made)]).toEqual([0, 'submitted'])
  })

  test('on the way says only that the carrier has it', async () => {
    const made = await message([sending, taken('a')])
    await come(receipt({ state: 'enroute' }), receipt({ state: 'accepted' }))
    expect(await stateOf(made)).toBe('submitted')
    expect((await statesOf(made)).slice(2)).toEqual(['reported', 'reported'])
    await come(receipt({}), receipt({ state: 'enroute' }))
    expect(await stateOf(made)).toBe('delivered')
  })

  test('after a better one takes nothing back', async () => {
    const made = await message([sending, taken('a')])
    await come(receipt({}), receipt({ state: 'failed' }), receipt({ state: 'expired' }))
    expect(await stateOf(made)).toBe('delivered')
  })

  test('speaks of the part that has this id', async () => {
    const made = await message([sending, { ...taken('a'), part: 1, parts: 2 }, { ...taken('b'), part: 2, parts: 2 }])
    await come(receipt({ carrierId: 'b' }), receipt({ carrierId: 'b' }))
    expect(await stateOf(made)).toBe('submitted')
    await come(receipt({ carrierId: 'a' }))
    expect(await stateOf(made)).toBe('delivered')
  })

  test('of nobody waits, and others are tied meanwhile', async () => {
    const made = await message([sending, taken('a')])
    expect(await come(receipt({ carrierId: 'nobody' }), receipt({}), receipt({ carrierId: 'nobody' }))).toBe(2)
    expect([await tie(), await stateOf(made)]).toEqual([0, 'delivered'])
  })
})

describe('a receipt of a message whose answer was lost', () => {
  test.each<[string, Partial<ReceivedReceipt>, string]>([
    ['finds it by our reference', { reference: 7 }, 'delivered'],
    ['finds it by our reference and the phone', { reference: 7, phoneValue: phoneOf(1) }, 'delivered'],
    ['is not its own when the phone is another', { reference: 7, phoneValue: phoneOf(2) }, 'unknown'],
    ['is not its own when the reference is another', { reference: 8, phoneValue: phoneOf(1) }, 'unknown'],
    [
      'finds it by phone and time where the carrier gives no ids',
      { carrierId: '', phoneValue: phoneOf(1) },
      'delivered',
    ],
    ['does not take the phone for enough where it names an id', { phoneValue: phoneOf(1) }, 'unknown'],
    ['finds nothing where it names nothing', { carrierId: '' }, 'unknown'],
  ])('%s', async (_, over, state) => {
    const made = await message(lost)
    await come(receipt(over))
    expect(await tie()).toBe(state === 'delivered' ? 1 : 0)
    expect(await stateOf(made)).toBe(state)
  })

  test('teaches its id, so that the next one is tied at once', async () => {
    const made = await message(lost)
    await come(receipt({ state: 'enroute', reference: 7 }))
    await tie()
    expect(await stateOf(made)).toBe('submitted')
    expect(await come(receipt({}))).toBe(0)
    expect(await stateOf(made)).toBe('delivered')
  })

  test('is nobody’s when two may be meant, and stays so', async () => {
    const [one, two] = [await message(lost), await message(lost)]
    await come(receipt({ reference: 7 }))
    expect([await tie(), await stateOf(one), await stateOf(two)]).toEqual([0, 'unknown', 'unknown'])
    expect(await waiting()).toBe(1)
  })

  test('waits while another with this reference is in hand, whose answer may name the id', async () => {
    const [one, two] = [await message(lost), await message([sending])]
    await come(receipt({ reference: 7 }))
    expect(await tie()).toBe(0)
    await say(two, taken('a'))
    expect(await tie()).toBe(1)
    expect([await stateOf(one), await stateOf(two)]).toEqual(['unknown', 'delivered'])
  })

  test('is not looked for among those of another gateway', async () => {
    const made = await message(lost.map((line) => ({ ...line, gateway: 'other' })))
    await come(receipt({ reference: 7 }))
    expect([await tie(), await stateOf(made)]).toEqual([0, 'unknown'])
  })

  test('is not looked for by reference after a day: sixteen bits come round again', async () => {
    const made = await message(lost, { agoMs: dayMs + 60_000 })
    await come(receipt({ reference: 7 }))
    expect([await tie(ago(7 * dayMs)), await stateOf(made)]).toEqual([0, 'unknown'])
  })

  test('with the reference of one that has its answer is not taken for it', async () => {
    const made = await message([sending, taken('other')])
    await come(receipt({ reference: 7, phoneValue: phoneOf(1) }))
    expect([await tie(), await stateOf(made)]).toEqual([0, 'submitted'])
  })
})

describe('receipts that wait', () => {
  test('in thousands for nobody do not keep a later one from being tied', async () => {
    await sql`
      insert into receipts (id, gateway, carrier_id, state, reference, raw, received_at)
      select overlay(first_id_at(${ago(60_000)}::timestamptz)::text placing lpad(to_hex(i), 12, '0') from 25)::uuid, 'carrier',
        'nobody' || i, 'delivered', i, 'x', ${ago(60_000)} from generate_series(1000, 5999) i`.execute(base.ownerDb)
    const made = await message(lost)
    await come(receipt({ reference: 7 }))
    expect([await tie(), await stateOf(made), await waiting()]).toEqual([1, 'delivered', 5_000])
  })

  test('are looked at from a given time on, and all of a batch are kept', async () => {
    const made = await message([sending])
    expect(await come(receipt({}), receipt({ state: 'enroute' }))).toBe(2)
    await say(made, taken('a'))
    expect(await tie(new Date(now.getTime() + 60_000))).toBe(0)
    expect(await tie(now)).toBe(2)
    expect(await stateOf(made)).toBe('delivered')
  })
})
