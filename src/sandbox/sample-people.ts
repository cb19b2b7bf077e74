/** Everybody here is invented. Numbers that begin with 0900 belong to nobody. */
export interface SamplePerson {
  /** Full-width katakana. */
  readonly family: string
  readonly given: string
  /** Eight digits, as the form asks for them. */
  readonly birthDate: string
  /** Eleven digits. */
  readonly phone: string
  readonly customerNumber: string
  /** The master names no virtual account for this one. */
  readonly isWithoutAccount?: boolean
}

/** A contract, and what the bank has to say about it. */
export interface SampleContract {
  readonly customerNumber: string
  readonly contractNumber: string
  /** The how-manieth product of the creditor that the service is for, or that it is not for. */
  readonly product: { readonly served: number } | { readonly excluded: number }
  /** Excluded by the master, whatever the product. */
  readonly excluded?: boolean
  /** Ties debits to this contract; without it they carry the customer's number. */
  readonly debitNumber?: string
  readonly hasPayEasy?: boolean
  readonly debits: readonly SampleDebit[]
}

export interface SampleDebit {
  readonly amount: number
  /** 振替結果コード. */
  readonly code: string
  /** Due a month before the others. */
  readonly isLate?: boolean
}

export interface StoryPerson extends SamplePerson {
  /** What trying this person shows. */
  readonly story: string
  readonly contracts: readonly Omit<SampleContract, 'customerNumber'>[]
}

const failed = (amount: number, isLate = false): SampleDebit => ({ amount, code: '1', isLate })

/** A handful to play, each with one thing to see. All of them get a notice and a code. */
export const storyPeople: readonly StoryPerson[] = [
  {
    family: 'ジャックス',
    given: 'タロウ',
    birthDate: '19980101',
    phone: '09001112222',
    customerNumber: '10000001',
    story: 'ご請求が1件。はじめての方はこちらから。',
    contracts: [{ contractNumber: 'A-1000001', product: { served: 0 }, debits: [failed(12_300)] }],
  },
  {
    family: 'アオキ',
    given: 'ハナコ',
    birthDate: '19850412',
    phone: '09001113333',
    customerNumber: '10000002',
    story: 'ご契約が2件。一度のお手続きで両方をご案内します。ペイジーの番号があるのはそのうち1件。',
    contracts: [
      {
        contractNumber: 'A-1000002',
        product: { served: 0 },
        debitNumber: '50000021',
        hasPayEasy: true,
        debits: [failed(12_300)],
      },
      { contractNumber: 'A-1000003', product: { served: 1 }, debitNumber: '50000022', debits: [failed(8_000)] },
    ],
  },
  {
    family: 'ミナミ',
    given: 'ヨシヱ',
    birthDate: '19510303',
    phone: '09001114444',
    customerNumber: '10000003',
    story: 'ひと月前のご請求。遅延損害金が日ごとに変わります。ヱはエでも通ります。',
    contracts: [{ contractNumber: 'A-1000004', product: { served: 2 }, debits: [failed(48_000, true)] }],
  },
  {
    family: 'イトウ',
    given: 'ユーコ',
    birthDate: '19721125',
    phone: '09001115555',
    customerNumber: '10000004',
    story: 'サービス対象外のご契約もお持ちの方。対象のご契約だけが表示されます。ユウコではなくユーコさんです。',
    contracts: [
      { contractNumber: 'A-1000005', product: { served: 1 }, debitNumber: '50000041', debits: [failed(23_450)] },
      { contractNumber: 'A-1000006', product: { excluded: 0 }, debitNumber: '50000042', debits: [failed(98_000)] },
    ],
  },
  {
    family: 'タカハシ',
    given: 'ケンジ',
    birthDate: '19660720',
    phone: '09001116666',
    customerNumber: '10000005',
    story: '同じご契約で2か月分のご請求。',
    contracts: [
      { contractNumber: 'A-1000007', product: { served: 3 }, debits: [failed(31_500, true), failed(31_500)] },
    ],
  },
  {
    family: 'ファン',
    given: 'ティ',
    birthDate: '20010909',
    phone: '09001117777',
    customerNumber: '10000006',
    isWithoutAccount: true,
    story: '短いお名前の方。姓と名を逆に入力しても、ひとつの欄にまとめても通ります。',
    contracts: [{ contractNumber: 'A-1000008', product: { served: 0 }, debits: [failed(5_980)] }],
  },
]

/** The demo carrier's magic numbers, each somebody's, so that a campaign meets every fate a message can have. */
const magicNumbers = [0, 1, 2, 3, 4, 5, 6, 8].map((last) => `0900000000${last}`)

/** Enough for a campaign that looks like one, few enough to be ready within seconds. */
const otherPeopleCount = 200 - storyPeople.length

/** The same people every time. */
export function otherPeople(): readonly {
  readonly person: SamplePerson
  readonly contracts: readonly SampleContract[]
}[] {
  return Array.from({ length: otherPeopleCount }, (_, index) => {
    const customerNumber = String(20_000_001 + index)
    const person = {
      family: pick(families, index),
      // Another stride, so that the two lists do not go hand in hand.
      given: pick(givens, index * 7 + Math.floor(index / families.length)),
      birthDate: `${1950 + ((index * 11) % 55)}${twoDigits(1 + ((index * 5) % 12))}${twoDigits(1 + ((index * 3) % 28))}`,
      isWithoutAccount: index % 10 === 9,
      phone: magicNumbers[index] ?? `0900${String(2_000_000 + index * 37_813)}`,
      customerNumber,
    }
    return { person, contracts: contractsOf(customerNumber, index) }
  })
}

/** Every code the bank may answer with, each somewhere among the first people after the magic numbers. */
const otherCodes = ['2', '3', '4', '8', '9', 'N', 'E'] as const

function contractsOf(customerNumber: string, index: number): readonly SampleContract[] {
  const contractNumber = `B-${customerNumber}`
  const amount = 3_000 + ((index * 1_237) % 47) * 500
  const since = index - magicNumbers.length
  const code = since < 0 ? '1' : (otherCodes[since] ?? (index % 4 === 0 ? '1' : '0'))
  const hasPayEasy = index % 25 === 3
  const one = { customerNumber, contractNumber, product: { served: index }, hasPayEasy, debits: [{ amount, code }] }
  const second = { customerNumber, contractNumber: `${contractNumber}-2`, debits: [] }
  // Excluded: by product, by the master's own word, and as one of two contracts that a debit cannot tell apart.
  if (since >= 0 && index % 20 === 12) return [{ ...one, product: { excluded: index } }]
  if (since >= 0 && index % 40 === 16) return [{ ...one, excluded: true }]
  if (since >= 0 && index % 40 === 36) return [one, { ...second, product: { excluded: index } }]
  if (index % 8 === 4) return [one, { ...second, product: { served: index + 1 } }]
  return [one]
}

function pick(from: readonly string[], index: number): string {
  return from[index % from.length] ?? ''
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

const families = [
  ...['アベ', 'イケダ', 'ウチダ', 'エンドウ', 'オオノ', 'カトウ', 'キムラ', 'クドウ', 'コバヤシ', 'サイトウ'],
  ...['シミズ', 'スズキ', 'タナカ', 'チバ', 'ツジ', 'ナカムラ', 'ニシダ', 'ノグチ', 'ハヤシ', 'ヒラノ'],
  ...['フジワラ', 'ホンダ', 'マツモト', 'ミヤザキ', 'ムラタ', 'モリ', 'ヤマモト', 'ヨシダ', 'リュウ', 'ワタナベ'],
]

const givens = [
  ...['アキラ', 'イチロウ', 'ウメ', 'エミコ', 'カズオ', 'キヨシ', 'クミコ', 'ケイコ', 'サチコ', 'シゲル'],
  ...['ジュン', 'セツコ', 'ダイスケ', 'チエ', 'ツヨシ', 'テルオ', 'トモミ', 'ナオキ', 'ノリコ', 'ヒロシ'],
  ...['フミコ', 'マサト', 'ミツオ', 'ユウキ', 'ヨウコ', 'リョウ', 'レイコ'],
]
