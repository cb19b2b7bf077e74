import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Policies } from '#creditor'
import { addDays, day, dayInJst, instantOfJst } from '#values/day'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import {
  anotherThan,
  identityWorld,
  insertCustomer,
  insertHold,
  later,
  newPhone,
  ten,
  typed,
} from '../../test/identity.world.ts'
import {
  beginIdentity,
  getChallenge,
  type IdentityForm,
  type IdentityWorld,
  openVisit,
  queueDueCodes,
  resendCode,
  sweepIdentity,
  tryCode,
} from './identity.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())
/** What an earlier test left to be sent is not this one's. */
beforeEach(() => database.db.updateTable('challenges').set({ send_due: false }).execute())

const worldWith = (change?: (policies: Policies) => void) => identityWorld(database.db, change)
const midnight = instantOfJst(day('2026-11-25'), 0)

async function begin(world: IdentityWorld, form: IdentityForm, now: Date): Promise<string> {
  const result = await beginIdentity(world, form, now)
  if (result.kind !== 'challenged') throw new Error(`begin: ${result.kind}`)
  return result.cookie
}

async function tryWrong(world: IdentityWorld, cookie: string, code: string, now: Date, times = 1) {
  const results = []
  for (let at = 0; at < times; at++) results.push((await tryCode(world, cookie, anotherThan(code), now)).kind)
  return results
}

/** The bodies that wait to be sent to that customer, the oldest first. */
async function codeTexts(world: IdentityWorld, customerId: string) {
  const rows = await world.db
    .selectFrom('messages')
    .innerJoin('message_bodies', 'message_bodies.message_id', 'messages.id')
    .selectAll()
    .where('customer_id', '=', customerId)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    ...row,
    text: world.vault.open({ table: 'message_bodies', column: 'sealed', row: row.message_id }, row.sealed).toString(),
  }))
}

describe('the way in', () => {
  test('who knows the three facts and holds the phone gets in, once', async () => {
    const { world, lastCode } = await worldWith()
    const { customerId, form } = await insertCustomer(world)
    const cookie = await begin(world, { ...form, family: 'じゃっくす', given: 'たろう' }, ten)
    expect(await getChallenge(world, cookie, ten)).toEqual({
      typed: { family: 'じゃっくす', given: 'たろう', birthDate: form.birthDate, phone: form.phone },
      digits: 4,
      expiresAt: later(ten, { minutes: 5 }),
      state: 'live',
      triesLeft: 3,
      resend: { kind: 'wait', seconds: 30 },
      lastOutcome: 'sent',
    })
    expect(await queueDueCodes(world, ten)).toBe(1)
    const [message] = await codeTexts(world, customerId)
    expect(message?.text.endsWith(`\n@localhost #${lastCode()}`)).toBe(true)
    expect(message).toMatchObject({ class: 'code', valid_until: later(ten, { minutes: 5 }), part_count: 1 })

    const accepted = await tryCode(world, cookie, message?.text ?? '', later(ten, { minutes: 1 }))
    if (accepted.kind !== 'accepted') throw new Error(accepted.kind)
    const now = later(ten, { minutes: 2 })
    expect(await openVisit(world, accepted.visitToken, now)).toEqual({
      kind: 'open',
      visit: {
        id: expect.any(String),
        customerIds: [customerId],
        readOnly: false,
        expiresAt: later(ten, { minutes: 31 }),
        idleAt: later(ten, { minutes: 17 }),
      },
    })
    expect(await tryCode(world, cookie, lastCode(), now)).toEqual({ kind: 'none' })
    expect(await getChallenge(world, cookie, now)).toBeUndefined()
    const visits = await world.db
      .selectFrom('visit_customers')
      .where('customer_id', '=', customerId)
      .selectAll()
      .execute()
    expect(visits).toHaveLength(1)
  })

  test('what leads in is written down with it', async () => {
    const { world, lastCode } = await worldWith()
    const { customerId, form } = await insertCustomer(world)
    const cookie = await begin(world, form, ten)
    await tryWrong(world, cookie, lastCode(), ten)
    await tryCode(world, cookie, lastCode(), ten)
    const lines = await world.db.selectFrom('audit_lines').selectAll().orderBy('id', 'desc').limit(4).execute()
    expect(lines.reverse().map(({ act, customer_id }) => [act, customer_id])).toEqual([
      ['identity.tried', null],
      ['code.refused', null],
      ['code.accepted', null],
      ['visit.opened', customerId],
    ])
  })

  test('two customer numbers of one person are one visit and one SMS', async () => {
    const { world, lastCode } = await worldWith()
    const { customerId: a, form } = await insertCustomer(world)
    const { customerId: b } = await insertCustomer(world, { form, settledOn: addDays(dayInJst(ten), -3) })
    const { customerId: c } = await insertCustomer(world, { form, hasBill: false })
    const cookie = await begin(world, form, ten)
    expect(await queueDueCodes(world, ten)).toBe(1)
    const accepted = await tryCode(world, cookie, lastCode(), ten)
    if (accepted.kind !== 'accepted') throw new Error(accepted.kind)
    const opened = await openVisit(world, accepted.visitToken, ten)
    expect(opened).toMatchObject({ kind: 'open', visit: { customerIds: [a, b], readOnly: false } })
    expect(opened).not.toMatchObject({ visit: { customerIds: expect.arrayContaining([c]) } })
  })

  test('whoever has paid lately opens a visit that only reads', async () => {
    const { world, lastCode } = await worldWith()
    const { form } = await insertCustomer(world, { settledOn: addDays(dayInJst(ten), -30) })
    const accepted = await tryCode(world, await begin(world, form, ten), lastCode(), ten)
    if (accepted.kind !== 'accepted') throw new Error(accepted.kind)
    expect(await openVisit(world, accepted.visitToken, ten)).toMatchObject({ visit: { readOnly: true } })
  })

  test('no code opens a decoy, not even the one that was drawn', async () => {
    const { world, lastCode } = await worldWith()
    const cookie = await begin(world, typed(), ten)
    expect(await queueDueCodes(world, ten)).toBe(0)
    expect(await tryCode(world, cookie, lastCode(), ten)).toEqual({ kind: 'wrong', triesLeft: 2 })
  })

  test('a legal hold placed after the code went out lets nobody in, and looks like an old code', async () => {
    const { world, lastCode } = await worldWith()
    const { customerId, form } = await insertCustomer(world)
    const cookie = await begin(world, form, ten)
    await insertHold(world.db, customerId, 'legal')
    expect(await tryCode(world, cookie, lastCode(), ten)).toEqual({ kind: 'expired' })
    expect(await getChallenge(world, cookie, ten)).toMatchObject({ state: 'expired' })
  })

  test('a code is queued once, however many jobs look', async () => {
    const { world } = await worldWith()
    for (let at = 0; at < 20; at++) await begin(world, (await insertCustomer(world)).form, ten)
    const queued = await Promise.all([1, 2, 3, 4].map(() => queueDueCodes(world, ten)))
    expect(queued.reduce((sum, count) => sum + count)).toBe(20)
  })

  test('a code that died before the job came is not sent', async () => {
    const { world } = await worldWith()
    const { customerId, form } = await insertCustomer(world)
    await begin(world, form, ten)
    expect(await queueDueCodes(world, later(ten, { minutes: 5 }))).toBe(0)
    expect(await codeTexts(world, customerId)).toEqual([])
  })

  test('more decoys than one batch takes do not hold up a code behind them', async () => {
    const { world } = await worldWith()
    for (let at = 0; at < 55; at++) await begin(world, typed(), ten)
    const { form } = await insertCustomer(world)
    await begin(world, form, ten)
    expect(await queueDueCodes(world, ten)).toBe(1)
  })
})

describe('tries', () => {
  test('forty parallel guesses compare exactly three', async () => {
    const { world, lastCode } = await worldWith()
    const { form } = await insertCustomer(world)
    const cookie = await begin(world, form, ten)
    let compared = 0
    const counting = {
      ...world,
      vault: {
        ...world.vault,
        codeHash(challengeId: string, code: string) {
          compared++
          return world.vault.codeHash(challengeId, code)
        },
      },
    }
    const wrong = anotherThan(lastCode())
    const results = await Promise.all(Array.from({ length: 40 }, () => tryCode(counting, cookie, wrong, ten)))
    expect(compared).toBe(3)
    const kinds = results.map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(2)
    expect(kinds.filter((kind) => kind === 'used-up')).toHaveLength(38)
    expect(await tryCode(world, cookie, lastCode(), ten)).toEqual({ kind: 'used-up' })
  })

  test('forty parallel right codes open one visit', async () => {
    const { world, lastCode } = await worldWith()
    const { customerId, form } = await insertCustomer(world)
    const cookie = await begin(world, form, ten)
    const results = await Promise.all(Array.from({ length: 40 }, () => tryCode(world, cookie, lastCode(), ten)))
    expect(results.filter(({ kind }) => kind === 'accepted')).toHaveLength(1)
    const visits = await world.db
      .selectFrom('visit_customers')
      .where('customer_id', '=', customerId)
      .selectAll()
      .execute()
    expect(visits).toHaveLength(1)
  })

  test('a try is counted before it is compared, so a crash in between gives no free one', async () => {
    const { world, lastCode } = await worldWith()
    const { form } = await insertCustomer(world)
    const cookie = await begin(world, form, ten)
    const crashing = {
      ...world,
      vault: {
        ...world.vault,
        codeHash(): Buffer {
          throw new Error('killed')
        },
      },
    }
    for (let at = 0; at < 3; at++) await expect(tryCode(crashing, cookie, lastCode(), ten)).rejects.toThrow('killed')
    expect(await tryCode(world, cookie, lastCode(), ten)).toEqual({ kind: 'used-up' })
  })

  test('what is no code costs no try', async () => {
    const { world, lastCode } = await worldWith()
    const { form } = await insertCustomer(world)
    const cookie = await begin(world, form, ten)
    for (const text of ['', '123', '12345', 'いちにさんよん'])
      expect(await tryCode(world, cookie, text, ten)).toEqual({ kind: 'malformed' })
    expect(await getChallenge(world, cookie, ten)).toMatchObject({ triesLeft: 3, lastOutcome: 'malformed' })
    expect(await tryCode(world, cookie, lastCode(), ten)).toMatchObject({ kind: 'accepted' })
  })

  test('a code lives five minutes', async () => {
    const { world, lastCode } = await worldWith()
    const { form } = await insertCustomer(world)
    const cookie = await begin(world, form, ten)
    expect(await tryCode(world, cookie, lastCode(), later(ten, { minutes: 5 }))).toEqual({ kind: 'expired' })
    expect(await tryCode(world, cookie, '', later(ten, { minutes: 5 }))).toEqual({ kind: 'expired' })
    expect(await tryCode(world, cookie, lastCode(), later(ten, { seconds: 299 }))).toMatchObject({ kind: 'accepted' })
  })

  test('tries are shared by every browser that stands before the code, and not reset by a second form', async () => {
    const { world, lastCode } = await worldWith()
    const { form } = await insertCustomer(world)
    const first = await begin(world, form, ten)
    const code = lastCode()
    await tryWrong(world, first, code, ten, 2)
    const second = await begin(world, { ...form, family: 'ｼﾞﾔﾂｸｽ', given: 'ﾀﾛｳ' }, ten)
    expect(await getChallenge(world, second, ten)).toMatchObject({ triesLeft: 1, typed: { family: 'ｼﾞﾔﾂｸｽ' } })
    expect(await tryWrong(world, second, code, ten)).toEqual(['used-up'])
    expect(await tryCode(world, first, code, ten)).toEqual({ kind: 'used-up' })
  })

  test('a code is erased on use, death and expiry, and what was typed with its browser', async () => {
    const { world, lastCode } = await worldWith()
    const rowOf = async (cookie: string) => {
      const [row] = await world.db
        .selectFrom('challenges')
        .leftJoin('challenge_holders', 'challenge_id', 'challenges.id')
        .select(['code_hash', 'code_sealed', 'state', 'send_due', 'typed'])
        .where('cookie_hash', '=', world.vault.blindIndex('cookie', cookie))
        .execute()
      return row
    }
    const { form: one } = await insertCustomer(world)
    const usedUp = await begin(world, one, ten)
    await tryWrong(world, usedUp, lastCode(), ten, 3)
    const gone = { code_hash: null, code_sealed: null, state: 'dead', send_due: false }
    expect(await rowOf(usedUp)).toMatchObject(gone)

    const expired = await begin(world, typed(), ten)
    await sweepIdentity(world, later(ten, { seconds: 299 }))
    expect(await rowOf(expired)).toMatchObject({ state: 'live' })
    await sweepIdentity(world, later(ten, { minutes: 5 }))
    expect(await rowOf(expired)).toMatchObject(gone)
    await sweepIdentity(world, later(ten, { minutes: 30 }))
    expect(await rowOf(expired)).toBeUndefined()

    const { form: two } = await insertCustomer(world)
    const used = await begin(world, two, ten)
    await tryCode(world, used, lastCode(), ten)
    expect(await rowOf(used)).toBeUndefined()
    const left = await world.db.selectFrom('challenges').selectAll().where('state', '=', 'accepted').execute()
    expect(left.every((row) => row.code_hash === null && row.code_sealed === null)).toBe(true)
  })
})

describe('limits, hit or miss alike', () => {
  const people = [
    ['a customer', async (world: IdentityWorld) => (await insertCustomer(world)).form],
    ['nobody', async () => typed()],
  ] as const

  describe.each(people)('%s', (_, somebody) => {
    test('five forms a day from one client, then locked until midnight', async () => {
      const { world } = await worldWith()
      const form = await somebody(world)
      for (let at = 0; at < 5; at++) await begin(world, form, later(ten, { minutes: at }))
      const locked = { kind: 'locked', until: midnight }
      expect(await beginIdentity(world, form, later(ten, { minutes: 6 }))).toEqual(locked)
      expect(await beginIdentity(world, { ...form, given: 'ジロウ' }, later(ten, { minutes: 6 }))).toEqual(locked)
      const elsewhere = { ...form, client: '198.51.100.7' }
      expect(await beginIdentity(world, elsewhere, later(ten, { minutes: 6 }))).toMatchObject({ kind: 'challenged' })
      expect(await beginIdentity(world, form, new Date(midnight.getTime() - 1))).toEqual(locked)
      expect(await beginIdentity(world, form, midnight)).toMatchObject({ kind: 'challenged' })
    })

    test('an IPv6 household is one client', async () => {
      const { world } = await worldWith()
      const form = await somebody(world)
      for (let at = 0; at < 5; at++) await begin(world, { ...form, client: `2001:db8:0:12${at}${at}::${at}` }, ten)
      expect(await beginIdentity(world, { ...form, client: '2001:db8:0:12ff::9' }, ten)).toMatchObject({
        kind: 'locked',
      })
      expect(await beginIdentity(world, { ...form, client: '2001:db8:0:1300::9' }, ten)).toMatchObject({
        kind: 'challenged',
      })
    })

    test('twenty forms a day for one phone, whoever asks', async () => {
      const { world } = await worldWith()
      const form = await somebody(world)
      const from = (at: number) => ({ ...form, client: `198.51.100.${at}` })
      for (let at = 0; at < 20; at++) await begin(world, from(at), ten)
      expect(await beginIdentity(world, from(20), ten)).toEqual({ kind: 'locked', until: midnight })
      expect(await beginIdentity(world, { ...from(21), phone: newPhone() }, ten)).toMatchObject({ kind: 'challenged' })
    })

    test('three codes a day, then locked until midnight', async () => {
      const { world } = await worldWith()
      const form = await somebody(world)
      for (const minutes of [0, 6, 12]) await begin(world, form, later(ten, { minutes }))
      expect(await beginIdentity(world, form, later(ten, { minutes: 18 }))).toEqual({ kind: 'locked', until: midnight })
      expect(await beginIdentity(world, form, midnight)).toMatchObject({ kind: 'challenged' })
    })

    test('five SMS a day for one phone, whatever name and birth date are typed', async () => {
      const { world } = await worldWith()
      const form = await somebody(world)
      const cookie = await begin(world, form, ten)
      await resendCode(world, cookie, later(ten, { minutes: 1 }))
      for (const given of ['イチロウ', 'ジロウ', 'サブロウ'])
        await begin(world, { ...form, given }, later(ten, { minutes: 2 }))
      const now = later(ten, { minutes: 3 })
      expect(await getChallenge(world, cookie, now)).toMatchObject({ state: 'live', resend: { kind: 'no-more-today' } })
      expect(await resendCode(world, cookie, now)).toEqual({ kind: 'no-more-today' })
      expect(await beginIdentity(world, { ...form, given: 'シロウ' }, now)).toEqual({ kind: 'locked', until: midnight })
    })

    test('nine wrong codes a day for one person, however the name is spelt', async () => {
      const { world, lastCode } = await worldWith((policies) => {
        policies.code.smsPerDayPerPhone = 50
        policies.code.codesPerDay = 20
        policies.identity.triesPerDayPerPhoneAndClient = 100
      })
      const form = await somebody(world)
      for (const minutes of [0, 6, 12]) {
        const swapped = minutes === 6 ? { family: form.given, given: form.family } : {}
        const cookie = await begin(world, { ...form, ...swapped }, later(ten, { minutes }))
        expect(await tryWrong(world, cookie, lastCode(), later(ten, { minutes }), 3)).toEqual([
          'wrong',
          'wrong',
          'used-up',
        ])
        if (minutes === 12) {
          expect(await resendCode(world, cookie, later(ten, { minutes: 18 }))).toEqual({ kind: 'no-more-today' })
          expect(await getChallenge(world, cookie, later(ten, { minutes: 18 }))).toMatchObject({
            resend: { kind: 'no-more-today' },
          })
        }
      }
      expect(await beginIdentity(world, form, later(ten, { minutes: 18 }))).toEqual({ kind: 'locked', until: midnight })
      expect(
        await beginIdentity(world, { ...form, birthDate: day('1998-01-02') }, later(ten, { minutes: 18 })),
      ).toMatchObject({ kind: 'challenged' })
    })

    test('a tenth wrong code within a day is not compared, although another code lives', async () => {
      const { world, lastCode } = await worldWith((policies) => {
        policies.code.smsPerDayPerPhone = 50
        policies.code.wrongPerDay = 4
      })
      const form = await somebody(world)
      const one = await begin(world, form, ten)
      const oneCode = lastCode()
      const two = await begin(world, { ...form, given: form.family, family: form.given }, ten)
      const twoCode = lastCode()
      await tryWrong(world, one, oneCode, ten, 2)
      expect(await tryCode(world, two, anotherThan(twoCode), ten)).toEqual({ kind: 'wrong', triesLeft: 1 })
      expect(await tryWrong(world, two, twoCode, ten)).toEqual(['wrong'])
      expect(await tryCode(world, two, twoCode, ten)).toEqual({ kind: 'locked', until: midnight })
      expect(await tryCode(world, one, oneCode, ten)).toEqual({ kind: 'locked', until: midnight })
    })

    test('ten wrong codes in thirty days without a right one', async () => {
      const { world, lastCode } = await worldWith()
      const form = await somebody(world)
      const onDay = (days: number) => later(ten, { minutes: days * 24 * 60 })
      const wrongOn = async (days: number, times: number) =>
        tryWrong(world, await begin(world, form, onDay(days)), lastCode(), onDay(days), times)
      await wrongOn(0, 2)
      await wrongOn(1, 3)
      await wrongOn(20, 3)
      expect(await wrongOn(29, 3)).toEqual(['wrong', 'wrong', 'locked'])
      const until = instantOfJst(day('2026-12-24'), 0)
      expect(await beginIdentity(world, form, onDay(29))).toEqual({ kind: 'locked', until })
      expect(await beginIdentity(world, form, new Date(until.getTime() - 1))).toEqual({ kind: 'locked', until })
      expect(await beginIdentity(world, form, until)).toMatchObject({ kind: 'challenged' })
    })
  })

  test('a right code ends the run of wrong ones, and is itself not wrong', async () => {
    const { world, lastCode } = await worldWith()
    const { form } = await insertCustomer(world)
    const onDay = (days: number) => later(ten, { minutes: days * 24 * 60 })
    for (const days of [0, 1, 2]) {
      const cookie = await begin(world, form, onDay(days))
      await tryWrong(world, cookie, lastCode(), onDay(days), 3)
    }
    const cookie = await begin(world, form, onDay(3))
    expect(await tryCode(world, cookie, lastCode(), onDay(3))).toMatchObject({ kind: 'accepted' })
    const counters = await world.db
      .selectFrom('identity_counters')
      .selectAll()
      .where('key', '=', world.vault.blindIndex('person', `${form.phone}|${form.birthDate}`))
      .execute()
    expect(counters.filter(({ scope }) => scope === 'wrong-run')).toEqual([])
    expect(counters.map(({ count }) => count).sort()).toEqual([0, 3, 3, 3])
  })

  test('right codes of the day do not give back wrong ones', async () => {
    const { world, lastCode } = await worldWith((policies) => {
      policies.code.wrongPerDay = 3
    })
    const { form } = await insertCustomer(world)
    const cookie = await begin(world, form, ten)
    await tryWrong(world, cookie, lastCode(), ten, 2)
    expect(await tryCode(world, cookie, lastCode(), ten)).toMatchObject({ kind: 'accepted' })
    const again = await begin(world, form, ten)
    expect(await tryWrong(world, again, lastCode(), ten)).toEqual(['wrong'])
    expect(await tryCode(world, again, lastCode(), ten)).toMatchObject({ kind: 'locked' })
  })

  test('a visit that is open is not touched by a lock', async () => {
    const { world, lastCode } = await worldWith()
    const { form } = await insertCustomer(world)
    const accepted = await tryCode(world, await begin(world, form, ten), lastCode(), ten)
    for (let at = 0; at < 5; at++) await beginIdentity(world, form, ten)
    expect(await beginIdentity(world, form, ten)).toMatchObject({ kind: 'locked' })
    const token = accepted.kind === 'accepted' ? accepted.visitToken : ''
    expect(await openVisit(world, token, ten)).toMatchObject({ kind: 'open' })
  })

  test('counters that no limit asks for are forgotten', async () => {
    const { world } = await worldWith()
    const { form } = await insertCustomer(world)
    await begin(world, form, ten)
    const countOf = async () =>
      (
        await world.db
          .selectFrom('identity_counters')
          .selectAll()
          .where('key', '=', world.vault.blindIndex('phone', form.phone))
          .execute()
      ).length
    await sweepIdentity(world, later(ten, { minutes: 29 * 24 * 60 }))
    expect(await countOf()).toBe(2)
    await sweepIdentity(world, later(ten, { minutes: 30 * 24 * 60 }))
    expect(await countOf()).toBe(0)
  })
})
