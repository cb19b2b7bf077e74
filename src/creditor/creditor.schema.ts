import { type Static, Type } from '#platform/config/schema'

const Text = Type.String({ minLength: 1, maxLength: 500 })
const timeOfDay = '^([01][0-9]|2[0-3]):[0-5][0-9]$'
const TimeOfDay = Type.String({ pattern: timeOfDay })
const Percent = Type.String({ pattern: '^[0-9]{1,2}(\\.[0-9]{1,4})?$' })
const Count = (fallback: number, minimum = 1, maximum = 100_000) =>
  Type.Integer({ minimum, maximum, default: fallback })
const Section = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false, default: {} })
const Strict = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

const Weekday = Type.Union(
  (['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const).map((name) => Type.Literal(name)),
)

export const ProductSchema = Strict({
  name: Text,
  /** Excluded products get no notice and are not shown (住宅ローン, 和解契約). */
  excluded: Type.Boolean({ default: false }),
  /** The Money Lending Business Act binds loans; for sales credit the same rules are the company's own. */
  loan: Type.Boolean({ default: false }),
  /** From the day after the due day; the lower of the contract's rate and the legal cap is used. */
  lateCharge: Type.Optional(
    Strict({
      annualRatePercent: Percent,
      legalCapPercent: Percent,
      dayCount: Type.Union([Type.Literal(365), Type.Literal(366)], { default: 365 }),
    }),
  ),
})

const TransferAccount = Strict({
  bankCode: Type.String({ pattern: '^[0-9]{4}$' }),
  bankName: Text,
  branchCode: Type.String({ pattern: '^[0-9]{3}$' }),
  branchName: Text,
  type: Type.Union([Type.Literal('普通'), Type.Literal('当座'), Type.Literal('貯蓄')]),
  number: Type.String({ pattern: '^[0-9]{7}$' }),
  holder: Text,
  holderKana: Text,
})

/** What an answer of the bank leads to. Anything not listed is `manual`, never "paid". */
const ResultMeaning = Type.Union(
  (['paid', 'bill', 'account-repair', 'stopped-by-depositor', 'stopped-by-creditor', 'manual'] as const).map((name) =>
    Type.Literal(name),
  ),
)

export const CreditorSchema = Strict({
  brand: Strict({ companyName: Text, serviceName: Text, copyright: Text }),
  contact: Strict({
    name: Text,
    /** How the notice page calls it in a sentence: 認証ができない場合には…へご連絡ください. */
    phone: Text,
    /** 0570 is charged and outside flat rates, so a normal number stands beside it. */
    normalPhone: Type.Optional(Text),
    address: Type.Optional(Text),
    hours: Strict({
      weekdays: Type.Array(Weekday, { minItems: 1, uniqueItems: true }),
      opens: TimeOfDay,
      closes: TimeOfDay,
      closedOnHolidays: Type.Boolean({ default: true }),
    }),
    /** For people who cannot telephone. */
    withoutPhone: Type.Optional(Text),
    /** Where to turn besides the company. */
    others: Type.Array(Strict({ name: Text, phone: Text, for: Type.Optional(Text) }), { default: [] }),
  }),
  site: Strict({
    /** The public address in the notice. The demo writes the address it really listens on instead. */
    address: Type.String({ pattern: '^https://[a-z0-9.-]+/v$' }),
  }),
  sender: Strict({
    /** The sender's number or name, as the carriers show it. */
    sms: Type.String({ pattern: '^[0-9A-Za-z-]{3,15}$' }),
  }),
  products: Type.Record(Type.String({ pattern: '^[a-z][a-z0-9-]*$' }), ProductSchema, { minProperties: 1 }),
  transferAccounts: Type.Array(TransferAccount, { minItems: 1 }),
  texts: Strict({
    /** {company}, {url}. */
    notice: Text,
    /** {code}, {minutes}, {company}, {host}; the last line is the domain-bound line. */
    code: Text,
    /** {company}, {receiptNumber}; sent only when `policies.answerReceipt` is on. */
    receipt: Text,
  }),
  policies: Section({
    code: Section({
      digits: Count(4, 4, 8),
      lifeMinutes: Count(5, 1, 30),
      /** Three tries: with three codes a day a guesser who knows every fact stays under 1 in 1,000. */
      triesPerCode: Count(3, 1, 10),
      codesPerDay: Count(3, 1, 20),
      resendAfterSeconds: Type.Array(Count(30, 1, 3600), { minItems: 1, default: [30, 60, 120] }),
      smsPerDayPerPhone: Count(5, 1, 50),
      wrongPerDay: Count(9, 1, 100),
      wrongIn30Days: Count(10, 1, 1000),
      /** More SMS parts than this and the template is refused. */
      partsMax: Count(1, 1, 10),
    }),
    identity: Section({
      triesPerDayPerPhoneAndClient: Count(5),
      triesPerDayPerPhone: Count(20),
      mobilePrefixes: Type.Array(Type.String({ pattern: '^0[6-9]0$' }), {
        minItems: 1,
        default: ['060', '070', '080', '090'],
      }),
      alternateReadings: Section({
        vu: Type.Boolean({ default: false }),
        longVowel: Type.Boolean({ default: false }),
      }),
    }),
    breaker: Section({
      wrongTriesMin: Count(100),
      wrongTriesPercentOfCodes: Count(5, 1, 100),
      codesPerHourForecast: Count(10_000, 1, 10_000_000),
      pauseMinutes: Count(15, 1, 1440),
    }),
    visit: Section({
      idleMinutes: Count(15, 1, 60),
      absoluteMinutes: Count(30, 1, 240),
      /** After everything is paid the visit can still be opened, to read that it is. */
      readOnlyDays: Count(30, 0, 365),
    }),
    contact: Section({
      /** Never outside 8:00-21:00, whatever is written here: 貸金業法21条1項1号. */
      opens: Type.String({ pattern: timeOfDay, default: '09:00' }),
      closes: Type.String({ pattern: timeOfDay, default: '20:00' }),
      onSundays: Type.Boolean({ default: false }),
      onHolidays: Type.Boolean({ default: false }),
      overNewYear: Type.Boolean({ default: false }),
      noticesPerDay: Count(1, 1, 10),
      noticesIn7Days: Count(3, 1, 50),
      noticesPerCase: Count(4, 1, 100),
      /** After "already paid" or a consultation. */
      quietBusinessDays: Count(3, 0, 30),
    }),
    promise: Section({
      /** 2 as in the seed: tomorrow and the day after. More gives a list of days. */
      days: Count(2, 1, 31),
      brokenMax: Count(2, 1, 100),
      /** Bank days after the promised day until its money can have been seen. */
      postingBankDays: Count(1, 0, 10),
      /** When on that day a promise is judged, after the day's files. */
      judgedAt: Type.String({ pattern: timeOfDay, default: '18:00' }),
    }),
    messages: Section({
      noticePartsMax: Count(1, 1, 10),
      /** A doubtful notice is sent again once after this many minutes, when the rules still allow it; 0 never. */
      repeatDoubtfulNoticeAfterMinutes: Count(15, 0, 1440),
      /** Whole months before the current one whose messages can be read line by line; then only each one's outcome is left. */
      keepLogMonths: Count(13, 2, 120),
      ratePerSecond: Count(100, 1, 10_000),
      windowMax: Count(10, 2, 1000),
      /** A campaign pauses by itself from this share of its last 200 answers on, and after so many refusals in a row. */
      pauseFailedPercent: Count(20, 1, 100),
      pauseRefusedInARow: Count(20, 1, 1000),
    }),
    deposits: Section({
      /** What the "already paid" page says: how long until a payment is seen. */
      confirmationBusinessDays: Count(3, 1, 30),
    }),
    answerReceipt: Type.Boolean({ default: false }),
    /** A mass send needs a second person; `single` lets the command line approve outside the demo. */
    approval: Type.Union([Type.Literal('two-persons'), Type.Literal('single')], { default: 'two-persons' }),
    resultCodes: Type.Record(Type.String({ pattern: '^[0-9A-Z]$' }), ResultMeaning, {
      default: {
        '0': 'paid',
        '1': 'bill',
        '2': 'account-repair',
        '3': 'stopped-by-depositor',
        '4': 'account-repair',
        '8': 'stopped-by-creditor',
        '9': 'manual',
        N: 'manual',
        E: 'manual',
      },
    }),
  }),
})

export type CreditorFile = Static<typeof CreditorSchema>
