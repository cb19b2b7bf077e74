import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import type { Creditor, Policies } from '#creditor'
import { systemChance } from '#platform/chance'
import type { Found, PaymentProvider } from '#platform/payment-providers/provider'
import { addDays, type Day, day, instantOfJst } from '#values/day'
import { domestic } from '#values/phone'
import { makeReceiptNumber } from '#values/receipt-number'
import { paperProvider } from '../card-provider.ts'
import { anotherThan, insertCustomer, insertHold, later, newPhone, type Somebody, ten } from '../identity.world.ts'
import { describeContracts, giveAccount, loanTerms, payEasyNumbers, receiveMoney } from '../payments.world.ts'
import { type PersonTyped, type Site, signInQuickly, tellWhoIAm, tellWhoIAmQuickly, typeCode } from '../site.ts'

/** Every screen in every state that a customer can meet, and the way there by what a person sees and presses. */
export type ScreenState = {
  readonly name: string
  readonly file?: string
  readonly change?: (policies: Policies, creditor: Creditor) => void
  readonly cardProvider?: PaymentProvider
  go(page: Page, site: Site): Promise<unknown>
}

const pressed = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

const personOf = ({ form }: Somebody): PersonTyped => ({
  family: form.family,
  given: form.given,
  birthDate: form.birthDate.replaceAll('-', ''),
  phone: domestic(form.phone),
})

/** Nobody's customer: the pages look the same. */
const stranger = (): PersonTyped => ({
  family: 'ジャックス',
  given: 'タロウ',
  birthDate: '19980101',
  phone: domestic(newPhone()),
})

const signedIn = async (page: Page, site: Site, what: Parameters<typeof insertCustomer>[1] = {}) => {
  const who = await insertCustomer(site.world, what)
  await signInQuickly(page, site, personOf(who))
  return who
}

const wait = (site: Site, time: Parameters<typeof later>[1]) => site.setClock(later(site.now(), time))

const open = (path: string) => (page: Page, site: Site) => page.goto(site.address + path)

const at = (path: string) => async (page: Page, site: Site) => {
  await signedIn(page, site)
  await page.goto(site.address + path)
}

const promised = async (page: Page, site: Site) => {
  const who = await signedIn(page, site)
  await pressed(page, '明日までにお支払い')
  await pressed(page, 'この内容で連絡する')
  return who
}

const brokenPromises = async (site: Site, { customerId, caseId, billId }: Somebody): Promise<void> => {
  const { db } = site.world
  const answer_id = caseId
  await db
    .insertInto('answers')
    .values({ customer_id: customerId, id: answer_id, case_id: caseId, first_answered_at: ten })
    .execute()
  const receipt_number = makeReceiptNumber(systemChance.digits(8))
  await db.insertInto('receipt_numbers').values({ number: receipt_number, given_at: ten }).execute()
  for (const version of [1, 2]) {
    const promised_day = addDays(day('2026-11-21'), version)
    await db
      .insertInto('answer_versions')
      .values({
        customer_id: customerId,
        answer_id,
        version,
        kind: 'promise',
        promised_day,
        last_offered_day: promised_day,
        quiet_until: promised_day,
        answered_at: instantOfJst(addDays(promised_day, -1), 10),
        answered_by: 'customer',
        receipt_number,
      })
      .execute()
    await db
      .insertInto('answer_bills')
      .values({ customer_id: customerId, answer_id, version, bill_id: billId, amount: 10_000 })
      .execute()
    await db
      .insertInto('promise_outcomes')
      .values({ customer_id: customerId, answer_id, version, outcome: 'broken', because: 'unpaid', decided_at: ten })
      .execute()
  }
}

const oneMoreBill = async (site: Site, { customerId, caseId, billId }: Somebody, dueDay: Day): Promise<void> => {
  const { db } = site.world
  const first = await db.selectFrom('bills').selectAll().where('id', '=', billId).executeTakeFirstOrThrow()
  const contractId = billId.replace(/^.{8}/, 'ffffffff')
  await db
    .insertInto('contracts')
    .values({
      customer_id: customerId,
      id: contractId,
      contract_number: `K${contractId.slice(-9)}`,
      product: Object.keys(site.world.creditor.products)[0] ?? '',
      excluded: false,
      import_id: first.import_id,
    })
    .execute()
  await db
    .insertInto('bills')
    .values({
      ...first,
      id: contractId,
      case_id: caseId,
      contract_id: contractId,
      product: null,
      record: 2,
      principal: 1_234_567,
      due_day: dueDay,
    })
    .execute()
}

/** The re-debit of the demo's card and shopping, as seen on the day of the tests. */
const redebitOn =
  (planned: string, cutOff: string, products?: string[]): NonNullable<ScreenState['change']> =>
  (_, creditor) => {
    creditor.redebits = { cutOffBankDays: 3, days: [{ day: planned, cutOff, ...(products && { products }) }] }
  }
const planned = redebitOn('2026-11-30', '2026-11-26')
const requested = redebitOn('2026-11-26', '2026-11-20')
const awaited = redebitOn('2026-11-24', '2026-11-20')

const billsOf =
  (principal: number) =>
  async (site: Site, { billId }: Somebody) => {
    await site.world.db.updateTable('bills').set({ principal }).where('id', '=', billId).execute()
  }

const withSlip = async (page: Page, site: Site, principal = 10_000) => {
  const who = await insertCustomer(site.world)
  await billsOf(principal)(site, who)
  await signInQuickly(page, site, personOf(who))
  await pressed(page, 'コンビニバーコードを表示')
  await pressed(page, 'バーコードを作成する')
  return who
}

const paidPart = async (page: Page, site: Site, what: Parameters<typeof insertCustomer>[1] = {}) => {
  const who = await insertCustomer(site.world, what)
  await receiveMoney(site.world, who, { amount: 3_000 })
  await signInQuickly(page, site, personOf(who))
  return who
}

const loan = async (page: Page, site: Site) => {
  const who = await insertCustomer(site.world, { product: 'cashing' })
  await describeContracts(site.world.db, who.customerId, loanTerms)
  await signInQuickly(page, site, personOf(who))
  return who
}

/** Where the creditor has a provider, of which this is what it says of the last payment. */
const withCards = (found?: Found): Pick<ScreenState, 'cardProvider' | 'change'> => {
  const cardProvider = paperProvider()
  if (found !== undefined) cardProvider.found = found
  return {
    cardProvider,
    change: (_, creditor) => {
      creditor.card = { provider: 'stripe', methods: ['card', 'konbini'] }
    },
  }
}

const cardDown = (): Pick<ScreenState, 'cardProvider' | 'change'> => {
  const cardProvider = paperProvider()
  cardProvider.isDown = true
  return { ...withCards(), cardProvider }
}

/** Back from the provider's pages, which are not opened here. */
const backFromProvider = async (page: Page, site: Site) => {
  const { customerId, billId } = await signedIn(page, site)
  const key = { customer_id: customerId, id: billId }
  await site.world.db
    .insertInto('card_payments')
    .values({ ...key, provider: 'paper', provider_id: billId, amount: 10_016, charge_day: '2026-11-24', begun_at: ten })
    .execute()
  await page.goto(`${site.address}/v/card/return`)
}

/** One person under two customer numbers. */
const twice = async (page: Page, site: Site) => {
  const first = await insertCustomer(site.world)
  await insertCustomer(site.world, { form: first.form, product: 'shopping' })
  await signInQuickly(page, site, personOf(first))
}

export const screenStates: readonly ScreenState[] = [
  { name: 'notice', go: open('/v') },
  { name: 'genuine', go: open('/v/genuine') },
  { name: 'contact', go: open('/v/contact') },
  {
    name: 'contact-closed',
    async go(page, site) {
      site.setClock(instantOfJst(day('2026-11-23'), 11))
      await page.goto(`${site.address}/v/contact`)
    },
  },
  { name: 'identity', go: open('/v/identity') },
  {
    name: 'identity-empty',
    async go(page, site) {
      await page.goto(`${site.address}/v/identity`)
      await pressed(page, '認証')
    },
  },
  {
    name: 'identity-errors',
    go: (page, site) =>
      tellWhoIAm(page, site, { family: '山田', given: 'タロウ', birthDate: '19981301', phone: '0312345678' }),
  },
  {
    name: 'identity-stale',
    async go(page, site) {
      await page.goto(`${site.address}/v/identity`)
      await page.getByLabel('姓', { exact: true }).fill('ジャックス')
      site.setClock(later(ten, { minutes: 13 * 60 }))
      await pressed(page, '認証')
    },
  },
  {
    name: 'identity-corrected',
    async go(page, site) {
      await tellWhoIAmQuickly(page, site, stranger())
      await page.getByRole('link', { name: '修正する' }).first().click()
    },
  },
  {
    name: 'identity-locked',
    change: ({ identity }) => Object.assign(identity, { triesPerDayPerPhoneAndClient: 1 }),
    async go(page, site) {
      const person = stranger()
      for (let tries = 0; tries < 2; tries++) await tellWhoIAm(page, site, person)
    },
  },
  {
    name: 'identity-paused',
    async go(page, site) {
      // Long before the other states, which share the database and shall not be paused.
      const began = instantOfJst(day('2026-10-01'), 10)
      site.setClock(began)
      const ends_at = later(began, { minutes: 15 })
      await site.world.db
        .insertInto('identity_pauses')
        .values({ id: randomUUID(), began_at: began, ends_at, because: 'wrong-codes' })
        .execute()
      await tellWhoIAm(page, site, stranger())
    },
  },
  { name: 'code', go: (page, site) => tellWhoIAmQuickly(page, site, stranger()) },
  {
    name: 'code-6-digits',
    file: 'creditor/neutral.yaml',
    go: (page, site) => tellWhoIAmQuickly(page, site, stranger()),
  },
  {
    name: 'code-malformed',
    async go(page, site) {
      await tellWhoIAmQuickly(page, site, stranger())
      await typeCode(page, '12')
    },
  },
  {
    name: 'code-wrong',
    async go(page, site) {
      await tellWhoIAmQuickly(page, site, stranger())
      await typeCode(page, anotherThan(site.lastCode()))
    },
  },
  {
    name: 'code-used-up',
    async go(page, site) {
      await tellWhoIAmQuickly(page, site, stranger())
      for (let tries = 0; tries < 3; tries++) await typeCode(page, anotherThan(site.lastCode()))
    },
  },
  {
    name: 'code-expired',
    async go(page, site) {
      await tellWhoIAmQuickly(page, site, stranger())
      wait(site, { minutes: 6 })
      await typeCode(page, site.lastCode())
    },
  },
  {
    name: 'code-resent',
    async go(page, site) {
      await tellWhoIAmQuickly(page, site, stranger())
      wait(site, { seconds: 31 })
      await pressed(page, '再送信')
    },
  },
  {
    name: 'code-resend-wait',
    async go(page, site) {
      await tellWhoIAmQuickly(page, site, stranger())
      await pressed(page, '再送信')
    },
  },
  {
    name: 'code-no-more-today',
    change: ({ code }) => Object.assign(code, { codesPerDay: 1 }),
    async go(page, site) {
      await tellWhoIAmQuickly(page, site, stranger())
      wait(site, { minutes: 6 })
      await pressed(page, '再送信')
    },
  },
  {
    name: 'code-stale',
    async go(page, site) {
      const person = stranger()
      await tellWhoIAmQuickly(page, site, person)
      site.setClock(later(ten, { minutes: 20 }))
      await page
        .locator('input[name=form]')
        .first()
        .evaluate((input) => input.setAttribute('value', 'old'))
      await typeCode(page, '1234')
    },
  },
  { name: 'menu', go: (page, site) => signedIn(page, site) },
  {
    name: 'menu-5-days',
    file: 'creditor/neutral.yaml',
    go: (page, site) => signedIn(page, site, { product: 'installment' }),
  },
  {
    name: 'menu-promised',
    async go(page, site) {
      await promised(page, site)
      await pressed(page, 'メニューへ戻る')
    },
  },
  {
    name: 'menu-only-consultation',
    async go(page, site) {
      const who = await insertCustomer(site.world)
      await brokenPromises(site, who)
      await signInQuickly(page, site, personOf(who))
    },
  },
  {
    name: 'menu-promised-day-passed',
    async go(page, site) {
      const who = await promised(page, site)
      site.setClock(instantOfJst(day('2026-11-26'), 9))
      await signInQuickly(page, site, personOf(who))
    },
  },
  { name: 'menu-on-hold', go: (page, site) => signedIn(page, site, { holds: ['dispute'] }) },
  { name: 'menu-settled', go: (page, site) => signedIn(page, site, { settledOn: day('2026-11-23') }) },
  {
    name: 'menu-date-changed',
    async go(page, site) {
      site.setClock(instantOfJst(day('2026-11-24'), 23, 55))
      await signedIn(page, site)
      await pressed(page, '明日までにお支払い')
      wait(site, { minutes: 6 })
      await pressed(page, 'この内容で連絡する')
    },
  },
  {
    name: 'menu-all-ways',
    ...withCards(),
    async go(page, site) {
      const who = await insertCustomer(site.world)
      await describeContracts(site.world.db, who.customerId, { pay_easy: payEasyNumbers })
      await signInQuickly(page, site, personOf(who))
    },
  },
  { name: 'menu-part-paid', go: (page, site) => paidPart(page, site) },
  { name: 'menu-part-paid-on-hold', go: (page, site) => paidPart(page, site, { holds: ['hardship'] }) },
  {
    name: 'menu-paid-in-full',
    async go(page, site) {
      const who = await insertCustomer(site.world)
      await receiveMoney(site.world, who, { amount: 10_012 })
      await signInQuickly(page, site, personOf(who))
    },
  },
  { name: 'contact-signed-in', go: at('/v/contact') },
  { name: 'paid', go: at('/v/paid') },
  {
    name: 'paid-receipt',
    async go(page, site) {
      await signedIn(page, site)
      await pressed(page, 'すでにお支払い済み')
      await pressed(page, 'この内容で連絡する')
    },
  },
  {
    name: 'promise-days',
    file: 'creditor/neutral.yaml',
    async go(page, site) {
      await signedIn(page, site, { product: 'installment' })
      await pressed(page, 'ほかの日までにお支払い')
    },
  },
  {
    name: 'promise-check',
    async go(page, site) {
      await signedIn(page, site)
      await pressed(page, '明後日までにお支払い')
    },
  },
  {
    name: 'promise-check-no-bank-day',
    async go(page, site) {
      site.setClock(instantOfJst(day('2026-11-27'), 10))
      const who = await insertCustomer(site.world)
      await oneMoreBill(site, who, day('2026-11-10'))
      await signInQuickly(page, site, personOf(who))
      await pressed(page, '明日までにお支払い')
    },
  },
  {
    name: 'promise-check-redebit',
    change: planned,
    async go(page, site) {
      await signedIn(page, site)
      await pressed(page, '明日までにお支払い')
    },
  },
  { name: 'promise-receipt', go: promised },
  { name: 'consultation', go: at('/v/consultation') },
  {
    name: 'consultation-receipt',
    async go(page, site) {
      await signedIn(page, site)
      await pressed(page, '明後日までのお支払いが難しい（ご相談）')
      await page.getByLabel('支払日を変えたい').check()
      await pressed(page, 'この内容で連絡する')
    },
  },
  { name: 'amount', go: at('/v/amount') },
  {
    name: 'amount-two-contracts',
    async go(page, site) {
      const who = await insertCustomer(site.world)
      await oneMoreBill(site, who, day('2026-06-29'))
      await signInQuickly(page, site, personOf(who))
      await pressed(page, 'お支払い金額を確認')
    },
  },
  {
    name: 'amount-part-paid',
    async go(page, site) {
      await paidPart(page, site)
      await pressed(page, 'お支払い金額を確認')
    },
  },
  {
    name: 'amount-loan',
    async go(page, site) {
      await loan(page, site)
      await pressed(page, 'お支払い金額を確認')
    },
  },
  {
    name: 'amount-loan-unfolded',
    async go(page, site) {
      await loan(page, site)
      await pressed(page, 'お支払い金額を確認')
      await page.getByText('お借入れの内容').click()
    },
  },
  {
    name: 'amount-loan-unknown',
    async go(page, site) {
      await signedIn(page, site, { product: 'cashing' })
      await pressed(page, 'お支払い金額を確認')
      await page.getByText('お借入れの内容').click()
    },
  },
  { name: 'amount-redebit', change: planned, go: at('/v/amount') },
  {
    name: 'amount-on-hold',
    async go(page, site) {
      await signedIn(page, site, { holds: ['dispute'] })
      await pressed(page, 'お支払い金額を確認')
    },
  },
  { name: 'account', go: at('/v/account') },
  {
    name: 'account-own',
    async go(page, site) {
      const who = await insertCustomer(site.world)
      await giveAccount(site.world.db, who.customerId)
      await signInQuickly(page, site, personOf(who))
      await pressed(page, 'お振込み口座を表示')
    },
  },
  { name: 'account-redebit-planned', change: planned, go: at('/v/account') },
  { name: 'account-redebit-requested', change: requested, go: at('/v/account') },
  { name: 'account-redebit-awaited', change: awaited, go: at('/v/account') },
  {
    name: 'account-redebit-of-one',
    change: redebitOn('2026-11-30', '2026-11-26', ['card']),
    async go(page, site) {
      const who = await insertCustomer(site.world)
      await oneMoreBill(site, who, day('2026-11-10'))
      await signInQuickly(page, site, personOf(who))
      await pressed(page, 'お振込み口座を表示')
    },
  },
  { name: 'store-offer', go: at('/v/store') },
  { name: 'store-offer-redebit', change: planned, go: at('/v/store') },
  { name: 'store-slip', go: (page, site) => withSlip(page, site) },
  { name: 'store-slip-stamp', go: (page, site) => withSlip(page, site, 60_000) },
  { name: 'store-slip-redebit', change: planned, go: (page, site) => withSlip(page, site) },
  {
    name: 'store-slip-expired',
    async go(page, site) {
      const who = await withSlip(page, site)
      site.setClock(instantOfJst(day('2026-11-27'), 9))
      await signInQuickly(page, site, personOf(who))
      await pressed(page, 'コンビニバーコードを表示')
    },
  },
  {
    name: 'store-amount-changed',
    async go(page, site) {
      const who = await withSlip(page, site)
      await receiveMoney(site.world, who, { amount: 3_000 })
      await page.reload()
    },
  },
  {
    name: 'store-stale',
    async go(page, site) {
      await signedIn(page, site)
      await pressed(page, 'コンビニバーコードを表示')
      await page.locator('main input[name=form]').evaluate((input) => input.setAttribute('value', 'old'))
      await pressed(page, 'バーコードを作成する')
    },
  },
  {
    name: 'store-too-much',
    async go(page, site) {
      const who = await insertCustomer(site.world)
      await billsOf(400_000)(site, who)
      await signInQuickly(page, site, personOf(who))
      await page.goto(`${site.address}/v/store`)
    },
  },
  {
    name: 'store-two-slips',
    async go(page, site) {
      await twice(page, site)
      await pressed(page, 'コンビニバーコードを表示')
      await pressed(page, 'バーコードを作成する')
    },
  },
  {
    name: 'pay-easy',
    async go(page, site) {
      const who = await insertCustomer(site.world)
      await describeContracts(site.world.db, who.customerId, { pay_easy: payEasyNumbers })
      await signInQuickly(page, site, personOf(who))
      await pressed(page, 'ペイジー番号を表示')
    },
  },
  {
    name: 'pay-easy-two',
    async go(page, site) {
      const who = await insertCustomer(site.world)
      await oneMoreBill(site, who, day('2026-11-10'))
      await describeContracts(site.world.db, who.customerId, {
        pay_easy: JSON.stringify({ ...JSON.parse(payEasyNumbers), category: '0001' }),
      })
      await signInQuickly(page, site, personOf(who))
      await pressed(page, 'ペイジー番号を表示')
    },
  },
  { name: 'store-waits', change: requested, go: at('/v/store') },
  { name: 'card', ...withCards(), go: at('/v/card') },
  { name: 'card-waits', ...withCards(), change: awaited, go: at('/v/card') },
  {
    name: 'card-unavailable',
    ...cardDown(),
    async go(page, site) {
      await signedIn(page, site)
      await page.goto(`${site.address}/v/card`)
      await pressed(page, '決済会社の画面へ進む')
    },
  },
  {
    name: 'card-stale',
    ...withCards(),
    async go(page, site) {
      await signedIn(page, site)
      await page.goto(`${site.address}/v/card`)
      await page.locator('main input[name=form]').evaluate((input) => input.setAttribute('value', 'old'))
      await pressed(page, '決済会社の画面へ進む')
    },
  },
  {
    name: 'card-two-payments',
    ...withCards(),
    async go(page, site) {
      await twice(page, site)
      await page.goto(`${site.address}/v/card`)
    },
  },
  { name: 'card-return-not-paid', ...withCards(), go: backFromProvider },
  { name: 'card-return-pending', ...withCards({ kind: 'pending' }), go: backFromProvider },
  {
    name: 'card-return-paid',
    ...withCards(),
    async go(page, site) {
      const { customerId, billId } = await signedIn(page, site)
      const { cardProvider } = site.world
      const paid = {
        kind: 'paid',
        paymentId: billId,
        providerId: billId,
        reference: billId,
        amount: 10_016,
        at: ten,
      } as const
      Object.assign(cardProvider ?? {}, { found: { kind: 'paid', paid } satisfies Found })
      const key = { customer_id: customerId, charge_day: '2026-11-24', amount: 10_016 }
      await site.world.db
        .insertInto('card_payments')
        .values({ ...key, id: billId, provider: 'paper', provider_id: billId, begun_at: ten })
        .execute()
      await site.world.db
        .insertInto('card_payment_bills')
        .values({ customer_id: customerId, card_payment_id: billId, bill_id: billId, amount: 10_016 })
        .execute()
      await page.goto(`${site.address}/v/card/return`)
    },
  },
  {
    name: 'card-return-late',
    ...withCards(),
    async go(page, site) {
      await signedIn(page, site)
      wait(site, { minutes: 16 })
      await page.goto(`${site.address}/v/card/return`)
    },
  },
  {
    name: 'payment-receipt',
    async go(page, site) {
      const who = await insertCustomer(site.world)
      await receiveMoney(site.world, who, { amount: 3_000, onDay: day('2026-11-22') })
      await receiveMoney(site.world, who, { amount: 7_020, channel: 'convenience-store', isFinal: false })
      await signInQuickly(page, site, personOf(who))
      await pressed(page, '受取証書を表示')
    },
  },
  {
    name: 'payment-receipt-part',
    async go(page, site) {
      await paidPart(page, site)
      await page.getByRole('link', { name: '受取証書を表示' }).click()
    },
  },
  {
    name: 'payment-receipt-loan',
    async go(page, site) {
      const who = await insertCustomer(site.world, { product: 'cashing' })
      await describeContracts(site.world.db, who.customerId, loanTerms)
      await receiveMoney(site.world, who, { amount: 3_000 })
      await signInQuickly(page, site, personOf(who))
      await page.getByRole('link', { name: '受取証書を表示' }).click()
    },
  },
  {
    name: 'end',
    async go(page, site) {
      await signedIn(page, site)
      await pressed(page, '終了する')
    },
  },
  {
    name: 'end-idle',
    async go(page, site) {
      await signedIn(page, site)
      wait(site, { minutes: 16 })
      await page.reload()
    },
  },
  {
    name: 'end-hold',
    async go(page, site) {
      const { customerId } = await signedIn(page, site)
      await insertHold(site.world.db, customerId, 'legal')
      await site.world.db
        .updateTable('visits')
        .set({ ended_at: ten, ended_because: 'hold' })
        .where('id', 'in', (eb) =>
          eb.selectFrom('visit_customers').select('visit_id').where('customer_id', '=', customerId),
        )
        .execute()
      await page.reload()
    },
  },
  { name: 'not-found', go: open('/v/nowhere') },
  { name: 'broken', go: open('/v/broken') },
]
