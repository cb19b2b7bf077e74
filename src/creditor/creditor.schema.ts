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
      /** `actual` divides the days of a leap year by 366 and all others by 365. */
      dayCount: Type.Union([Type.Literal(365), Type.Literal(366), Type.Literal('actual')], { default: 365 }),
      /** How many days after the due day the first charged day is. */
      startsAfterDays: Type.Integer({ minimum: 1, maximum: 31, default: 1 }),
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

const RequiredDay = Type.String({ pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' })

/** What 貸金業法21条2項 and 18条 want on a demand and on a receipt for a loan, beside the contract's own facts. */
const Lender = Strict({
  /** 登録番号. */
  registration: Text,
  address: Text,
  phone: Text,
  /** Who sends the demand. */
  personInCharge: Text,
})

/** Accounts that each belong to one customer: the bank tells by the account who has paid. */
const VirtualAccounts = Strict({
  bankCode: Type.String({ pattern: '^[0-9]{4}$' }),
  bankName: Text,
  /** Branch code to branch name. */
  branches: Type.Record(Type.String({ pattern: '^[0-9]{3}$' }), Text, { minProperties: 1 }),
  holder: Text,
  holderKana: Text,
})

const ConvenienceStore = Strict({
  /** 請求書発行企業コード. */
  makerCode: Type.String({ pattern: '^[0-9]{6}$' }),
  /** Whether the agent has agreed to barcodes on a phone's screen. Without it none is shown. */
  acceptsScreens: Type.Boolean({ default: false }),
  /** Where the agent wants the zeros of the slip number: before it or behind it. */
  padding: Type.Union([Type.Literal('left'), Type.Literal('right')], { default: 'left' }),
  /** How many days a slip can be paid, the day of its issue included. */
  payableDays: Count(3, 1, 60),
  limitYen: Count(300_000, 1, 999_999),
  /** From this amount on the slip says that a revenue stamp is due (印紙フラグ). */
  stampFromYen: Count(50_000, 1, 999_999),
  chains: Type.Array(Strict({ name: Text, limitYen: Type.Optional(Type.Integer({ minimum: 1, maximum: 999_999 })) }), {
    minItems: 1,
  }),
  /** Apps that read the same barcode (請求書払い). */
  apps: Type.Array(Text, { default: [] }),
})

/** When failed debits are tried again. From the cut-off on the bank has the request and cannot give it back. */
const Redebits = Strict({
  days: Type.Array(
    Strict({
      day: RequiredDay,
      /** The last day on which money can still come another way; left out, `cutOffBankDays` before the day. */
      cutOff: Type.Optional(RequiredDay),
      /** Only these products; left out, all. */
      products: Type.Optional(Type.Array(Text, { minItems: 1, uniqueItems: true })),
    }),
    { default: [] },
  ),
  cutOffBankDays: Count(3, 0, 20),
})

/** A provider that takes cards. Its secrets are in the environment. */
const Card = Strict({
  provider: Type.Literal('stripe'),
  methods: Type.Array(Type.Union([Type.Literal('card'), Type.Literal('konbini')]), { minItems: 1, default: ['card'] }),
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
  virtualAccounts: Type.Optional(VirtualAccounts),
  convenienceStore: Type.Optional(ConvenienceStore),
  payEasy: Type.Optional(Strict({ institutionName: Text })),
  card: Type.Optional(Card),
  lender: Type.Optional(Lender),
  redebits: Type.Optional(Redebits),
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
      /** What the carrier asks for a part, in yen: what a campaign costs is shown to whoever approves it. */
      yenPerPart: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}(\\.[0-9]{1,2})?$' })),
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
    payments: Section({
      /** In which order money pays a bill (民法489条: costs, interest, principal). */
      allocation: Type.Array(
        Type.Union([Type.Literal('fee'), Type.Literal('late-charge'), Type.Literal('principal')]),
        { minItems: 3, maxItems: 3, uniqueItems: true, default: ['fee', 'late-charge', 'principal'] },
      ),
      /** A bill of which no more than this is left counts as paid: a day's late charge is not asked for again. */
      waiveUpToYen: Type.Integer({ minimum: 0, maximum: 100_000, default: 0 }),
    }),
    deposits: Section({
      /** Whether an amount and a payer's name alone may tell whose money it is. */
      matchByName: Type.Boolean({ default: true }),
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
