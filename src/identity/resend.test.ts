import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { anotherThan, identityWorld, insertCustomer, later, ten, typed } from '../../test/identity.world.ts'
import {
  beginIdentity,
  getChallenge,
  type IdentityForm,
  type IdentityWorld,
  queueDueCodes,
  resendCode,
  tryCode,
} from './identity.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

type Browser = 'phone' | 'computer'
type Step =
  | { readonly act: 'begin' | 'resend' | 'wrong' | 'right'; readonly in: Browser }
  | { readonly act: 'pass'; readonly seconds: number }

/** The specification again, in the plainest words: one person, the codes made for them, and where each browser stands. */
class Model {
  seconds = 0
  sms = 0
  readonly codes: {
    readonly madeAt: number
    end: number
    tries: number
    sends: number
    sentAt: number
    fate: 'live' | 'used' | 'gone'
  }[] = []
  readonly browsers = new Map<Browser, { at: number; readonly since: number }>()

  isLive(at: number): boolean {
    const code = this.codes[at]
    return code !== undefined && code.fate === 'live' && code.tries < 3 && this.seconds < code.end
  }

  /** The last code made is the only one that can live. */
  get newest(): number {
    return this.codes.length - 1
  }

  standing(browser: Browser): number | undefined {
    const place = this.browsers.get(browser)
    return place !== undefined && this.seconds - place.since < 1800 ? place.at : undefined
  }

  begin(browser: Browser): string {
    const makes = !this.isLive(this.newest)
    if (makes && (this.codes.length >= 3 || this.sms >= 5)) return 'locked'
    if (makes) this.make()
    else this.send(this.newest)
    this.browsers.set(browser, { at: this.newest, since: this.seconds })
    return 'challenged'
  }

  resend(browser: Browser): string {
    const own = this.standing(browser)
    if (own === undefined) return 'none'
    const current = this.isLive(this.newest) ? this.newest : own
    const outcome = this.send(current)
    const place = this.browsers.get(browser)
    if (place !== undefined && this.isLive(this.newest)) place.at = this.newest
    return outcome
  }

  send(at: number): string {
    const code = this.codes[at]
    if (code === undefined || this.sms >= 5) return 'no-more-today'
    const repeats = this.isLive(at) && this.seconds < code.madeAt + 300
    if (!repeats && this.codes.length >= 3) return 'no-more-today'
    if (this.seconds < code.sentAt + ([30, 60][code.sends - 1] ?? 120)) return 'wait'
    if (!repeats) this.make()
    else {
      code.sends++
      code.sentAt = this.seconds
      code.end = this.seconds + 300
      this.sms++
    }
    return 'resent'
  }

  make(): void {
    for (const code of this.codes) if (code.fate === 'live') code.fate = 'gone'
    const [madeAt, end] = [this.seconds, this.seconds + 300]
    this.codes.push({ madeAt, end, tries: 0, sends: 1, sentAt: madeAt, fate: 'live' })
    this.sms++
  }

  attempt(browser: Browser, isRight: boolean): string {
    const at = this.standing(browser)
    const code = at === undefined ? undefined : this.codes[at]
    if (at === undefined || code === undefined) return 'none'
    if (!this.isLive(at)) return code.tries >= 3 && code.fate !== 'used' ? 'used-up' : 'expired'
    code.tries++
    if (!isRight) return code.tries >= 3 ? 'used-up' : 'wrong'
    code.fate = 'used'
    this.browsers.delete(browser)
    return 'accepted'
  }
}

const browser = fc.constantFrom<Browser>('phone', 'computer')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ act: fc.constant('begin' as const), in: browser }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('resend' as const), in: browser }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constantFrom('wrong' as const, 'wrong' as const, 'right' as const), in: browser }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('pass' as const),
      // Thirty minutes are as long as a browser stands before a code.
      seconds: fc.constantFrom(1, 29, 30, 59, 60, 119, 120, 180, 299, 300, 400, 1799, 1800),
    }),
  },
)

test('resending, whatever is pressed when and in which of two browsers, keeps to the specification', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 30 }), fc.boolean(), async (steps, isCustomer) => {
      const real = await realPerson(isCustomer)
      const model = new Model()
      for (const one of steps) {
        const now = later(ten, { seconds: model.seconds })
        if (one.act === 'pass') model.seconds += one.seconds
        else expect([one, await real.act(one, now)]).toEqual([one, expectedOf(model, one, isCustomer)])
        await real.compare(model, later(ten, { seconds: model.seconds }))
      }
    }),
    { numRuns: 25 },
  )
}, 60_000)

function expectedOf(model: Model, step: Exclude<Step, { act: 'pass' }>, isCustomer: boolean): string {
  switch (step.act) {
    case 'begin':
      return model.begin(step.in)
    case 'resend':
      return model.resend(step.in)
    case 'wrong':
      return model.attempt(step.in, false)
    case 'right':
      return model.attempt(step.in, isCustomer)
  }
}

async function realPerson(isCustomer: boolean) {
  const { world, lastCode } = await identityWorld(database.db, (policies) => {
    policies.identity.triesPerDayPerPhoneAndClient = 1000
    policies.identity.triesPerDayPerPhone = 1000
    policies.code.wrongPerDay = 100
    policies.code.wrongIn30Days = 1000
  })
  const customer = isCustomer ? await insertCustomer(world) : undefined
  const form = customer?.form ?? typed()
  const cookies = new Map<Browser, string>()
  const codeOf = new Map<string, string>()

  const newestCode = async () => {
    const rows = await challengesOf(world, form)
    const newest = rows.at(-1)
    if (newest !== undefined && !codeOf.has(newest.id)) codeOf.set(newest.id, lastCode())
  }
  const ownCode = async (browser: Browser) => {
    const cookie = world.vault.blindIndex('cookie', cookies.get(browser) ?? '')
    const holder = await world.db
      .selectFrom('challenge_holders')
      .select('challenge_id')
      .where('cookie_hash', '=', cookie)
      .executeTakeFirst()
    return codeOf.get(holder?.challenge_id ?? '') ?? '0000'
  }

  return {
    async act(step: Exclude<Step, { act: 'pass' }>, now: Date): Promise<string> {
      const cookie = cookies.get(step.in)
      const outcome = await actReally(step, cookie, now)
      await newestCode()
      return outcome
    },
    async compare(model: Model, now: Date) {
      const rows = await challengesOf(world, form)
      expect(rows.map(({ tries, sends }) => [tries, sends])).toEqual(
        model.codes.map(({ tries, sends }) => [tries, sends]),
      )
      expect(rows.filter(({ state }) => state === 'live').length).toBeLessThanOrEqual(1)
      const live = rows.findIndex(({ state, expires_at }) => state === 'live' && expires_at > now)
      expect(live).toBe(model.isLive(model.newest) ? model.newest : -1)
      if (live >= 0) expect(rows[live]?.expires_at).toEqual(later(ten, { seconds: model.codes[live]?.end ?? 0 }))
      for (const browser of ['phone', 'computer'] as const) {
        const view = await getChallenge(world, cookies.get(browser) ?? '', now)
        expect(view === undefined).toBe(model.standing(browser) === undefined)
      }
      expect(await textsSent(world, customer?.customerId)).toEqual(
        customer === undefined ? [] : rows.flatMap(({ id, sends }) => Array(sends).fill(`#${codeOf.get(id)}`)).sort(),
      )
    },
  }

  async function actReally(
    step: Exclude<Step, { act: 'pass' }>,
    cookie: string | undefined,
    now: Date,
  ): Promise<string> {
    switch (step.act) {
      case 'begin': {
        const begun = await beginIdentity(world, cookie === undefined ? form : { ...form, cookie }, now)
        if (begun.kind === 'challenged') cookies.set(step.in, begun.cookie)
        await queueDueCodes(world, now)
        return begun.kind
      }
      case 'resend': {
        const { kind } = await resendCode(world, cookie ?? '', now)
        await queueDueCodes(world, now)
        return kind
      }
      case 'wrong':
      case 'right': {
        const code = await ownCode(step.in)
        return (await tryCode(world, cookie ?? '', step.act === 'right' ? code : anotherThan(code), now)).kind
      }
    }
  }
}

function challengesOf({ db, vault }: IdentityWorld, form: IdentityForm) {
  return db
    .selectFrom('challenges')
    .select(['id', 'tries', 'sends', 'state', 'expires_at'])
    .where('phone_value', '=', vault.blindIndex('phone', form.phone))
    .orderBy('id')
    .execute()
}

async function textsSent({ db, vault }: IdentityWorld, customerId: string | undefined): Promise<readonly string[]> {
  if (customerId === undefined) return []
  const rows = await db
    .selectFrom('message_bodies')
    .innerJoin('messages', 'messages.id', 'message_bodies.message_id')
    .select(['message_id', 'sealed'])
    .where('customer_id', '=', customerId)
    .execute()
  return rows
    .map(({ message_id, sealed }) => vault.open({ table: 'message_bodies', column: 'sealed', row: message_id }, sealed))
    .map((text) => text.toString().slice(-5))
    .sort()
}
